"""Files as they come: any encoding and delimiter, torn quotes, bombs, locked and broken workbooks; one sentence for each."""

import csv
import io
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_sync.sources.base import SourceOptions
from catalog_sync.sources.spreadsheet import files, open_source
from catalog_sync.sources.spreadsheet.headings import known_in
from marketing.errors import CatalogError
from marketing.tabular import archive
from marketing.tabular.delimited import delimiter_of, encoding_of
from marketing.tabular.sheets import Limits
from tests.unit.catalog_sync.spreadsheets import HEADINGS, line, read, write_csv, write_xlsx

NAMES = ("Kérupuk “Soé” – ½ kg", "Kopi Flores’ terbaik", "Crème brûlée")
SEVERAL = [HEADINGS, *(line(number, name, "50.000,00") for number, name in enumerate(NAMES))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    found = read(write_csv(tmp_path / "daftar.csv", SEVERAL, delimiter, encoding))
    assert [one["name"] for one in found.products] == list(NAMES)
    assert [one["price"] for one in found.products] == [50_000] * 3
    assert found.set_aside == []


@given(st.lists(st.tuples(st.sampled_from("aiueokng "), st.sampled_from("éèüñö’“”–½")), max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_a_short_text_of_windows_is_never_taken_for_another_script(
    tmp_path: Path, letters: list[tuple[str, str]]
) -> None:
    name = "".join(map("".join, letters))
    path = write_csv(tmp_path / "daftar.csv", [HEADINGS, line(name=f"x{name}")], encoding="cp1252")
    assert read(path).product["name"].split() == f"x{name}".split()


def test_two_encodings_in_one_file_are_both_read(tmp_path: Path) -> None:
    rows = [";".join(map(str, row)) + "\r\n" for row in SEVERAL]
    path = tmp_path / "daftar.csv"
    path.write_bytes(rows[0].encode() + rows[1].encode("cp1252") + rows[2].encode() + rows[3].encode("cp1252"))
    assert [one["name"] for one in read(path).products] == list(NAMES)


def test_utf_16_without_a_mark_is_known_by_its_zeros() -> None:
    assert encoding_of("Nama;Harga".encode("utf-16-le")) == "utf-16-le"
    assert encoding_of("Nama;Harga".encode("utf-16-be")) == "utf-16-be"
    assert encoding_of(b"Nama;Har\x00ga") == "utf-8"
    assert encoding_of(b"") == "utf-8"


def test_commas_in_texts_do_not_outvote_the_delimiter() -> None:
    text = "Nama Produk;Harga;Deskripsi\n" + "Selendang;50.000,00;merah, kuning, hijau, biru, jingga, nila\n" * 20
    assert delimiter_of(text, known_in) == ";"


def test_the_line_that_excel_reads_the_delimiter_from(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "daftar.csv", SEVERAL, "^")
    path.write_text("sep=^\r\n" + path.read_text("utf-8"), "utf-8")
    assert len(read(path).products) == 3


def test_lines_inside_a_cell_and_rows_too_short(tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    path.write_text(
        'Nama Produk;Kategori;Deskripsi;Nama Usaha;Harga\nSelendang;Kerajinan;"baris satu\nbaris ""dua""";Tenun;\n'
        "Sarung;Kerajinan;x;Tenun\n\n;;;;\n",
        "utf-8",
    )
    found = read(path)
    assert [one["description"] for one in found.products] == ['baris satu\nbaris "dua"', "x"]
    assert found.set_aside == []


def test_a_row_torn_by_its_delimiter_is_set_aside_with_its_id(tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    path.write_text(
        "ID Produk,Nama Produk,Kategori,Harga,Nama Usaha\nP-1,Kain merah, biru,Kerajinan,50000,Tenun\nP-2,Kain,Kriya,1000,Tenun",
        "utf-8",
    )
    found = read(path)
    assert (found.product["id"], len(found.businesses)) == ("P-2", 1)
    assert [(one.external_id, one.kind) for one in found.set_aside] == [("P-1", "product")]
    assert "Baris 2: isinya lebih banyak daripada judul kolom" in found.reasons


def test_an_open_quotation_mark_never_swallows_products_quietly(tmp_path: Path) -> None:
    rows = [";".join(map(str, row)) for row in [HEADINGS, *(line(number, f"Kain {number}") for number in range(50))]]
    rows[10] = rows[10].replace("Kain", '"Kain')
    path = tmp_path / "daftar.csv"
    path.write_text("\n".join(rows), "utf-8")
    with pytest.raises(CatalogError, match=r"“daftar\.csv” baris 11: ada tanda kutip"):
        read(path)


def test_nul_characters_cost_only_their_record(tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    path.write_bytes(b"Nama Produk;Kategori;Harga;Nama Usaha\nKain;Kriya;50\x00000;Tenun\nSarung;Kriya;1000;Tenun\n")
    found = read(path)
    assert [one.get("price") for one in found.products] == [None, 1_000]
    assert all("\x00" not in text for one in found.set_aside for text in (one.reason, one.excerpt, one.external_id))


def test_too_many_rows_and_too_many_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LIMITS", Limits(rows=2, bytes=10_000))
    for path in (write_csv(tmp_path / "a.csv", SEVERAL), write_xlsx(tmp_path / "a.xlsx", Produk=SEVERAL)):
        with pytest.raises(CatalogError, match="lebih dari 2 baris"):
            read(path)
    monkeypatch.setattr(files, "LIMITS", Limits(rows=2, bytes=10))
    with pytest.raises(CatalogError, match="lebih besar dari"):
        read(tmp_path / "a.csv")


def member(name: str, text: bytes, path: Path) -> Path:
    """Return a copy of a sound workbook with one part replaced."""
    sound = io.BytesIO(write_xlsx(path.with_name("utuh.xlsx"), Produk=SEVERAL).read_bytes())
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, text if entry.filename == name else old.read(entry))
    return path


BILLION = b"""<?xml version="1.0"?><!-- x --><!DOCTYPE sst [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">
<!ENTITY x SYSTEM "file:///etc/passwd">]><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&b;&x;</t></si></sst>"""


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("xl/sharedStrings.xml", BILLION),
        ("xl/sharedStrings.xml", BILLION.decode().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")),
        ("xl/worksheets/sheet1.xml", BILLION),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='1'><c r='A1'"),
        ("xl/worksheets/sheet1.xml", b"<!--" + b"x" * 2_000_000 + b"--><worksheet/>"),
        ("xl/workbook.xml", b"bukan xml"),
        ("xl/styles.xml", b"<styleSheet"),
        ("[Content_Types].xml", b""),
        ("xl/_rels/workbook.xml.rels", b"<Relationships/>"),
    ],
)
def test_broken_and_malicious_parts_are_one_sentence(tmp_path: Path, part: str, text: bytes) -> None:
    with pytest.raises(CatalogError) as caught:
        read(member(part, text, tmp_path / "daftar.xlsx"))
    assert "daftar.xlsx" in str(caught.value) or "nama produk" in str(caught.value)
    assert "root:" not in str(caught.value)


@pytest.mark.parametrize(
    ("part", "size"), [("xl/worksheets/sheet1.xml", 250), ("xl/sharedStrings.xml", 70), ("xl/styles.xml", 20)]
)
def test_bombs_are_not_unpacked(tmp_path: Path, part: str, size: int) -> None:
    path = member(part, b" " * (size * 1024 * 1024), tmp_path / "daftar.xlsx")
    assert path.stat().st_size < 2 * 1024 * 1024
    with pytest.raises(CatalogError, match="terlalu besar bila dibuka"):
        read(path)


def test_a_workbook_of_too_many_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "ENTRIES", 3)
    with pytest.raises(CatalogError, match="terlalu besar"):
        read(write_xlsx(tmp_path / "daftar.xlsx", Produk=SEVERAL))


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>" + b"<c/>" * 400_000),
        ("xl/sharedStrings.xml", b"<sst>" + b"<si/>" * 3_100_000),
    ],
)
def test_more_elements_than_memory_should_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, text: bytes
) -> None:
    monkeypatch.setattr(archive, "RATIO", 10_000)
    with pytest.raises(CatalogError, match="terlalu banyak sel"):
        read(member(part, text, tmp_path / "daftar.xlsx"))


