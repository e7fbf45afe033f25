"""The open feeds of verified products: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1; pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One product in the feeds; refused (ValueError) when a block of Blitar Ps. 9(1) is missing."""

    id: str
    title: str
    price: int
    price_text: str
    picture_url: str
    picture_alt: str
    business: str
    business_place: str
    how_to_order: str
    url: str
    category: str
    description: str
    updated: datetime
    available: bool = True


@dataclass(frozen=True, slots=True)
class SelfUrls:
    """Where each form of the feed stands in public."""

    rss: str
    atom: str
    json: str


@dataclass(frozen=True, slots=True)
class Feed:
    """The products of one Daerah, newest first, as other sites may read them."""

    tenant: str
    title: str
    description: str
    home_url: str
    self_urls: SelfUrls
    author: str
    items: tuple[FeedItem, ...]
    updated: datetime


def rss(feed: Feed) -> bytes:
    """Return the feed as RSS 2.0."""
    raise NotImplementedError


def atom(feed: Feed) -> bytes:
    """Return the feed as Atom (RFC 4287)."""
    raise NotImplementedError


def json_feed(feed: Feed) -> bytes:
    """Return the feed as JSON Feed 1.1."""
    raise NotImplementedError
