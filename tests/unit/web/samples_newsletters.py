"""Sample views of newsletters: written, archived, withdrawn."""

from dataclasses import replace

from marketing.web.views import composer as c
from marketing.web.views import newsletters as n
from marketing.web.views.campaign import ArchiveNote
from marketing.web.views.gallery import IssueCard
from marketing.web.views.parts import Option, Pager
from tests.unit.web.samples_campaign import COMPOSER
from tests.unit.web.samples_gallery import CRUMBS, FEEDS, GOODS, HEAD, SHARE

LETTERS = (
    IssueCard("Buletin UMKM November", "/galeri/tts/buletin/20261122-ab", "22 November 2026", "2026-11-22", "Foto."),
)
ARCHIVE = n.ArchiveView(HEAD, CRUMBS, LETTERS, Pager(1, 1), "/langganan/tts", FEEDS)
ARCHIVE_EMPTY = replace(ARCHIVE, issues=())
TEXT = (("Letakkan produk di dekat jendela.",), ("Siapkan:", "1. Kain polos"))
ISSUE = n.IssueView(
    HEAD,
    CRUMBS,
    "Buletin UMKM November",
    "Diterbitkan Dinas pada 22 November 2026",
    TEXT,
    (
        n.PartView(
            "article", "bagian-1", "Memotret produk", TEXT, "https://contoh.example/", "/static/img/tenun.svg", "Tenun"
        ),
        n.PartView("market", "bagian-2", "Kabar pasar", rows=(("Kemiri", "Rp38.000", "Pasar Inpres"),)),
        n.PartView("products", "bagian-3"),
        n.PartView("event", "bagian-4", "Pasar UMKM", TEXT, when="Sabtu, 12 Desember 2026", place="Alun-alun"),
    ),
    GOODS,
    SHARE,
    "/langganan/tts",
)
STANDING = ArchiveNote("/galeri/tts/buletin/20261122-ab", may_change=True)
WITHDRAWN = replace(STANDING, reason="Harga kemiri keliru.", by="Maria, 22 November 2026")
_ARTICLE = c.BlockView(
    "1",
    "blok-1",
    "article",
    "Artikel",
    (
        c.BlockField("blok-1-judul", "Judul artikel", "text", "Memotret produk", wrong="Paling panjang 120 huruf."),
        c.BlockField("blok-1-isi", "Isi artikel", "textarea", "Dekat jendela.", note="Teks biasa."),
        c.BlockField(
            "blok-1-gambar", "Gambar", "select", "3", optional=True, options=(Option("", "Tanpa"), Option("3", "Tenun"))
        ),
    ),
    number=1,
    first=True,
)
_FIGURE = c.BlockView(
    "2",
    "blok-2",
    "market",
    "Kabar pasar",
    (c.BlockField("blok-2-label", "Apa", "text", "Kisaran harga"),),
    measure="harga:kerajinan",
    counted="Kisaran harga: Rp1. Sumber: Katalog.",
    wrong="Katalog belum cukup berisi.",
    number=2,
    last=True,
)
_BLANK = replace(_ARTICLE, key="0", id="blok-0", fields=(c.BlockField("blok-0-judul", "Judul artikel", "text", ""),))
LETTER = replace(
    COMPOSER,
    draft=replace(COMPOSER.draft, email_type="newsletter", archived=True, version="3"),
    blocks=(_ARTICLE, _FIGURE),
    blank_blocks=(_BLANK,),
    measures=(Option("baru", "Produk baru"),),
    block_limit=20,
)
