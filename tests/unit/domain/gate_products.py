"""Lawful products written from the contract, apart from the examples of the rules, for tests that spoil them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from marketing.domain.eligibility import Eligibility, decide
from marketing.domain.product import (
    Business,
    Category,
    HalalStatus,
    HowToOrder,
    Permit,
    Picture,
    Product,
    Verification,
    VerificationStatus,
)

TTS = "perbup_tts_17_2025"
BLITAR = "perwali_blitar_24_2024"
REGIONS = {TTS: "53.02", BLITAR: "35.72"}
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def lawful(regulation: str, **facts: Any) -> Product:
    """A food product with nothing against it under `regulation`; keyword facts replace the product's."""
    seen = Verification(VerificationStatus.VERIFIED, "Ibu Yuliana", datetime(2023, 3, 2, 2, 0, tzinfo=UTC))
    business = Business(
        "U-9", "Dapur Mama", "umkm", "mikro", "9120001112223", is_binaan=True, domicile_region=REGIONS[regulation],
        domicile_kecamatan="Kota", nik_given=True, nik_verified=True, address="Jalan Melati 1", phone="+628111222333",
        email="dapur@katalog.example", verification=seen,
    )  # fmt: skip
    product = Product(
        "P-9", business, "goods", Category.MAKANAN_OLAHAN, "Abon sapi", "Abon sapi gurih.", 45_000, "bungkus", 200, 30,
        pictures=(Picture("https://katalog.example/abon.jpg"),), how_to_order=HowToOrder("Telepon kami"),
        permits=(Permit("PIRT", "P-IRT No. 2085302010456-30", date(2030, 6, 30)),),
        halal=HalalStatus.CERTIFIED, halal_number="ID53110000987654321", verification=seen,
    )  # fmt: skip
    return replace(product, **facts)


def business(product: Product, **facts: Any) -> Product:
    return replace(product, business=replace(product.business, **facts))


def judge(product: Product, regulation: str, now: datetime = NOW) -> Eligibility:
    return decide(product, regulation=regulation, region_code=REGIONS[regulation], now=now)


def codes(product: Product, regulation: str, now: datetime = NOW) -> set[str]:
    return {reason.code for reason in judge(product, regulation, now).reasons}


def texts(product: Product, regulation: str, now: datetime = NOW) -> list[str]:
    return [reason.text for reason in judge(product, regulation, now).reasons]
