"""Odd forms and discounts are remarked and never hold; a false discount is never the price."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.product import Category, HalalStatus, Permit, Product, Sale, SaleFault
from marketing.domain.remarks import remarks
from tests.unit.domain.gate_products import NOW, REGIONS, TTS, business, judge, lawful

DAY = timedelta(days=1)
BEFORE_DUTY = datetime(2026, 10, 1, tzinfo=UTC)


def said(product: Product, now: datetime = NOW) -> list[str]:
    assert judge(product, TTS, now).promotable
    return [one.text for one in remarks(product, region_code=REGIONS[TTS], zone="Asia/Makassar", now=now)]


def test_a_lawful_product_has_no_remarks() -> None:
    assert said(lawful(TTS)) == []


@pytest.mark.parametrize(
    ("product", "text"),
    [
        (business(lawful(TTS), nib="1111111111111"), "NIB 1111111111111 hanya satu angka yang diulang."),
        (
            business(lawful(TTS), domicile_region="5302"),
            "Kode wilayah 5302 ditulis tanpa titik dan dibaca sebagai 53.02.",
        ),
        (
            lawful(TTS, permits=(Permit("PIRT", "9085302010456-30"),)),
            "Angka pertama P-IRT 9085302010456-30 bukan kode kemasan 1 sampai 8.",
        ),
        (
            lawful(TTS, permits=(Permit("PIRT", "2083572010456-30"),)),
            "P-IRT 2083572010456-30 terbit untuk wilayah 35.72, bukan 53.02.",
        ),
        (
            lawful(TTS, halal_number="15100012345678"),
            "Nomor halal 15100012345678 tidak berbentuk ID dan 17 angka.",
        ),
        (
            lawful(TTS, name="Madu Amfoang", halal=HalalStatus.NOT_REQUIRED, halal_number=""),
            "Dianggap bahan alam yang dikecualikan dari kewajiban bersertifikat halal.",
        ),
        (
            lawful(TTS, name="Mainan kayu", category=Category.KERAJINAN, permits=()),
            "Barang seperti ini (“mainan kayu”) dapat terkena SNI wajib.",
        ),
    ],
)
def test_what_is_odd_is_remarked_and_holds_nothing(product: Product, text: str) -> None:
    assert said(product) == [text]


def test_the_halal_duty_announces_itself() -> None:
    product = lawful(TTS, halal=HalalStatus.UNKNOWN, halal_number="")
    assert said(product, BEFORE_DUTY) == ["Status halal belum diketahui; wajib mulai 18 Oktober 2026."]


@pytest.mark.parametrize(
    ("price", "sale", "fault"),
    [
        (45_000, Sale(44_999, NOW, NOW + DAY), None),
        (45_000, Sale(40_000, NOW, NOW + 366 * DAY), None),
        (45_000, Sale(45_000, NOW, NOW + DAY), SaleFault.NO_REDUCTION),
        (45_000, Sale(60_000, NOW, NOW + DAY), SaleFault.NO_REDUCTION),
        (45_000, Sale(0, NOW, NOW + DAY), SaleFault.NOTHING_TO_PAY),
        (45_000, Sale(-1, NOW, NOW + DAY), SaleFault.NOTHING_TO_PAY),
        (45_000, Sale(40_000, NOW, NOW + 367 * DAY), SaleFault.TOO_LONG),
        (None, Sale(40_000, NOW, NOW + DAY), SaleFault.NO_BEFORE_PRICE),
    ],
)
def test_only_a_real_discount_is_the_price(price: int | None, sale: Sale, fault: SaleFault | None) -> None:
    product = lawful(TTS, price=price, sale=sale)
    assert sale.fault(price) is fault
    assert product.sale_at(NOW) == (None if fault else sale)
    assert product.price_at(NOW) == (price if fault else sale.price)
    if price is not None:
        assert any("Diskon tidak ditampilkan" in text for text in said(product)) is (fault is not None)


def test_a_discount_counts_to_its_last_moment_and_then_asks_to_be_removed() -> None:
    product = lawful(TTS, sale=Sale(40_000, NOW, NOW + DAY))
    assert product.price_at(NOW + DAY) == 40_000
    assert product.price_at(NOW - timedelta(microseconds=1)) == 45_000
    later = NOW + DAY + timedelta(microseconds=1)
    assert product.price_at(later) == 45_000
    assert said(product, later) == ["Diskon sudah berakhir 25 November 2026 11.00 WITA."]


def test_a_steep_discount_is_remarked() -> None:
    assert "lebih dari 90%" in said(lawful(TTS, sale=Sale(4_000, NOW, NOW + DAY)))[0]


@given(price=st.integers(1, 10**9), sale=st.integers(-5, 10**9), length=st.integers(0, 800), at=st.integers(-1, 801))
def test_the_price_in_force_is_never_above_the_normal_one_and_never_nothing(
    price: int, sale: int, length: int, at: int
) -> None:
    product = lawful(TTS, price=price, sale=Sale(sale, NOW, NOW + length * DAY))
    shown = product.price_at(NOW + at * DAY)
    assert shown is not None
    assert 0 < shown <= price
    assert product == replace(product)
