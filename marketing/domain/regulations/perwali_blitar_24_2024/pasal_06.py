"""Perwali Blitar 24/2024 Ps. 6(2)b: the managing team verifies every product that is to be promoted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from marketing.domain.product import Product, VerificationStatus
from marketing.domain.regulations import completeness
from marketing.domain.regulations.base import Article, Reason, as_reasons
from marketing.domain.regulations.examples import CRAFT, FOOD, VERIFIED, of_region
from marketing.domain.regulations.perwali_blitar_24_2024 import NAME, REGION

CITATION: Final = f"{NAME} Pasal 6 ayat (2) huruf b"
SUMMARY: Final = "Tim pengelola melakukan verifikasi produk yang akan dipromosikan."
CODE: Final = "Blitar 6(2)b"
CODES: Final = {CODE: "Produk sudah diverifikasi tim pengelola."}


def check(product: Product, region_code: str, now: datetime) -> Iterator[Reason]:  # noqa: ARG001  one signature for all
    """Hold every product whose verification is anything but `verified`."""
    yield from as_reasons(CODE, CITATION, completeness.product_verification(product))


CASES: Final = of_region(
    (
        ("kerajinan terverifikasi", CRAFT, ""),
        ("pangan terverifikasi", FOOD, ""),
        *(
            (f"verifikasi {status.value}", replace(CRAFT, verification=replace(VERIFIED, status=status)), CODE)
            for status in (VerificationStatus.PENDING, VerificationStatus.REJECTED, VerificationStatus.REVOKED)
        ),
    ),
    REGION,
)
ARTICLE: Final = Article("Blitar 6", CITATION, SUMMARY, CODES, check, CASES)
