"""The columns of each marketplace's file. None of them may be uploaded blindly: seller centres change them without notice.

Shopee and TikTok Shop read the codes in row 1 and tie a file to the shop by a mark in row 2 that only their own download carries;
so the rows below are copied into the template of one's own shop, whose columns have the same codes. What the catalogue does not
know (the marketplace's own category, the size of the parcel, couriers) stays empty and is named in the third sheet.
"""

from typing import Final

from marketing.channels.marketplace.listing import PRODUCT_TYPES, Listing
from marketing.channels.marketplace.mass_upload.limits import LIMITS, Destination, Limits, title_for
from marketing.channels.marketplace.mass_upload.template import (
    Cell,
    Column,
    Template,
    constant,
    empty,
    kilograms,
    picture,
    picture_columns,
)
from marketing.domain.text import cut, one_line
from marketing.i18n import N_

_MAX_BRAND: Final = 70


def _sku(listing: Listing, _limits: Limits) -> Cell:
    return listing.sku


def _description(listing: Listing, limits: Limits) -> Cell:
    return listing.description_within(limits.max_description)


def _price(listing: Listing, _limits: Limits) -> Cell:
    return listing.price


def _stock(listing: Listing, _limits: Limits) -> Cell:
    return listing.stock


def _grams(listing: Listing, _limits: Limits) -> Cell:
    return listing.weight_gram


def _brand(listing: Listing, _limits: Limits) -> Cell:
    return cut(one_line(listing.business), _MAX_BRAND)


def _kind(listing: Listing, _limits: Limits) -> Cell:
    return PRODUCT_TYPES[listing.category]


def _minimum_order(listing: Listing, _limits: Limits) -> Cell:
    return listing.min_order if listing.min_order > 1 else None


def _sale_price(listing: Listing, _limits: Limits) -> Cell:
    return listing.sale.price if listing.sale else None


def _shopee() -> Template:
    columns = (
        Column("ps_category|0|0", "Kategori", empty),
        Column("ps_product_name|1|0", "Nama Produk", title_for),
        Column("ps_product_description|1|0", "Deskripsi Produk", _description),
        Column("ps_minimum_purchase_quantity|0|0", "Min. Jumlah Pembelian", _minimum_order),
        Column("ps_sku_parent_short|0|0", "SKU Induk", _sku),
        Column("ps_price|1|1", "Harga", _price),
        Column("ps_stock|0|1", "Stok", _stock),
        Column("ps_sku_short|0|0", "Kode Variasi", _sku),
        Column("ps_gtin_code|0|0", "GTIN", empty),
        Column("ps_item_cover_image|0|3", "Foto Sampul", picture(1)),
        *picture_columns(
            lambda number: f"ps_item_image_{number - 1}|0|3", lambda number: f"Foto Produk {number - 1}", range(2, 10)
        ),
        Column("ps_weight|1|1", "Berat (kg)", kilograms),
        Column("ps_length|0|1", "Panjang (cm)", empty),
        Column("ps_width|0|1", "Lebar (cm)", empty),
        Column("ps_height|0|1", "Tinggi (cm)", empty),
    )
    must = {"ps_product_name|1|0", "ps_product_description|1|0", "ps_price|1|1", "ps_stock|0|1", "ps_weight|1|1"}
    return Template(
        limits=LIMITS[Destination.SHOPEE],
        sheet="Template",
        columns=columns,
        headings=(
            tuple(column.code for column in columns),
            (),
            tuple(column.label for column in columns),
            tuple("Wajib" if column.code in must else "Opsional" for column in columns),
            (),
            (),
        ),
        to_complete=(
            N_(
                "Unduh template dasar dari Seller Centre toko Anda (Produk Saya, Edit secara massal, Mass upload), lalu salin baris mulai baris 7 ke kolom dengan kode yang sama."
            ),
            N_("Pilih kategori Shopee untuk setiap produk."),
            N_(
                "Isi panjang, lebar dan tinggi paket (ketiganya atau tidak sama sekali) dan aktifkan sedikitnya satu jasa kirim."
            ),
        ),
        source="kode kolom template Shopee_mass_upload_basic Juni–September 2026 (program terbuka yang mengisinya); judul kolom Indonesia belum dipastikan",
    )


