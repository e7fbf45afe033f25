"""Which column of a product export is which, whatever language the shop's administration speaks. Pure.

The headings are WooCommerce's own (`WC_Product_CSV_Exporter::get_default_column_names`, looked up 2026-11), in English and
as translate.wordpress.org has them in Indonesian. The exporter writes its columns in one order, so a heading of another
translation is known by its place between two that are recognised.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

ORDER: Final = (
    *("id", "type", "sku", "global_unique_id", "name", "published", "featured", "catalog_visibility"),
    *("short_description", "description", "date_on_sale_from", "date_on_sale_to", "tax_status", "tax_class"),
    *("stock_status", "stock", "low_stock_amount", "backorders", "sold_individually", "weight", "length", "width"),
    *("height", "reviews_allowed", "purchase_note", "sale_price", "regular_price", "category_ids", "tag_ids"),
    *("shipping_class_id", "images", "download_limit", "download_expiry", "parent_id", "grouped_products"),
    *("upsell_ids", "cross_sell_ids", "product_url", "button_text", "menu_order"),
)
_HEADINGS: Final[Mapping[str, str]] = {
    "id": "id",
    "type": "type|tipe|jenis",
    "sku": "sku",
    "global_unique_id": "gtin, upc, ean, or isbn|gtin, upc, ean, atau isbn",
    "name": "name|nama",
    "published": "published|telah terbit|diterbitkan|dipublikasikan",
    "featured": "is featured?|apakah diunggulkan?",
    "catalog_visibility": "visibility in catalog|kenampakan pada katalog|visibilitas di katalog",
    "short_description": "short description|deskripsi singkat",
    "description": "description|deskripsi",
    "date_on_sale_from": "date sale price starts|tanggal harga diskon dimulai",
    "date_on_sale_to": "date sale price ends|tanggal harga diskon berakhir",
    "tax_status": "tax status|status pajak",
    "tax_class": "tax class|kelas pajak",
    "stock_status": "in stock?|tersedia?|stok tersedia?",
    "stock": "stock|stok",
    "low_stock_amount": "low stock amount",
    "backorders": "backorders allowed?|perbolehkan inden?",
    "sold_individually": "sold individually?|jual terpisah?",
    "reviews_allowed": "allow customer reviews?|izinkan ulasan pelanggan?",
    "purchase_note": "purchase note|catatan pembelian",
    "sale_price": "sale price|harga obral|harga diskon|harga promo",
    "regular_price": "regular price|harga normal|harga reguler",
    "category_ids": "categories|kategori",
    "tag_ids": "tags|tag",
    "shipping_class_id": "shipping class|kelas pengiriman",
    "images": "images|gambar-gambar|gambar",
    "download_limit": "download limit|batas unduhan",
    "download_expiry": "download expiry days|tanggal kedaluawarsa unduhan|tanggal kedaluwarsa unduhan",
    "parent_id": "parent|induk",
    "grouped_products": "grouped products|produk yang dikelompokkan",
    "upsell_ids": "upsells|upsell",
    "cross_sell_ids": "cross-sells|cross-sell",
    "product_url": "external url|url eksternal",
    "button_text": "button text|teks tombol",
    "menu_order": "position|posisi",
}
_BY_HEADING: Final = {heading: key for key, headings in _HEADINGS.items() for heading in headings.split("|")}
_MEASURED: Final = {
    "weight": re.compile(r"(?:weight|berat) \(([^)]{1,20})\)"),
    "length": re.compile(r"(?:length|panjang) \(([^)]{1,20})\)"),
    "width": re.compile(r"(?:width|lebar) \(([^)]{1,20})\)"),
    "height": re.compile(r"(?:height|tinggi) \(([^)]{1,20})\)"),
}
_ATTRIBUTE_NAME: Final = re.compile(r"attribute ([0-9]{1,3}) name|nama atribut ([0-9]{1,3})", re.ASCII)
_ATTRIBUTE_VALUE: Final = re.compile(r"attribute ([0-9]{1,3}) value\(s\)|nilai atribut ([0-9]{1,3})", re.ASCII)
_META: Final = re.compile(r"meta: ?(.{1,200})")
_UNIT: Final = re.compile(r"\(([^)]{1,20})\)")
NEEDED: Final = frozenset({"id", "type", "name"})
PRICES: Final = frozenset({"regular_price", "sale_price"})


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of columns; attributes as (name, value) pairs of positions, meta by its key."""

    at: Mapping[str, int]
    weight_unit: str = ""
    attributes: tuple[tuple[int, int], ...] = ()
    meta: Mapping[str, int] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return what no product can be read without: id, type, name, and at least one price."""
        return (*sorted(NEEDED - self.at.keys()), *(() if PRICES & self.at.keys() else ("regular_price",)))


def find_columns(headings: Sequence[str]) -> Columns:
    """Find the columns of an export by its first row; the first of two equal headings counts."""
    plain = [" ".join(heading.split()).casefold() for heading in headings]
    at: dict[str, int] = {}
    unit = ""
    names: dict[str, int] = {}
    values: dict[str, int] = {}
    meta: dict[str, int] = {}
    for place, heading in enumerate(plain):
        if key := _BY_HEADING.get(heading):
            at.setdefault(key, place)
        elif measured := next((key for key, form in _MEASURED.items() if form.fullmatch(heading)), ""):
            at.setdefault(measured, place)
        elif match := _ATTRIBUTE_NAME.fullmatch(heading):
            names.setdefault(match[1] or match[2], place)
        elif match := _ATTRIBUTE_VALUE.fullmatch(heading):
            values.setdefault(match[1] or match[2], place)
        elif match := _META.fullmatch(heading):
            meta.setdefault(match[1].strip(), place)
    at |= _by_place(at)
    if "weight" in at and (found := _UNIT.search(plain[at["weight"]])):
        unit = found[1]
    pairs = tuple((place, values[number]) for number, place in names.items() if number in values)
    return Columns(at, unit, pairs, meta)


def _by_place(at: Mapping[str, int]) -> dict[str, int]:
    """Return columns whose headings are unknown but which stand, in the exporter's order, between two known ones."""
    known = [key for key in ORDER if key in at]
    found: dict[str, int] = {}
    for before, after in pairwise(known):
        between = ORDER[ORDER.index(before) + 1 : ORDER.index(after)]
        if between and at[after] - at[before] - 1 == len(between):
            found |= {key: at[before] + 1 + step for step, key in enumerate(between)}
    return found
