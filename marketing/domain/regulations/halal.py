"""The halal duty of food and drink (UU 33/2014, PP 42/2024 Ps. 160): a certificate, or the statement "tidak halal".

The staging ended on 17 Oct 2024 for medium and large businesses (1) and on 17 Oct 2026 for micro and small ones (2).
Natural goods, untreated or treated by hand or machine alone, need no certificate (KMA 1360/2021): the catalogue has to
say so (`not_required`) and nothing in name or description may speak of an addition.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from marketing.domain.calendar_id import format_date_id, local_date
from marketing.domain.identifiers import could_be_halal_number, is_halal_number
from marketing.domain.product import Business, HalalStatus, Product
from marketing.domain.regulations.base import Finding
from marketing.domain.regulations.lexicon import folded, whole_words
from marketing.domain.regulations.permits import FOOD

LAW_HALAL: Final = "UU 33/2014 dan PP 42/2024 Ps. 160"
LAW_EXEMPT: Final = "KMA 1360/2021"
HALAL_DUE: Final = date(2026, 10, 18)
HALAL_DUE_MEDIUM: Final = date(2024, 10, 18)
HALAL_ZONE: Final = "Asia/Jakarta"  # a national duty begins at one moment everywhere, in the capital's time

_NATURAL: Final = re.compile(
    r"(?:madu|telur (?:ayam|bebek|puyuh|segar)|susu segar|beras|jagung (?:pipil|titi|bose kering)|kacang (?:tanah|hijau|merah)"
    r"|sorgum|kopi (?:biji|bubuk)|biji kopi|teh (?:daun|hijau|hitam|kering)|daun kelor kering|kelor kering|rumput laut"
    r"|kelapa parut|kemiri|kunyit|cengkih|cengkeh|pala|lada|merica|kayu manis|vanili|tempe|asam jawa)(?!\w|-\w)"
)
_ADDED: Final = whole_words(
    r"campur(?:an)?|dicampur|tambah(?:an)?|ditambah|rasa|aneka rasa|perisa|perasa|pewarna|pengawet|krimer|creamer|"
    r"goreng|digoreng|bumbu|berbumbu|manis|gula|susu bubuk|coklat|cokelat|jahe instan|instan|sachet|sirup|olahan|keripik|"
    r"kue|kapsul|ekstrak|sosis|bakso|daging|ayam|kerupuk|mix|infus(?:ed)?"
)

_WITHOUT: Final = re.compile(
    r"\b(?:tanpa|bebas|non)(?: (?:bahan|zat))? \w+(?: (?:dan|atau|maupun) (?!tanpa\b|bebas\b|non\b)(?:bahan |zat )?\w+)?"
)
"""What is said to be missing is no addition: `tanpa gula dan pewarna`."""


def halal_due(business: Business) -> date:
    """Return the first day of the halal duty for this business (PP 42/2024 Ps. 160(1) medium, (2) micro and small)."""
    return HALAL_DUE_MEDIUM if business.scale == "menengah" else HALAL_DUE


def is_natural(product: Product) -> bool:
    """Return whether the name begins with a natural good and no addition is spoken of: honey, ground coffee, rice, tempe."""
    name = folded(product.name)
    found = _NATURAL.match(name)
    rest = f"{name[found.end() :]} {folded(product.description)}" if found else ""
    return found is not None and not _ADDED.search(_WITHOUT.sub(" ", rest))


def halal(product: Product, now: datetime) -> Iterator[Finding]:
    """Find food or drink that, once the duty is in force, is neither certified with a number nor declared not halal."""
    due = halal_due(product.business)
    if product.category not in FOOD or local_date(now, HALAL_ZONE) < due:
        return
    since = f"wajib sejak {format_date_id(due)}"
    if product.halal is HalalStatus.CERTIFIED:
        number = product.halal_number.strip()
        if not number:
            yield Finding(
                "Nomor sertifikat halal belum diisi.", "isi nomor sertifikat halal (ID dan 17 angka).", LAW_HALAL
            )
        elif not could_be_halal_number(number):
            yield Finding(
                f"Nomor sertifikat halal “{number}” bukan nomor.",
                "isi nomor sertifikat halal (ID dan 17 angka).",
                LAW_HALAL,
            )
    elif product.halal is HalalStatus.NOT_REQUIRED:
        if not is_natural(product):
            yield Finding(
                f"Produk ditandai tidak wajib halal, padahal makanan dan minuman {since}.",
                "isi nomor sertifikat halal, atau nyatakan produk tidak halal.",
                LAW_HALAL,
            )
    elif product.halal is HalalStatus.UNKNOWN:
        yield Finding(
            f"Status halal belum diketahui; {since}.",
            "urus sertifikat halal dan isi nomornya, atau nyatakan produk tidak halal.",
            LAW_HALAL,
        )


def halal_to_check(product: Product, now: datetime) -> Iterator[Finding]:
    """Find halal facts that hold nothing but should be looked at: an odd number, an exemption, a duty that is near."""
    if product.category not in FOOD:
        return
    number = product.halal_number.strip()
    due = halal_due(product.business)
    if product.halal is HalalStatus.CERTIFIED and could_be_halal_number(number) and not is_halal_number(number):
        yield Finding(
            f"Nomor halal {number} tidak berbentuk ID dan 17 angka.",
            "tulis nomor sertifikat dari BPJPH, bukan nomor ketetapan atau sertifikat MUI lama.",
            LAW_HALAL,
        )
    elif product.halal is HalalStatus.NOT_REQUIRED and is_natural(product):
        yield Finding(
            "Dianggap bahan alam yang dikecualikan dari kewajiban bersertifikat halal.",
            "pastikan tidak ada bahan tambahan atau bahan penolong.",
            LAW_EXEMPT,
        )
    elif product.halal is HalalStatus.UNKNOWN and local_date(now, HALAL_ZONE) < due:
        yield Finding(
            f"Status halal belum diketahui; wajib mulai {format_date_id(due)}.",
            "urus sertifikat halal sebelum tanggal itu, atau nyatakan produk tidak halal.",
            LAW_HALAL,
        )
