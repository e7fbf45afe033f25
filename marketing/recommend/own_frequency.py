"""Personal choice by own frequency: what a person bought most often comes first; gaps are filled fairly. Pure.

The simplest method that held its ground (shared measurements: own frequency + fill beats matrix models on repeat purchases).
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One chosen product; `times` is how often this person bought it, 0 for a product that fills a gap."""

    product_id: int
    times: int


def choose(bought: Mapping[int, int], promotable: AbstractSet[int], fill: Sequence[int], *, size: int) -> list[Choice]:
    """Return up to `size` products: the person's own by frequency (ties by id), then from `fill` in its order.

    `bought` maps product to times bought; `fill` is ordered least shown first. One place is kept for a product the
    person does not know where there is one, so that every UMKM has its chance.
    """
    own = [
        Choice(row_id, times)
        for row_id, times in sorted(bought.items(), key=lambda item: (-item[1], item[0]))
        if row_id in promotable
    ]
    new = [Choice(row_id, 0) for row_id in dict.fromkeys(fill) if row_id in promotable and row_id not in bought]
    kept = own[: size - 1] if new else own[:size]
    return [*kept, *new[: size - len(kept)]]
