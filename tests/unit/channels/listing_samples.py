"""Listings for the tests of feeds and files."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from marketing.channels.marketplace.listing import Listing, ListingPicture, ListingSale
from marketing.domain.product import Category

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
CLOSING = "Produsen: Tenun Nunkolo (Amanuban Selatan, Kab. TTS).\nProduk UMKM terverifikasi, binaan Dinas."
SALE = ListingSale(300_000, NOW - timedelta(days=1), NOW + timedelta(days=9))


def picture(number: int = 1, width: int = 1080, height: int = 1080) -> ListingPicture:
    sha256 = f"{number:064x}"
    base = f"https://siar.example/gambar/{sha256}"
    return ListingPicture(sha256, f"/data/{sha256}.jpg", f"{base}.jpg", f"{base}.persegi.jpg", width, height, "alt")


def listing(**changes: Any) -> Listing:
    plain = Listing(
        sku="tts-P-001",
        product_id="P-001",
        row_id=1,
        kind="goods",
        category=Category.KERAJINAN,
        title="Selendang tenun motif Amanuban",
        description=f"Tenun tangan dengan pewarna alam.\n\n{CLOSING}",
        price=350_000,
        sale=None,
        stock=12,
        min_order=1,
        unit="lembar",
        weight_gram=300,
        pictures=(picture(),),
        business="Tenun Nunkolo",
        business_row_id=7,
        url="https://siar.example/galeri/tts/produk/1",
        closing=CLOSING,
    )
    return replace(plain, **changes)


HOSTILE = (
    '=HYPERLINK("http://jahat.example","klik")',
    "+62812'; DROP TABLE",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r\n=1+1",
    "＝1+1",
    "</g:title><g:price>1 IDR</g:price>",
    "]]><script>alert(1)</script>&amp;&#0;",
    "\x00\x0b\ufffe\udc80 rusak \u202eterbalik",
    '"kutip", koma; titik koma\nbaris',
)  # fmt: skip
