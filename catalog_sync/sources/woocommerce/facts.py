"""What the law asks for and WooCommerce has no field for: read from product attributes and from `siar_` meta. Pure.

An attribute is found by its Indonesian name however it is spelled (“P-IRT”, “No. PIRT”); meta `siar_pirt` or `_siar_pirt`
says the same and wins, because it was put there on purpose.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

PREFIX: Final = re.compile(r"_?siar_([a-z_]{1,40})", re.ASCII)
_YES: Final = frozenset({"ya", "yes", "true", "1", "ada", "sudah"})
_DIGIT: Final = re.compile(r"[0-9]")

_NAMES: Final[Mapping[str, str]] = {
    "pirt": "pirt nopirt nomorpirt izinpirt sppirt nosppirt nomorsppirt",
    "pirt_expires": "masaberlakupirt berlakupirt pirtberlaku pirtberlakusampai kedaluwarsapirt masaberlaku berlakuhingga"
    " berlakusampai",
    "bpom": "bpom nobpom nomorbpom izinbpom bpommd bpomml izinedar noizinedar nomorizinedar nie",
    "bpom_expires": "masaberlakubpom berlakubpom bpomberlaku masaberlakuizinedar",
    "sni": "sni nosni nomorsni",
    "hki": "hki haki nohki nomorhki merekterdaftar",
    "halal": "halal statushalal sertifikasihalal",
    "halal_number": "nohalal nomorhalal sertifikathalal nosertifikathalal nomorsertifikathalal",
    "unit": "satuan unit satuanjual",
    "min_order": "minimalpesanan minimumpesanan minimalorder minorder minimalpembelian minpembelian",
    "order_text": "carapesan carapemesanan caramemesan caraorder",
    "whatsapp": "whatsapp wa nowa nomorwa nowhatsapp nomorwhatsapp",
    "verification_status": "verifikasi terverifikasi statusverifikasi",
    "verified_by": "diverifikasioleh verifikator timverifikasi",
    "verified_at": "tanggalverifikasi tglverifikasi diverifikasipada",
    "business_nib": "nib nonib nomornib",
    "business_name": "umkm namaumkm namausaha pelakuusaha produsen pengrajin perajin",
    "business_scale": "skalausaha",
    "business_domicile_kecamatan": "kecamatan",
}
_ALIASES: Final = {alias: name for name, aliases in _NAMES.items() for alias in aliases.split()}
_STATUSES: Final[Mapping[str, str]] = {
    "verified": "verified terverifikasi lolos disetujui ya yes 1 sudah true",
    "rejected": "rejected ditolak tidaklolos tidakdisetujui",
    "revoked": "revoked dicabut dibatalkan",
}
_STATUS: Final = {word: status for status, words in _STATUSES.items() for word in words.split()}
_HALAL: Final[Mapping[str, str]] = {
    "certified": "certified bersertifikat tersertifikasi",
    "not_halal": "nothalal tidakhalal nonhalal haram",
    "not_required": "notrequired tidakwajib tidakperlu",
}
_HALAL_STATUS: Final = {word: status for status, words in _HALAL.items() for word in words.split()}


def facts_of(attributes: Iterable[tuple[str, str]], meta: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return facts by our own names; the first attribute of a name counts, meta wins over attributes."""
    found: dict[str, str] = {}
    for name, value in attributes:
        fact = _ALIASES.get(_plain(name))
        if fact and value.strip():
            found.setdefault(fact, value.strip())
    for name, value in meta:
        match = PREFIX.fullmatch(name.strip().casefold())
        if match and value.strip():
            found[match[1]] = value.strip()
    return found


def verification(facts: Mapping[str, str], prefix: str = "") -> dict[str, Any] | None:
    """Return a verification of the contract; a status nobody knows is `pending`, never verified. None when nothing is said."""
    said = facts.get(f"{prefix}verification_status", "")
    if not said:
        return None
    parts = {
        "status": _STATUS.get(_plain(said), "pending"),
        "by": facts.get(f"{prefix}verified_by"),
        "at": moment(facts.get(f"{prefix}verified_at", "")),
        "note": facts.get(f"{prefix}verification_note"),
    }
    return {name: value for name, value in parts.items() if value}


def permits(facts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the permits; an expiry that is no date is passed on, so that the record is set aside and not trusted."""
    found = []
    for fact in ("pirt", "bpom", "sni", "hki"):
        number = facts.get(fact)
        if not number:
            continue
        permit: dict[str, Any] = {"type": _permit_type(fact, number), "number": number}
        if facts.get(f"{fact}_expires"):
            permit["expires"] = day(facts[f"{fact}_expires"])
        found.append(permit)
    return found


def halal(facts: Mapping[str, str]) -> dict[str, str] | None:
    """Return the halal status; only a number makes a product certified, “Halal: ya” alone is a claim (UU 33/2014 Ps. 4)."""
    said = facts.get("halal", "")
    number = facts.get("halal_number", "") or (said if _DIGIT.search(said) and _plain(said) not in _YES else "")
    status = _HALAL_STATUS.get(_plain(facts.get("halal_status", "") or said), "")
    if number and status in ("", "certified"):
        return {"status": "certified", "number": number}
    if status and status != "certified":
        return {"status": status}
    return {"status": "unknown"} if said or status else None


def yes(text: str) -> bool:
    """Return whether a cell says yes."""
    return _plain(text) in _YES


def day(text: str) -> str:
    """Return YYYY-MM-DD for a day as Indonesians write it (31-12-2029, 31/12/2029, 31 Desember 2029), else the text."""
    words = re.findall(r"[0-9]+|[^\W\d_]+", text.casefold())
    if len(words) != len(("day", "month", "year")):
        return text.strip()
    first, month, last = words
    if month[:3] in _MONTHS:
        month = str(_MONTHS[month[:3]])
    if len(last) == len("2029") and first.isdigit() and month.isdigit():
        return f"{last}-{month:0>2}-{first:0>2}"
    return text.strip()


def moment(text: str) -> str | None:
    """Return RFC 3339; a bare day is its first second in UTC, other texts are passed on for the contract to judge."""
    plain = day(text)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", plain, re.ASCII):
        return f"{plain}T00:00:00Z"
    return plain or None


_MONTHS: Final = {
    month: number
    for number, months in enumerate(
        ("jan", "feb peb", "mar", "apr", "mei may", "jun", "jul", "agu aug", "sep", "okt oct", "nov nop", "des dec"), 1
    )
    for month in months.split()
}


def _permit_type(fact: str, number: str) -> str:
    if fact == "bpom":
        return "BPOM_ML" if "ml" in re.split(r"[^a-z]+", number.casefold()) else "BPOM_MD"
    return fact.upper()


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())
