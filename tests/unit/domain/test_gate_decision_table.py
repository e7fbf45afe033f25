"""All combinations of defects against a table written from the text of the regulations, not from the code."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from marketing.domain.product import Category, HalalStatus, Permit, Product, VerificationStatus
from tests.unit.domain.gate_products import BLITAR, TTS, business, codes, lawful

Spoil = Callable[[Product], Product]
Table = dict[str, tuple[Spoil, str]]

NEXT_YEAR = datetime(2027, 3, 1, tzinfo=UTC)
LAPSED = (Permit("PIRT", "2085302010456-26", date(2026, 11, 23)),)

TTS_TABLE: Table = {
    "pertanian": (lambda p: replace(p, category=Category.PERTANIAN), "TTS 1(6)"),
    "no NIB": (lambda p: business(p, nib="912000111222"), "TTS 10(1)a"),
    "not fostered": (lambda p: business(p, is_binaan=False), "TTS 10(1)b"),
    "no price": (lambda p: replace(p, price=None), "TTS 10(1)c"),
    "sold out": (lambda p: replace(p, stock=0), "TTS 10(1)c"),
    "rejected": (
        lambda p: replace(p, verification=replace(p.verification, status=VerificationStatus.REJECTED)),
        "TTS 10(1)c",
    ),
    "nameless business": (lambda p: business(p, name=""), "TTS 10(1)c"),
    "from Belu": (lambda p: business(p, domicile_region="53.04"), "TTS 10(1)d"),
    "no NIK": (lambda p: business(p, nik_given=False, nik_verified=False), "TTS 10(1)e"),
    "lapsed": (lambda p: replace(p, permits=LAPSED), "TTS 10(2)"),
    "halal unknown": (lambda p: replace(p, halal=HalalStatus.UNKNOWN), "TTS 10(2)"),
    "narcotics": (lambda p: replace(p, description=f"{p.description} Teh daun ganja."), "TTS 10(2)"),
    "claim": (lambda p: replace(p, description=f"{p.description} Menurunkan kolesterol."), "TTS 10(1)c"),
    "early": (lambda p: replace(p, verification=replace(p.verification, at=NEXT_YEAR)), "TTS 10(1)c"),
}
BLITAR_TABLE: Table = {
    "pending": (
        lambda p: replace(p, verification=replace(p.verification, status=VerificationStatus.PENDING)),
        "Blitar 6(2)b",
    ),
    "from Kabupaten Blitar": (lambda p: business(p, domicile_region="35.05"), "Blitar 8(1)"),
    "untraced": (lambda p: replace(p, verification=replace(p.verification, by=None)), "Blitar 8(2)"),
    "pertanian": (lambda p: replace(p, category=Category.PERTANIAN), ""),
    "no permit": (lambda p: replace(p, permits=()), "Blitar 8(3)"),
    "halal without number": (lambda p: replace(p, halal_number=" "), "Blitar 8(3)"),
    "tobacco": (lambda p: replace(p, description="Tembakau iris pilihan"), "Blitar 8(3)"),
    "claim": (lambda p: replace(p, name=f"{p.name} obat asam urat"), "Blitar 8(3)"),
    "early": (lambda p: replace(p, verification=replace(p.verification, at=NEXT_YEAR)), "Blitar 8(2)"),
    "no unit": (lambda p: replace(p, unit=""), "Blitar 9(1)a"),
    "no picture": (lambda p: replace(p, pictures=()), "Blitar 9(1)a"),
    "nowhere": (lambda p: business(p, address="", domicile_kecamatan=""), "Blitar 9(1)b"),
    "unreachable": (lambda p: business(p, phone="", email=""), "Blitar 9(1)b"),
    "sold out": (lambda p: replace(p, stock=0), "Blitar 9(1)c"),
}
FOOD_ONLY = {"lapsed", "halal unknown", "no permit", "halal without number", "claim"}


def expected(table: Table, present: set[str]) -> set[str]:
    """The union of the rows, but what is eaten raw has no food rules, and only a `verified` has a trace and a time."""
    silent = set(FOOD_ONLY) if "pertanian" in present else set()
    silent |= {"untraced", "early"} if present & {"pending", "rejected"} else set()
    return {table[name][1] for name in present - silent} - {""}


def run(table: Table, regulation: str) -> int:
    """Decide every combination; each product is its neighbour without the last defect, spoiled once more."""
    products = {frozenset[str](): lawful(regulation)}
    for name, (spoil, _code) in table.items():
        products |= {present | {name}: spoil(product) for present, product in products.items()}
    for present, product in products.items():
        assert codes(product, regulation) == expected(table, set(present)), present
    return len(products)


def test_tts_over_all_combinations() -> None:
    assert run(TTS_TABLE, TTS) == 2**14


def test_blitar_over_all_combinations() -> None:
    assert run(BLITAR_TABLE, BLITAR) == 2**14
