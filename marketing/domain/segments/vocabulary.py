"""The words of the written form: each has an English name, which is printed, and an Indonesian one, which is read too."""

from collections.abc import Mapping
from typing import Final

from marketing.domain.segments.tree import Deed, Field, Match

AND, OR, NOT, IN = "and", "or", "not", "in"
CONTAINS, NAME, CREATED, TOPICS, BOUGHT = "contains", "name", "created", "topics", "bought"
CONSENT, ADDRESS, SUPPRESSED, SEGMENT = "consent", "address", "suppressed", "segment"
CATEGORY, PRODUCT, BUSINESS, DAYS, TIMES, SPENT = "category", "product", "business", "days", "times", "spent"
CAMPAIGN = "campaign"

INDONESIAN: Final[Mapping[str, str]] = {
    "dan": AND,
    "atau": OR,
    "bukan": NOT,
    "tidak": NOT,
    "salah_satu_dari": IN,
    "memuat": CONTAINS,
    "nama": NAME,
    "terdaftar": CREATED,
    "topik": TOPICS,
    "membeli": BOUGHT,
    "izin": CONSENT,
    "alamat": ADDRESS,
    "dihentikan": SUPPRESSED,
    "segmen": SEGMENT,
    "kategori": CATEGORY,
    "produk": PRODUCT,
    "usaha": BUSINESS,
    "hari": DAYS,
    "kali": TIMES,
    "senilai": SPENT,
    "kampanye": CAMPAIGN,
    "kelompok": Field.KIND,
    "bahasa": Field.LOCALE,
    "zona": Field.ZONE,
    "sumber": Field.SOURCE,
    "semua": Match.ALL,
    "salah_satu": Match.ANY,
    "tanpa": Match.NONE,
    "menerima": Deed.RECEIVED,
    "mengklik": Deed.CLICKED,
}


def meaning(word: str) -> str:
    """Return the English name of a word of the language; any other word comes back in small letters."""
    small = word.lower()
    return INDONESIAN.get(small, small)
