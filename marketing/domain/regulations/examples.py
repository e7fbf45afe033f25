"""Lawful products that the CASES of the articles spoil one thing at a time, and the moment they are judged at."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

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
from marketing.domain.regulations.base import Case

NOW: Final = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
VERIFIED: Final = Verification(VerificationStatus.VERIFIED, "tim_pengelola", datetime(2026, 8, 1, 1, 0, tzinfo=UTC))
PIRT: Final = Permit("PIRT", "2065302010123-29", date(2029, 12, 31))

CRAFT: Final = Product(
    id="P-001",
    business=Business(
        id="U-001",
        name="Tenun Nunkolo",
        role="umkm",
        scale="mikro",
        nib="0220123456789",
        is_binaan=True,
        domicile_region="53.02",
        domicile_kecamatan="Amanuban Selatan",
        nik_given=True,
        nik_verified=True,
        address="Desa Nunkolo RT 01",
        phone="+6281234567890",
        email="tenun@katalog.example",
        verification=VERIFIED,
    ),
    kind="goods",
    category=Category.KERAJINAN,
    name="Selendang tenun motif Amanuban",
    description="Ditenun tangan dengan pewarna alam.",
    price=350_000,
    unit="lembar",
    stock=12,
    pictures=(Picture("https://katalog.example/1.jpg", "Selendang tenun"),),
    how_to_order=HowToOrder("Pesan lewat WhatsApp", "https://katalog.example/p/001", "+6281234567890"),
    verification=VERIFIED,
)
FOOD: Final = replace(
    CRAFT,
    id="P-002",
    category=Category.MAKANAN_OLAHAN,
    name="Keripik pisang Soe",
    description="Keripik pisang renyah.",
    price=25_000,
    unit="bungkus",
    permits=(PIRT,),
    halal=HalalStatus.CERTIFIED,
    halal_number="ID53110000123456789",
)


def of_business(product: Product, **facts: Any) -> Product:
    """Return the product with other facts about its business."""
    return replace(product, business=replace(product.business, **facts))


def food_with(*permits: Permit) -> Product:
    """Return the lawful food with other permits."""
    return replace(FOOD, permits=permits)


def of_region(cases: Iterable[tuple[str, Product, str]], region_code: str, now: datetime = NOW) -> tuple[Case, ...]:
    """Make cases of (name, product, codes parted by commas; empty for allowed) for one Daerah.

    An example without an own domicile gets that of the Daerah, so that both regulations can use the same products.
    """
    return tuple(
        Case(
            name,
            of_business(product, domicile_region=region_code) if product.business is CRAFT.business else product,
            region_code,
            now,
            frozenset(filter(None, codes.split(", "))),
        )
        for name, product, codes in cases
    )