@pytest.mark.parametrize(
    "cell", [" " * 300_000, "t" * 300_000, "0,-" * 100_000, "(" * 300_000, '="' * 150_000, "\n " * 150_000]
)
def test_a_huge_cell_is_read_in_no_time_wherever_it_stands(tmp_path: Path, cell: str) -> None:
    headings = (
        "Nama Produk",
        "Kategori",
        "Harga",
        "Stok",
        "Berat",
        "Tgl Verifikasi",
        "Foto",
        "Link Toko",
        "No HP",
        "Usaha",
        "Halal",
    )
    rows = [
        headings,
        ("Kain", "Kriya", *[f"x{cell}x"] * 7, "Tenun", f"1{cell}"),
        ("Syal", f"x{cell}", "1", *[""] * 6, "Tenun", ""),
    ]
    started = time.monotonic()
    found = read(write_csv(tmp_path / "daftar.csv", rows, "|"))
    assert time.monotonic() - started < 20
    assert found.product["name"] == "Kain"


def test_a_line_without_end(tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    path.write_text("Nama Produk;Harga\n" + ";" * 3_000_000, "utf-8")
    with pytest.raises(CatalogError, match="rusak"):
        read(path)


def test_cells_far_away_cost_nothing(tmp_path: Path) -> None:
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>%s</t></is></c><c r="XFD%d"><v>1</v></c></row>'
        % (at, at, text, at)
        for at, text in ((1, b"x"), (1_048_576, b"y"))
    )
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        b"<sheetData>" + rows + b"</sheetData></worksheet>"
    )
    with pytest.raises(CatalogError, match="Tidak ada kolom nama produk"):
        read(member("xl/worksheets/sheet1.xml", sheet, tmp_path / "daftar.xlsx"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("lama.xls", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, r"Excel lama \(\.xls\)"),
        ("kunci.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "kata sandi"),
        ("web.xls", b"<html><table><tr><td>Nama Produk</td></tr></table>", "halaman web"),
        ("daftar.pdf.csv", b"%PDF-1.7 ...", "bukan CSV atau XLSX"),
        ("rusak.xlsx", b"PK\x03\x04rusak", "rusak"),
        ("kosong.csv", b"", "Tidak ada kolom nama produk"),
        ("acak.csv", bytes(range(256)) * 40, r"\."),
    ],
)
def test_other_files_are_told_apart(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CatalogError, match=said):
        read(tmp_path / name)


@given(st.binary(max_size=400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_bytes_end_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "apa.csv"
    path.write_bytes(content)
    with pytest.raises(CatalogError):
        read(path)


def test_a_folder_holds_products_and_businesses(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "Produk.csv",
        [["ID", "ID Usaha", "Nama", "Kategori", "Harga"], ["P-1", "U-1", "Kain", "Kriya", "1000"]],
    )
    write_xlsx(
        tmp_path / "usaha.xlsx", Data=[["ID", "Nama", "NIB", "Status"], ["U-1", "Tenun", "0220123456789", "Sudah"]]
    )
    write_csv(tmp_path / "~$produk.csv", [["x"]])
    write_csv(tmp_path / "catatan.csv", [["x"]])
    found = read(tmp_path)
    assert (found.product["id"], found.product["business_id"], found.product["verification"]["status"]) == (
        "P-1",
        "U-1",
        "pending",
    )
    assert found.business["verification"] == {"status": "verified"}


def test_folders_that_do_not_say_what_is_meant(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="Tidak ada berkas produk di folder"):
        read(tmp_path)
    write_csv(tmp_path / "umkm 2026.csv", SEVERAL)
    assert len(read(tmp_path).products) == 3
    write_csv(tmp_path / "produk.csv", SEVERAL)
    write_xlsx(tmp_path / "produk.xlsx", Produk=SEVERAL)
    with pytest.raises(CatalogError, match=r"sisakan satu saja: produk\.csv, produk\.xlsx"):
        read(tmp_path)
    with pytest.raises(CatalogError, match="Tidak ada berkas atau folder"):
        read(tmp_path / "tidak-ada")
    with pytest.raises(CatalogError, match="Unduh dulu"):
        open_source("https://docs.example/spreadsheets", SourceOptions())


def test_a_file_saved_while_it_is_read_is_read_again_later(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "daftar.csv", [HEADINGS, *(line(number, f"Kain {number}") for number in range(1_200))])
    pages = open_source(str(path), SourceOptions()).pages(None)
    next(pages)
    with path.open("a", newline="") as file:
        csv.writer(file).writerow(line(9_999))
    with pytest.raises(CatalogError, match="berubah ketika sedang dibaca"):
        list(pages)