def _tiktok_shop() -> Template:
    columns = (
        Column("category", "Kategori", empty),
        Column("brand", "Merek", empty),
        Column("product_name", "Nama produk", title_for),
        Column("product_description", "Deskripsi produk", _description),
        Column("main_image", "Gambar utama", picture(1)),
        *picture_columns(lambda number: f"image_{number}", lambda number: f"Gambar produk {number}", range(2, 10)),
        Column("property_name_1", "Nama varian utama", empty),
        Column("property_value_1", "Nilai varian utama", empty),
        Column("property_1_image", "Gambar varian utama", empty),
        Column("property_name_2", "Nama varian sekunder", empty),
        Column("property_value_2", "Nilai varian sekunder", empty),
        Column("parcel_weight", "Berat paket(g)", _grams),
        Column("parcel_length", "Panjang paket(cm)", empty),
        Column("parcel_width", "Lebar paket(cm)", empty),
        Column("parcel_height", "Tinggi paket(cm)", empty),
        Column("delivery", "Opsi pengiriman", empty),
        Column("price", "Harga ritel (mata uang lokal)", _price),
        Column("pre_order_time", "Pre-sale", empty),
        Column("quantity", "Jumlah", _stock),
        Column("seller_sku", "SKU penjual", _sku),
        Column("size_chart", "Panduan ukuran", empty),
    )
    return Template(
        limits=LIMITS[Destination.TOKOPEDIA],
        sheet="Template",
        columns=columns,
        headings=(tuple(column.code for column in columns), (), tuple(column.label for column in columns), (), ()),
        to_complete=(
            N_(
                "Unduh template dari Tokopedia & TikTok Shop Seller Center toko Anda, lalu salin baris mulai baris 6 ke kolom yang sama."
            ),
            N_("Pilih kategori dari daftar di template, dan merek bila terdaftar."),
            N_(
                "Isi panjang, lebar dan tinggi paket; bila gudang Anda lebih dari satu, pindahkan jumlah stok ke kolom gudangnya."
            ),
        ),
        source="kode kolom template Tiktoksellercenter_batchupload Mei–September 2026 (program terbuka yang mengisinya)",
    )


def _lazada() -> Template:
    columns = (
        Column("PrimaryCategory", "Kategori", empty),
        Column("name", "Nama Produk", title_for),
        *picture_columns(lambda number: f"Images{number}", lambda number: f"Gambar Produk {number}", range(1, 9)),
        Column("brand", "Merek", constant("No Brand")),
        Column("description", "Deskripsi Produk", _description),
        Column("SellerSku", "SKU Penjual", _sku),
        Column("quantity", "Stok", _stock),
        Column("price", "Harga", _price),
        Column("special_price", "Harga Spesial", _sale_price),
        Column("package_weight", "Berat Paket (kg)", kilograms),
        Column("package_length", "Panjang Paket (cm)", empty),
        Column("package_width", "Lebar Paket (cm)", empty),
        Column("package_height", "Tinggi Paket (cm)", empty),
    )
    return Template(
        limits=LIMITS[Destination.LAZADA],
        sheet="Template",
        columns=columns,
        headings=(tuple(column.code for column in columns), tuple(column.label for column in columns)),
        to_complete=(
            N_(
                "Template Lazada berbeda untuk setiap kategori: unduh milik kategori Anda di Seller Center, lalu salin kolom demi kolom."
            ),
            N_("Isi ukuran paket dan atribut wajib kategori itu; harga spesial membutuhkan tanggal mulai dan akhir."),
        ),
        source="nama isian open.lazada.com product/create; susunan kolom template per kategori tidak dapat dipastikan",
    )


def _blibli() -> Template:
    columns = (
        Column("", "Kategori*", empty),
        Column("", "Nama Produk*", title_for),
        Column("", "Seller SKU", _sku),
        Column("", "Deskripsi*", _description),
        Column("", "Keunggulan produk", _kind),
        Column("", "Merek*", _brand),
        Column("", "Warna*", empty),
        Column("", "Ukuran", empty),
        Column("", "Variasi", empty),
        Column("", "Parent", empty),
        *picture_columns(lambda _number: "", lambda number: f"Foto-{number}{'*' if number == 1 else ''}", range(1, 9)),
        Column("", "Url Video", empty),
        Column("", "Tipe Penanganan*", constant("Melalui partner logistik Blibli")),
        Column("", "Panjang (cm)*", empty),
        Column("", "Lebar (cm)*", empty),
        Column("", "Tinggi (cm)*", empty),
        Column("", "Berat (gram)*", _grams),
        Column("", "Harga Penjualan (Rp)*", _price),
        Column("", "Available Stock*", _stock),
    )
    return Template(
        limits=LIMITS[Destination.BLIBLI],
        sheet="Template",
        columns=columns,
        headings=(tuple(column.label for column in columns),),
        to_complete=(
            N_("Unduh template dari Blibli Seller Center, lalu salin kolom demi kolom."),
            N_("Isi kategori, warna dan ukuran paket; periksa tipe penanganan."),
            N_(
                "Bila template Anda meminta nama berkas foto dan bukan alamat, unduh fotonya dari alamat di kolom Foto."
            ),
        ),
        source="judul kolom menurut uji program Blibli sendiri (tanpa tanggal); template yang berlaku belum dipastikan",
    )


TEMPLATES: Final = {
    Destination.SHOPEE: _shopee(),
    Destination.TOKOPEDIA: _tiktok_shop(),
    Destination.LAZADA: _lazada(),
    Destination.BLIBLI: _blibli(),
}
