"""The shape of the words a sample catalogue is made of: what is sold, by which trades, where."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One kind of product; `{v}` in its texts stands for a variant, `percents` scale price and weight per variant."""

    name: str
    about: str
    price: int
    unit: str
    weight: int
    picture: str
    category: str
    variants: tuple[str, ...] = ("",)
    percents: tuple[int, ...] = ()
    permit: str = ""
    halal: str = "not_required"
    kind: str = "goods"

    def percent(self, variant: str) -> int:
        """Return how the price of `variant` relates to the base price, in percent."""
        return self.percents[self.variants.index(variant)] if self.percents else 100


@dataclass(frozen=True, slots=True)
class Trade:
    """A line of business: how such businesses are called, what they sell and what they tell about their work."""

    titles: tuple[str, ...]
    items: tuple[Item, ...]
    stories: tuple[str, ...]
    share: int
    districts: tuple[str, ...] = ()
    role: str = "umkm"


@dataclass(frozen=True, slots=True)
class Place:
    """One Daerah: its codes, districts, people and trades, and how much of everything to make."""

    tenant: str
    label: str
    short: str
    region: str
    province: str
    zone: str
    districts: dict[str, tuple[str, ...]]
    streets: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    women_families: tuple[str, ...]
    men_families: tuple[str, ...]
    verifiers: tuple[str, ...]
    groups: tuple[str, ...]
    trades: tuple[Trade, ...]
    outside: tuple[Item, ...]  # what may not be promoted by its very nature …
    outside_code: str  # … and the article that says so
    neighbours: tuple[str, ...]
    offices: tuple[str, ...]
    companies: tuple[str, ...]
    phone_base: int
    businesses: int
    products: int
    buyers: int
    orders: int


@dataclass(slots=True)
class Draft:
    """A product record on its way, with what the later steps need to know about it."""

    record: Record
    picture: str
    seller: str


def stamp(moment: datetime) -> str:
    """Write an aware datetime the way the contract asks: RFC 3339, with offset, to the second."""
    return moment.isoformat(timespec="seconds")
