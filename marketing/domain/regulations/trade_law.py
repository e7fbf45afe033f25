"""National law that both regulations point to with "ketentuan peraturan perundang-undangan", gathered.

Each part has a module with its sources; `VERSION` changes whenever one of them may answer differently.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from marketing.domain.calendar_id import local_date
from marketing.domain.product import Product
from marketing.domain.regulations.base import Finding
from marketing.domain.regulations.halal import HALAL_ZONE, halal
from marketing.domain.regulations.permits import food_permit
from marketing.domain.regulations.prohibited_goods import prohibited
from marketing.domain.regulations.standards import beyond_home_industry

__all__ = ["HALAL_ZONE", "VERSION", "lawful_to_trade"]

VERSION: Final = "2026-12"


def lawful_to_trade(product: Product, now: datetime, zone: str) -> Iterator[Finding]:
    """Find what forbids trading the product at this moment; permits are counted by the day in the Daerah's `zone`."""
    yield from prohibited(product)
    yield from food_permit(product, local_date(now, zone))
    yield from beyond_home_industry(product)
    yield from halal(product, now)
