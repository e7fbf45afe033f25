"""Bodies for TikTok Shop and the checks that come before them; pure.

Source: Create Product, Edit Product, Get Attributes, Get Category Rules, Update Inventory, Upload Product Image as described in the
models of tiktok-shop-api 0.1.0 (PyPI, Oct 2026), read 22 Nov 2026: Indonesia's title has 25 to 255 characters, a SKU 1 to 50 without
blanks, stock 1 to 99,999, weight in KILOGRAM with up to three decimals, category tree v2.
"""

import html
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from marketing.channels.marketplace.errors import Refused
from marketing.channels.marketplace.listing import Listing
from marketing.channels.marketplace.offer_text import description_between, title_between, without_symbols
from marketing.channels.marketplace.port import Attribute, Change, Choice, Prepared, RemoteId, refused
from marketing.channels.marketplace.wire import inner, objects
from marketing.i18n import gettext as _

TITLE: Final = (25, 255)
MAX_HTML: Final = 10_000
STOCK: Final = (1, 99_999)
MAX_PICTURES: Final = 9
PIXELS: Final = (300, 4_000)
CATEGORY_VERSION: Final = "v2"
CURRENCY: Final = "IDR"


def misfit(listing: Listing, pictures: Sequence[bytes]) -> Refused | None:
    """Return why TikTok Shop would refuse this listing, as a sentence that says what to change; None when it fits."""
    if listing.kind != "goods":
        return refused("service", _("TikTok Shop hanya menerima barang; jasa ditayangkan di kanal lain."))
    if listing.weight_gram is None or listing.weight_gram < 1:
        return refused("weight", _("Isi berat produk (gram) di katalog; TikTok Shop memerlukannya untuk ongkos kirim."))
    if listing.stock is None:
        return refused("stock", _("Isi jumlah stok di katalog; TikTok Shop tidak menerima produk tanpa stok."))
    if not STOCK[0] <= listing.stock <= STOCK[1]:
        return refused(
            "stock", _("Stok harus antara {low} dan {high} di TikTok Shop.").format(low=STOCK[0], high=STOCK[1])
        )
    if not pictures:
        return refused("picture", _("Tambahkan gambar produk; TikTok Shop meminta sedikitnya satu."))
    for number, picture in enumerate(listing.pictures[: len(pictures)], 1):
        if not (PIXELS[0] <= picture.width <= PIXELS[1] and PIXELS[0] <= picture.height <= PIXELS[1]):
            return refused(
                "picture", _("Gambar ke-{number} harus 300 sampai 4.000 piksel tiap sisi.").format(number=number)
            )
    if len(title_of(listing)) < TITLE[0]:
        return refused("title", _("Nama produk terlalu pendek untuk TikTok Shop; tulis sedikitnya 25 huruf."))
    return None


def title_of(listing: Listing) -> str:
    """Return the title, lengthened with the maker where it is short; no emoji, which TikTok Shop refuses."""
    return title_between(without_symbols(listing.title), without_symbols(listing.business), *TITLE)


