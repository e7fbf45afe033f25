"""`siar contacts` as a person runs it: import, export, merge, twins."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.functional.cli.conftest import Siar

FILE = (
    "ID;Nama;Surel;WhatsApp;Kecamatan;Persetujuan;Waktu persetujuan;Versi kalimat;Sumber\n"
    '1;"=HYPERLINK(""http://x"")";budi@kotak.example;081234567890;Kota Soe;promosi;2026-01-05;2026-1;formulir\n'
    "2;Siti;siti@kotak.example;;Kota Soe;;;;\n"
    "3;Rusak;bukan surel;;;;;;\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "orang.csv"
    path.write_text(FILE, "utf-8")
    return path


def found(siar: Siar, *arguments: str) -> Any:
    done = siar("contacts", *arguments, "--tenant", "tts", "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_an_import_says_what_it_did_and_a_second_changes_nothing(siar: Siar, file: Path, tmp_path: Path) -> None:
    errors = tmp_path / "galat.csv"
    tried = found(siar, "import", str(file), "--dry-run", "--errors", str(errors))
    assert {**tried, "dry_run": False} == {
        "rows": 3, "new": 2, "changed": 0, "unchanged": 0, "refused": 1, "consents": 1, "errors": str(errors), "dry_run": False
    }  # fmt: skip
    first = found(siar, "import", str(file), "--errors", str(errors))
    assert (first["new"], first["refused"], first["consents"]) == (2, 1, 1)
    assert "bukan alamat surel" in errors.read_text("utf-8-sig")
    again = found(siar, "import", str(file))
    assert (again["new"], again["changed"], again["unchanged"], again["consents"]) == (0, 0, 2, 0)
    assert file.exists()


def test_an_unclear_heading_asks_for_a_mapping_and_takes_it(siar: Siar, tmp_path: Path) -> None:
    path, mapping = tmp_path / "a.csv", tmp_path / "arti.json"
    path.write_text("Nama;Kontak\nBudi;081234567890\n", "utf-8")
    assert "--mapping" in siar("contacts", "import", "--help").out
    assert "Kolom “Kontak” dapat berarti" in siar("contacts", "import", str(path), "--tenant", "tts").sentence
    mapping.write_text('{"Kontak": "telepon"}', "utf-8")
    refused = siar("contacts", "import", str(path), "--tenant", "tts", "--mapping", str(mapping))
    assert "Pilihan:" in refused.sentence
    mapping.write_text('{"kontak": "phone"}', "utf-8")
    assert found(siar, "import", str(path), "--mapping", str(mapping))["new"] == 1


@pytest.mark.parametrize("content", ["", "Nama;Harga\nKain;1\n", "%PDF-1.4"])
def test_what_is_no_list_of_contacts_is_one_sentence(siar: Siar, tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content, "utf-8")
    assert siar("contacts", "import", str(path), "--tenant", "tts").sentence
    assert "Tidak ada berkas" in siar("contacts", "import", "tidak-ada.csv", "--tenant", "tts").sentence


def test_an_export_holds_no_formula_and_is_never_overwritten_by_chance(siar: Siar, file: Path, tmp_path: Path) -> None:
    found(siar, "import", str(file))
    out = tmp_path / "keluar.csv"
    assert found(siar, "export", "--out", str(out)) == {"contacts": 2, "file": str(out)}
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert rows[0]["Nama"].startswith("'=")
    assert rows[0]["WhatsApp"] == "'+6281234567890"
    assert rows[0]["Keadaan persetujuan: promotional"] == "given"
    assert rows[1]["Keadaan persetujuan: promotional"] == ""
    assert "sudah ada" in siar("contacts", "export", "--tenant", "tts", "--out", str(out)).sentence
    assert found(siar, "export", "--out", str(out), "--force")["contacts"] == 2
    assert ".csv atau .xlsx" in siar("contacts", "export", "--tenant", "tts", "--out", str(tmp_path / "a.pdf")).sentence
    refused = siar("contacts", "export", "--tenant", "tts", "--out", str(tmp_path / "b.csv"), "--segment", "tidak ada")
    assert "Tidak ada segmen" in refused.sentence
    assert sorted(one.name for one in tmp_path.glob("*.csv")) == ["keluar.csv", "orang.csv"]
    assert not list(tmp_path.glob(".*sebagian"))
    assert out.stat().st_mode & 0o077 == 0


def test_a_workbook_keeps_every_cell_as_text_and_comes_back_unchanged(siar: Siar, file: Path, tmp_path: Path) -> None:
    found(siar, "import", str(file))
    out = tmp_path / "keluar.xlsx"
    found(siar, "export", "--out", str(out))
    sheet = load_workbook(out).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    again = found(siar, "import", str(out))
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2)


def test_two_that_are_one_are_merged_and_the_rest_is_told(siar: Siar, file: Path) -> None:
    found(siar, "import", str(file))
    assert found(siar, "twins") == []
    assert found(siar, "merge", "2", "1") == {
        "keep": 2, "gone": 1, "addresses": 2, "orders": 0, "messages": 0, "events": 0, "consents": ["promotional"]
    }  # fmt: skip
    assert "sudah digabungkan" in siar("contacts", "merge", "2", "1", "--tenant", "tts").sentence
    assert found(siar, "import", str(file))["unchanged"] == 1
