"""Lokapasar: files for marketplaces, and why a product does not fit into one."""

from dataclasses import dataclass

from marketing.web.views.parts import Option


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One reason why products are left out: how many, an example, and what cures it."""

    title: str
    count: int
    example: str
    cure: str


@dataclass(frozen=True, slots=True)
class MarketplaceCard:
    """One marketplace: how many products fit, why others do not, and what the seller still does."""

    id: str
    title: str
    fitting: int
    faults: tuple[FaultRow, ...]
    steps: tuple[str, ...]
    download_href: str


@dataclass(frozen=True, slots=True)
class ShoppingFeed:
    """A feed that a shopping service fetches by itself."""

    title: str
    note: str
    fitting: int
    href: str


@dataclass(frozen=True, slots=True)
class MarketplaceView:
    """The whole page."""

    page_href: str
    total: int
    capped: bool
    businesses: tuple[Option, ...]
    categories: tuple[Option, ...]
    cards: tuple[MarketplaceCard, ...]
    feeds: tuple[ShoppingFeed, ...]
    filtered: bool = False
