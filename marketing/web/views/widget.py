"""What stands on other people's pages, and the page that explains how it gets there."""

from dataclasses import dataclass

from marketing.web.views.gallery import FeedLink, Head
from marketing.web.views.parts import Option


@dataclass(frozen=True, slots=True)
class WidgetProduct:
    """A product in the frame; `price_was` only while a sale runs."""

    name: str
    business: str
    place: str
    price: str
    href: str
    price_was: str = ""
    picture: str = ""
    picture_alt: str = ""


@dataclass(frozen=True, slots=True)
class WidgetView:
    """The frame that other sites show; its links leave the frame."""

    title: str
    office: str
    brand_css: str
    home_href: str
    products: tuple[WidgetProduct, ...]


@dataclass(frozen=True, slots=True)
class EmbedView:
    """How another site shows the products: the frame to copy, what it looks like, and the open data behind it."""

    head: Head
    frame_title: str
    frame_href: str
    frame_height: int
    snippet: str
    data_href: str
    action: str
    categories: tuple[Option, ...]
    businesses: tuple[Option, ...]
    numbers: tuple[Option, ...]
    feeds: tuple[FeedLink, ...]
    fields: tuple[tuple[str, str], ...]
