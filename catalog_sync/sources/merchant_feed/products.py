"""One item of a merchant feed as a product of the contract, or why it cannot be one. Pure.

Fields and formats after Google's product data specification and, for the quantity, Meta's catalogue fields (2026).
"""

import re
from datetime import tzinfo
from typing import Any, Final

from catalog_sync.contract import Kind, SetAside
from catalog_sync.sources.category_words import known_category
from catalog_sync.sources.merchant_feed.reading import FeedItem
from catalog_sync.sources.merchant_feed.rules import FeedRules
from marketing.domain.privacy import masked
from marketing.domain.product import Category
from marketing.domain.text import cut, one_line
from marketing.i18n import gettext as _
from marketing.tabular.local_time import read_moment

BROKEN: Final = "\ufffd"
PICTURES: Final = 30  # as many as the contract takes
EXCERPT: Final = 120
ID_SHOWN: Final = 100
AVAILABLE: Final = frozenset({"in stock", "available for order", "limited availability"})
NOT_NOW: Final = frozenset({"out of stock", "preorder", "backorder", "discontinued"})
QUANTITY: Final = ("inventory", "quantity_to_sell_on_facebook", "sell_on_google_quantity")
KEPT: Final = (*(f"custom_label_{number}" for number in range(5)), "gtin", "mpn", "condition", "item_group_id")
GRAMS: Final = {"g": 1.0, "gram": 1.0, "kg": 1000.0, "lb": 453.59237, "lbs": 453.59237, "oz": 28.349523125}

_PRICE: Final = re.compile(r"(?:(IDR|Rp\.?)\s*)?(\d{1,15})(?:\.(\d+))?\s*([A-Za-z]{2,3})?", re.ASCII)
_ISO_CODE: Final = re.compile(r"[A-Z]{3}")
_SEVERAL: Final = re.compile(r",\s*(?=https?://)")  # an address may hold a comma of its own
_WEIGHT: Final = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*([a-z]+)", re.ASCII)


class UnreadableError(ValueError):
    """A field of an item cannot be understood; the message is the reason for people."""


def product_of(item: FeedItem, rules: FeedRules) -> tuple[dict[str, Any] | None, dict[str, Any] | SetAside]:
    """Return the business behind an item, and its product or the reason why it is set aside, with its place in the feed.

    The business of an unreadable item is told all the same: it has not left the catalogue.
    """
    brand = _first(item, "brand")
    business = None if BROKEN in brand else rules.business_of(brand)
    try:
        return business, _product(item, rules, business)
    except UnreadableError as error:
        identity = masked(one_line(_first(item, "id")))[:ID_SHOWN]
        excerpt = cut(masked(one_line(_first(item, "title"))), EXCERPT)
        return business, SetAside(Kind.PRODUCT, identity, f"{error} ({item.place}).", excerpt)


def _product(item: FeedItem, rules: FeedRules, business: dict[str, Any] | None) -> dict[str, Any]:
    if any(BROKEN in value for values in item.fields.values() for value in values):
        raise UnreadableError(_("Memuat huruf rusak atau karakter yang tidak boleh"))
    identity = _first(item, "id")
    if not identity:
        raise UnreadableError(_("id belum diisi"))
    if business is None:
        raise UnreadableError(_("brand belum diisi, dan sumber ini tidak menyebut usahanya"))
    title = _first(item, "title")
    told = (_first(item, "product_type"), _first(item, "google_product_category"), title)
    category = known_category(*told, str(rules.product.get("category", "")))
    if category is None:
        raise UnreadableError(
            _("product_type tidak menyebut golongan yang dikenal, dan sumber ini tidak menetapkannya")
        )
    record: dict[str, Any] = {
        "id": identity,
        "business_id": business["id"],
        "kind": "service" if category is Category.JASA else "goods",
        "category": category.value,
        "name": title,
        "description": _first(item, "description") or _first(item, "summary"),
        **_prices(item, rules.zone),
        "stock": _stock(item),
        "weight_gram": _weight(_first(item, "shipping_weight")),
        "images": _images(item, title),
        "how_to_order": {"url": _first(item, "link")},
        "updated_at": _updated(item, rules.zone),
        **{name: _first(item, name) for name in KEPT},
    }
    given = {key: value for key, value in record.items() if value not in (None, "", [], {"url": ""})}
    return {**rules.product, **given, **_ordering(rules, given)}


