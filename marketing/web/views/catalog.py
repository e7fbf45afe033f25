"""Katalog: what may be promoted, and why the rest may not yet."""

from dataclasses import dataclass
from typing import Literal

from marketing.web import paths
from marketing.web.views.parts import Option, Pager, Tab

TabName = Literal["semua", "siap", "tertahan", "menunggu", "ditarik"]


@dataclass(frozen=True, slots=True)
class ReasonView:
    """Why a product is held: the Pasal and what cures it; `href` leads to the next step where we know one."""

    what: str
    citation: str
    cure: str
    law_text: str = ""
    severe: bool = True
    href: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class HeldProduct:
    """A product that may not be promoted now, with every reason."""

    id: int
    name: str
    business: str
    reasons: tuple[ReasonView, ...]
    picture: str = ""
    since: str = ""
    consequence: str = ""
    state: Literal["held", "unverified", "withdrawn"] = "held"

    @property
    def href(self) -> str:
        """The page on which the gate explains itself."""
        return paths.product_explain(self.id)


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product that is ready; `shown` is how often it was placed before an audience lately."""

    id: int
    name: str
    business: str
    category: str
    price: str
    stock: str
    shown: int
    last_shown: str = ""
    picture: str = ""
    state: str = "ready"

    @property
    def href(self) -> str:
        """The page on which the gate explains itself."""
        return paths.product_explain(self.id)

    @property
    def promote_href(self) -> str:
        """The composer with this product already picked."""
        return paths.compose(None, produk=self.id)


@dataclass(frozen=True, slots=True)
class SetAsideRow:
    """A record that the last pull could not take, and why."""

    kind: str
    external_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class CatalogView:
    """One page of the catalogue: the tabs, the filter in force, and either list or both."""

    summary: str
    tabs: tuple[Tab, ...]
    tab: TabName
    query: str = ""
    categories: tuple[Option, ...] = ()
    reasons: tuple[Option, ...] = ()
    held: tuple[HeldProduct, ...] = ()
    held_pager: Pager | None = None
    ready: tuple[ProductRow, ...] = ()
    ready_pager: Pager | None = None
    can_sync: bool = False
    can_see_sources: bool = False
    can_promote: bool = True
    export_href: str = ""
    set_aside: tuple[SetAsideRow, ...] = ()
    set_aside_total: int = 0
    set_aside_href: str = ""

    @property
    def has_ready(self) -> bool:
        """Whether this tab lists what may be promoted."""
        return self.tab in ("semua", "siap")

    @property
    def has_held(self) -> bool:
        """Whether this tab lists what may not."""
        return self.tab != "siap"

    @property
    def filtered(self) -> bool:
        """Whether an empty list is empty because of the filter."""
        chosen = any(option.selected and option.value for option in (*self.categories, *self.reasons))
        return bool(self.query) or chosen
