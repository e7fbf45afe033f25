"""One product as a marketplace or a shopping feed needs it: the neutral value that every adapter, file and feed reads."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketing.domain.product import Category, HalalStatus, Permit
from marketing.domain.text import TextUnit, cut, measured

# Google allows 50 characters (support.google.com/merchants/answer/6324405), Meta and Shopee 100, TikTok Shop 50: read 22 Nov 2026.
MAX_SKU: Final = 50
PRODUCT_TYPES: Final = {
    Category.MAKANAN_OLAHAN: "Makanan olahan",
    Category.MINUMAN: "Minuman",
    Category.KERAJINAN: "Kerajinan",
    Category.FESYEN: "Fesyen",
    Category.PERTANIAN: "Hasil pertanian",
    Category.JASA: "Jasa",
    Category.LAINNYA: "Lainnya",
}
_SAFE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class ListingPicture:
    """Our own JPEG: its file, its public address, the address of its square form, and its size in pixels."""

    sha256: str
    path: str
    url: str
    square_url: str
    width: int
    height: int
    alt: str = ""


@dataclass(frozen=True, slots=True)
class ListingSale:
    """A reduced price in whole rupiah with its dates (UTC-aware); never higher than or equal to the normal price."""

    price: int
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """What is offered, by whom, for how much; whole rupiah, grams, condition always new.

    `description` ends with `closing`, which names the maker, its permits and who vouches for it.
    `stock` and `weight_gram` are None where the catalogue does not say; the size of the parcel is in no catalogue contract.
    Texts are cleaned (no controls, no bidirectional marks, no web addresses) but not escaped: each sink escapes for itself.
    """

    sku: str
    product_id: str
    row_id: int
    kind: str
    category: Category
    title: str
    description: str
    price: int
    sale: ListingSale | None
    stock: int | None
    min_order: int
    unit: str
    weight_gram: int | None
    pictures: tuple[ListingPicture, ...]
    business: str
    business_row_id: int
    url: str
    permits: tuple[Permit, ...] = ()
    halal: HalalStatus = HalalStatus.UNKNOWN
    halal_number: str = ""
    closing: str = ""

    def price_at(self, now: datetime) -> int:
        """Return the price in force at `now`, in rupiah."""
        return self.sale.price if self.sale and self.sale.starts <= now <= self.sale.ends else self.price

    def description_within(self, limit: int, unit: TextUnit = TextUnit.CODE_POINTS) -> str:
        """Return the description cut to `limit`: the maker's own words give way, who made it and its permits stay."""
        if measured(self.description, unit) <= limit:
            return self.description
        own = self.description.removesuffix(self.closing).strip()
        room = limit - measured(self.closing, unit) - 2
        if not self.closing or room < 1:
            return cut(self.description, limit, unit)
        return f"{cut(own, room, unit)}\n\n{self.closing}"

    @property
    def in_stock(self) -> bool:
        """Return whether it can be bought; where the catalogue counts no stock, it can."""
        return self.stock is None or self.stock > 0


def sku_of(tenant_id: str, product_id: str, source: str = "") -> str:
    """Return the stable id of a product on every marketplace: at most 50 characters of letters, digits, `.`, `_`, `-`.

    It is made from what the catalogue calls the product, so that a new installation finds its old listings again; `source`
    is named where a Daerah draws on more than one catalogue. What is too long or has other characters becomes a digest.
    """
    plain = f"{tenant_id}-{product_id}"
    if not source and len(plain) <= MAX_SKU and _SAFE.fullmatch(plain):
        return plain
    digest = hashlib.sha256(f"{tenant_id}\x1f{source}\x1f{product_id}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{tenant_id[:16]}.x{digest[:32]}"
