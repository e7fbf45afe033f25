"""What has to be known before TikTok Shop takes a listing: category, its attributes and rules, warehouse, uploaded pictures."""

from collections.abc import Sequence
from typing import Final

from marketing.channels.marketplace.errors import Failure, ProviderError, Refused
from marketing.channels.marketplace.listing import Listing
from marketing.channels.marketplace.port import Choice, Prepared, refused
from marketing.channels.marketplace.tiktok_shop.caller import Caller
from marketing.channels.marketplace.tiktok_shop.payload import (
    CATEGORY_VERSION,
    MAX_HTML,
    MAX_PICTURES,
    TITLE,
    against_rules,
    description_of,
    fill_attributes,
    misfit,
    title_of,
    warehouse_of,
)
from marketing.channels.marketplace.upload import File, picture_file
from marketing.channels.marketplace.wire import LOST, objects
from marketing.i18n import gettext as _

_PRODUCT: Final = "/product/202309"
_WAREHOUSES: Final = "/logistics/202309/warehouses"
_TREE: Final = (("category_version", CATEGORY_VERSION), ("locale", "id-ID"))


def prepare(call: Caller, listing: Listing, pictures: Sequence[bytes], choice: Choice) -> Prepared | Failure:
    """Find and check everything that can refuse the listing first; only then upload the pictures."""
    shown = pictures[:MAX_PICTURES]
    if why := misfit(listing, shown):
        return why
    category = choice.category_id or _category(call, listing)
    if not (category.isascii() and category.isdigit()):
        return refused(
            "category", _("TikTok Shop tidak menemukan kategori yang boleh dipakai toko ini; pilih kategori lain.")
        )
    path = f"{_PRODUCT}/categories/{category}"
    if why := against_rules(call.ask("GET", f"{path}/rules", _TREE), choice):
        return why
    attributes = fill_attributes(objects(call.ask("GET", f"{path}/attributes", _TREE), "attributes"), choice)
    if isinstance(attributes, Refused):
        return attributes
    files = [picture_file(content, number) for number, content in enumerate(shown, 1)]
    if bad := next((file for file in files if isinstance(file, Refused)), None):
        return bad
    warehouse = warehouse_of(objects(call.ask("GET", _WAREHOUSES), "warehouses"))
    if not warehouse:
        return refused(
            "warehouse", _("Toko belum punya gudang penjualan yang aktif; atur di TikTok Shop Seller Center.")
        )
    return Prepared(
        category_id=category,
        pictures=tuple(_upload(call, file) for file in files if not isinstance(file, Refused)),
        places=(warehouse,),
        title_length=TITLE,
        description_length=(1, MAX_HTML),
        attributes=attributes,
        parcel_cm=choice.parcel_cm,
    )


def _category(call: Caller, listing: Listing) -> str:
    """Return the recommended leaf category if the shop may use it."""
    body = {
        "product_title": title_of(listing),
        "description": description_of(listing),
        "category_version": CATEGORY_VERSION,
    }
    found = call.ask("POST", f"{_PRODUCT}/categories/recommend", body=body)
    leaf = str(found.get("leaf_category_id") or "")
    leaves = (step for step in objects(found, "categories") if str(step.get("id")) == leaf)
    allowed = next((step.get("permission_statuses") for step in leaves), None)
    return leaf if not isinstance(allowed, list) or "AVAILABLE" in allowed else ""


def _upload(call: Caller, file: File) -> str:
    uri = call.upload(f"{_PRODUCT}/images/upload", file, {"use_case": "MAIN_IMAGE"}).get("uri")
    if not isinstance(uri, str) or not uri:
        raise ProviderError(LOST, "uri_missing")
    return uri
