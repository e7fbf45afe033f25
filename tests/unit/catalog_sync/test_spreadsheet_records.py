"""Rows to records: which business is meant, what is called what, and what an unclear cell costs."""

import itertools
from pathlib import Path
from typing import Any

import pytest

from tests.unit.catalog_sync.spreadsheets import HEADINGS, Found, line, read, write_csv, write_xlsx


def sheet(tmp_path: Path, headings: str, *rows: Any, **options: Any) -> Found:
    """Read a CSV from headings parted by commas, and rows of cells parted likewise."""
    cells = [row.split(",") if isinstance(row, str) else row for row in rows]
    return read(write_csv(tmp_path / "daftar.csv", [headings.split(","), *cells]), **options)


GOODS = "Nama Produk,Kategori,Harga,Nama Usaha"


def test_ids_are_the_same_in_every_pull_and_whatever_the_order(tmp_path: Path) -> None:
    rows = [line(number, f"Kain {number}", nib="") for number in range(4)]
    first = read(write_csv(tmp_path / "a.csv", [HEADINGS, *rows]))
    second = read(write_csv(tmp_path / "b.csv", [HEADINGS, *reversed(rows)], delimiter=","))
    assert {one["id"] for one in first.products} == {one["id"] for one in second.products}
    assert first.business["id"] == second.business["id"]
    assert first.business["id"].startswith("tenun-nunkolo-")
    assert len({one["id"] for one in first.products}) == 4


def test_a_product_named_twice_is_set_aside_with_both_places(tmp_path: Path) -> None:
    found = read(write_csv(tmp_path / "a.csv", [HEADINGS, line(), line(2, "SELENDANG ", "1000")]))
    assert found.product["price"] == 50_000
    assert [one.external_id for one in found.set_aside] == [found.product["id"]]
    assert "Baris 3: produk ini sudah ada di baris 2" in found.reasons
    same = sheet(tmp_path, f"ID Produk,{GOODS}", "P-1,Kain,Kriya,1000,Tenun", "P-1,Syal,Kriya,1000,Tenun")
    assert (same.product["name"], [one.external_id for one in same.set_aside]) == ("Kain", ["P-1"])


def test_a_business_is_known_by_id_then_nib_then_name_and_owner(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        f"{GOODS},Pemilik,NIB,ID Usaha",
        "A,Kriya,1,Kios Maju,Maria,,",
        "B,Kriya,1,Kios Maju,Yohanis,,",
        "C,Kriya,1,Tenun,Ana,0220123456789,",
        "D,Kriya,1,TENUN,,,",
        "E,Kriya,1,Dapur,,0220123456780,U-9",
        "F,Kriya,1,Dapur Mollo,,0220123456780,",
        "G,Kriya,1,Kios Maju,,,",
        "H,Kriya,1,,,,",
    )
    owner = {one["name"]: one["business_id"] for one in found.products}
    assert owner["A"] != owner["B"]
    assert owner["C"] == owner["D"] == "0220123456789"
    assert owner["E"] == owner["F"] == "U-9"
    assert len(found.businesses) == 4
    assert set(owner) == set("ABCDEF")
    assert "Baris 8: nama usaha “Kios Maju” dipakai 2 usaha; isi ID Usaha atau NIB." in found.reasons
    assert "Baris 9: usaha pemilik produk belum diisi." in found.reasons


def test_rows_of_a_business_complete_each_other_in_any_order(tmp_path: Path) -> None:
    rows = ["A,Kriya,1,Tenun,0220123456789,,Ya", "B,Kriya,1,Tenun,,0812 3456 7890,", "C,Kriya,1,tenun,,,Ya"]
    for order in itertools.permutations(rows):
        found = sheet(tmp_path, f"{GOODS},NIB,No HP,Binaan", *order)
        assert (found.business["id"], found.business["phone"], found.business["is_binaan"]) == (
            "0220123456789",
            "0812 3456 7890",
            True,
        )
        assert found.set_aside == []
        assert {one["business_id"] for one in found.products} == {"0220123456789"}


