"""Perbup TTS 17/2025 Ps. 1(6): what a "Produk UMKM" is. The definition bounds everything the Perbup supports.

Tenun and other fesyen are kerajinan tangan; minuman is makanan olahan in the sense of Ps. 1(10) (pangan). Raw farm
produce, services and the rest are outside.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from marketing.domain.product import Category, Product
from marketing.domain.regulations.base import Article, Reason
from marketing.domain.regulations.examples import CRAFT, FOOD, of_business, of_region
from marketing.domain.regulations.perbup_tts_17_2025 import NAME, REGION
from marketing.domain.regulations.permits import is_umkm

CITATION: Final = f"{NAME} Pasal 1 angka 6"
SUMMARY: Final = (
    "Produk UMKM adalah produk usaha mikro, kecil, dan menengah yang dikelola kelompok masyarakat maupun perorangan "
    "untuk menghasilkan barang dalam bentuk makanan olahan dan kerajinan tangan."
)
CODE: Final = "TTS 1(6)"
CODES: Final = {CODE: "Barang berupa makanan olahan atau kerajinan tangan, buatan UMKM."}
ALLOWED: Final = frozenset({Category.MAKANAN_OLAHAN, Category.MINUMAN, Category.KERAJINAN, Category.FESYEN})


def check(product: Product, region_code: str, now: datetime) -> Iterator[Reason]:  # noqa: ARG001  one signature for all
    """Hold what is no good, of no covered kind, or of a provider that is no UMKM."""
    if product.kind != "goods":
        yield Reason(
            CODE,
            CITATION,
            "Jasa bukan Produk UMKM menurut Perbup ini.",
            "promosikan hanya barang: makanan olahan atau kerajinan tangan.",
        )
    if product.category not in ALLOWED:
        yield Reason(
            CODE,
            CITATION,
            f"Kategori {product.category.value} bukan makanan olahan atau kerajinan tangan.",
            "perbaiki kategori bila keliru; kategori lain tidak dapat dipromosikan di sini.",
        )
    if not is_umkm(product.business):
        yield Reason(
            CODE,
            CITATION,
            "Produk berasal dari penyedia yang tidak tercatat sebagai usaha mikro, kecil, atau menengah.",
            "isi skala usaha (mikro, kecil, atau menengah) di katalog bila memang UMKM.",
        )


CASES: Final = of_region(
    (
        ("tenun", CRAFT, ""),
        ("fesyen tenun dihitung kerajinan tangan", replace(CRAFT, category=Category.FESYEN), ""),
        ("makanan olahan", FOOD, ""),
        ("minuman", replace(FOOD, category=Category.MINUMAN, name="Kopi bubuk Mollo"), ""),
        ("penyedia berskala mikro adalah UMKM", of_business(CRAFT, role="penyedia", scale="mikro"), ""),
        ("jasa", replace(CRAFT, kind="service", category=Category.JASA), CODE),
        ("hasil pertanian mentah", replace(CRAFT, category=Category.PERTANIAN), CODE),
        ("barang lainnya", replace(CRAFT, category=Category.LAINNYA), CODE),
        ("penyedia tanpa skala UMKM", of_business(CRAFT, role="penyedia", scale=None), CODE),
    ),
    REGION,
)
ARTICLE: Final = Article("TTS 1", CITATION, SUMMARY, CODES, check, CASES)
