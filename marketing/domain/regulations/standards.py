"""Goods that must carry SNI: as food they cannot be covered by a P-IRT, as other goods they are only pointed out.

* UU 20/2014 lets ministers make an SNI compulsory; goods under it need the SPPT SNI mark. PerBPOM 4/2024 keeps food under
  a compulsory SNI out of P-IRT: it needs BPOM MD.
* The lists change by ministerial decree, so only what has been on them for years is here, and only by how a name begins.
"""

import re
from collections.abc import Iterator
from typing import Final

from marketing.domain.product import Product
from marketing.domain.regulations.base import Finding
from marketing.domain.regulations.lexicon import folded, whole_words
from marketing.domain.regulations.permits import FOOD, is_licensed_by_bpom

LAW_SNI: Final = "UU 20/2014 dan PerBPOM 4/2024"
LAW_SNI_GOODS: Final = "UU 20/2014"

_FOOD: Final = re.compile(
    r"(?:(?P<air>air (?:minum dalam kemasan|mineral|demineral|minum embun)|amdk)"
    r"|(?P<garam>garam (?:konsumsi|dapur|meja|beriodium|beryodium|yodium))"
    r"|(?P<terigu>tepung terigu)"
    r"|(?P<minyak>minyak (?:goreng(?: kelapa)? sawit|goreng sawit))"
    r"|(?P<gula>gula (?:kristal|pasir|rafinasi))"
    r"|(?P<kopi>kopi instan)"
    r"|(?P<ikan>(?:sarden|makarel|tuna) (?:kaleng|dalam kaleng|dalam kemasan kaleng)))(?!\w|-\w)"
)
_KINDS: Final = {
    "air": "air minum dalam kemasan",
    "garam": "garam konsumsi beriodium",
    "terigu": "tepung terigu",
    "minyak": "minyak goreng sawit",
    "gula": "gula kristal",
    "kopi": "kopi instan",
    "ikan": "ikan dalam kaleng",
}
_GOODS: Final = whole_words(
    r"mainan(?: edukasi)? (?:anak|kayu|bayi)|mainan anak-anak",
    r"helm(?: motor| anak| half face)?(?! mini)",
    r"(?:baju|pakaian|popok|selimut) bayi",
)


def beyond_home_industry(product: Product) -> Iterator[Finding]:
    """Find food under a compulsory SNI that only a P-IRT covers."""
    found = _FOOD.match(folded(product.name)) if product.category in FOOD and product.kind != "service" else None
    covered = is_licensed_by_bpom(product) or not any(permit.type == "PIRT" for permit in product.permits)
    if found and found.lastgroup and not covered:
        yield Finding(
            f"Pangan wajib SNI ({_KINDS[found.lastgroup]}) tidak dapat memakai izin P-IRT.",
            "urus izin BPOM MD beserta sertifikat SNI, lalu isi nomornya di katalog.",
            LAW_SNI,
        )


def standards_to_check(product: Product) -> Iterator[Finding]:
    """Find goods that look as if an SNI were compulsory and name none: toys, helmets, clothes of babies."""
    if product.category in FOOD or product.kind == "service" or any(permit.type == "SNI" for permit in product.permits):
        return
    if found := _GOODS.search(folded(product.name)):
        yield Finding(
            f"Barang seperti ini (“{found.group()}”) dapat terkena SNI wajib.",
            "periksa apakah SNI wajib berlaku; bila ya, isi nomor sertifikat SNI di katalog.",
            LAW_SNI_GOODS,
        )
