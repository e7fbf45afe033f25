"""Every public address of the gallery, as a path; what left the house in a mail or a feed must lead here for years."""

from typing import Final
from urllib.parse import quote

GALLERY: Final = "/galeri"
FEED_FORMS: Final = ("rss", "atom", "json")


def home(tenant_id: str) -> str:
    """Return the gallery of a Daerah."""
    return f"{GALLERY}/{tenant_id}"


def search(tenant_id: str) -> str:
    """Return the page that searches and lists every product."""
    return f"{home(tenant_id)}/cari"


def language(tenant_id: str) -> str:
    """Return where a reader's choice of language is posted."""
    return f"{home(tenant_id)}/bahasa"


def category(tenant_id: str, name: str) -> str:
    """Return the page of one category."""
    return f"{home(tenant_id)}/kategori/{quote(name, safe='')}"


def product(tenant_id: str, row_id: int) -> str:
    """Return the page of one product."""
    return f"{home(tenant_id)}/produk/{row_id}"


def business(tenant_id: str, row_id: int) -> str:
    """Return the page of one business."""
    return f"{home(tenant_id)}/usaha/{row_id}"


def promo(tenant_id: str, marker: str) -> str:
    """Return the page of one campaign, by its marker."""
    return f"{home(tenant_id)}/promo/{quote(marker, safe='')}"


def newsletters(tenant_id: str) -> str:
    """Return the archive of the newsletter."""
    return f"{home(tenant_id)}/buletin"


def newsletter(tenant_id: str, slug: str) -> str:
    """Return the page of one issue, by the name of its campaign."""
    return f"{newsletters(tenant_id)}/{quote(slug, safe='')}"


def feed(page: str, form: str) -> str:
    """Return a feed (rss, atom, json) of the page it belongs to: a home, a category, a business, or the archive of the newsletter."""
    return f"{page}/umpan.{form}"


def widget(tenant_id: str, form: str = "") -> str:
    """Return what other sites embed: the frame, or with form `json` its data."""
    return f"{home(tenant_id)}/widget{'.' + form if form else ''}"


def sitemap(tenant_id: str) -> str:
    """Return the list of pages for search engines."""
    return f"{home(tenant_id)}/sitemap.xml"


def merchant_feed(tenant_id: str) -> str:
    """Return the Google Merchant feed (RSS with `g:`)."""
    return f"{home(tenant_id)}/merchant.xml"


def meta_catalog(tenant_id: str) -> str:
    """Return the Meta catalogue (CSV)."""
    return f"{home(tenant_id)}/meta.csv"


def picture(sha256: str, shape: str = "") -> str:
    """Return our own copy of a picture, whole or in a shape of marketing/domain/picture_shape.py."""
    return f"/gambar/{sha256}{'.' + shape if shape else ''}.jpg"


def embed(tenant_id: str) -> str:
    """Return the page that explains how another site shows the products."""
    return f"{home(tenant_id)}/pasang"


def oembed(tenant_id: str) -> str:
    """Return where other sites ask how to embed one of our pages (oembed.com)."""
    return f"{home(tenant_id)}/oembed"


def sitemap_part(tenant_id: str, number: int) -> str:
    """Return one part of a list of pages that is too long for one file; parts count from 1."""
    return f"{home(tenant_id)}/sitemap-{number}.xml"
