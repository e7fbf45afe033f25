"""Files as they come and as nobody should send them: encodings, huge cells, formulas, control characters, torn rows."""

from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import select

from marketing.contacts.importing.state import JobState
from marketing.db.models import Address, Contact
from marketing.errors import CatalogError, InvalidInputError
from tests.support.world import TENANT, World

ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "ascii", "cp1252", "latin-1", "iso8859-15", "cp1250",
    "cp1251", "cp437", "cp850", "koi8-r", "mac-roman", "shift_jis", "big5", "gb18030", "euc-kr", "iso2022_jp",
)  # fmt: skip


def take(world: World, path: Path) -> dict[str, int]:
    job = world.app.imports.run_file(TENANT, path, {}, dry_run=False, errors=path.with_suffix(".galat"))
    assert job.state == JobState.DONE
    return dict(job.counts)


def addresses(world: World) -> set[str]:
    with world.app.database.read() as session:
        return set(session.scalars(select(Address.normalised)))


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_addresses_survive_every_encoding(small_world: World, tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "orang.csv"
    for number, encoding in enumerate(ENCODINGS, 10):
        people = (f"Orang {one},o{one}@kotak{number}.example,0812{number}5678{one:02d}" for one in range(3))
        path.write_bytes("\r\n".join(["Nama,Surel,HP", *people]).replace(",", delimiter).encode(encoding))
        assert take(small_world, path)["new"] == 3, encoding
        assert {f"o1@kotak{number}.example", f"+62812{number}567801"} <= addresses(small_world), encoding


def test_ebcdic_is_told_and_not_guessed(small_world: World, tmp_path: Path) -> None:
    path = tmp_path / "orang.csv"
    path.write_bytes("Nama;Surel\nBudi;budi@kotak.example\n".encode("cp037"))
    with pytest.raises((CatalogError, InvalidInputError)):
        take(small_world, path)


@pytest.mark.parametrize(
    "row",
    [
        '"' + "x" * 5_000_000 + '";budi@kotak.example;',
        'Budi;"' + "x" * 5_000_000 + '@kotak.example";081234567890',
        'Budi;"budi@kotak.example\r\nBcc: lain@kotak.example";081234567890',
        "Bu\x00di;budi\x00@kotak.example;081234567890",
        "Budi;budi@kotak.example;8,12346E+11",
    ],
)
def test_a_hostile_cell_costs_only_itself(small_world: World, tmp_path: Path, row: str) -> None:
    path = tmp_path / "orang.csv"
    path.write_bytes(f"Nama;Surel;HP\r\n{row}\r\nSiti;siti@kotak.example;\r\n".encode())
    counts = take(small_world, path)
    assert (counts["new"], counts["refused"]) == (2, 0)
    assert counts["remarks"] >= 1
    found = addresses(small_world)
    assert "siti@kotak.example" in found
    assert not any("lain" in one or "\x00" in one or "\n" in one for one in found)
    with small_world.app.database.read() as session:
        assert all(len(name) <= 200 and "\x00" not in name for name in session.scalars(select(Contact.name)))


def test_a_row_shifted_by_its_delimiter_is_refused_and_the_others_come_in(small_world: World, tmp_path: Path) -> None:
    path = tmp_path / "orang.csv"
    path.write_text("Nama,Surel\nBudi, S.E.,budi@kotak.example\nSiti,siti@kotak.example\n,\n", "utf-8")
    counts = take(small_world, path)
    assert (counts["new"], counts["refused"]) == (1, 1)
    assert addresses(small_world) == {"siti@kotak.example"}


def test_formulas_and_numbers_of_a_workbook(small_world: World, tmp_path: Path) -> None:
    path = tmp_path / "orang.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Kontak")
        sheet.write_row(0, 0, ["Daftar kontak 2026"])
        sheet.write_row(2, 0, ["Nama", "Surel", "No. HP", "NIK", "ID"])
        sheet.write_row(3, 0, ["Budi", "budi@kotak.example", 81234567890, "5302014506900001", "5302014506900001"])
        sheet.write_string(4, 0, "=HYPERLINK(1)")
        sheet.write_formula(4, 1, '="siti@kotak.example"', None, "siti@kotak.example")
        sheet.write_formula(4, 2, "=1/0", None, "#DIV/0!")
    counts = take(small_world, path)
    assert counts["new"] == 2
    assert addresses(small_world) == {"budi@kotak.example", "+6281234567890", "siti@kotak.example"}
    with small_world.app.database.read() as session:
        kept = [f"{one.name} {one.external_id} {one.preferences}" for one in session.scalars(select(Contact))]
    assert not any("5302014506900001" in one for one in kept)


def test_two_sheets_of_contacts_are_not_guessed_between(small_world: World, tmp_path: Path) -> None:
    path = tmp_path / "orang.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Satu", "Dua"):
            book.add_worksheet(name).write_row(0, 0, ["Nama", "Surel"])
    with pytest.raises(InvalidInputError, match="2 lembar"):
        take(small_world, path)
