"""Answers, identifiers and names of places: a word nobody knows opens no door, a digit that Excel lost is never guessed."""

from datetime import datetime
from typing import Any

import pytest

from catalog_sync.sources.spreadsheet import links, words
from catalog_sync.sources.spreadsheet.regions import daerah_of
from marketing.tabular.cells import UnreadableError, identifier, is_nothing, shown, text_of


def excel(*parts: int) -> datetime:
    """Return a date as Excel keeps it, without a zone."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001  that is the point


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Terverifikasi", "verified"), ("SUDAH", "verified"), ("ya", "verified"), ("Valid", "verified"), ("Disetujui", "verified"),
        ("✓", "verified"), ("Belum", "pending"), ("Proses", "pending"), ("menunggu", "pending"), ("Belum Terverifikasi", "pending"),
        ("Tidak", "pending"), ("Ditolak", "rejected"), ("tidak valid", "rejected"), ("Dicabut", "revoked"), (True, "verified"),
    ],
)  # fmt: skip
def test_standing_by_its_words(word: Any, status: str) -> None:
    assert words.status(word) == status


@pytest.mark.parametrize("word", ["Aktif", "mungkin", "ok?", "x", "1 Agustus 2026"])
def test_an_unknown_standing_is_not_taken_for_verified(word: str) -> None:
    with pytest.raises(UnreadableError, match="Terverifikasi, Belum, Ditolak, atau Dicabut"):
        words.status(word)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Ya", ("certified", "")), ("Halal", ("certified", "")), ("Belum", ("unknown", "")), ("Tidak", ("unknown", "")),
        ("Tidak halal", ("not_halal", "")), ("Non-Halal", ("not_halal", "")), ("Tidak wajib", ("not_required", "")),
        ("ID53110000123456789", (None, "ID53110000123456789")),
    ],
)  # fmt: skip
def test_a_bare_no_is_no_declaration_that_food_is_not_halal(word: str, meant: tuple[str | None, str]) -> None:
    assert words.halal(word) == meant


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("Makanan Olahan", "makanan_olahan"), ("makanan_olahan", "makanan_olahan"), ("Makanan ringan", "makanan_olahan"),
        ("Minuman", "minuman"), ("KERAJINAN TANGAN", "kerajinan"), ("Kriya", "kerajinan"), ("Fashion", "fesyen"),
        ("Jasa", "jasa"), ("Pertanian", "pertanian"), ("Lainnya", "lainnya"), ("Lain-lain", "lainnya"),
    ],
)  # fmt: skip
def test_categories(word: str, category: str) -> None:
    assert words.category(word) == category


@pytest.mark.parametrize("word", ["A", "Unggulan", "123", "?"])
def test_an_unknown_category_is_not_lainnya_which_needs_no_permit(word: str) -> None:
    with pytest.raises(UnreadableError):
        words.category(word)


def test_yes_no_scale_role_and_stock_words() -> None:
    assert [words.yes(word) for word in ("Ya", "sudah", "✔", True, "1")] == [True] * 5
    assert [words.yes(word) for word in ("Tidak", "belum", False, "0")] == [False] * 4
    assert (words.scale("Usaha Mikro"), words.scale("Besar")) == ("mikro", "besar")
    assert (words.role("Pelaku UMKM"), words.role("Penyedia Barang/Jasa")) == ("umkm", "penyedia")
    assert (words.stock_word("Habis"), words.stock_word("ready stock")) == (0, None)
    for read in (words.yes, words.scale, words.role, words.kind, words.stock_word):
        with pytest.raises(UnreadableError):
            read("entahlah")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("0220123456789", "0220123456789"), (220_123_456_789, "220123456789"), (8.1234567890e10, "81234567890"),
        ('="0220123456789"', "0220123456789"), ("'0812345", "0812345"), ("MD 206531001234", "MD 206531001234"),
    ],
)  # fmt: skip
def test_identifiers_keep_their_digits(cell: Any, number: str) -> None:
    assert identifier(cell) == number


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1.23457E+12", "E\\+"), ("5,30201E+15", "E\\+"), (5_302_014_506_900_000, "15 angka"), (5.3020145069e15, "15 angka"),
        (12.5, "berkoma"), (excel(2026, 1, 2), "tanggal"), ("#REF!", "rumus"), (float("inf"), "15 angka"),
    ],
)  # fmt: skip
def test_lost_digits_are_told(cell: Any, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        identifier(cell)


@pytest.mark.parametrize("cell", ["#REF!", "#N/A", "#DIV/0!", "#NAME?", "#########"])
def test_errors_of_formulas_are_never_text(cell: str) -> None:
    with pytest.raises(UnreadableError, match="rumusnya salah"):
        text_of(cell)


def test_a_formula_in_a_text_is_a_text() -> None:
    assert text_of("=1+1") == "=1+1"
    assert text_of('=HYPERLINK("http://jahat.example")') == '=HYPERLINK("http://jahat.example")'
    assert text_of("#tenun") == "#tenun"


def test_what_stands_for_nothing() -> None:
    assert all(map(is_nothing, (None, "", " ", "-", "–", "n/a", "Tidak ada", "nihil")))
    assert not any(map(is_nothing, ("0", 0, False, "tidak", "belum")))


def test_what_is_shown_of_a_cell_is_nobodys_number() -> None:
    assert "5302014506900001" not in shown("NIK 5302014506900001 bukan harga")
    assert shown("telepon 0812 3456 7890 ya") == "telepon … ya"
    assert shown("a\x00\u202eb\ud800" * 100).isprintable()
    assert shown("50,000") == "50,000"


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("081234567890", "081234567890"), (81_234_567_890, "81234567890"), ("62812-3456-7890", "62812-3456-7890"),
        ("+62 812 3456 7890", "+62 812 3456 7890"), ("0812 / 081234567890", "081234567890"), ("(0388) 21234", "(0388) 21234"),
    ],
)  # fmt: skip
def test_phones(cell: Any, number: str) -> None:
    assert links.phone(cell) == number


@pytest.mark.parametrize("cell", ["hubungi kami", "6,28E+12", "08"])
def test_no_phones(cell: str) -> None:
    with pytest.raises(UnreadableError):
        links.phone(cell)


def test_pictures_and_addresses() -> None:
    assert links.pictures("gambar/1.jpg; gambar/2.jpg,3.png") == ["gambar/1.jpg", "gambar/2.jpg", "3.png"]
    two = ["https://a.example/w_300,h_300/1.jpg", "https://a.example/2.jpg"]
    for parting in ("\n", ";", ", ", " ", " | "):
        assert links.pictures(parting.join(two)) == two
    with pytest.raises(UnreadableError, match="lebih dari 30"):
        links.pictures(";".join(f"{number}.jpg" for number in range(31)))
    assert links.addresses("shopee.co.id/tenun; https://tokopedia.com/x") == [
        "https://shopee.co.id/tenun",
        "https://tokopedia.com/x",
    ]
    assert links.linked("Lihat foto", "https://a.example/1.jpg") == "https://a.example/1.jpg"
    assert links.linked("https://b.example/2.jpg", "https://a.example/1.jpg") == "https://b.example/2.jpg"
    for bad in ("javascript:alert(1)", "@tenun", "data:text/html,x", "file:///etc/passwd"):
        with pytest.raises(UnreadableError):
            links.address(bad)
    with pytest.raises(UnreadableError):
        links.email("tidak punya")


@pytest.mark.parametrize(
    "text",
    ["53.02", "Kabupaten Timor Tengah Selatan", "KAB. TIMOR TENGAH SELATAN", "Kab. TTS", "TTS", "Timor Tengah Selatan"],
)
def test_the_own_regency_by_any_name(text: str) -> None:
    assert daerah_of("53.02").code_of(text) == "53.02"


def test_a_name_that_a_city_and_a_regency_share_stays_text() -> None:
    blitar = daerah_of("35.72")
    assert (blitar.code_of("Kota Blitar"), blitar.code_of("35.72")) == ("35.72", "35.72")
    assert [blitar.code_of(text) for text in ("Blitar", "Kabupaten Blitar", "Kab. Blitar", "35.05")] == [
        "Blitar", "Kabupaten Blitar", "Kab. Blitar", "35.05",
    ]  # fmt: skip
    assert blitar.code_of("Blitar", heading="Kota") == "35.72"
    assert blitar.code_of("Blitar", heading="Kabupaten") == "Blitar"
    assert daerah_of("53.02").code_of("Timor Tengah Utara") == "Timor Tengah Utara"
    assert daerah_of("99.99").code_of("Entah") == "Entah"
