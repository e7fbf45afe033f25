"""Bodies for Shopee and the checks that come before them; pure.

Source: v2 add_item, update_item, get_item_limit, get_attribute_tree, get_channel_list, upload_image (congminh1254/shopee-sdk,
`schemas/*.json`, read 22 Nov 2026). Limits come from get_item_limit at run time; what is written here is only the fallback.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from marketing.channels.marketplace.errors import Refused
from marketing.channels.marketplace.listing import Listing
from marketing.channels.marketplace.offer_text import description_between, title_between
from marketing.channels.marketplace.port import Attribute, Choice, Prepared, refused
from marketing.channels.marketplace.wire import inner, objects
from marketing.i18n import gettext as _

MAX_PICTURES: Final = 8  # "image number should be less than 9"
NO_BRAND: Final = "NoBrand"
_FREE_TEXT: Final = 3  # input_type FREE_TEXT_FILED
_COMBO: Final = (2, 5)  # SINGLE_COMBO_BOX, MULTI_COMBO_BOX take a value of one's own
_ASKS_MORE: Final = {"SIZE_SELECTION", "CUSTOM_PRICE"}  # need a size or a fee nobody has chosen
_GTIN_FREE: Final = "00"


@dataclass(frozen=True, slots=True)
class Limits:
    """What get_item_limit said for a category; rupiah, pieces, characters."""

    price: tuple[int, int] = (99, 150_000_000)
    stock: tuple[int, int] = (0, 999_999)
    title: tuple[int, int] = (5, 255)
    description: tuple[int, int] = (20, 3_000)
    pictures: tuple[int, int] = (1, MAX_PICTURES)
    parcel_required: bool = False
    gtin: str = ""


def read_limits(response: Mapping[str, Any]) -> Limits:
    """Read get_item_limit; a missing or unreadable limit keeps the fallback."""
    fallback = Limits()

    def pair(name: str, default: tuple[int, int]) -> tuple[int, int]:
        given = inner(response, name)
        low, high = _whole(given.get("min_limit")), _whole(given.get("max_limit"))
        return (default[0] if low is None else low, default[1] if high is None else high)

    low, high = pair("item_image_count_limit", fallback.pictures)
    return Limits(
        price=pair("price_limit", fallback.price),
        stock=pair("stock_limit", fallback.stock),
        title=pair("item_name_length_limit", fallback.title),
        description=pair("item_description_length_limit", fallback.description),
        pictures=(max(low, 1), min(high, MAX_PICTURES)),
        parcel_required=inner(response, "dimension_limit").get("dimension_mandatory") is True,
        gtin=str(inner(response, "gtin_limit").get("gtin_validation_rule") or ""),
    )


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        return int(Decimal(value))
    except (InvalidOperation, ValueError, OverflowError):
        return None


def misfit(listing: Listing, price: int, pictures: Sequence[bytes], choice: Choice, limits: Limits) -> Refused | None:
    """Return why Shopee would refuse this listing, as a sentence that says what to change; None when it fits."""
    if listing.kind != "goods":
        return refused("service", _("Shopee hanya menerima barang; jasa ditayangkan di kanal lain."))
    if listing.weight_gram is None or listing.weight_gram < 1:
        return refused("weight", _("Isi berat produk (gram) di katalog; Shopee memerlukannya untuk ongkos kirim."))
    if listing.stock is None:
        return refused("stock", _("Isi jumlah stok di katalog; Shopee tidak menerima produk tanpa stok."))
    if not limits.price[0] <= price <= limits.price[1]:
        return refused(
            "price",
            _("Harga harus antara Rp{low} dan Rp{high} di Shopee.").format(low=limits.price[0], high=limits.price[1]),
        )
    if not limits.stock[0] <= listing.stock <= limits.stock[1]:
        return refused(
            "stock",
            _("Stok harus antara {low} dan {high} di Shopee.").format(low=limits.stock[0], high=limits.stock[1]),
        )
    if len(pictures) < limits.pictures[0]:
        return refused(
            "picture", _("Tambahkan gambar produk; Shopee meminta sedikitnya {low}.").format(low=limits.pictures[0])
        )
    if limits.parcel_required and choice.parcel_cm is None:
        return refused("parcel", _("Kategori Shopee ini meminta ukuran paket (panjang, lebar, tinggi dalam cm)."))
    if limits.gtin == "Mandatory":
        return refused(
            "gtin", _("Kategori Shopee ini meminta kode batang (GTIN); pilih kategori lain atau lengkapi kodenya.")
        )
    if len(title_between(listing.title, listing.business, *limits.title)) < limits.title[0]:
        return refused(
            "title",
            _("Nama produk terlalu pendek untuk Shopee; tulis sedikitnya {low} huruf.").format(low=limits.title[0]),
        )
    return None


def fill_attributes(tree: Sequence[Mapping[str, Any]], choice: Choice) -> tuple[Attribute, ...] | Refused:
    """Fill a category's attributes from the office's choice; a mandatory one that stays empty is named in the refusal."""
    given = {name.strip().casefold(): value for name, value in choice.attributes.items()}
    filled: list[Attribute] = []
    missing: list[str] = []
    for node in tree:
        name = str(node.get("name") or "")
        text = given.get(name.strip().casefold(), "").strip()
        value = _value(node, text) if text else None
        if value is not None:
            filled.append(value)
        elif node.get("mandatory") is True:
            missing.append(name or str(node.get("attribute_id")))
    if missing:
        sentence = _("Kategori Shopee ini meminta keterangan: {names}. Lengkapi di pengaturan produk.")
        return refused("attributes", sentence.format(names=", ".join(missing)))
    return tuple(filled)


def _value(node: Mapping[str, Any], text: str) -> Attribute | None:
    """Return the attribute with one of Shopee's values, or with our own where it may be typed."""
    number = str(node.get("attribute_id"))
    for value in objects(node, "attribute_value_list"):
        if str(value.get("name") or "").strip().casefold() == text.casefold():
            return Attribute(number, str(value.get("value_id")), str(value.get("name")))
    kind = inner(node, "attribute_info").get("input_type")
    return Attribute(number, "0", text) if kind == _FREE_TEXT or kind in _COMBO else None


