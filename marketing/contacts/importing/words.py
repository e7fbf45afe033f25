"""Answers in a file of contacts: kinds of people, languages, zones, yes and no. Pure but for the zone list."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from marketing.domain.types import BuyerKind
from marketing.tabular.headings import key

Value = TypeVar("Value")


def _by_key(words: Mapping[Value, str]) -> dict[str, Value]:
    return {key(word): value for value, listed in words.items() for word in listed.split(",")}


KINDS: Final = _by_key(
    {
        BuyerKind.PELAKU_UMKM: "pelaku umkm, umkm, pelaku usaha, pelaku usaha mikro, usaha mikro",
        BuyerKind.PENYEDIA: "penyedia, penyedia barang jasa, vendor, supplier",
        BuyerKind.MASYARAKAT: "masyarakat, umum, masyarakat umum, perorangan, perseorangan, pembeli, warga, public",
        BuyerKind.BADAN_USAHA: "badan usaha, perusahaan, swasta, pt, cv, company, business",
        BuyerKind.BADAN_HUKUM_PEMERINTAH: "badan hukum pemerintah, badan hukum milik pemerintah, bumn, bumd, blud",
        BuyerKind.PERANGKAT_DAERAH: "perangkat daerah, opd, skpd, dinas, instansi, instansi pemerintah, pemerintah daerah",
    }
)
"""The six groups of Perwali Blitar 24/2024 Ps. 7(1), as people name them."""
LANGUAGES: Final = _by_key(
    {
        "id": "id, ind, indonesia, bahasa indonesia, id id",
        "en": "en, eng, english, inggris, bahasa inggris, en us, en gb",
    }
)
_ZONES: Final = _by_key(
    {
        "Asia/Jakarta": "wib, waktu indonesia barat, utc 7, gmt 7",
        "Asia/Makassar": "wita, waktu indonesia tengah, utc 8, gmt 8",
        "Asia/Jayapura": "wit, waktu indonesia timur, utc 9, gmt 9",
    }
)
YES: Final = frozenset(map(key, ("ya", "y", "yes", "iya", "setuju", "ok", "true", "1", "v", "given", "diberikan")))
NO: Final = frozenset(
    map(
        key,
        (
            "tidak", "t", "tdk", "no", "n", "tidak setuju", "menolak", "ditolak", "false", "0", "refused", "withdrawn",
            "ditarik", "dicabut", "berhenti", "batal", "belum",
        ),
    )
)  # fmt: skip
CHECKS: Final = frozenset("✓✔☑√")


@lru_cache(maxsize=1_000)
def zone_named(text: str) -> str | None:
    """Return the IANA name of a zone, or of WIB, WITA and WIT; None for anything else."""
    if known := _ZONES.get(key(text)):
        return known
    try:
        return ZoneInfo(text).key
    except (ValueError, OSError):  # unknown, or a path instead of a name
        return None
