"""The public gallery: a Daerah, its lists, one product, one business, one offer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marketing.web.views.parts import Option, Pager


@dataclass(frozen=True, slots=True)
class Link:
    """An address with its words."""

    label: str
    href: str
    icon: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed of this page; `kind` is its media type, `title` says whose it is."""

    label: str
    title: str
    href: str
    kind: str


@dataclass(frozen=True, slots=True)
class Head:
    """What search engines and chat applications read of a page; addresses are absolute. `structured` is JSON-LD."""

    title: str
    description: str
    canonical_href: str
    kind: str = "website"
    picture: str = ""
    picture_alt: str = ""
    previous_href: str = ""
    next_href: str = ""
    listed: bool = True
    feeds: tuple[FeedLink, ...] = ()
    structured: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A product in a list; `price_was` only while a sale runs."""

    name: str
    business: str
    href: str
    price: str
    picture: str = ""
    picture_alt: str = ""
    price_was: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A category with how much it holds."""

    label: str
    href: str
    icon: str
    count: int


@dataclass(frozen=True, slots=True)
class BusinessCard:
    """A business with pictures of some of its products."""

    name: str
    href: str
    place: str
    count: int
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DaerahCard:
    """A Daerah on this installation."""

    name: str
    href: str
    dinas: str
    initials: str
    products: int
    businesses: int


@dataclass(frozen=True, slots=True)
class DaerahListView:
    """Every Daerah of this installation that shows products."""

    head: Head
    places: tuple[DaerahCard, ...]


@dataclass(frozen=True, slots=True)
class IssueCard:
    """An issue of the newsletter in a list."""

    title: str
    href: str
    day: str
    iso: str
    summary: str


@dataclass(frozen=True, slots=True)
class GalleryHomeView:
    """The front page of a Daerah's gallery; `embed` is the line that other sites paste."""

    head: Head
    products: int
    businesses: int
    search_action: str
    all_href: str
    tiles: tuple[Tile, ...] = ()
    newest: tuple[Card, ...] = ()
    spotlight: tuple[BusinessCard, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    embed: str = ""
    guide_href: str = ""
    letters: tuple[IssueCard, ...] = ()
    letters_href: str = ""


@dataclass(frozen=True, slots=True)
class ListingView:
    """Products that match, with what narrows the list; `clear_href` is there while something does."""

    head: Head
    crumbs: tuple[Link, ...]
    title: str
    summary: str
    products: tuple[Card, ...]
    pager: Pager
    search_action: str
    query: str = ""
    categories: tuple[Option, ...] = ()
    places: tuple[Option, ...] = ()
    orders: tuple[Option, ...] = ()
    clear_href: str = ""
    feeds: tuple[FeedLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a product; width and height in pixels keep its place while it loads."""

    href: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Share:
    """Ways to pass a page on."""

    address: str
    text: str
    whatsapp_href: str


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product in the three parts of Blitar Ps. 9(1): the product, the business, how to order."""

    head: Head
    crumbs: tuple[Link, ...]
    name: str
    category: str
    price: str
    unit: str
    business: BusinessCard
    share: Share
    description: tuple[str, ...] = ()
    verified: str = ""
    not_halal: bool = False
    price_was: str = ""
    sale_until: str = ""
    stock: str = ""
    pictures: tuple[Picture, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    business_facts: tuple[tuple[str, str], ...] = ()
    business_links: tuple[Link, ...] = ()
    order_steps: tuple[str, ...] = ()
    order_links: tuple[Link, ...] = ()
    report_href: str = ""
    others: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class BusinessView:
    """A business with its products and where else it sells."""

    head: Head
    crumbs: tuple[Link, ...]
    name: str
    place: str
    verified: str
    facts: tuple[tuple[str, str], ...]
    links: tuple[Link, ...]
    products: tuple[Card, ...]
    pager: Pager
    share: Share
    feeds: tuple[FeedLink, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferView:
    """The page of one campaign for everybody."""

    head: Head
    crumbs: tuple[Link, ...]
    headline: str
    text: tuple[str, ...]
    products: tuple[Card, ...]
    share: Share
    period: str = ""


@dataclass(frozen=True, slots=True)
class LostView:
    """What stands where something was: the same words for what never was and for what is no longer shown."""

    head: Head
    title: str
    text: str
    search_action: str
    all_href: str
    newest: tuple[Card, ...] = ()
