"""Addresses of the site as files, and pages rewritten for them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.web.export.addresses import Extent, absolute, file_of, relative
from marketing.web.export.rewriting import Rewriter

BASE = "https://umkm.example/situs"
TTS = Extent(BASE, ["tts"], every=False)
PAGE = "/galeri/tts/cari?halaman=2"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/galeri/tts", "/galeri/tts"),
        ("/galeri/tts/", "/galeri/tts"),
        ("/galeri/tts?utm_source=x&utm_medium=y#atas", "/galeri/tts"),
        ("/galeri/tts/cari?urut=nama&halaman=2", "/galeri/tts/cari?halaman=2&urut=nama"),
        ("/galeri/tts/cari?halaman=2&urut=nama&q=kopi", "/galeri/tts/cari?halaman=2&urut=nama"),
        ("?halaman=3", "/galeri/tts/cari?halaman=3"),
        (f"{BASE}/galeri/tts/produk/7", "/galeri/tts/produk/7"),
        ("/static/css/siar.css?v=12", "/static/css/siar.css"),
        ("/merek/tts.css", "/merek/tts.css"),
        *(
            (address, None)
            for address in (
                *("/galeri", "/galeri/blitar", "/galeri/ttsx", "/merek/blitar.css", "/masuk", "/k/1-2-x", "/"),
                *("https://lain.example/galeri/tts", "//lain.example/galeri/tts", "mailto:a@b.example", "tel:+62"),
                *("https://umkm.example/situslain/galeri/tts", "/galeri/tts/bahasa", "/galeri/tts/oembed?url=x"),
                *("javascript:alert(1)", "http://[", "data:text/html,x"),
            )
        ),
    ],
)
def test_an_address_means_one_thing_or_nothing(address: str, told: str | None) -> None:
    assert TTS.told(address, PAGE) == told


@pytest.mark.parametrize(
    ("told", "file"),
    [
        ("/galeri/tts", "galeri/tts/index.html"),
        ("/galeri/tts/cari?halaman=2&urut=nama", "galeri/tts/cari/halaman-2/urut-nama/index.html"),
        ("/galeri/tts/umpan.rss", "galeri/tts/umpan.rss"),
        ("/galeri/tts/widget.json?kategori=fesyen", "galeri/tts/widget_kategori-fesyen.json"),
        ("/gambar/ab.persegi.jpg", "gambar/ab.persegi.jpg"),
        ("/merek/tts.css", "static/css/merek-tts.css"),
    ],
)
def test_every_thing_has_its_file(told: str, file: str) -> None:
    assert file_of(told) == file


@given(st.text(min_size=1), st.text(min_size=1))
def test_strange_values_stay_inside_and_apart(one: str, other: str) -> None:
    from urllib.parse import urlencode

    files = []
    for text in (one, other):
        address = f"/galeri/tts/cari?{urlencode({'kecamatan': text.encode('utf-8', 'ignore') or b'x'})}"
        told = TTS.told(address)
        assert told is not None
        files.append((told, file_of(told)))
        assert file_of(told).startswith("galeri/tts/cari/kecamatan-")
        assert ".." not in file_of(told).split("/")
        assert len(file_of(told)) < 200
    assert (files[0][0] == files[1][0]) == (files[0][1].lower() == files[1][1].lower()) or one.lower() == other.lower()


def test_links_point_from_file_to_file() -> None:
    source = "galeri/tts/cari/halaman-2/index.html"
    assert relative("/galeri/tts", source) == "../../index.html"
    assert relative("/galeri/tts/produk/7", source, "/galeri/tts/produk/7?utm_source=a#b") == (
        "../../produk/7/index.html?utm_source=a#b"
    )
    assert absolute("/galeri/tts/produk/7", BASE) == f"{BASE}/galeri/tts/produk/7/"
    assert absolute("/galeri/tts/umpan.rss", BASE) == f"{BASE}/galeri/tts/umpan.rss"


def rewritten(text: str, kind: str = "text/html; charset=utf-8", **more: Any) -> str:
    return Rewriter(TTS, more.get("gone", ())).rewrite("/galeri/tts", kind, text.encode()).content.decode()


def test_a_page_keeps_its_words_and_loses_what_needs_a_server() -> None:
    page = rewritten(
        f"""<!doctype html><html lang="id"><head><link rel="canonical" href="{BASE}/galeri/tts">
<script type="application/ld+json">{{"@id":"{BASE}/galeri/tts/produk/1?a=1\\u0026b=2"}}</script></head><body>
<form action="/galeri/tts/cari"><input name="q"></form>sisa
<a href="/galeri/tts/produk/1?utm_source=x">Kain</a><a href="/galeri/tts/produk/9">Habis</a><a href="/masuk">Masuk</a>
<a href="https://wa.me/62">WA</a><a href="#isi">Isi</a><img src="/gambar/ab.jpg" srcset="/gambar/ab.jpg 2x, /gambar/cd.jpg 3x">
<p>Lihat {BASE}/galeri/tts/produk/1. Jarum &amp; benang &lt;b&gt; 🧵</p></body></html>""",
        gone={"/galeri/tts/produk/9"},
    )
    for wanted in (
        f'<link rel="canonical" href="{BASE}/galeri/tts/">',
        f'"{BASE}/galeri/tts/produk/1/?a=1\\u0026b=2"',
        '<a href="produk/1/index.html?utm_source=x">Kain</a><a>Habis</a><a>Masuk</a>',
        '<a href="https://wa.me/62">WA</a><a href="#isi">Isi</a>',
        'src="../../gambar/ab.jpg" srcset="../../gambar/ab.jpg 2x, ../../gambar/cd.jpg 3x"',
        f"<p>Lihat {BASE}/galeri/tts/produk/1/. Jarum &amp; benang &lt;b&gt; 🧵</p>",
        "sisa",
    ):
        assert wanted in page, (wanted, page)
    assert "<form" not in page
    assert page.startswith("<!doctype html>")


def test_addresses_in_data_become_those_of_the_files() -> None:
    rss = f'<a>{BASE}/galeri/tts</a>&lt;a href="{BASE}/galeri/tts/produk/1"&gt;{BASE}/galeri/tts/produk/1&lt;/a&gt;'
    assert rewritten(rss, "application/rss+xml") == rss.replace("/tts<", "/tts/<").replace("/produk/1", "/produk/1/")
    data = (
        f'{{"url": "{BASE}/galeri/tts/produk/1?utm_source=siar&utm_medium=widget", "picture": "{BASE}/gambar/ab.jpg"}}'
    )
    assert rewritten(data, "application/json") == data.replace("produk/1?", "produk/1/?")
    row = f'tts-1,{BASE}/galeri/tts/produk/1,{BASE}/gambar/ab.jpg,"x"'
    assert rewritten(row, "text/csv") == row.replace("produk/1,", "produk/1/,")
    lines = f"<url><loc>{BASE}/galeri/tts/produk/{{}}</loc></url>\n"
    gone = {"/galeri/tts/produk/2"}
    listed = rewritten(lines.format(1) + lines.format(2), "application/xml", gone=gone)
    assert listed == lines.format("1/")