def test_where_rows_differ_the_first_wins_and_the_other_is_named(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        f"{GOODS},ID Usaha,Alamat,Binaan,Status Verifikasi Usaha",
        "A,Kriya,1,Tenun,U-1,Jalan Satu,Ya,Sudah",
        "B,Kriya,1,Tenun,U-1,Jalan Dua,Tidak,Dicabut",
        *(f"C{number},Kriya,1,Tenun,U-1,Jalan {number},Ya,Sudah" for number in range(20)),
    )
    business = found.business
    assert (business["address"], business["is_binaan"], business["verification"]["status"]) == (
        "Jalan Satu",
        False,
        "revoked",
    )
    lines = [one for one in found.set_aside if one.kind == "business"]
    assert [one.external_id for one in lines] == ["U-1"] * 3
    assert (
        "Baris 3: data usaha (address, is_binaan, verification.status) berbeda dari baris 2; yang dipakai baris 2."
        in found.reasons
    )
    assert "Jalan" not in found.reasons


def test_an_owner_stands_for_a_business_without_a_name(tmp_path: Path) -> None:
    found = sheet(tmp_path, "Nama Produk,Kategori,Harga,Pemilik Usaha", "Kain,Kriya,1000,Maria Tse")
    assert (found.business["name"], found.product["business_id"]) == ("Maria Tse", found.business["id"])


@pytest.mark.parametrize(
    ("heading", "cell", "field", "then"),
    [
        ("Harga", "50,000", "price", "produk dibaca tanpa harga"),
        ("Min. Pesan", "banyak", "min_order", ""),
        ("Berat (kg)", "1.250 kg", "weight_gram", ""),
        ("Tanggal Verifikasi", "kemarin", "verification.at", ""),
        ("Foto", ";".join("x" * 31), "images", ""),
    ],
)
def test_an_unclear_cell_costs_itself_alone(tmp_path: Path, heading: str, cell: str, field: str, then: str) -> None:
    rows = [("ID Produk", "Nama Produk", "Kategori", "Usaha", heading), ("P-1", "Kain", "Kriya", "Tenun", cell)]
    found = read(write_xlsx(tmp_path / "daftar.xlsx", Produk=rows))
    value: Any = found.product
    for part in field.split("."):
        value = value.get(part) if value else None
    assert not value
    assert [one.external_id for one in found.set_aside] == ["P-1"]
    assert found.reasons.startswith(f"Lembar “Produk” baris 2, kolom “{heading}”: ")
    assert then in found.reasons


def test_what_is_unclear_never_opens_a_door(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        f"ID Produk,{GOODS},Stok,Status Verifikasi,P-IRT,Masa Berlaku P-IRT,Halal,Harga Diskon,Diskon Mulai,Diskon Sampai",
        "P-1,Keripik,Makanan,1000,Dapur,entah,Aktif,2065302010123-29,lama,mungkin,500,1/1/2026,kapan",
    )
    product = found.product
    assert (product["stock"], product["verification"], product["permits"]) == (0, {"status": "pending"}, [])
    assert (product["halal"], product["sale"]) == ({"status": "unknown"}, None)
    assert {one.external_id for one in found.set_aside} == {"P-1"}
    assert len(found.set_aside) == 5


def test_a_row_that_is_not_taken_still_tells_a_lost_verification(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        f"ID Produk,{GOODS},Status Verifikasi",
        "P-1,Kain,Unggulan,1000,Tenun,Sudah",
        "P-2,Syal,,1000,Tenun,",
        "P-3,Sarung,Unggulan,1000,Tenun,Dicabut",
        "P-4,,Kriya,1000,Tenun,Ditolak",
        "P-5,Tas,Kriya,1000,,Dicabut",
        ",Topi,Kriya,1000,,Dicabut",
        "P-7,Baju,Kriya,1000,Tenun,Sudah",
    )
    assert found.product["id"] == "P-7"
    assert [(one.external_id, one.lost) for one in found.set_aside] == [
        ("P-1", None),
        ("P-2", "pending"),
        ("P-3", "revoked"),
        ("P-4", "rejected"),
        ("P-5", "revoked"),
        ("", None),
    ]
    assert "Baris 3: kategori belum diisi; baris ini tidak diambil." in found.reasons