def description_of(listing: Listing) -> str:
    """Return the description as HTML paragraphs, escaped, of at most 10,000 characters with its markup."""
    room = MAX_HTML
    while True:
        lines = without_symbols(description_between(listing, 1, room)).split("\n")
        shown = [line for line in lines if line.strip()] or [title_of(listing)]
        markup = "".join(f"<p>{html.escape(line)}</p>" for line in shown)
        if len(markup) <= MAX_HTML:
            return markup
        room = min(room - 1, room * MAX_HTML // len(markup))


def fill_attributes(attributes: Sequence[Mapping[str, Any]], choice: Choice) -> tuple[Attribute, ...] | Refused:
    """Fill a category's attributes from the office's choice; a required one that stays empty is named in the refusal."""
    given = {name.strip().casefold(): value for name, value in choice.attributes.items()}
    filled: list[Attribute] = []
    missing: list[str] = []
    for node in attributes:
        if node.get("type") not in (None, "PRODUCT_PROPERTY"):
            continue  # sales attributes tell variants apart, and a listing of ours has none
        name = str(node.get("name") or "")
        text = given.get(name.strip().casefold(), "").strip()
        value = _value(node, text) if text else None
        if value is not None:
            filled.append(value)
        elif node.get("is_requried") is True or node.get("is_required") is True:  # the first spelling is TikTok's own
            missing.append(name or str(node.get("id")))
    if missing:
        sentence = _("Kategori TikTok Shop ini meminta keterangan: {names}. Lengkapi di pengaturan produk.")
        return refused("attributes", sentence.format(names=", ".join(missing)))
    return tuple(filled)


def _value(node: Mapping[str, Any], text: str) -> Attribute | None:
    for value in objects(node, "values"):
        if str(value.get("name") or "").strip().casefold() == text.casefold():
            return Attribute(str(node.get("id")), str(value.get("id")), str(value.get("name")))
    return Attribute(str(node.get("id")), "", text) if node.get("is_customizable") is True else None


def against_rules(rules: Mapping[str, Any], choice: Choice) -> Refused | None:
    """Return what a category asks that a catalogue cannot give: certificates, a size chart, the size of the parcel."""
    papers = [
        str(paper.get("name") or paper.get("id"))
        for paper in objects(rules, "product_certifications")
        if paper.get("is_required") is True
    ]
    if papers:
        sentence = _("Kategori TikTok Shop ini meminta dokumen: {names}. Unggah produk ini lewat Seller Center.")
        return refused("certificates", sentence.format(names=", ".join(papers)))
    if _required(rules, "size_chart"):
        return refused("size_chart", _("Kategori TikTok Shop ini meminta tabel ukuran; unggah lewat Seller Center."))
    if _required(rules, "package_dimension") and choice.parcel_cm is None:
        return refused("parcel", _("Kategori TikTok Shop ini meminta ukuran paket (panjang, lebar, tinggi dalam cm)."))
    return None


def _required(rules: Mapping[str, Any], name: str) -> bool:
    return inner(rules, name).get("is_required") is True


def warehouse_of(warehouses: Sequence[Mapping[str, Any]]) -> str:
    """Return the shop's open sales warehouse, the default one first; empty when there is none."""
    open_ones = [
        warehouse
        for warehouse in warehouses
        if warehouse.get("type") == "SALES_WAREHOUSE" and warehouse.get("effect_status") == "ENABLED"
    ]
    open_ones.sort(key=lambda warehouse: warehouse.get("is_default") is not True)
    return str(open_ones[0].get("id") or "") if open_ones else ""


def product_body(
    listing: Listing, prepared: Prepared, price: int, platforms: Sequence[str], remote: RemoteId | None = None
) -> dict[str, Any]:
    """Return the body of Create Product, or with `remote` of Edit Product."""
    sku: dict[str, Any] = {
        "seller_sku": listing.sku,
        "price": {"amount": str(price), "currency": CURRENCY},
        "inventory": [{"warehouse_id": prepared.places[0], "quantity": listing.stock or 0}],
    }
    if remote is not None:
        sku["id"] = remote.variant
    body: dict[str, Any] = {
        "save_mode": "LISTING",
        "title": title_of(listing),
        "description": description_of(listing),
        "category_id": prepared.category_id,
        "category_version": CATEGORY_VERSION,
        "main_images": [{"uri": uri} for uri in prepared.pictures],
        "skus": [sku],
        "package_weight": {"value": format(Decimal(listing.weight_gram or 0) / 1000, "f"), "unit": "KILOGRAM"},
    }
    if prepared.parcel_cm:
        length, width, height = (str(side) for side in prepared.parcel_cm)
        body["package_dimensions"] = {"length": length, "width": width, "height": height, "unit": "CENTIMETER"}
    if prepared.attributes:
        body["product_attributes"] = [_attribute(attribute) for attribute in prepared.attributes]
    if platforms:
        body["listing_platforms"] = list(platforms)
    return body


def _attribute(attribute: Attribute) -> dict[str, Any]:
    value = {"id": attribute.value_id} if attribute.value_id else {"name": attribute.text}
    return {"id": attribute.attribute_id, "values": [value]}


def price_body(change: Change) -> dict[str, Any]:
    """Return the body of Update Price."""
    return {"skus": [{"id": change.remote.variant, "price": {"amount": str(change.price), "currency": CURRENCY}}]}


def stock_body(change: Change) -> dict[str, Any]:
    """Return the body of Update Inventory."""
    place = {"quantity": change.stock, **({"warehouse_id": change.remote.place} if change.remote.place else {})}
    return {"skus": [{"id": change.remote.variant, "inventory": [place]}]}
