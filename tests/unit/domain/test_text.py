import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.text import (
    TextUnit,
    cleaned,
    count_hashtags,
    count_mentions,
    cut,
    hashtag,
    hashtags,
    measured,
    one_line,
    plain,
    shortened_order,
    tagged,
    web_address,
    without_hashtags,
    without_links,
    without_mentions,
)

FAMILY, FLAG, WAVE = "👨‍👩‍👧‍👦", "🇮🇩", "👋🏽"
ANY = st.text(alphabet=st.characters(codec=None))  # surrogates and non-characters too


def test_cleaning_keeps_words_and_lines_and_drops_what_only_machines_see() -> None:
    assert cleaned("Rp\u202e000.5\u2069\x00\x1b[0m\ufeff") == "Rp000.5[0m"
    assert cleaned("a\r\nb\rc\u2028d\x85e\tf") == "a\nb\nc\nd\ne\tf"
    assert cleaned(f"Sé {FAMILY} क्ष ‌") == f"Sé {FAMILY} क्ष ‌"
    assert one_line("  Keripik \n\t pisang\u00a0manis ") == "Keripik pisang manis"


@given(ANY)
def test_cleaned_text_can_stand_in_xml_and_json(text: str) -> None:
    safe = cleaned(text)
    assert cleaned(safe) == safe
    assert safe.encode("utf-8").decode() == safe
    for char in safe:
        assert char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"}
        assert ord(char) & 0xFFFE != 0xFFFE
        assert unicodedata.bidirectional(char) not in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def test_length_is_counted_as_the_channel_counts() -> None:
    assert measured("a👋") == 2
    assert measured("a👋", TextUnit.UTF16) == 3
    assert measured("a👋", TextUnit.UTF16) == len("a👋".encode("utf-16-le")) // 2


def test_cutting_prefers_the_end_of_a_word() -> None:
    assert cut("Keripik singkong renyah", 30) == "Keripik singkong renyah"
    assert cut("Keripik singkong renyah", 20) == "Keripik singkong…"
    assert cut("Keripik singkong renyah", 17) == "Keripik singkong…"
    assert cut("Antidisestablishmentarianisme", 10) == "Antidises…"
    assert cut("abc", 0) == ""
    assert cut("abc", 1) == "…"


@pytest.mark.parametrize("letter", [FAMILY, FLAG, WAVE, "é", "क्", "\u1100\u1161\u11a8", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
@pytest.mark.parametrize("unit", list(TextUnit))
def test_a_letter_is_never_cut_in_two(letter: str, unit: TextUnit) -> None:
    whole = letter * 6
    seen = {cut(whole, limit, unit) for limit in range(1, measured(whole, unit))}
    assert seen <= {letter * count + "…" for count in range(6)}
    assert letter + "…" in seen


@given(ANY, st.integers(0, 60), st.sampled_from(TextUnit))
def test_cut_text_fits_and_begins_as_it_did(text: str, limit: int, unit: TextUnit) -> None:
    short = cut(text, limit, unit)
    assert measured(short, unit) <= limit
    assert short == text or text.startswith(short.removesuffix("…"))


@pytest.mark.parametrize(
    ("words", "tag"),
    [
        ("umkm", "#umkm"),
        ("#UMKM", "#UMKM"),
        ("produk lokal TTS", "#ProdukLokalTTS"),
        ("kopi-robusta_2026", "#KopiRobusta2026"),
        ("<script>alert(1)", "#ScriptAlert1"),
        ("2026", ""),
        ("# !", ""),
        ("", ""),
        ("jambu\u202e mete", "#JambuMete"),
    ],
)
def test_a_hashtag_is_letters_and_digits(words: str, tag: str) -> None:
    assert hashtag(words) == tag


def test_hashtags_are_unique_and_limited() -> None:
    assert hashtags(["umkm", "UMKM", "17", "TTS", "SoE"], 2) == ("#umkm", "#TTS")
    assert hashtags(["umkm"], -1) == ()


@given(ANY, st.integers(0, 3))
def test_marks_beyond_the_limit_become_plain_words(text: str, keep: int) -> None:
    assert count_hashtags(without_hashtags(text, keep)) == min(keep, len(tagged(text))), "each once"
    assert count_mentions(without_mentions(text, keep)) == min(keep, count_mentions(text))
    assert count_hashtags(plain(text)) == count_mentions(plain(text)) == 0


def test_marks_are_counted_as_a_reader_sees_them() -> None:
    assert count_hashtags("#satu ##dua ＃tiga # bukan no.#4") == 4
    assert count_mentions("@satu a@surat.example @ bukan .＠dua") == 2, "an address of mail calls nobody"
    assert without_hashtags("Produk #1, #@dua") == "Produk 1, dua"


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Pesan lewat https://wa.me/6281234567890?text=halo ya", "Pesan lewat WhatsApp +6281234567890 ya"),
        ("WhatsApp: wa.me/6281234567890", "WhatsApp +6281234567890"),
        ("https://api.whatsapp.com/send?phone=6281234567890", "WhatsApp +6281234567890"),
        ("Lihat HTTPS://toko.example/a?b=1.", "Lihat bio"),
        ("ftp://toko.example", "ftp: //toko.example"),
        ("tanpa tautan", "tanpa tautan"),
    ],
)
def test_links_become_words_where_a_channel_has_none(text: str, spoken: str) -> None:
    assert without_links(text, "bio") == spoken


@given(st.text(alphabet="htps:/wa.me12345678 "))
def test_no_address_is_left(text: str) -> None:
    assert "://" not in without_links(text)


@pytest.mark.parametrize(
    "bad",
    ["javascript:alert(1)", "data:,x", "//x", "https://a b", 'https://a"b', "https://a\u202eb", "https://a<b", ""],
)
def test_only_plain_web_addresses_pass(bad: str) -> None:
    assert web_address(bad) == ""
    assert web_address(" https://umkm.ttskab.example/p?a=1&b=2#x ") == "https://umkm.ttskab.example/p?a=1&b=2#x"


def test_how_to_order_keeps_what_one_orders_at() -> None:
    order = "Hubungi Ibu Yuli di WhatsApp 0812-3456-7890 sebelum pukul lima sore"
    assert shortened_order(order, 100) == order
    assert shortened_order(order, 24) == "0812-3456-7890"
    assert shortened_order("Datang ke kios di pasar Inpres SoE setiap hari Rabu", 24) == "Datang ke kios di pasar…"
    assert shortened_order("Kirim pesan ke @dapur.mama.yuli kapan saja", 20) == "@dapur.mama.yuli"