def test_permits_and_halal_and_sale(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        f"{GOODS},P-IRT,Masa Berlaku,BPOM,Izin Edar,SNI,Halal,No Sertifikat Halal,Harga Diskon,Mulai Diskon,Akhir Diskon",
        "A,Makanan,1000,D,P-IRT No. 2065302010123-29,31/12/2029,BPOM RI ML 206531001234,,,Ya,ID53110000123456789,900,1/12/2026,31/12/2026",
        "B,Makanan,1000,D,Belum,,-,MD 206531001234,SNI 01,Belum,,900,,",
        "C,Makanan,1000,D,Ada,,,206531001234,,,,900,31/12/2026,1/12/2026",
    )
    first, second, third = found.products
    assert first["permits"] == [
        {"type": "PIRT", "number": "P-IRT No. 2065302010123-29", "expires": "2029-12-31"},
        {"type": "BPOM_ML", "number": "BPOM RI ML 206531001234", "expires": "2029-12-31"},
    ]
    assert first["halal"] == {"status": "certified", "number": "ID53110000123456789"}
    assert first["sale"] == {"price": 900, "starts": "2026-12-01T00:00:00+08:00", "ends": "2026-12-31T23:59:59+08:00"}
    assert [(one["type"], one["number"]) for one in second["permits"]] == [
        ("BPOM_MD", "MD 206531001234"),
        ("SNI", "SNI 01"),
    ]
    assert (second["halal"], second["sale"]) == ({"status": "unknown"}, None)
    assert third["permits"] == [{"type": "PIRT", "number": None, "expires": None}]
    for said in (
        "diskon tanpa tanggal mulai dan akhir",
        "izin edar tidak jelas jenisnya",
        "awal diskon sesudah akhirnya",
    ):
        assert said in found.reasons


def test_a_big_business_is_no_umkm_and_an_unknown_role_is_refused(tmp_path: Path) -> None:
    found = sheet(tmp_path, f"{GOODS},Skala,Peran", "A,Kriya,1,Pabrik,Besar,UMKM", "B,Kriya,1,Tenun,Usaha Kecil,")
    assert [(one["role"], one.get("scale")) for one in found.businesses] == [("penyedia", None), ("umkm", "kecil")]
    with pytest.raises(AssertionError, match="role: tidak dikenal"):
        sheet(tmp_path, f"{GOODS},Peran", "A,Kriya,1,Toko,Distributor")


def test_numbers_that_excel_mangled_are_told_and_shown_to_nobody(tmp_path: Path) -> None:
    rows = [
        ("Nama Produk", "Kategori", "Usaha", "NIB", "NIK", "No HP", "Kode Produk"),
        ("Kain", "Kriya", "Tenun", 220123456789, 5302014506900001, 81234567890, 17.0),
        ("Syal", "Kriya", "Dapur", "1.23457E+12", "5302014506900001", "hubungi Budi", 18),
    ]
    found = read(write_xlsx(tmp_path / "daftar.xlsx", Produk=rows))
    tenun, dapur = found.businesses
    assert (tenun["nib"], tenun["phone"], "owner_nik" in tenun) == ("220123456789", "81234567890", False)
    assert ("nib" in dapur, dapur["owner_nik"], "phone" in dapur) == (False, "5302014506900001", False)
    assert [one["id"] for one in found.products] == ["17", "18"]
    told = [(one.reason.partition("kolom ")[2].partition(":")[0], one.excerpt) for one in found.set_aside]
    assert told == [("“NIK”", ""), ("“NIB”", '{"NIB": "1.23457E+12"}'), ("“No HP”", "")]
    assert "530201450690" not in repr(found.set_aside)
    assert "Budi" not in repr(found.set_aside)


def test_notes_between_the_rows_are_no_products(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        GOODS,
        "Kain,Kriya,1000,Tenun",
        ",,,Mengetahui",
        ",Total,1000,",
        "JUMLAH,,5000,",
        "Syal,Kriya,1000,Tenun",
    )
    assert [one["name"] for one in found.products] == ["Kain", "Syal"]
    assert found.set_aside == []
    lost = sheet(tmp_path, f"ID Produk,{GOODS}", "P-1,,Kriya,1000,Tenun")
    assert [(one.external_id, one.reason) for one in lost.set_aside] == [("P-1", "Baris 2: nama produk belum diisi.")]