def _ordering(rules: FeedRules, given: dict[str, Any]) -> dict[str, Any]:
    """How to order is the operator's sentence together with the item's own link."""
    default = rules.product.get("how_to_order") or {}
    own = given.get("how_to_order") or {}
    return {"how_to_order": {**default, **own}} if default or own else {}


def _first(item: FeedItem, name: str) -> str:
    return next((text for value in item.fields.get(name, ()) if (text := value.strip())), "")


def _prices(item: FeedItem, zone: tzinfo) -> dict[str, Any]:
    """Return price and sale. A sale price without dates is simply the price: no discount is claimed without its dates."""
    price, reduced = _first(item, "price"), _first(item, "sale_price")
    if not price:
        return {}  # the gate says what is missing, with its article
    normal = rupiah(price, "price")
    if not reduced:
        return {"price": normal}
    lowered = rupiah(reduced, "sale_price")
    dates = _first(item, "sale_price_effective_date")
    if not dates:
        return {"price": min(normal, lowered)}
    starts, ends = period(dates, zone)
    return {"price": normal, "sale": {"price": lowered, "starts": starts, "ends": ends}}


def rupiah(text: str, field: str) -> int:
    """Return whole rupiah of “15000 IDR” or “15000.00 IDR”; UnreadableError for everything that could be misread."""
    found = _PRICE.fullmatch(text.strip())
    if found is None:
        raise UnreadableError(_("{field}: bukan harga seperti “15000 IDR”").format(field=field))
    prefix, whole, fraction, suffix = found.groups()
    currency = (suffix or prefix or "").upper().removesuffix(".")
    if (prefix and suffix) or currency not in {"IDR", "RP"}:
        shown = currency if _ISO_CODE.fullmatch(currency) else "-"
        raise UnreadableError(_("{field}: mata uang {shown}, bukan IDR").format(field=field, shown=shown))
    if fraction is not None and len(fraction) > 2:  # noqa: PLR2004  cents have two digits, thousands three
        raise UnreadableError(_("{field}: titik di sini berarti desimal; tulis ribuan tanpa titik").format(field=field))
    if fraction and int(fraction):
        raise UnreadableError(_("{field}: rupiah tidak boleh berpecahan").format(field=field))
    return int(whole)


def period(text: str, zone: tzinfo) -> tuple[str, str]:
    """Return both moments of “start/end” (ISO 8601) as RFC 3339; a bare end date lasts until its last second."""
    starts, slash, ends = text.partition("/")
    try:
        if not slash:
            raise ValueError  # noqa: TRY301  one reason for every form that is none
        return read_moment(starts, zone), read_moment(ends, zone, end_of_day=True)
    except (ValueError, OverflowError):
        raise UnreadableError(
            _("sale_price_effective_date: bukan “awal/akhir” seperti 2026-12-01T00:00+08:00/2026-12-31T23:59+08:00")
        ) from None


def _updated(item: FeedItem, zone: tzinfo) -> str | None:
    """Return Atom's `updated`; a wrong one is no reason to lose the product."""
    try:
        return read_moment(_first(item, "updated"), zone)
    except (ValueError, OverflowError):
        return None


def _stock(item: FeedItem) -> int | None:
    """Return the number where the feed tells one, 0 for what cannot be had now, None for “in stock” without a number."""
    told = _first(item, "availability").casefold().replace("_", " ").rpartition("/")[2]
    told = {"instock": "in stock", "outofstock": "out of stock"}.get(told, told)
    if told in NOT_NOW:
        return 0
    if told and told not in AVAILABLE:
        raise UnreadableError(_("availability: tidak dikenal; pakai in_stock atau out_of_stock"))
    number = next((text for name in QUANTITY if (text := _first(item, name))), "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < len("2147483647") else None


def _weight(text: str) -> int | None:
    found = _WEIGHT.fullmatch(text.strip().casefold())
    if found is None or found[2] not in GRAMS:
        return None
    return round(float(found[1]) * GRAMS[found[2]]) or None


def _images(item: FeedItem, title: str) -> list[dict[str, str]]:
    addresses = [_first(item, "image_link")]
    addresses += [
        one.strip() for value in item.fields.get("additional_image_link", ()) for one in _SEVERAL.split(value)
    ]
    unique = list(dict.fromkeys(address for address in addresses if address))[:PICTURES]
    return [{"url": url, "alt": cut(one_line(title), EXCERPT)} for url in unique]
