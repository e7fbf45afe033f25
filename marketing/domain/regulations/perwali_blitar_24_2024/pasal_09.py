"""Perwali Blitar 24/2024 Ps. 9(1): the system carries product information, business information and how to order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from marketing.domain.product import Business, Category, HowToOrder, Picture, Product
from marketing.domain.regulations import completeness
from marketing.domain.regulations.base import Article, Finding, Reason, as_reasons
from marketing.domain.regulations.examples import CRAFT, FOOD, of_business, of_region
from marketing.domain.regulations.perwali_blitar_24_2024 import NAME, REGION

CITATION: Final = f"{NAME} Pasal 9"
SUMMARY: Final = (
    "Sistem Informasi UMKM memuat informasi produk, informasi pelaku usaha, dan informasi tata cara pemesanan; setiap "
    "orang dapat melaksanakan pemesanan sesuai dengan mekanisme yang tersedia."
)
CODES: Final = {
    "Blitar 9(1)a": "Memuat informasi produk.",
    "Blitar 9(1)b": "Memuat informasi pelaku usaha.",
    "Blitar 9(1)c": "Memuat informasi tata cara pemesanan.",
}


def check(product: Product, region_code: str, now: datetime) -> Iterator[Reason]:  # noqa: ARG001  one signature for all
    """Hold a product whose page would miss one of the three."""
    letters = (
        ("a", completeness.product_information(product)),
        ("b", _business(product.business)),
        ("c", _ordering(product)),
    )
    for letter, findings in letters:
        yield from as_reasons(f"Blitar 9(1){letter}", f"{CITATION} ayat (1) huruf {letter}", findings)


def _business(business: Business) -> Iterator[Finding]:
    yield from completeness.business_name(business)
    yield from completeness.business_place(business)
    yield from completeness.business_contact(business)


def _ordering(product: Product) -> Iterator[Finding]:
    """How to order, and that ordering can succeed (Ps. 9(2)): what is sold out cannot be ordered."""
    yield from completeness.order_information(product)
    yield from completeness.stock(product)


CASES: Final = of_region(
    (
        ("lengkap", FOOD, ""),
        ("cukup kecamatan dan surel", of_business(CRAFT, domicile_region=REGION, address="", phone=""), ""),
        ("cukup nomor WhatsApp", replace(CRAFT, how_to_order=HowToOrder(whatsapp="+6281234567890")), ""),
        ("jasa tidak berstok", replace(CRAFT, kind="service", category=Category.JASA, stock=0), ""),
        ("tanpa nama produk", replace(CRAFT, name="  "), "Blitar 9(1)a"),
        ("harga nol", replace(CRAFT, price=0), "Blitar 9(1)a"),
        ("harga tidak masuk akal", replace(CRAFT, price=1_000_000_001), "Blitar 9(1)a"),
        ("foto tanpa alamat", replace(CRAFT, pictures=(Picture(""),)), "Blitar 9(1)a"),
        ("usaha tanpa nama", of_business(CRAFT, domicile_region=REGION, name=""), "Blitar 9(1)b"),
        (
            "usaha tanpa tempat dan kontak",
            of_business(CRAFT, domicile_region=REGION, address="", domicile_kecamatan="", phone="", email=""),
            "Blitar 9(1)b",
        ),
        ("tanpa cara pesan", replace(CRAFT, how_to_order=HowToOrder()), "Blitar 9(1)c"),
        ("stok habis", replace(CRAFT, stock=0), "Blitar 9(1)c"),
    ),
    REGION,
)
ARTICLE: Final = Article("Blitar 9", CITATION, SUMMARY, CODES, check, CASES)
