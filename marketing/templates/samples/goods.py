"""What the sample mails of each Daerah speak of: invented businesses with goods that are at home there."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from marketing.templates.context import MarketRow, OrderLine

_OTHERS: Final = "tts"


@dataclass(frozen=True, slots=True)
class Good:
    """One product of a sample; `before` only when its price is reduced.

    `parts` is what a bundle holds: how many of which product, and who makes it.
    """

    name: str
    business: str
    price: str
    before: str = ""
    summary: str = ""
    parts: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SampleGoods:
    """The goods and words of one Daerah; `on_sale_words` and `new_words` name the goods inside a sentence."""

    recipient: str
    on_sale_words: str
    on_sale: tuple[Good, ...]
    new_words: str
    new: tuple[Good, ...]
    bundles: tuple[Good, ...]
    picked: tuple[Good, ...]
    market: tuple[MarketRow, ...]
    ordered: tuple[OrderLine, ...]
    shipping_cost: str
    total: str


@cache
def goods_of(tenant_id: str) -> SampleGoods:
    """Return the sample goods of a Daerah; one that joined later is shown with those of TTS."""
    source = resources.files("marketing.templates").joinpath("samples", f"goods_{tenant_id}.toml")
    if not source.is_file():
        return goods_of(_OTHERS)
    said: dict[str, Any] = tomllib.loads(source.read_text("utf-8"))
    shelves: dict[str, Any] = {
        name: tuple(map(_good, said.pop(name))) for name in ("on_sale", "new", "bundles", "picked")
    }
    market = tuple(MarketRow(*row) for row in said.pop("market"))
    ordered = tuple(OrderLine(*row) for row in said.pop("ordered"))
    return SampleGoods(**said, **shelves, market=market, ordered=ordered)


def _good(said: dict[str, Any]) -> Good:
    return Good(**said | {"parts": tuple(map(tuple, said.get("parts", ())))})
