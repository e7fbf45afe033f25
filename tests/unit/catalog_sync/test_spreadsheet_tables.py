"""Sheets as a Dinas keeps them: letterheads, merged cells, sums, signatures, several sheets, and whose word counts for a column."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from catalog_sync.sources.spreadsheet import headings
from catalog_sync.sources.spreadsheet.fields import Field, field_named
from catalog_sync.sources.spreadsheet.headings import field_of
from marketing.errors import CatalogError
from marketing.tabular.headings import key
from tests.unit.catalog_sync.spreadsheets import HEADINGS, line, read, write_csv, write_xlsx


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Nama Produk", Field.NAME), ("NAMA BARANG", Field.NAME), ("Harga (Rp)", Field.PRICE), ("harga_jual", Field.PRICE),
        ("Harga Satuan (Rp.)", Field.PRICE), ("Jumlah Stok", Field.STOCK), ("Nama UMKM", Field.BUSINESS_NAME),
        ("No. HP/WA", Field.PHONE), ("Telepon", Field.PHONE), ("P-IRT", Field.PIRT), ("No. P-IRT", Field.PIRT),
        ("Masa Berlaku P-IRT", Field.PIRT_EXPIRES), ("Link Foto", Field.IMAGES), ("Cara Pesan", Field.ORDER_TEXT),
        ("Min. Pesan", Field.MIN_ORDER), ("Berat (gram)", Field.WEIGHT), ("Berat (kg)", Field.WEIGHT), ("Shopee", Field.SHOPS),
        ("Kab./Kota", Field.REGION), ("E-mail", Field.EMAIL), ("Status Verifikasi*", Field.STATUS), ("N I B", Field.NIB),
        ("Kâtegori", Field.CATEGORY), ("business_id", Field.BUSINESS_ID), ("price", Field.PRICE), ("Harga Diskon", Field.SALE_PRICE),
    ],
)  # fmt: skip
def test_headings_as_people_write_them(heading: str, field: Field) -> None:
    found = field_of(heading, of_business=False)
    assert found is not None
    assert found[0] is field


def test_every_field_is_known_by_its_own_name_and_no_word_means_two() -> None:
    for field in Field:
        assert field_named(field.value, of_business=False) is field
    for part in (headings._IN_PRODUCTS, headings._OF_BUSINESS, headings._IN_BUSINESSES):
        meant: dict[str, Field] = {}
        for field, listed in part.items():
            assert {meant.setdefault(key(word), field) for word in listed.split(",")} == {field}
    both = set(headings._IN_PRODUCTS) & set(headings._OF_BUSINESS)
    assert both == set()
    assert {*headings._IN_PRODUCTS, *headings._OF_BUSINESS} == set(Field)


def test_a_sheet_as_a_dinas_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "daftar.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet("DAFTAR"), book.add_format({"num_format": "dd/mm/yyyy"})
        zeros = book.add_format({"num_format": "0000000000000"})
        sheet.merge_range("A1:J1", "PEMERINTAH KABUPATEN TIMOR TENGAH SELATAN")
        sheet.merge_range("A2:J2", "DAFTAR PRODUK UMKM 2026")
        titles = (
            "No",
            "Nama Usaha",
            "NIB",
            "Produk",
            None,
            "Kategori",
            "Harga",
            "Foto",
            "Status Verifikasi",
            "Tgl Verifikasi",
        )
        sheet.write_row("A4", titles)
        sheet.write_row("A5", [f"({number})" for number in range(1, 11)])
        sheet.merge_range("B6:B7", "Tenun Nunkolo")
        sheet.merge_range("C6:C7", None)
        sheet.write_number("C6", 220123456789, zeros)
        for row, name in enumerate(("Selendang", "Sarung"), 5):
            sheet.write_row(row, 3, (name, None, "Kerajinan", 50_000.0))
            sheet.write_url(row, 7, f"https://foto.example/{name}.jpg?a=1&b=2", string="Lihat")
            sheet.write_string(row, 8, "Sudah")
            sheet.write_datetime(row, 9, datetime(2026, 8, 1), day)  # noqa: DTZ001  as Excel keeps it
        sheet.write_row("B8", ("Dapur Mollo", None, "Keripik", None, "Makanan"))
        sheet.write_formula("G8", "=10000*2", None, 20_000)
        sheet.write_row("A9", ("JUMLAH", None, None, 3))
        sheet.write_string("H12", "SoE, 22 November 2026")
        sheet.write_string("H13", "Kepala Dinas")
        hidden = book.add_worksheet("Rahasia")
        hidden.write_row("A1", HEADINGS)
        hidden.write_row("A2", line())
        hidden.hide()
    found = read(path)
    assert found.set_aside == []
    assert [(one["name"], one["price"], one["business_id"]) for one in found.products] == [
        ("Selendang", 50_000, "0220123456789"),
        ("Sarung", 50_000, "0220123456789"),
        ("Keripik", 20_000, found.businesses[1]["id"]),
    ]
    assert found.products[1]["images"] == [{"url": "https://foto.example/Sarung.jpg?a=1&b=2"}]
    assert found.products[1]["verification"] == {"status": "verified", "at": "2026-08-01T00:00:00+08:00"}
    assert [one["name"] for one in found.businesses] == ["Tenun Nunkolo", "Dapur Mollo"]


def test_headings_over_two_rows(tmp_path: Path) -> None:
    top = ("No", "Nama Produk", "Kategori", "Harga", "Pelaku Usaha", "", "")
    below = ("", "", "", "", "Nama Usaha", "NIB", "Kecamatan")
    rows = [("DAFTAR PRODUK",), top, below, (1, "Kain", "Kriya", "1000", "Tenun", "0220123456789", "Kec. Mollo Utara")]
    found = read(write_csv(tmp_path / "daftar.csv", rows))
    assert (found.product["price"], found.business["name"]) == (1_000, "Tenun")
    assert (found.business["nib"], found.business["domicile_kecamatan"]) == ("0220123456789", "Mollo Utara")


def test_sheets_for_products_and_for_businesses(tmp_path: Path) -> None:
    businesses = [
        ("DATA UMKM BINAAN",),
        ("No", "ID", "Nama UMKM", "Pemilik", "Alamat", "Produk", "Binaan"),
        (1, "U-1", "Tenun", "Maria", "Jalan 1", "kain", "Ya"),
        (2, "U-2", "Dapur", "Yohanis", "Jalan 2", "keripik", "Belum"),
    ]
    craft = [("Nama Produk", "Harga", "ID Usaha"), ("Kain", 1_000, "U-1")]
    food = [("Nama Produk", "Harga", "Nama Usaha"), ("Keripik", 2_000, "DAPUR"), ("Kue", 3_000, "Tidak Terdaftar")]
    path = write_xlsx(
        tmp_path / "daftar.xlsx",
        Petunjuk=[("Isi lembar berikut",)],
        Data_UMKM=businesses,
        Kerajinan=craft,
        Makanan_Olahan=food,
    )
    found = read(path)
    assert [(one["name"], one["business_id"], one["category"]) for one in found.products] == [
        ("Kain", "U-1", "kerajinan"),
        ("Keripik", "U-2", "makanan_olahan"),
    ]
    assert [(one["id"], one["is_binaan"]) for one in found.businesses] == [("U-1", True), ("U-2", False)]
    assert found.reasons == "Lembar “Makanan Olahan” baris 3: usaha “Tidak Terdaftar” tidak ada dalam daftar usaha."
    only = read(path, mapping={"sheet": ["kerajinan", "Data UMKM"]})
    assert [one["name"] for one in only.products] == ["Kain"]
    with pytest.raises(CatalogError, match=r"Lembar “Produk” tidak ada\. Lembar yang ditemukan: “Petunjuk”"):
        read(path, mapping={"sheet": "Produk"})


def test_the_names_of_the_contract_are_headings_too(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "produk.csv",
        [
            (
                "id",
                "business_id",
                "kind",
                "category",
                "name",
                "price",
                "weight_gram",
                "how_to_order.text",
                "halal.status",
            ),
            ("P-1", "U-1", "goods", "makanan_olahan", "Keripik", "15000", "250", "Pesan", "certified"),
        ],
    )
    write_csv(
        tmp_path / "usaha.csv",
        [("id", "name", "role", "scale", "nib"), ("U-1", "Dapur", "umkm", "mikro", "0220123456789")],
    )
    found = read(tmp_path)
    assert found.product["how_to_order"] == {"text": "Pesan"}
    assert (found.product["weight_gram"], found.product["halal"]) == (250, {"status": "certified"})
    assert found.business == {"id": "U-1", "name": "Dapur", "role": "umkm", "scale": "mikro", "nib": "0220123456789"}
    assert found.set_aside == []


def test_without_a_name_of_products_the_headings_found_are_told(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "daftar.csv", [("Kolom A", "Kolom B"), ("x", "5302014506900001")])
    with pytest.raises(CatalogError, match=r"ditemukan: “Kolom A”, “Kolom B”\. Yang dicari antara lain: Nama Produk"):
        read(path)


def test_headings_alone_are_no_catalogue(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="Tidak ada satu produk pun"):
        read(write_csv(tmp_path / "daftar.csv", [HEADINGS]))


ODD: list[tuple[Any, ...]] = [("Apa", "Jenisnya", "Nilai", "Siapa"), ("Kain", "Kriya", "1000", "Tenun")]
WORDS = {"Apa": "name", "JENISNYA": "category", "Nilai": "price", "Siapa": "business.name"}


def test_the_operators_word_wins_then_memory_then_the_words(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "daftar.csv", ODD)
    found = read(path, mapping={"columns": WORDS})
    assert (found.product["name"], found.product["price"], found.business["name"]) == ("Kain", 1_000, "Tenun")
    assert found.memory == {
        "columns": {"Apa": "name", "Jenisnya": "category", "Nilai": "price", "Siapa": "business.name"}
    }
    again = read(path, memory=found.memory)
    assert (again.products, again.memory) == (found.products, found.memory)
    assert read(path, memory=found.memory, mapping={"columns": {"Nilai": ""}}).product.get("price") is None
    plain = write_csv(
        tmp_path / "dua.csv",
        [("Nama Produk", "Kategori", "Harga", "Harga Baru", "Usaha"), ("Kain", "Kriya", 1, 2, "T")],
    )
    assert read(plain).product["price"] == 1
    assert read(plain, mapping={"columns": {"Harga Baru": "price"}}).product["price"] == 2
    assert read(plain, memory={"columns": {"Harga Baru": "price", "Hilang": "unit", "x": 3}}).product["price"] == 2


def test_a_mapping_that_does_not_fit_is_told(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "daftar.csv", [HEADINGS, line()])
    with pytest.raises(CatalogError, match=r"Kolom “Harga Lama” dalam pemetaan tidak ada lagi.*“Nama Produk”"):
        read(path, mapping={"columns": {"Harga Lama": "price"}})
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"columns": {"Harga (Rp)": "harga"}}, "“harga” bukan nama kolom Siar"),
        ({"columns": ["Harga"]}, "harus berupa objek"),
        ({"columns": {"Harga": 3}}, "harus berisi teks"),
        ({"kolom": {}}, "yang dikenal: columns, sheet, defaults"),
        ({"defaults": {"hargaa": "1"}}, "yang dikenal: id, name"),
        ({"defaults": {"category": "entah"}}, "“category” tidak sah.*Makanan Olahan"),
        ({"sheet": 3}, "judul lembar"),
    ]
    for mapping, said in wrong:
        with pytest.raises(CatalogError, match=said):
            read(path, mapping=mapping)


def test_defaults_fill_empty_cells_and_nothing_else(tmp_path: Path) -> None:
    rows = [HEADINGS, line(unit=""), line(2, "Sarung", unit="helai"), line(3, "Syal", price="50,000")]
    mapping = {
        "defaults": {
            "unit": "lembar",
            "price": "1000",
            "business.domicile_region": "Kab. TTS",
            "business.is_binaan": "Ya",
        }
    }
    found = read(write_csv(tmp_path / "daftar.csv", rows), mapping=mapping)
    assert [one["unit"] for one in found.products] == ["lembar", "helai", "lembar"]
    assert [one.get("price") for one in found.products] == [50_000, 50_000, None]
    assert (found.business["domicile_region"], found.business["is_binaan"]) == ("53.02", True)
