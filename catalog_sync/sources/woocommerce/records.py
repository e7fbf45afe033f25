"""A WooCommerce product to a product of the contract, or the reason why it is set aside. Pure.

What a shop calls published is not what the law calls verified (Perwali Blitar 6(2)b): without a verification among its
facts a product is pending, and what the shop itself hides is pending whatever else is said.
"""

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from catalog_sync.contract import Kind, SetAside
from catalog_sync.contract.fields import LINE_LIMIT, LIST_LIMIT, TEXT_LIMIT, URL_LIMIT
from catalog_sync.sources.base import Page
from catalog_sync.sources.category_words import category_of
from catalog_sync.sources.woocommerce.amounts import UnreadableError, count, grams, rupiah
from catalog_sync.sources.woocommerce.businesses import owner_id
from catalog_sync.sources.woocommerce.facts import halal, permits, verification
from catalog_sync.sources.woocommerce.item import Item
from catalog_sync.sources.woocommerce.options import ShopOptions
from marketing.domain.privacy import without_nik
from marketing.domain.product import Category, VerificationStatus
from marketing.i18n import gettext as _

PUBLISHED: Final = "publish"
GROUPED: Final = "grouped"
IMAGES: Final = 30
EXCERPT_LIMIT: Final = 300
_FALLEN: Final = frozenset({"rejected", "revoked"})


def product_page(
    items: Sequence[Item],
    options: ShopOptions,
    *,
    businesses: Sequence[Mapping[str, Any]] = (),
    aside: Sequence[SetAside] = (),
    resume: str = "",
) -> Page:
    """Return a page of products; what could not be read is told with its reason, what cannot be bought is no product."""
    records = [product_record(item, owner_id(item, options), options) for item in items]
    return Page(
        {Kind.BUSINESS: businesses, Kind.PRODUCT: [one for one in records if not isinstance(one, SetAside)]},
        deleted={Kind.PRODUCT: [item.id for item in items if item.type == GROUPED]},
        set_aside=[*aside, *(one for one in records if isinstance(one, SetAside))],
        resume=resume,
    )


def product_record(item: Item, business_id: str, options: ShopOptions) -> dict[str, Any] | SetAside:
    """Return the raw record of a product; a grouped product is none, because it cannot itself be bought."""
    if item.type == GROUPED:
        found = set_aside(
            item,
            _("Produk kelompok {id} tidak dijual tersendiri; anggotanya dibaca satu per satu.").format(id=item.id[:20]),
        )
        return replace(found, external_id="")  # not a product that is there and unreadable: the page calls it deleted
    try:
        price, sale = price_and_sale(item)
    except UnreadableError as error:
        said = (_verification(item, options) or {}).get("status", "pending")
        lost = None if said == "verified" else VerificationStatus(said)
        return replace(set_aside(item, str(error)), lost=lost)
    category = _category(item, options)
    parts = {
        "id": item.id,
        "business_id": business_id,
        "kind": item.facts.get("kind") or ("service" if category is Category.JASA else "goods"),
        "category": item.facts.get("category") or category.value,
        "name": html.unescape(item.name),
        "description": _description(item),
        "price": price,
        "unit": item.facts.get("unit") or options.unit,
        "weight_gram": grams(item.weight, item.weight_unit or options.weight_unit),
        "stock": stock(item),
        "min_order": count(item.facts.get("min_order", "")),
        "images": _images(item),
        "how_to_order": _how_to_order(item, options),
        "permits": permits(item.facts),
        "halal": halal(item.facts),
        "sale": sale,
        "bundle_of": [{"product_id": key, "quantity": quantity} for key, quantity in item.parts[:LIST_LIMIT]],
        "verification": _verification(item, options),
        "updated_at": item.updated_at,
        "price_highest": item.highest_price,
    }
    always = {"name", "price", "stock"}
    return {name: value for name, value in parts.items() if name in always or value not in (None, "", [], {})}


def price_and_sale(item: Item) -> tuple[int | None, dict[str, Any] | None]:
    """Return the price in rupiah and the reduction with its dates; UnreadableError when either amount is unreadable.

    A reduction is told only with its beginning and its end. A sale price without any date is simply the price that is
    charged; with one date alone the normal price is told, so that no price is ever shown too low.
    """
    regular = rupiah(item.regular_price)
    reduced = rupiah(item.sale_price)
    if regular is None:
        return (rupiah(item.active_price) if reduced is None else reduced), None
    if reduced is None or reduced >= regular:
        return regular, None
    if item.sale_from and item.sale_to:
        return regular, {"price": reduced, "starts": item.sale_from, "ends": item.sale_to}
    return (regular if item.sale_from or item.sale_to else reduced), None


def stock(item: Item) -> int | None:
    """Return what is there now; None when the shop sells without counting. What can only be back-ordered is not there."""
    if item.stock_status != "instock":
        return 0
    return max(count(item.stock_quantity) or 0, 0) if item.manage_stock else None


def set_aside(item: Item, reason: str) -> SetAside:
    """Return a product that could not be read, with a harmless excerpt."""
    shown = {"id": item.id, "name": html.unescape(item.name)[:120], "type": item.type[:40]}
    kept = {key: _storable(without_nik(value)) for key, value in shown.items()}
    return SetAside(Kind.PRODUCT, kept["id"][:100], reason, json.dumps(kept, ensure_ascii=False)[:EXCERPT_LIMIT])


def _category(item: Item, options: ShopOptions) -> Category:
    names = [html.unescape(name) for name in item.categories]
    for name in names:
        for level in (name, *reversed(name.split(">"))):
            found = options.categories.get(level.strip().casefold())
            if found:
                return found
    return category_of(*names)


def _description(item: Item) -> str:
    """Return the long text; page builders write more than any channel can show, then the short one is taken."""
    if len(item.description) <= TEXT_LIMIT:
        return item.description or item.short_description[:TEXT_LIMIT]
    return (item.short_description or item.description)[:TEXT_LIMIT]


def _images(item: Item) -> list[dict[str, str]]:
    return [
        {"url": url, "alt": html.unescape(alt)[:LINE_LIMIT]}
        for url, alt in item.images
        if url and len(url) <= URL_LIMIT
    ][:IMAGES]


def _how_to_order(item: Item, options: ShopOptions) -> dict[str, str]:
    url = item.facts.get("order_url") or (item.external_url if item.type == "external" else "") or item.permalink
    if not url and options.shop_url:
        url = f"{options.shop_url}/?p={item.id}"
    text = item.facts.get("order_text") or options.order_text
    parts = {"text": text, "url": url, "whatsapp": item.facts.get("whatsapp", "")}
    return {name: value for name, value in parts.items() if value}


def _verification(item: Item, options: ShopOptions) -> Mapping[str, Any] | None:
    said = verification(item.facts)
    if said and said["status"] in _FALLEN:
        return said
    if item.status != PUBLISHED:
        return {
            "status": "pending",
            "note": _("Belum diterbitkan di toko (status “{status}”).").format(status=item.status),
        }
    if item.hidden:
        return {"status": "pending", "note": _("Disembunyikan dari katalog toko.")}
    if not said and options.verified_by:
        return {"status": "verified", "by": options.verified_by}
    return said


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\x00", "")
