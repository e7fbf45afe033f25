"""The Meta catalogue (Facebook and Instagram shops, WhatsApp catalogue) as CSV, written line by line.

Fields and formats: developers.facebook.com ads-commerce/catalog/reference (22 Apr 2026) and commerce-platform/catalog/fields
(13 Jan 2025), Meta's own sample `catalog_country_feed_template.csv`; read 22 Nov 2026.

A person may open the file in a spreadsheet before Meta reads it, and a cell that begins with `=`, `+`, `-`, `@`, a tab or a
carriage return would be a formula there (OWASP, CSV injection). The apostrophe that OWASP puts in front would stand in the
shop, so the signs themselves go: no name or sentence needs them at its beginning. Prices and addresses begin with a
digit or a letter by themselves.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from marketing.channels.marketplace.listing import PRODUCT_TYPES, Listing
from marketing.domain.text import cleaned, cut, one_line

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
MAX_TITLE, MAX_DESCRIPTION, MAX_BRAND, MAX_MORE_PICTURES = 150, 5_000, 100, 20
COLUMNS: Final = (
    "id",
    "title",
    "description",
    "availability",
    "condition",
    "price",
    "link",
    "image_link",
    "brand",
    "additional_image_link",
    "sale_price",
    "sale_price_effective_date",
    "product_type",
    "quantity_to_sell_on_facebook",
)
_FORMULA: Final = "=+-@＝＋－＠ \t\r\n"


def fits(listing: Listing) -> bool:
    """Return whether Meta takes it: a price, a name and a picture."""
    return listing.kind == "goods" and listing.price > 0 and bool(harmless(listing.title)) and bool(listing.pictures)


def catalog(listings: Iterable[Listing], now: datetime) -> Iterator[str]:
    """Yield the file line by line; listings that Meta does not take are left out."""
    yield _line(COLUMNS)
    for listing in listings:
        if fits(listing):
            yield _line(row(listing, now))


def row(listing: Listing, now: datetime) -> tuple[str, ...]:
    """Return one product in the order of COLUMNS; rupiah with the two decimals that Meta's samples show."""
    sale = listing.sale if listing.sale and listing.sale.ends > now else None
    return (
        listing.sku,
        harmless(cut(one_line(listing.title), MAX_TITLE)),
        harmless(listing.description_within(MAX_DESCRIPTION)),
        "in stock" if listing.in_stock else "out of stock",
        "new",
        f"{listing.price}.00 IDR",
        listing.url,
        listing.pictures[0].square_url,
        harmless(cut(one_line(listing.business), MAX_BRAND)),
        ",".join(picture.square_url for picture in listing.pictures[1 : 1 + MAX_MORE_PICTURES]),
        f"{sale.price}.00 IDR" if sale else "",
        f"{_moment(sale.starts)}/{_moment(sale.ends)}" if sale else "",
        PRODUCT_TYPES[listing.category],
        str(listing.stock) if listing.stock else "",
    )


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return cleaned(text).lstrip(_FORMULA)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M}+00:00"


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