def usable_channels(channels: Sequence[Mapping[str, Any]], weight_gram: int) -> tuple[str, ...]:
    """Return the logistic channels to switch on: enabled in the shop, buyers choose them (mask 0), and the weight fits."""
    found: list[str] = []
    for channel in channels:
        if (
            channel.get("enabled") is not True
            or channel.get("mask_channel_id")
            or channel.get("fee_type") in _ASKS_MORE
        ):
            continue
        limit = inner(channel, "weight_limit")
        high, low = _number(limit.get("item_max_weight")), _number(limit.get("item_min_weight"))
        weight = Decimal(weight_gram) / 1000
        if (high and weight > high) or weight < low or not isinstance(channel.get("logistics_channel_id"), int):
            continue
        found.append(str(channel["logistics_channel_id"]))
    return tuple(found)


def _number(value: object) -> Decimal:
    return Decimal(value) if isinstance(value, int | Decimal) else Decimal(0)


def item_body(listing: Listing, prepared: Prepared) -> dict[str, Any]:
    """Return what add_item and update_item share."""
    body: dict[str, Any] = {
        "item_name": title_between(listing.title, listing.business, *prepared.title_length),
        "description": description_between(listing, *prepared.description_length),
        "category_id": int(prepared.category_id),
        "item_sku": listing.sku,
        "weight": (listing.weight_gram or 0) / 1000,
        "image": {"image_id_list": list(prepared.pictures)},
        "logistic_info": [{"logistic_id": int(place), "enabled": True} for place in prepared.places],
        "brand": {"brand_id": 0, "original_brand_name": NO_BRAND},
        "condition": "NEW",
        "item_dangerous": 0,
    }
    if prepared.attributes:
        body["attribute_list"] = [_attribute(attribute) for attribute in prepared.attributes]
    if prepared.parcel_cm:
        length, width, height = prepared.parcel_cm
        body["dimension"] = {"package_length": length, "package_width": width, "package_height": height}
    if prepared.gtin:
        body["gtin_code"] = prepared.gtin
    return body


def _attribute(attribute: Attribute) -> dict[str, Any]:
    value = {"value_id": int(attribute.value_id), "original_value_name": attribute.text}
    return {"attribute_id": int(attribute.attribute_id), "attribute_value_list": [value]}


def add_body(listing: Listing, prepared: Prepared, price: int) -> dict[str, Any]:
    """Return the body of add_item: on sale at once."""
    return {
        **item_body(listing, prepared),
        "original_price": price,
        "seller_stock": [{"stock": listing.stock or 0}],
        "item_status": "NORMAL",
    }


def gtin_of(limits: Limits) -> str:
    """Return the declaration that goods have no bar code, where the category wants one or the other."""
    return _GTIN_FREE if limits.gtin == "Flexible" else ""
