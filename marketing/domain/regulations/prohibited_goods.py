"""Goods that may not be traded or promoted online at all, told by clear words in name and description.

A short lexicon with citations, made to be right rather than complete: the managing team verifies every product anyway
(Blitar Ps. 6(2)b). Words that are also something else need company: `gula Sabu` is a syrup, `mie mercon` a noodle,
`tas dari bungkus rokok` a craft, `bir pletok` has no alcohol.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from marketing.domain.product import Category, Product
from marketing.domain.regulations.base import Finding
from marketing.domain.regulations.lexicon import ending_in, folded, told, whole_words

LAW_ALCOHOL: Final = "Perpres 74/2013 dan Permendag 20/M-DAG/PER/4/2014 Ps. 14, 30"
LAW_NARCOTICS: Final = "UU 35/2009 tentang Narkotika"
LAW_TOBACCO: Final = "PP 28/2024 Ps. 434(1)f dan 446"
LAW_MEDICINE: Final = "UU 17/2023 tentang Kesehatan dan PerBPOM 8/2020"
LAW_WEAPONS: Final = "UU Darurat 12/1951"
LAW_WILDLIFE: Final = "UU 5/1990 jo. UU 32/2024"

_NEGATED: Final = r"tanpa|bebas|bukan|non|anti|tidak|tak|dilarang|tidak mengandung"
_DEPICTED: Final = r"motif|gambar|bertema|miniatur|replika|imitasi|tiruan|pengganti"
_HOLDS: Final = r"tempat|kotak|bungkus|wadah|asbak|dompet|puntung|asap|abu|pipa|korek|bekas|gelas"


HARMLESS_BEFORE: Final = ending_in(f"{_NEGATED}|{_DEPICTED}")
"""What makes any of the words harmless: `tanpa bahan narkotika`, `tanpa rokok dan miras`, `motif daun ganja`."""
HOLDER_BEFORE: Final = ending_in(f"{_NEGATED}|{_DEPICTED}|{_HOLDS}")
"""For drink and tobacco also what contains it or is left of it: `wadah sopi`, `tas dari bungkus rokok`."""
SWEET_BEFORE: Final = re.compile(r"\b(?:gula|gula \w+|cuka|sirup|sari|jus|teh|rasa|warna)[ -]+$")
"""What makes the name of a drink an ingredient or a flavour: `gula semut sopi`, `sari anggur merah`."""


@dataclass(frozen=True, slots=True)
class Ban:
    """One kind of prohibited goods: how a person calls it, the words that tell it, and the law."""

    label: str
    words: re.Pattern[str]
    law: str
    excuse: re.Pattern[str] = HARMLESS_BEFORE


BANS: Final = (
    Ban(
        "minuman beralkohol",
        whole_words(
            "minuman beralkohol",
            "minuman keras",
            "miras",
            "minol",
            r"(?:arak|sopi|tuak|moke|laru|ciu|anggur|nira) (?:beralkohol|keras)",
            "sopi kepala",
            "arak bali",
            "whiske?y",
            "vodka",
            "tequila",
        ),
        LAW_ALCOHOL,
        HOLDER_BEFORE,
    ),
    Ban(
        "narkotika",
        whole_words(
            "narkotika",
            "narkoba",
            "psikotropika",
            "ganja",
            "mariyuana",
            "kokain",
            "heroin",
            "sabu-sabu",
            "pil ekstasi",
            "tembakau gorila",
            "jamur tahi sapi",
        ),
        LAW_NARCOTICS,
    ),
    Ban(
        "rokok atau produk tembakau",
        whole_words(
            "rokok",
            "rokok elektri[kc]",
            "vape",
            "liquid vape",
            "cerutu",
            "tembakau (?:linting|iris|rajangan|shag|kunyah)",
        ),
        LAW_TOBACCO,
        HOLDER_BEFORE,
    ),
    Ban(
        "obat keras",
        whole_words(
            "obat keras",
            "(?:obat|kapsul|tablet|salep) antibiotik",
            "amoksisilin",
            "amoxicillin",
            "tramadol",
            "misoprostol",
            "obat aborsi",
            "obat penggugur(?: kandungan)?",
            "viagra",
        ),
        LAW_MEDICINE,
    ),
    Ban("senjata api atau bahan peledak", whole_words("senjata api", "amunisi", "bahan peledak"), LAW_WEAPONS),
    Ban(
        "satwa dilindungi",
        whole_words(
            "gading gajah",
            "sisik (?:trenggiling|penyu)",
            "(?:telur|daging|cangkang) penyu",
            "kulit harimau",
            "cula badak",
        ),
        LAW_WILDLIFE,
    ),
)

LOCAL_LIQUOR: Final = ("arak(?! masak)", "sopi", "tuak(?! manis)", "moke", "ciu")
LOCAL_DRINKS: Final = whole_words(
    *LOCAL_LIQUOR, "bir(?! (?:pletok|kotjok|kocok|jawa|jahe|temulawak))", "wine", "sake", "soju", "anggur merah"
)
"""Drinks by their local names; each is also a sugar, a fruit or a colour, so they count in the name of a drink only."""
LEADING_LIQUOR: Final = re.compile(rf"(?:(?:minuman|jual|paket) )?{whole_words(*LOCAL_LIQUOR).pattern}")
"""Outside the category of drinks the name must begin with the liquor: `Sopi asli`, not `Gula semut sopi`."""
SAYS_ALCOHOL: Final = whole_words("beralkohol")
NEVER_A_DRINK: Final = frozenset({Category.FESYEN, Category.KERAJINAN, Category.JASA})


def prohibited(product: Product) -> Iterator[Finding]:
    """Find prohibited goods by their words; each kind is named once, with the word that told it."""
    texts = (folded(product.name), folded(product.description))
    alcohol_told = False
    for ban in BANS:
        word = next((found for text in texts if (found := _first(ban.words, text, ban.excuse))), None)
        if word:
            alcohol_told = alcohol_told or ban.law == LAW_ALCOHOL
            yield _finding(ban.label, word, ban.law)
    if not alcohol_told and (drink := _local_drink(product, texts)):
        yield _finding("minuman beralkohol", drink, LAW_ALCOHOL)


def _local_drink(product: Product, texts: tuple[str, str]) -> str | None:
    """Name the traditional liquor a product is, judged by its name; the description of a drink counts only if it says `beralkohol`."""
    name = texts[0]
    if product.category is Category.MINUMAN:
        found = _first(LOCAL_DRINKS, name, SWEET_BEFORE, HOLDER_BEFORE)
        return found or next(filter(None, (_first(SAYS_ALCOHOL, text, HARMLESS_BEFORE) for text in texts)), None)
    if product.category in NEVER_A_DRINK:
        return None
    leading = LEADING_LIQUOR.match(name)
    return leading.group() if leading else None


def _finding(label: str, word: str, law: str) -> Finding:
    return Finding(
        f"Termasuk barang terlarang untuk dipromosikan: {label} (kata “{word}”).",
        "tarik produk ini; bila katanya keliru, perbaiki nama atau deskripsinya.",
        law,
    )


def _first(words: re.Pattern[str], text: str, *excuses: re.Pattern[str]) -> str | None:
    return next(told(words, text, *excuses), None)
