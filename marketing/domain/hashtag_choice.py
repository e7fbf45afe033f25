"""Hashtags for a post whose writer chose none: where it is from, what it is, and the nation's own campaign; pure.

They are Indonesian in every language: a hashtag is a shelf, and these are the shelves that buyers here look through.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from marketing.domain.product import Category

OF_CATEGORY: Final[Mapping[Category, str]] = {
    Category.MAKANAN_OLAHAN: "KulinerNusantara",
    Category.MINUMAN: "MinumanLokal",
    Category.KERAJINAN: "KerajinanTangan",
    Category.FESYEN: "FesyenLokal",
    Category.PERTANIAN: "HasilTani",
    Category.JASA: "JasaLokal",
}
ALWAYS: Final = ("ProdukLokal", "BanggaBuatanIndonesia")
"""The second is that of the Gerakan Nasional Bangga Buatan Indonesia (Keppres 15/2021)."""
MOST_CATEGORIES: Final = 2
_REGENCY = re.compile(r"^(?:kab\.|kabupaten)\s+", re.IGNORECASE)


def chosen_hashtags(place: str, categories: Iterable[Category]) -> tuple[str, ...]:
    """Return hashtags for products of these categories from a place (“Kab. Blitar” is “Blitar”, “Kota Blitar” stays)."""
    kinds = [OF_CATEGORY[category] for category in dict.fromkeys(categories) if category in OF_CATEGORY]
    return (f"UMKM {_REGENCY.sub('', place.strip())}", *kinds[:MOST_CATEGORIES], *ALWAYS)
