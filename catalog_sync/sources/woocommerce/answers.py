"""What WooCommerce's REST API v3 answers, field by field; a field of a type it should not have counts as empty. Pure.

https://woocommerce.github.io/woocommerce-rest-api-docs/ (product and variation properties). Times ending in `_gmt` are
UTC without saying so. Dokan and WCFM add a `store` to each product.
"""

import html
import json
import math
import re
from collections.abc import Mapping
from typing import Any, Final

from catalog_sync.sources.woocommerce.facts import facts_of
from catalog_sync.sources.woocommerce.item import Item

FIELDS: Final = (
    "id,name,type,status,catalog_visibility,description,short_description,price,regular_price,sale_price,on_sale,"
    "date_on_sale_from_gmt,date_on_sale_to_gmt,date_modified_gmt,manage_stock,stock_quantity,stock_status,weight,"
    "categories,images,image,permalink,external_url,button_text,attributes,meta_data,store,bundled_items,parent_id"
)
"""Asked for by `_fields`, so that a shop does not render what nobody reads."""

_GMT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", re.ASCII)
_ADDRESS: Final = ("street_1", "street_2", "city", "zip", "state")


def item_of(raw: Mapping[str, Any], *, parent: str = "") -> Item:
    """Return a product, or a variation when `parent` is given; its id is empty when there is none."""
    attributes = [
        (text(one.get("name")), ", ".join(text(option) for option in _list(one.get("options"))))
        for one in _objects(raw.get("attributes"))
    ]
    meta = [(text(one.get("key")), text(one.get("value"))) for one in _objects(raw.get("meta_data"))]
    status = text(raw.get("stock_status"))
    return Item(
        id=_id(raw.get("id")),
        type="variation" if parent else text(raw.get("type")),
        name=text(raw.get("name")),
        status=text(raw.get("status")),
        hidden=raw.get("catalog_visibility") == "hidden",
        description=text(raw.get("description")),
        short_description=text(raw.get("short_description")),
        regular_price=text(raw.get("regular_price")),
        sale_price=text(raw.get("sale_price")),
        active_price=text(raw.get("price")),
        on_sale=raw.get("on_sale") is True,
        sale_from=_utc(raw.get("date_on_sale_from_gmt")),
        sale_to=_utc(raw.get("date_on_sale_to_gmt")),
        manage_stock=raw.get("manage_stock") is True,
        stock_quantity=text(raw.get("stock_quantity")),
        stock_status=status or "outofstock",
        weight=text(raw.get("weight")),
        categories=tuple(
            name for one in _objects(raw.get("categories")) for name in (text(one.get("slug")), text(one.get("name")))
        ),
        images=tuple((text(one.get("src")), text(one.get("alt"))) for one in _objects(raw.get("images"))),
        permalink=text(raw.get("permalink")),
        external_url=text(raw.get("external_url")),
        button_text=text(raw.get("button_text")),
        updated_at=_utc(raw.get("date_modified_gmt")),
        parent=parent,
        parts=_parts(raw) if raw.get("type") == "bundle" else (),
        facts=facts_of(attributes, meta),
        store=_store(raw.get("store")),
    )


def text(value: Any) -> str:
    """Return a text, or a number as text; nothing for every other type."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(value) if isinstance(value, int) else (json.dumps(value) if math.isfinite(value) else "")


def _id(value: Any) -> str:
    found = text(value)
    return found if found.isascii() and found.isdigit() and found.strip("0") else ""


def _utc(value: Any) -> str:
    return f"{value}Z" if isinstance(value, str) and _GMT.fullmatch(value) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in _list(value) if isinstance(one, dict)]


def _parts(raw: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """Return what a bundle holds (plug-in Product Bundles: `bundled_items`)."""
    found = []
    for one in _objects(raw.get("bundled_items")):
        key, quantity = _id(one.get("product_id")), text(one.get("quantity_default"))
        if key:
            found.append((key, int(quantity) if quantity.isascii() and quantity.isdigit() else 1))
    return tuple(found)


def _store(value: Any) -> dict[str, str]:
    """Return the vendor as fields of a business: Dokan's `id, name, shop_name, url, address`, WCFM's `vendor_…`."""
    if not isinstance(value, dict):
        return {}
    address = value.get("address") or value.get("vendor_address")
    if isinstance(address, dict):
        address = ", ".join(line for name in _ADDRESS if (line := text(address.get(name))))
    parts = {
        "id": text(value.get("id")) or text(value.get("vendor_id")),
        "name": text(value.get("shop_name")) or text(value.get("vendor_shop_name")) or text(value.get("name")),
        "address": text(address),
        "phone": text(value.get("phone")) or text(value.get("vendor_phone")),
        "email": text(value.get("vendor_email")),
        "website": text(value.get("url")) or text(value.get("vendor_shop_url")),
    }
    parts["name"] = html.unescape(parts["name"])
    return {name: found for name, found in parts.items() if found}
