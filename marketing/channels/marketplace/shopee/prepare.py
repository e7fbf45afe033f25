"""What has to be known before Shopee takes a listing: category, its attributes and limits, logistic channels, uploaded pictures."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marketing.channels.marketplace.errors import Failure, ProviderError, Refused
from marketing.channels.marketplace.listing import Listing
from marketing.channels.marketplace.port import Choice, Prepared, refused
from marketing.channels.marketplace.shopee.caller import Caller
from marketing.channels.marketplace.shopee.payload import (
    MAX_PICTURES,
    fill_attributes,
    gtin_of,
    misfit,
    read_limits,
    usable_channels,
)
from marketing.channels.marketplace.upload import File, picture_file
from marketing.channels.marketplace.wire import LOST, inner, objects
from marketing.i18n import gettext as _

_PRODUCT: Final = "/api/v2/product/"
_CHANNELS: Final = "/api/v2/logistics/get_channel_list"
_UPLOAD: Final = "/api/v2/media_space/upload_image"


def prepare(call: Caller, listing: Listing, pictures: Sequence[bytes], choice: Choice) -> Prepared | Failure:
    """Find and check everything that can refuse the listing first; only then upload the pictures."""
    category = choice.category_id or _category(call, listing)
    if not (category.isascii() and category.isdigit()):
        return refused(
            "category", _("Shopee tidak menemukan kategori yang cocok; pilih kategori di pengaturan produk.")
        )
    limits = read_limits(call.get(f"{_PRODUCT}get_item_limit", (("category_id", category),)))
    shown = pictures[:MAX_PICTURES]
    if why := misfit(listing, listing.price_at(call.now), shown, choice, limits):
        return why
    attributes = fill_attributes(_attributes(call, category), choice)
    if isinstance(attributes, Refused):
        return attributes
    files = [picture_file(content, number) for number, content in enumerate(shown, 1)]
    if bad := next((file for file in files if isinstance(file, Refused)), None):
        return bad
    channels = usable_channels(objects(call.get(_CHANNELS), "logistics_channel_list"), listing.weight_gram or 0)
    if not channels:
        return refused("logistics", _("Aktifkan jasa kirim yang menerima berat ini di Shopee Seller Centre."))
    return Prepared(
        category_id=category,
        pictures=tuple(_upload(call, file) for file in files if not isinstance(file, Refused)),
        places=channels,
        title_length=limits.title,
        description_length=limits.description,
        attributes=attributes,
        parcel_cm=choice.parcel_cm,
        gtin=gtin_of(limits),
    )


def _category(call: Caller, listing: Listing) -> str:
    found = call.get(f"{_PRODUCT}category_recommend", (("item_name", listing.title),)).get("category_id")
    return str(found[0]) if isinstance(found, list) and found else ""


def _attributes(call: Caller, category: str) -> Sequence[Mapping[str, Any]]:
    query = (("category_id_list", category), ("language", "id"))
    trees = objects(call.get(f"{_PRODUCT}get_attribute_tree", query), "list")
    return next((objects(tree, "attribute_tree") for tree in trees if str(tree.get("category_id")) == category), ())


def _upload(call: Caller, file: File) -> str:
    """Upload one picture a call, so that a refusal names its picture."""
    answer = call.upload(_UPLOAD, [("image", file)])
    number = inner(answer, "image_info").get("image_id")
    if not isinstance(number, str) or not number:
        raise ProviderError(LOST, "image_id_missing")
    return number
