"""Buyers of six kinds with the consents they gave, withdrew or never gave, and a few whose data is not in order."""

from datetime import datetime, timedelta
from random import Random

from marketing.domain.types import BuyerKind, Purpose
from marketing.sample.businesses import phone, slug
from marketing.sample.vocabulary import Place, Record, stamp

WORDING = "2026-1"
WITHOUT_EMAIL = 7
INVALID_EMAILS = ("tanpa-tanda-at.example", "dua@@kotak.example", "spasi di tengah@kotak.example", "@kotak.example")
MALFORMED_CONSENTS = 5

_SOURCES = ("checkout", "checkout", "formulir", "pameran")
_GIVES = {
    Purpose.PROMOTIONAL: 0.55,
    Purpose.NEWSLETTER: 0.6,
    Purpose.RETENTION: 0.4,
    Purpose.PERSONALISED: 0.35,
    Purpose.ENGAGEMENT_TRACKING: 0.45,
    Purpose.WHATSAPP_MARKETING: 0.3,
}
_KINDS = (
    (BuyerKind.MASYARAKAT, 70),
    (BuyerKind.PELAKU_UMKM, 9),
    (BuyerKind.PENYEDIA, 6),
    (BuyerKind.BADAN_USAHA, 6),
    (BuyerKind.BADAN_HUKUM_PEMERINTAH, 3),
    (BuyerKind.PERANGKAT_DAERAH, 6),
)
_PUBLIC_BODIES = ("Puskesmas", "SMP Negeri 2", "SMA Negeri 1", "RSUD", "Perpustakaan Daerah")
_ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


def make_buyers(place: Place, rng: Random, anchor: datetime) -> list[Record]:
    """Make the buyers of `place`; the irregular ones stand among the others, not at the end."""
    buyers = [_buyer(place, rng, anchor, number) for number in range(1, place.buyers + 1)]
    irregular = rng.sample(range(10, place.buyers), WITHOUT_EMAIL + len(INVALID_EMAILS) + MALFORMED_CONSENTS + 2)
    for _ in range(WITHOUT_EMAIL):
        buyers[irregular.pop()]["email"] = None
    for address in INVALID_EMAILS:
        buyers[irregular.pop()]["email"] = address
    for index in range(MALFORMED_CONSENTS):
        # Without a time a consent proves nothing (UU 27/2022 Ps. 24): these must not count.
        consent = {"purpose": "promotional", "state": "given", "wording_version": WORDING, "source": "pameran"}
        buyers[irregular.pop()]["consents"] = [consent if index % 2 else {**consent, "at": None}]
    first, second = buyers[irregular.pop()], buyers[irregular.pop()]
    mailbox, host = first["email"].split("@")
    second["email"] = f"{mailbox.title()}@{host.upper()}"
    return buyers


def has_address(buyer: Record) -> bool:
    """Return whether an order mail could reach the buyer at all."""
    return bool(buyer["email"]) and buyer["email"] not in INVALID_EMAILS


def _buyer(place: Place, rng: Random, anchor: datetime, number: int) -> Record:
    kinds, weights = zip(*_KINDS, strict=True)
    # The first six buyers are one of each kind, whatever the dice say.
    kind = _KINDS[number - 1][0] if number <= len(_KINDS) else rng.choices(kinds, weights)[0]
    name = _name(place, rng, kind)
    joined = (anchor - timedelta(days=rng.randint(20, 540))).replace(hour=rng.randint(7, 21), minute=rng.randint(0, 59))
    categories = ["makanan_olahan", "minuman", "kerajinan", "fesyen"]
    consents = _consents(rng, anchor, joined)
    latest = max((consent["at"] for consent in consents), default=stamp(joined))
    return {
        "id": f"B-{number:04d}",
        "name": name,
        "email": f"{slug(name)}.{number}@{rng.choice(('kotak', 'surat', 'pos'))}.example",
        "phone": phone(place, 200 + number) if rng.random() < 0.85 else None,  # noqa: PLR2004
        "kind": kind.value,
        "locale": "en" if rng.random() < 0.03 else "id",  # noqa: PLR2004
        "zone": place.zone if rng.random() < 0.75 else rng.choice(_ZONES),  # noqa: PLR2004
        "preferences": {"categories": rng.sample(categories, rng.randint(0, 3))},
        "consents": consents,
        "updated_at": latest,
    }


def _name(place: Place, rng: Random, kind: BuyerKind) -> str:
    if kind is BuyerKind.PERANGKAT_DAERAH:
        return rng.choice(place.offices)
    if kind is BuyerKind.BADAN_HUKUM_PEMERINTAH:
        return f"{rng.choice(_PUBLIC_BODIES)} {place.short}"
    if kind is BuyerKind.BADAN_USAHA:
        return rng.choice(place.companies)
    if rng.random() < 0.6:  # noqa: PLR2004
        return f"{rng.choice(place.women)} {rng.choice(place.women_families)}"
    return f"{rng.choice(place.men)} {rng.choice(place.men_families)}"


def _consents(rng: Random, anchor: datetime, joined: datetime) -> list[Record]:
    """Return the consents in the order of time: none, some, or given and later withdrawn."""
    if rng.random() < 0.15:  # noqa: PLR2004
        return []
    source = rng.choice(_SOURCES)
    entries = []
    for purpose, likelihood in _GIVES.items():
        if rng.random() >= likelihood:
            continue
        entries.append(_consent(purpose, "given", joined, source))
        if rng.random() < 0.12:  # noqa: PLR2004
            later = joined + (anchor - joined) * rng.uniform(0.2, 0.95)
            entries.append(_consent(purpose, "withdrawn", later, "formulir"))
    return sorted(entries, key=lambda entry: datetime.fromisoformat(entry["at"]))


def _consent(purpose: Purpose, state: str, moment: datetime, source: str) -> Record:
    return {
        "purpose": purpose.value,
        "state": state,
        "at": stamp(moment),
        "wording_version": WORDING,
        "source": source,
    }
