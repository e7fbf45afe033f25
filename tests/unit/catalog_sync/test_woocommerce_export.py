"""WooCommerce's own product export: its headings in two languages (and by their place), its escapes, its variations."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.contract import Kind, Product, SetAside, parse
from catalog_sync.sources.base import SourceFormat, SourceOptions
from catalog_sync.sources.opening import open_source
from catalog_sync.sources.woocommerce.columns import ORDER, find_columns
from catalog_sync.sources.woocommerce.rows import split_list, unescaped
from marketing.errors import CatalogError

ENGLISH = [
    "ID",
    "Type",
    "SKU",
    "GTIN, UPC, EAN, or ISBN",
    "Name",
    "Published",
    "Is featured?",
    "Visibility in catalog",
    "Short description",
    "Description",
    "Date sale price starts",
    "Date sale price ends",
    "Tax status",
    "Tax class",
    "In stock?",
    "Stock",
    "Low stock amount",
    "Backorders allowed?",
    "Sold individually?",
    "Weight (kg)",
    "Length (cm)",
    "Width (cm)",
    "Height (cm)",
    "Allow customer reviews?",
    "Purchase note",
    "Sale price",
    "Regular price",
    "Categories",
    "Tags",
    "Shipping class",
    "Images",
    "Download limit",
    "Download expiry days",
    "Parent",
    "Grouped products",
    "Upsells",
    "Cross-sells",
    "External URL",
    "Button text",
    "Position",
]
INDONESIAN = [
    "ID",
    "Tipe",
    "SKU",
    "GTIN, UPC, EAN, or ISBN",
    "Nama",
    "Telah Terbit",
    "Apakah diunggulkan?",
    "Kenampakan pada katalog",
    "Deskripsi singkat",
    "Deskripsi",
    "Tanggal harga diskon dimulai",
    "Tanggal harga diskon berakhir",
    "Status pajak",
    "Kelas pajak",
    "Tersedia?",
    "Stok",
    "Jumlah stok sedikit",
    "Perbolehkan inden?",
    "Terjual satuan?",
    "Berat (kg)",
    "Panjang (cm)",
    "Lebar (cm)",
    "Tinggi (cm)",
    "Izinkan ulasan pelanggan?",
    "Catatan Pembelian",
    "Harga obral",
    "Harga normal",
    "Kategori",
    "Tag",
    "Kelas pengiriman",
    "Gambar-gambar",
    "Batas unduhan",
    "Tanggal kedaluawarsa unduhan",
    "Induk",
    "Produk yang dikelompokkan",
    "Upsell",
    "Cross-sells",
    "URL eksternal",
    "Teks tombol",
    "Posisi",
]
ROW: dict[str, Any] = {
    "id": 12,
    "type": "simple",
    "sku": "S-12",
    "name": "Selendang, motif “Nunkolo”",
    "published": 1,
    "catalog_visibility": "visible",
    "description": "<p>Tenun tangan.</p>\\nDicuci dingin. Berkas C:\\\\nama",
    "stock_status": 1,
    "stock": 12,
    "weight": "0.3",
    "regular_price": "350000",
    "category_ids": "Kerajinan, Fesyen > Kain\\, Tenun",
    "images": "https://toko.example/1.jpg, https://toko.example/2\\,5.jpg",
}
MORE = {
    "Attribute 1 name": "No. P-IRT",
    "Attribute 1 value(s)": "2065302010123-29",
    "Attribute 1 visible": "1",
    "Attribute 1 global": "0",
    "Meta: siar_verification_status": "terverifikasi",
    "Meta: siar_verified_by": "Tim",
    "Meta: siar_whatsapp": "'+6281234567890",
    "Meta: _yoast_wpseo_title": "x",
}


def export(
    path: Path,
    *rows: dict[str, Any],
    headings: list[str] = ENGLISH,
    more: dict[str, str] | None = None,
    mark: str = ",",
) -> Path:
    extra = MORE if more is None else more
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, lineterminator="\n")
    writer.writerow([*headings, *extra])
    for row in rows:
        writer.writerow([*(row.get(key, "") for key in ORDER), *extra.values()])
    path.write_text("\ufeff" + out.getvalue(), "utf-8")
    return path


def pulled(path: Path, **mapping: Any) -> tuple[dict[str, Product], list[SetAside]]:
    source = open_source(SourceFormat.WOOCOMMERCE, str(path), SourceOptions(region_code="53.02", mapping=mapping))
    pages = list(source.pages(datetime(2026, 1, 1, tzinfo=UTC)))
    products: dict[str, Product] = {}
    aside = [one for page in pages for one in page.set_aside]
    for page in pages:
        for raw in page.records.get(Kind.PRODUCT, ()):
            record = parse(Kind.PRODUCT, raw)
            if isinstance(record, Product):
                products[record.id] = record
            else:
                aside.append(record)  # type: ignore[arg-type]
    assert source.snapshot
    return products, aside


@pytest.mark.parametrize("headings", [ENGLISH, INDONESIAN])
def test_the_export_is_read_without_any_mapping(tmp_path: Path, headings: list[str]) -> None:
    products, aside = pulled(export(tmp_path / "wc-product-export.csv", ROW, headings=headings))
    found = products["12"]
    assert aside == []
    assert (found.name, found.price, found.stock, found.weight_gram) == (ROW["name"], 350_000, 12, 300)
    assert found.description == "<p>Tenun tangan.</p>\nDicuci dingin. Berkas C:\\nama"
    assert [image.url for image in found.images or ()] == ["https://toko.example/1.jpg", "https://toko.example/2,5.jpg"]
    assert [(one.type, one.number) for one in found.permits or ()] == [("PIRT", "2065302010123-29")]
    assert found.verification
    assert (found.verification.status, found.verification.by) == ("verified", "Tim")
    assert found.how_to_order
    assert found.how_to_order.whatsapp == "+6281234567890"


def test_every_heading_of_both_languages_is_found_where_it_stands() -> None:
    for headings in (ENGLISH, INDONESIAN):
        assert find_columns(headings).at == {key: place for place, key in enumerate(ORDER)}
        assert find_columns(headings).weight_unit == "kg"


def test_a_language_nobody_foresaw_is_read_by_the_place_of_its_headings() -> None:
    known = {"id": "ID", "type": "Type", "name": "Name", "images": "Images", "menu_order": "Position"}
    headings = [known.get(key, f"Überschrift {key}") for key in ORDER]
    assert find_columns(headings).at == {key: place for place, key in enumerate(ORDER)}
    missing = find_columns([heading for heading in headings if heading != "Überschrift regular_price"])
    assert "regular_price" in missing.missing  # one column too few: then none between is guessed


def test_attributes_and_meta_in_indonesian() -> None:
    more = {"Nama atribut 1": "Satuan", "Nilai Atribut 1": "lembar", "Meta:siar_pirt": "1"}
    columns = find_columns([*INDONESIAN, *more])
    assert columns.attributes == ((len(ORDER), len(ORDER) + 1),)
    assert columns.meta == {"siar_pirt": len(ORDER) + 2}


@pytest.mark.parametrize("mark", [";", "\t"])
def test_what_a_spreadsheet_made_of_it_is_read_too(tmp_path: Path, mark: str) -> None:
    path = export(tmp_path / "x.csv", {**ROW, "name": "Kopi café"}, mark=mark)
    assert pulled(path)[0]["12"].name == "Kopi café"
    path.write_bytes(path.read_text("utf-8").removeprefix("\ufeff").replace("“", "").replace("”", "").encode("cp1252"))
    assert pulled(path)[0]["12"].name == "Kopi café"


def test_broken_characters_cost_their_row_alone(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", ROW, {**ROW, "id": 13, "name": "RUSAK"})
    path.write_bytes(path.read_bytes().replace(b"RUSAK", b"\xff\xfe"))
    products, aside = pulled(path)
    assert list(products) == ["12"]
    assert [(one.external_id, "huruf rusak" in one.reason) for one in aside] == [("13", True)]


def test_sale_dates_are_local_times_of_the_daerah(tmp_path: Path) -> None:
    sale = {"sale_price": "300000", "date_on_sale_from": "2026-12-01 0:00:00", "date_on_sale_to": "2026-12-31"}
    found = pulled(export(tmp_path / "x.csv", {**ROW, **sale}))[0]["12"].sale
    assert found
    assert (found.starts.isoformat(), found.ends.isoformat()) == (
        "2026-12-01T00:00:00+08:00",
        "2026-12-31T23:59:59+08:00",
    )
    found = pulled(tmp_path / "x.csv", timezone="Asia/Jayapura")[0]["12"].sale
    assert found
    assert found.starts.isoformat() == "2026-12-01T00:00:00+09:00"
    products, aside = pulled(export(tmp_path / "x.csv", {**ROW, **sale, "date_on_sale_to": "31/12/2026"}))
    assert products == {}  # a date that cannot be read is never taken for none
    assert "sale.ends" in aside[0].reason


@pytest.mark.parametrize(
    ("change", "status", "stock"),
    [
        ({"published": 0}, "pending", 12),
        ({"published": -1}, "pending", 12),
        ({"published": "'-1"}, "pending", 12),
        ({"published": 2}, "pending", 12),
        ({"published": ""}, "pending", 12),
        ({"catalog_visibility": "hidden"}, "pending", 12),
        ({"stock": ""}, "verified", None),
        ({"stock_status": 0, "stock": ""}, "verified", 0),
        ({"stock_status": "backorder"}, "verified", 0),
    ],
)
def test_status_and_stock_as_the_export_writes_them(
    tmp_path: Path, change: dict[str, Any], status: str, stock: int | None
) -> None:
    found = pulled(export(tmp_path / "x.csv", {**ROW, **change}))[0]["12"]
    assert found.verification
    assert (found.verification.status, found.stock) == (status, stock)


def test_variations_join_their_product_by_id_and_by_sku(tmp_path: Path) -> None:
    variable = {**ROW, "type": "variable", "regular_price": "", "stock": ""}
    small = {**ROW, "type": "variation", "sku": "", "stock": 2}
    products, aside = pulled(
        export(
            tmp_path / "x.csv",
            {**small, "id": 21, "parent_id": "id:20", "regular_price": "90000"},  # before its product
            {**variable, "id": 20, "sku": ""},
            {**small, "id": 22, "parent_id": "id:20", "regular_price": "80000", "stock": 3},
            {**variable, "id": 30, "sku": "S-30"},
            {**small, "id": 31, "parent_id": "S-30", "regular_price": "70000"},
            {**small, "id": 41, "parent_id": "id:99"},
            {**small, "id": 42, "parent_id": "id:12"},
            {**small, "id": "", "parent_id": "S-30"},
        )
    )
    assert {key: (one.price, one.stock) for key, one in products.items()} == {"20": (80_000, 5), "30": (70_000, 2)}
    assert products["20"].model_extra == {"price_highest": 90_000}
    assert [one.external_id for one in aside] == ["41", "42", ""]
    assert "induk" in aside[0].reason
    assert "Baris 9" in aside[2].reason


def test_grouped_and_unreadable_prices_are_told(tmp_path: Path) -> None:
    path = export(
        tmp_path / "x.csv", ROW, {**ROW, "id": 13, "type": "grouped"}, {**ROW, "id": 14, "regular_price": "50,000"}
    )
    products, aside = pulled(path)
    assert list(products) == ["12"]
    assert [("kelompok" in one.reason, "dua jumlah" in one.reason) for one in aside] == [(True, False), (False, True)]


def test_type_words_virtual_and_downloadable_are_no_types(tmp_path: Path) -> None:
    found = pulled(export(tmp_path / "x.csv", {**ROW, "type": "virtual, external", "product_url": "https://l.example"}))
    how = found[0]["12"].how_to_order
    assert how
    assert how.url == "https://l.example"


@given(st.lists(st.text(st.characters(exclude_characters="\\"), min_size=1).filter(lambda text: text == text.strip())))
def test_lists_survive_their_commas(parts: list[str]) -> None:
    wanted = [part for part in parts if part]
    assert split_list(", ".join(part.replace(",", "\\,") for part in wanted)) == wanted


def test_the_apostrophe_before_a_formula_goes_and_no_other() -> None:
    cells = ["'=SUM(A1)", "'+62", "'-5", "'@x", "'tis", "'", "''=", "=1"]
    assert [unescaped(cell) for cell in cells] == ["=SUM(A1)", "+62", "-5", "@x", "'tis", "'", "''=", "=1"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "kolom id, name, type, regular_price tidak ada"),
        (b"a,b,c\n1,2,3\n", "bukan ekspor produk WooCommerce"),
        (b"\x00\x01\x02" * 50, "bukan ekspor produk WooCommerce"),
        (",".join(ENGLISH).encode(), "tidak memuat satu produk pun"),
        (",".join(f'"{one}"' for one in ENGLISH).encode() + b'\n"\n', "tidak memuat satu produk pun"),
    ],
)
def test_what_is_no_export_is_one_sentence(tmp_path: Path, body: bytes, said: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(body)
    with pytest.raises(CatalogError, match=said):
        pulled(path)


def test_a_file_that_is_not_there_or_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "tidak-ada.csv", tmp_path):
        with pytest.raises(CatalogError, match="tidak dapat dibaca"):
            pulled(path)


def test_a_very_long_cell_and_ragged_rows_are_read(tmp_path: Path) -> None:
    path = export(tmp_path / "x.csv", {**ROW, "description": "x" * 300_000}, more={})
    with path.open("a", encoding="utf-8") as file:
        file.write('13,simple,,,Pendek\n\n , ,\n14,simple,,,"Tak tertutup\n')
    products, aside = pulled(path)
    assert len(products["12"].description or "") == 20_000
    assert (products["13"].name, products["13"].price, products["14"].price) == ("Pendek", None, None)
    assert [one.reason[:6] for one in aside] == []
