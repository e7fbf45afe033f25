"""Catalogue text is read as HTML and comes out as plain text: nothing hidden survives, nothing meant as text is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.contract import Kind, Product, parse
from catalog_sync.mapping import product_values
from catalog_sync.plain_text import plain_text

PIECES = [
    "<", ">", "&", ";", "/", "'", '"', "=", " ", "\n", "#", "!", "--", "amp;", "lt;", "gt;", "&lt;", "&gt;", "&amp;", "&#60;",
    "&#x3c;", "&#8238;", "<p>", "</p>", "<br>", "<li>", "<script>", "</script>", "<scr", "ipt>", "<b ", "onload=", "<svg/onload=x>",
    "<!--", "-->", "<style>", "\u202e", "\u200b", "\x00", "a", "3", "Kopi", "<o:p>", "<img src=x", "<textarea>", "• ", "<plaintext>",
]  # fmt: skip
MARKUP = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
ACTIVE = re.compile(r"<\s*/?\s*(?:script|style|iframe|svg|img|object|embed|form|input|meta|link|base)\b", re.IGNORECASE)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("<p>Kopi &amp; teh</p>\n<ul>\n<li>250 g</li><li>Asli <b>Mollo</b></li></ul><p>Pesan.</p>", "Kopi & teh\n• 250 g\n• Asli Mollo\n\nPesan."),
        ("<h2>Bahan</h2><ol><li><p>pisang</p></li><li><p>gula</p></li></ol>", "Bahan\n• pisang\n• gula"),
        ("<div>Satu</div><div>Dua<br/>tiga</div>", "Satu\n\nDua\ntiga"),
        ("<table><tr><td>Berat</td><td>1 kg</td></tr><tr><td>Isi</td><td>5</td></tr></table>", "Berat 1 kg\n\nIsi 5"),
        ("<p>satu\nbaris</p>", "satu baris"),
        ("<p><o:p>&nbsp;</o:p>Dari <font color=red>Word</font></p>", "Dari Word"),
        ("Baris satu\nBaris <b>dua</b>", "Baris satu\nBaris dua"),
        ("a < b dan c > d", "a < b dan c > d"),
        ("5<6, I <3 kopi, </3 sedih", "5<6, I <3 kopi, </3 sedih"),
        ("ukuran <besar", "ukuran <besar"),
        ("jika a <b dan", "jika a <b dan"),
        ("Kopi <arabika> enak", "Kopi <arabika> enak"),
        ("R&D, Tuan & Nyonya, AT&T;", "R&D, Tuan & Nyonya, AT&T;"),
        ("https://toko.example/?a=1&copy=2&lt=3", "https://toko.example/?a=1&copy=2&lt=3"),
        ("Rp50.000 &ndash; Rp60.000 &eacute; &#128522;", "Rp50.000 – Rp60.000 é 😊"),
        ("Satu\r\nDua\u200b  \n\n\n\nTiga\n", "Satu\nDua\n\nTiga"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_meant_as_text_stays_readable(text: str, read: str) -> None:
    assert plain_text(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("<script>alert(1)</script>Halo", "Halo"),
        ("Halo<style>p{}</style><!-- rahasia --> dunia", "Halo dunia"),
        ("<iframe src=//x>isi</iframe><svg onload=x><a>b</a></svg>y", "y"),
        ("<img src=x onerror=alert(1)>Sal", "Sal"),
        ("Sal <img src=x onerror=alert(1)", "Sal"),
        ('<a href="javascript:alert(1)" onclick="x">Pesan</a>', "Pesan"),
        ('<b title="a>b">x</b>', "x"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Sal", "Sal"),
        ("&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;Sal", "Sal"),
        ("<scr\u200bipt>alert(1)</scr\u200bipt>Sal", "Sal"),
        ("<SCRIPT/x>alert(1)</SCRIPT >Sal", "Sal"),
        ("<x onload=alert(1)>Sal</x>", "Sal"),
        ("Rp&#8238;000.5&rlm;", "Rp000.5"),
        ("Sal&#0;&#x7f;", "Sal\ufffd"),
        ("<textarea><script>x</textarea>Sal", "Sal"),
    ],
)
def test_what_is_meant_for_a_machine_is_gone_with_its_content(text: str, read: str) -> None:
    assert plain_text(text) == read


@given(MARKUP)
def test_reading_twice_is_reading_once_and_leaves_nothing_active(text: str) -> None:
    read = plain_text(text)
    assert plain_text(read) == read
    assert not ACTIVE.search(read)
    assert not re.search(r"&(?:lt|gt|amp|#60|#x3c);", read)
    assert "\x02" not in read


@given(st.text(alphabet=st.characters(exclude_characters="<&", codec="utf-8")))
def test_text_without_markup_keeps_its_letters(text: str) -> None:
    read = plain_text(text)
    assert set(read) <= set(text) | {"\n"}
    assert plain_text(read) == read


def test_escaping_without_end_and_nesting_without_end_stay_cheap() -> None:
    assert plain_text("&" + "amp;" * 4_000 + "lt;b&gt;Sal") == "Sal"
    assert plain_text("<div>" * 3_000 + "Sal" + "</div>" * 3_000) == "Sal"
    assert plain_text("<" * 15_000) == "<" * 15_000
    assert plain_text("&#38;" * 3_000 + "lt;b>x")
    assert plain_text("<a " * 6_000) == ("<a " * 6_000).strip()


def test_names_and_descriptions_arrive_as_plain_text() -> None:
    record = parse(
        Kind.PRODUCT,
        {
            "id": "P-1",
            "business_id": "U-1",
            "category": "kerajinan",
            "name": "Sal <b>merah</b> &amp; <script>x</script>biru",
            "description": "<p>Satu</p><ul><li>Dua</li></ul>",
            "how_to_order": {"text": "Pesan<br>lewat telepon"},
            "verification": {"status": "rejected", "note": "Foto <i>buram</i>"},
        },
    )
    assert isinstance(record, Product)
    values = product_values(record).values
    assert values["name"] == "Sal merah & biru"
    assert values["description"] == "Satu\n• Dua"
    assert values["how_to_order"]["text"] == "Pesan\nlewat telepon"
    assert values["extra"]["verification_note"] == "Foto buram"
