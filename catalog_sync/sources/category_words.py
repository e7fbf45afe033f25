"""The category of the contract for a shop's own words, so that “Kain Tenun > Selendang” is found as fesyen. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from marketing.domain.product import Category

_WORDS: Final[Mapping[Category, str]] = {
    Category.MINUMAN: (
        "minuman minum kopi coffee teh tea jus juice sirup syrup sirop jamu susu yoghurt wedang beverage beverages"
        " drink drinks sopi moke tuak"
    ),
    Category.MAKANAN_OLAHAN: (
        "makanan pangan kuliner camilan cemilan snack snacks keripik kripik kue roti cake abon sambal saus selai madu"
        " dodol dendeng sei kerupuk rempeyek bumbu cokelat coklat food foods olahan jagung bose bakery"
    ),
    Category.JASA: "jasa layanan service services servis sewa rental reparasi kursus pelatihan salon laundry",
    Category.FESYEN: (
        "fesyen fashion busana pakaian baju kemeja kain tenun batik selendang sarung songket kebaya sepatu sandal tas"
        " dompet apparel clothing clothes shoes aksesoris accessories"
    ),
    Category.KERAJINAN: (
        "kerajinan kriya craft crafts handicraft handicrafts handmade anyaman ukiran gerabah keramik souvenir suvenir"
        " cenderamata dekorasi decor rotan bambu lontar patung perhiasan"
    ),
    Category.PERTANIAN: (
        "pertanian perkebunan peternakan perikanan hortikultura sayur sayuran buah beras bibit benih pupuk ternak ikan"
        " agriculture farm"
    ),
}
"""In the order in which they win: what may be food must show its permits, so a “kopi” in a name is never overlooked."""

_BY_WORD: Final = {word: category for category, words in _WORDS.items() for word in words.split()}
_OTHER: Final = frozenset({"lainnya", "lain", "other", "others"})
_TOP_OF_GOOGLE: Final = {
    "166": Category.FESYEN,
    "412": Category.MAKANAN_OLAHAN,
    "413": Category.MINUMAN,
    "422": Category.MAKANAN_OLAHAN,
}
"""Google's product taxonomy by number: Apparel & Accessories; Food, Beverages & Tobacco; Beverages; Food Items."""


def category_of(*texts: str) -> Category:
    """Return the category of the first text that tells one; what no word tells is `lainnya`."""
    return known_category(*texts) or Category.LAINNYA


def known_category(*texts: str) -> Category | None:
    """Return the category of the first text that tells one, most precise first; its last level weighs most.

    The contract's own names and Google's numbers are known. None when no word tells: that may be food without a permit,
    and is not the same as a shop that says “lainnya”.
    """
    return next((found for text in texts if (found := _told(text))), None)


def _told(text: str) -> Category | None:
    plain = text.strip().casefold()
    if plain in _TOP_OF_GOOGLE:
        return _TOP_OF_GOOGLE[plain]
    if plain in set(Category):
        return Category(plain)
    levels = [set(re.findall(r"[^\W\d_]+", level)) for level in reversed(re.split(r"[>»/|]", plain))]
    for words in levels:
        found = {_BY_WORD[word] for word in words if word in _BY_WORD}
        for category in _WORDS:
            if category in found:
                return category
    return Category.LAINNYA if levels[0] & _OTHER else None
