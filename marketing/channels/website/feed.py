"""The words of a feed: what an item must have, cleaned once here so that no format can forget it; pure.

An item carries product, business and how to order (Blitar Ps. 9(1)); one that lacks any cannot be made.
"""

import mimetypes
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote, urlsplit

from marketing.domain.text import cleaned, one_line, web_address
from marketing.i18n import gettext as _

_TAG_DATE = "2026"  # RFC 4151: a date on which the host name was the Daerah's; never changes afterwards


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One product in the feeds; ValueError when a block of Blitar Ps. 9(1) is missing or a value cannot be right.

    `id` is its stable id on every marketplace; `published` is when it was verified, `updated` its last change that a reader
    sees; `picture_bytes` is the size of the picture (0: not known); `price_was` the normal price while a sale runs.
    """

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
    published: datetime
    updated: datetime
    available: bool = True
    picture_bytes: int = 0
    price_was: str = ""

    def __post_init__(self) -> None:
        for name in (
            "id",
            "title",
            "price_text",
            "price_was",
            "picture_alt",
            "business",
            "business_place",
            "how_to_order",
            "category",
        ):
            object.__setattr__(self, name, one_line(getattr(self, name)))
        object.__setattr__(self, "description", cleaned(self.description).strip())
        object.__setattr__(
            self, "picture_url", web_address(self.picture_url)
        )  # a bad picture is left out, not the product
        object.__setattr__(self, "url", web_address(self.url))
        if not (self.id and self.title and self.price_text and self.url):
            raise ValueError(
                _("Informasi produk belum lengkap: nama, harga dan alamat halaman wajib ada (Blitar Ps. 9(1)a).")
            )
        if not self.business:
            raise ValueError(_("Informasi pelaku usaha belum ada (Blitar Ps. 9(1)b)."))
        if not self.how_to_order:
            raise ValueError(_("Tata cara pemesanan belum ada (Blitar Ps. 9(1)c)."))
        if self.price < 0:
            raise ValueError(_("Harga tidak boleh negatif."))
        _aware(self.published)
        _aware(self.updated)


@dataclass(frozen=True, slots=True)
class SelfUrls:
    """Where each form of the feed stands in public."""

    rss: str
    atom: str
    json: str


@dataclass(frozen=True, slots=True)
class Feed:
    """The products of one Daerah, category or business, newest first; `updated` is the newest change.

    `authority` is a host name of the Daerah and `scope` says which of its feeds this is (empty: all products): both make ids that
    stay when Siar moves to another address.
    """

    tenant: str
    title: str
    description: str
    home_url: str
    self_urls: SelfUrls
    author: str
    items: tuple[FeedItem, ...]
    updated: datetime
    authority: str = ""
    scope: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "description", "author"):
            object.__setattr__(self, name, one_line(getattr(self, name)))
        if not (self.title and self.author and self.description):
            raise ValueError(_("Umpan perlu judul, keterangan dan nama penerbit."))
        for address in (self.home_url, self.self_urls.rss, self.self_urls.atom, self.self_urls.json):
            if not web_address(address):
                raise ValueError(_("Alamat umpan harus http(s) yang utuh."))
        if len({item.id for item in self.items}) != len(self.items):
            raise ValueError(_("Satu produk hanya boleh sekali di dalam umpan."))
        _aware(self.updated)

    @property
    def id(self) -> str:
        """The lasting id of the feed itself (RFC 4287, 4.2.6)."""
        return self._tag("/".join(("umpan", *self.scope.split("/"))) if self.scope else "umpan")

    def item_id(self, item: FeedItem) -> str:
        """Return the same lasting id in every format: a tag URI (RFC 4151)."""
        return product_tag(self.authority or _host(self.home_url), self.tenant, item.id)

    def _tag(self, specific: str) -> str:
        return _tag(self.authority or _host(self.home_url), f"{self.tenant}/{quote(specific)}")


def product_tag(authority: str, tenant_id: str, item_id: str) -> str:
    """Return the lasting id of a product: a tag URI (RFC 4151), the same in feeds, in the widget's data and on pages."""
    return _tag(authority, f"{tenant_id}/produk/{quote(item_id, safe='')}")


def issue_tag(authority: str, tenant_id: str, slug: str) -> str:
    """Return the lasting id of an issue of the newsletter, as a tag URI."""
    return _tag(authority, f"{tenant_id}/buletin/{quote(slug, safe='')}")


def _tag(authority: str, specific: str) -> str:
    return f"tag:{authority.lower()},{_TAG_DATE}:{specific}"


def _host(address: str) -> str:
    return urlsplit(address).hostname or "localhost"


def _aware(moment: datetime) -> None:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(_("Waktu harus memakai zona (UTC)."))


def utc(moment: datetime) -> datetime:
    """Return the moment in UTC without fractions, so that equal moments are equal bytes."""
    return moment.astimezone(UTC).replace(microsecond=0)


def picture_type(item: FeedItem) -> str:
    """Return the media type that the picture's address suggests; ours are JPEG."""
    guessed, _encoding = mimetypes.guess_type(urlsplit(item.picture_url).path)
    return guessed if guessed and guessed.startswith("image/") else "image/jpeg"


def facts(item: FeedItem) -> tuple[tuple[str, str], ...]:
    """Return the labelled facts under the description, in the order of Blitar Ps. 9(1)."""
    business = f"{item.business}, {item.business_place}" if item.business_place else item.business
    standing = () if item.available else (("Persediaan", "sedang habis"),)
    price = f"{item.price_text} (semula {item.price_was})" if item.price_was else item.price_text
    return (("Harga", price), *standing, ("Pelaku usaha", business), ("Cara pesan", item.how_to_order))


def plain_body(item: FeedItem) -> str:
    """Return the whole item as plain text."""
    lines = "\n".join(f"{label}: {value}" for label, value in facts(item))
    return f"{item.description}\n\n{lines}" if item.description else lines


def html_body(item: FeedItem) -> str:
    """Return the whole item as HTML of one picture and paragraphs; every word from outside is escaped."""
    paragraphs = [paragraph for paragraph in item.description.split("\n\n") if paragraph.strip()]
    lines = [escape(paragraph).replace("\n", "<br>") for paragraph in paragraphs]
    lines += [f"<strong>{label}:</strong> {escape(value)}" for label, value in facts(item)]
    if item.picture_url:
        # The alternative text travels here: RSS readers disagree about media:description, all of them show HTML.
        lines.insert(0, f'<img src="{escape(item.picture_url)}" alt="{escape(item.picture_alt)}">')
    return "".join(f"<p>{line}</p>" for line in lines)
