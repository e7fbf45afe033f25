"""Personal choice by own frequency: what a person bought most often comes first; gaps are filled fairly. Pure.

The simplest method that held its ground (shared measurements: own frequency + fill beats matrix models on repeat purchases).
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why a product was chosen for a person; whoever shows it says so."""

    BOUGHT = "bought"
    SELLER = "seller"
    TOPIC = "topic"
    FAIR = "fair"


@dataclass(frozen=True, slots=True)
class Choice:
    """One chosen product; `times` is how often this person bought it, 0 for one that they do not know."""

    product_id: int
    times: int
    why: Why = Why.BOUGHT


def choose(
    bought: Mapping[int, int],
    promotable: AbstractSet[int],
    fill: Sequence[int],
    *,
    size: int,
    sellers: Sequence[int] = (),
    topics: Sequence[int] = (),
) -> list[Choice]:
    """Return up to `size` products: the person's own by frequency (ties by id), then others.

    `bought` maps product to times bought; `sellers` are products of businesses they bought from, `topics` those of topics they
    asked for, `fill` all others, least shown first. One place is kept for a product of `fill` that the person does not know,
    where there is one, so that every UMKM has its chance.
    """
    own = [
        Choice(row_id, times)
        for row_id, times in sorted(bought.items(), key=lambda item: (-item[1], item[0]))
        if row_id in promotable
    ]
    near = list(_unknown(bought, promotable, {Why.SELLER: sellers, Why.TOPIC: topics}))
    known = {choice.product_id for choice in near}
    others = [choice for choice in _unknown(bought, promotable, {Why.FAIR: fill}) if choice.product_id not in known]
    kept = [*own, *near][: size - 1] if others else [*own, *near][:size]
    return [*kept, *others[: size - len(kept)]]


def _unknown(
    bought: Mapping[int, int], promotable: AbstractSet[int], groups: Mapping[Why, Sequence[int]]
) -> Iterator[Choice]:
    """Return the products that the person has not bought, each once, for the first reason that fits."""
    seen: set[int] = set()
    for why, row_ids in groups.items():
        for row_id in row_ids:
            if row_id in promotable and row_id not in bought and row_id not in seen:
                seen.add(row_id)
                yield Choice(row_id, 0, why)
