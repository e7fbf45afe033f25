"""A spreadsheet pulled for good: rows become products, the gate rules, and a row that is gone or spoilt has its consequence."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from catalog_sync.service import SyncResult
from catalog_sync.sources.base import SourceFormat, SourceOptions
from catalog_sync.sources.opening import open_source
from marketing.db.models import Business, GateDecision, Product, SetAside
from marketing.db.session import Database
from marketing.errors import CatalogError
from tests.integration.catalog_sync.conftest import NIK, Catalogue
from tests.unit.catalog_sync.spreadsheets import write_csv, write_xlsx

ROOT = Path(__file__).parents[3]
HEADINGS = (
    "No", "Nama Produk", "Kategori", "Harga (Rp)", "Satuan", "Stok", "Deskripsi", "Foto", "Cara Pesan", "Status Verifikasi",
    "Diverifikasi Oleh", "Tgl Verifikasi", "Nama Usaha", "NIB", "NIK", "NIK Terverifikasi", "Binaan", "Kab/Kota", "No HP/WA",
)  # fmt: skip


def row(number: int, name: str, **change: Any) -> list[Any]:
    facts: dict[str, Any] = {
        "no": number, "name": name, "category": "Kerajinan", "price": "Rp 350.000", "unit": "lembar", "stock": 12,
        "text": "Ditenun tangan.", "picture": "foto/1.jpg", "order": "Pesan lewat WhatsApp", "status": "Sudah",
        "by": "Tim Dinas", "at": "1 Agustus 2026", "business": "Tenun Nunkolo", "nib": "0220123456789", "nik": NIK,
        "checked": "Ya", "binaan": "Ya", "region": "Kabupaten Timor Tengah Selatan", "phone": "081234567890",
    }  # fmt: skip
    return list({**facts, **change}.values())


def pulled(catalogue: Catalogue, path: Path, **options: Any) -> SyncResult:
    return catalogue.pull_from(
        open_source(SourceFormat.SPREADSHEET, str(path), SourceOptions(region_code="53.02", **options))
    )


def standing(database: Database) -> dict[str, frozenset[str] | None]:
    """Return the reasons that hold each live product, by its name; None for one that is gone."""
    with database.read() as session:
        rows = session.execute(
            select(Product, GateDecision)
            .outerjoin(GateDecision, GateDecision.product_id == Product.id)
            .order_by(GateDecision.id)  # the latest rules
        )
        return {
            product.name: None if product.deleted_at else frozenset(reason["code"] for reason in decision.reasons)
            for product, decision in rows
        }


@pytest.mark.parametrize("write", [write_csv, lambda path, rows: write_xlsx(path, Produk=rows)], ids=["csv", "xlsx"])
def test_rows_become_products_and_the_gate_rules_on_them(catalogue: Catalogue, tmp_path: Path, write: Any) -> None:
    path = write(
        tmp_path / "daftar.bin",
        [
            ("DAFTAR PRODUK UMKM", *[""] * (len(HEADINGS) - 1)),
            HEADINGS,
            row(1, "Selendang"),
            row(2, "Sarung", status="Belum"),
            row(3, "Syal", price="50,000"),
            row(4, "Jagung", category="Pertanian"),
            row(
                5,
                "Keripik",
                category="Makanan Olahan",
                business="Dapur Mollo",
                nib="220123456780",
                region="Kab. Kupang",
            ),
        ],
    )
    result = pulled(catalogue, path)
    assert (result.new, result.promotable, len(result.set_aside)) == (5, 1, 1)
    found = standing(catalogue.database)
    assert found["Selendang"] == frozenset()
    assert found["Sarung"] == found["Syal"] == {"TTS 10(1)c"}
    assert found["Jagung"] == {"TTS 1(6)"}
    assert found["Keripik"] is not None
    assert found["Keripik"] >= {"TTS 10(1)a", "TTS 10(1)d", "TTS 10(2)"}
    again = pulled(catalogue, path)
    assert (again.new, again.changed, again.unchanged, again.deleted) == (0, 0, 5, 0)


def test_what_changes_in_the_sheet_changes_what_may_be_shown(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    names = ("Selendang", "Sarung", "Syal", "Tas", "Topi")
    write_csv(path, [HEADINGS, *(row(number, name) for number, name in enumerate(names))])
    assert pulled(catalogue, path).promotable == 5
    changed = [
        row(1, "Selendang", status="Dicabut", price="entah"),
        row(2, "Sarung", category="Unggulan"),
        row(3, "Syal", price="#REF!"),
        row(5, "Topi", category="Unggulan", status="Dicabut"),
    ]
    write_csv(path, [HEADINGS, *changed])
    result = pulled(catalogue, path)
    assert (result.deleted, len(result.set_aside)) == (1, 4)
    found = standing(catalogue.database)
    assert found["Tas"] is None  # its row is gone
    assert found["Selendang"] == found["Syal"] == {"TTS 10(1)c"}  # revoked; without a price
    assert found["Topi"] == {"TTS 10(1)c"}  # not taken, and yet its revocation is heard
    assert found["Sarung"] == frozenset()  # unreadable is not gone: the last good row stands
    write_csv(path, [HEADINGS, *(row(number, name) for number, name in enumerate(names))])
    assert pulled(catalogue, path).promotable == 5


def test_a_sheet_that_breaks_deletes_nothing(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    write_csv(path, [HEADINGS, *(row(number, f"Kain {number}") for number in range(5))])
    pulled(catalogue, path)
    for rows in ([HEADINGS], [("Kolom", "Lain")], [HEADINGS, row(1, 'Kain"; "x')]):
        write_csv(path, rows)
        if rows == [HEADINGS, row(1, 'Kain"; "x')]:
            path.write_text(path.read_text("utf-8").replace('""', '"') + 'a;b;c\nd;e;f;g;h;i;"\n' * 30, "utf-8")
        with pytest.raises(CatalogError):
            pulled(catalogue, path)
    assert all(reasons == frozenset() for reasons in standing(catalogue.database).values())


def test_the_example_for_the_dinas_is_read_without_a_remark(catalogue: Catalogue) -> None:
    result = pulled(catalogue, ROOT / "docs" / "contoh-katalog.xlsx")
    assert result.set_aside == []
    assert standing(catalogue.database) == {
        "Selendang tenun motif Amanuban": frozenset(),
        "Tas tenun kecil": frozenset({"TTS 10(1)c"}),
        "Keripik pisang Mollo": frozenset(),
    }


def test_no_nik_is_kept_or_told(catalogue: Catalogue, tmp_path: Path) -> None:
    rows = [
        row(1, "Selendang", text=f"Milik {NIK}"),
        row(2, "Sarung", nib=NIK, price=NIK),
        row(3, "Syal", business=NIK, status=NIK, category=NIK, by=NIK),
        row(4, "Tas", nik=f"{NIK} ", phone=NIK, checked=NIK, stock=NIK, at=NIK, region=NIK),
    ]
    result = pulled(catalogue, write_csv(tmp_path / "daftar.csv", [HEADINGS, *rows]))
    told = repr(result.set_aside)
    with catalogue.database.read() as session:
        for model in (Business, Product, SetAside):
            for one in session.scalars(select(model)):
                told += repr({column.name: getattr(one, column.name) for column in one.__table__.columns})
    assert "Selendang" in told
    assert not re.search(NIK, told)
