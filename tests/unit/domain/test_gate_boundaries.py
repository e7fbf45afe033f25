"""The edges: the last valid day in the tenant's zone, the day halal became a duty, numbers as people type them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from marketing.domain.product import Category, HalalStatus, Permit, Product, Verification, VerificationStatus
from tests.unit.domain.gate_products import BLITAR, NOW, TTS, business, codes, judge, lawful, texts

LAST_DAY = date(2026, 11, 14)
LIMITED = (Permit("PIRT", "2085302010456-26", LAST_DAY),)
TRADE = {TTS: "TTS 10(2)", BLITAR: "Blitar 8(3)"}
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("regulation", "midnight"),
    [
        (TTS, datetime(2026, 11, 14, 16, 0, tzinfo=UTC)),  # 15 November 00.00 WITA
        (BLITAR, datetime(2026, 11, 14, 17, 0, tzinfo=UTC)),  # 15 November 00.00 WIB
    ],
)
def test_a_permit_is_valid_through_its_last_day_in_the_tenants_zone(regulation: str, midnight: datetime) -> None:
    product = lawful(regulation, permits=LIMITED)
    assert judge(product, regulation, midnight - SECOND).promotable
    assert texts(product, regulation, midnight) == ["P-IRT kedaluwarsa 14 November 2026."]
    assert codes(product, regulation, midnight) == {TRADE[regulation]}


@pytest.mark.parametrize("regulation", [TTS, BLITAR])
@pytest.mark.parametrize("status", [HalalStatus.UNKNOWN, HalalStatus.NOT_REQUIRED])
def test_halal_is_a_duty_from_18_october_2026_in_jakarta(regulation: str, status: HalalStatus) -> None:
    duty = datetime(2026, 10, 17, 17, 0, tzinfo=UTC)
    product = lawful(regulation, halal=status, halal_number="")
    assert judge(product, regulation, duty - SECOND).promotable
    assert codes(product, regulation, duty) == {TRADE[regulation]}


def test_a_medium_business_had_the_halal_duty_two_years_earlier() -> None:
    duty = datetime(2024, 10, 17, 17, 0, tzinfo=UTC)
    product = business(lawful(BLITAR, halal=HalalStatus.UNKNOWN), scale="menengah")
    assert judge(product, BLITAR, duty - SECOND).promotable
    assert codes(product, BLITAR, duty) == {"Blitar 8(3)"}


@pytest.mark.parametrize("number", ["ID53110000987654321", "MUI-lama-123"])
def test_the_format_of_a_halal_number_holds_nothing(number: str) -> None:
    assert judge(lawful(TTS, halal_number=number), TTS).promotable


@pytest.mark.parametrize("category", [Category.KERAJINAN, Category.FESYEN])
def test_what_is_not_eaten_needs_no_food_permit_and_no_halal(category: Category) -> None:
    assert judge(lawful(TTS, category=category, permits=(), halal=HalalStatus.UNKNOWN), TTS).promotable


@pytest.mark.parametrize(
    ("kind", "number", "expires"),
    [
        ("PIRT", "2085302010456-30", None),
        ("PIRT", "208530201045630", date(2030, 1, 1)),
        ("PIRT", "P-IRT No. 2085302010456-30", None),
        ("PIRT", "PIRT: 208 5302 01 0456-30", None),
        ("PIRT", "208530201045", date(2027, 1, 1)),
        ("BPOM_MD", "BPOM RI MD 208531001234", None),
        ("BPOM_MD", "208531001234567", None),
    ],
)
def test_permit_numbers_as_they_are_typed(kind: str, number: str, expires: date | None) -> None:
    assert judge(lawful(TTS, permits=(Permit(kind, number, expires),)), TTS).promotable


@pytest.mark.parametrize(
    ("permit", "text"),
    [
        (Permit("PIRT", ""), "Nomor P-IRT tidak sah: (kosong)."),
        (Permit("PIRT", "20853020104563"), "Nomor P-IRT tidak sah: 20853020104563."),
        (Permit("PIRT", "２０８５３０２０１０４５６30"), "Nomor P-IRT tidak sah: ２０８５３０２０１０４５６30."),
        (Permit("PIRT", "208530201045"), "P-IRT 208530201045 bernomor lama (12 angka) tanpa tanggal berlaku."),
        (Permit("PIRT", "2085302010456-25"), "P-IRT kedaluwarsa 31 Desember 2025."),
        (Permit("BPOM_MD", "MD 20853100123"), "Nomor BPOM MD tidak sah: MD 20853100123."),
        (Permit("SNI", "01-2973"), "Produk pangan belum punya izin edar (P-IRT atau BPOM MD)."),
    ],
)
def test_a_bad_permit_is_named(permit: Permit, text: str) -> None:
    assert texts(lawful(TTS, permits=(permit,)), TTS) == [text]


@pytest.mark.parametrize("permit", [Permit("BPOM_ML", "ML 208531001234"), Permit("BPOM_MD", "BPOM RI ML 208531001234")])
def test_an_import_permit_is_refused_even_beside_a_valid_one(permit: Permit) -> None:
    good = lawful(TTS).permits
    assert texts(lawful(TTS, permits=(*good, permit)), TTS) == [
        f"BPOM ML {permit.number} adalah izin pangan impor, bukan produk UMKM."
    ]


@pytest.mark.parametrize("nib", ["9120001112223", " 9120-0011-12223 ", "0000.0000.0000.1"])
def test_nib_is_thirteen_digits_however_parted(nib: str) -> None:
    assert judge(business(lawful(TTS), nib=nib), TTS).promotable


@pytest.mark.parametrize("nib", ["", "912000111222", "91200011122233", "9120001112A23", "９１２０００１１１２２２３"])
def test_anything_else_is_no_nib(nib: str) -> None:
    assert codes(business(lawful(TTS), nib=nib), TTS) == {"TTS 10(1)a"}


@pytest.mark.parametrize("code", ["53.02", "5302", "53.02.01", "530201", "53.02.01.2001", "5302012001", " 53.02 "])
def test_the_domicile_is_the_ministrys_code_with_or_without_dots_and_parts(code: str) -> None:
    assert judge(business(lawful(TTS), domicile_region=code), TTS).promotable


def test_the_bps_code_of_the_daerah_is_held_and_the_right_one_is_told() -> None:
    (reason,) = judge(business(lawful(TTS), domicile_region="5304"), TTS).reasons
    assert reason.code == "TTS 10(1)d"
    assert "kode BPS" in reason.text
    assert "53.02" in reason.cure


@pytest.mark.parametrize(
    "code",
    ["53.04", "53", "5.302", "53.2", "٥٣.٠٢", "53.02.", "530", "00.02", "10.02", "53.00", "Timor Tengah Selatan"],
)
def test_anything_else_is_another_place_or_no_code(code: str) -> None:
    assert codes(business(lawful(TTS), domicile_region=code), TTS) == {"TTS 10(1)d"}


@pytest.mark.parametrize(("regulation", "code"), [(TTS, "TTS 10(1)c"), (BLITAR, "Blitar 8(2)")])
def test_a_verification_may_be_a_day_ahead_of_our_clock_and_no_more(regulation: str, code: str) -> None:
    def verified(at: datetime) -> Product:
        return lawful(regulation, verification=Verification(VerificationStatus.VERIFIED, "Ibu Yuliana", at))

    assert judge(verified(NOW + timedelta(days=1)), regulation).promotable
    assert codes(verified(NOW + timedelta(days=1) + SECOND), regulation) == {code}


@pytest.mark.parametrize("number", ["ada", "-", "0", "000000", "ID00000000000000000", "sedang diproses", "12"])
def test_a_word_is_no_halal_number(number: str) -> None:
    assert codes(lawful(TTS, halal_number=number), TTS) == {"TTS 10(2)"}


@pytest.mark.parametrize(
    ("name", "description", "exempt"),
    [
        ("Madu Amfoang", "Madu hutan murni tanpa campuran.", True),
        ("Kopi bubuk Mollo", "Digiling halus, tanpa gula dan tanpa bahan tambahan.", True),
        ("Tempe Blitar", "Kedelai pilihan.", True),
        ("Madu rasa jahe", "Manis.", False),
        ("Kopi bubuk Mollo", "Dicampur gula.", False),
        ("Permen madu", "Madu hutan.", False),
        ("Keripik kacang hijau", "Renyah.", False),
        ("Maduku", "Madu.", False),
    ],
)
def test_only_natural_goods_are_excused_from_the_halal_certificate(name: str, description: str, exempt: bool) -> None:
    product = lawful(TTS, name=name, description=description, halal=HalalStatus.NOT_REQUIRED, halal_number="")
    assert codes(product, TTS) == (set() if exempt else {"TTS 10(2)"})
    assert codes(replace(product, halal=HalalStatus.UNKNOWN), TTS) == {"TTS 10(2)"}


@pytest.mark.parametrize(
    "name", ["AMDK 600 ml", "Air mineral Mutis", "Tepung terigu", "Garam konsumsi", "Gula pasir", "Kopi instan"]
)
def test_food_under_a_compulsory_sni_needs_more_than_a_pirt(name: str) -> None:
    assert codes(lawful(TTS, name=name), TTS) == {"TTS 10(2)"}
    assert judge(lawful(TTS, name=name, permits=(Permit("BPOM_MD", "208531001234"),)), TTS).promotable


@pytest.mark.parametrize(
    "name", ["Gula semut", "Gula aren", "Garam bawang", "Kue tepung terigu", "Minyak kelapa", "Tuna suwir"]
)
def test_food_that_only_sounds_like_it_does_not(name: str) -> None:
    assert judge(lawful(TTS, name=name), TTS).promotable


@pytest.mark.parametrize(
    ("price", "text"),
    [
        (0, "Harga Rp0 tidak mungkin benar."),
        (None, "Harga belum diisi."),
        (1_000_000_001, "Harga Rp1.000.000.001 tidak masuk akal (di atas Rp1.000.000.000)."),
    ],
)
def test_a_price_that_cannot_be_right_is_named(price: int | None, text: str) -> None:
    assert texts(lawful(BLITAR, price=price), BLITAR) == [text]


def test_every_missing_thing_is_its_own_reason() -> None:
    product = business(lawful(TTS, name="", unit="", pictures=(), stock=0), phone="", email="")
    assert [reason.code for reason in judge(product, TTS).reasons] == ["TTS 10(1)c"] * 5


def test_a_product_never_seen_by_the_team_is_held_once() -> None:
    product = lawful(BLITAR, verification=Verification(VerificationStatus.PENDING))
    assert codes(product, BLITAR) == {"Blitar 6(2)b"}


def test_citations_name_the_law_behind() -> None:
    (reason,) = judge(lawful(BLITAR, permits=()), BLITAR).reasons
    assert reason.citation == "Perwali Blitar 24/2024 Pasal 8 ayat (3) jo. UU 18/2012 Ps. 91 dan PerBPOM 4/2024"
