"""The Google Merchant feed: RSS 2.0 with `g:`, written product by product so that its size costs no memory.

Attributes, limits and values: support.google.com/merchants 7052112 (product data specification), 14987622 (RSS 2.0),
6324460 (sale dates), 6324478 (identifier_exists), 6324436 (categories); read 22 Nov 2026. The feed is a full snapshot: what is
missing from it is removed at Google, which is what recall needs. Text is escaped by hand because lxml repeats the
declaration of `g:` on every item that it writes alone.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final
from xml.sax.saxutils import escape

from marketing.channels.marketplace.listing import PRODUCT_TYPES, Listing
from marketing.domain.product import Category
from marketing.domain.text import cleaned, cut, one_line

MEDIA_TYPE: Final = "application/rss+xml; charset=utf-8"
MAX_TITLE, MAX_DESCRIPTION, MAX_BRAND, MAX_TYPE, MAX_MORE_PICTURES = 150, 5_000, 70, 750, 10
MIN_PICTURE, MIN_PICTURE_APPAREL = 100, 250  # pixels of each side (6324350)
# Only where Google's taxonomy (version 2021-09-21) leaves no doubt. 166 Apparel & Accessories would fit fesyen too, but it asks for
# colour, size, age and gender, which no catalogue gives: there Google chooses by itself.
CATEGORIES: Final = {Category.MAKANAN_OLAHAN: 422, Category.MINUMAN: 413}


def fits(listing: Listing) -> bool:
    """Return whether Google takes it: goods with a price and a picture of sufficient size."""
    least = MIN_PICTURE_APPAREL if listing.category is Category.FESYEN else MIN_PICTURE
    return (
        listing.kind == "goods"
        and listing.price > 0
        and bool(listing.title)
        and bool(listing.pictures)
        and min(listing.pictures[0].width, listing.pictures[0].height) >= least
    )


def feed(listings: Iterable[Listing], *, place: str, office: str, link: str, now: datetime) -> Iterator[str]:
    """Yield the feed piece by piece; listings that Google does not take are left out. `link` is the gallery's address."""
    title, description = f"Produk UMKM {place}", f"Produk UMKM terverifikasi, disiarkan oleh {office}."
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>\n'
        f"{_plain('title', title)}{_plain('link', link)}{_plain('description', description)}\n"
    )
    for listing in listings:
        if fits(listing):
            yield item(listing, now)
    yield "</channel></rss>\n"


def item(listing: Listing, now: datetime) -> str:
    """Return one product; no GTIN or MPN is ever invented, so `identifier_exists` says no."""
    parts = [
        ("id", listing.sku),
        ("title", cut(one_line(listing.title), MAX_TITLE)),
        ("description", listing.description_within(MAX_DESCRIPTION)),
        ("link", listing.url),
        ("image_link", listing.pictures[0].url),
        *(("additional_image_link", picture.url) for picture in listing.pictures[1 : 1 + MAX_MORE_PICTURES]),
        ("availability", "in_stock" if listing.in_stock else "out_of_stock"),
        ("price", f"{listing.price} IDR"),
        *_sale(listing, now),
        ("brand", cut(one_line(listing.business), MAX_BRAND)),
        ("identifier_exists", "no"),
        ("condition", "new"),
        ("product_type", cut(PRODUCT_TYPES[listing.category], MAX_TYPE)),
    ]
    if listing.category in CATEGORIES:
        parts.append(("google_product_category", str(CATEGORIES[listing.category])))
    if listing.weight_gram:
        parts.append(("shipping_weight", f"{listing.weight_gram} g"))
    return f"<item>{''.join(_plain(f'g:{name}', value) for name, value in parts if value)}</item>\n"


def _sale(listing: Listing, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield the reduced price with its dates while it runs or is still to come."""
    if listing.sale and listing.sale.ends > now:
        yield "sale_price", f"{listing.sale.price} IDR"
        yield "sale_price_effective_date", f"{_moment(listing.sale.starts)}/{_moment(listing.sale.ends)}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M}Z"


def _plain(name: str, value: str) -> str:
    return f"<{name}>{escape(cleaned(value))}</{name}>"
