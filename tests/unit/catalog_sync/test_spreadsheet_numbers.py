"""Money, counts and weights: what an Indonesian wrote comes back as it was meant, what two people could read is refused."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.sources.spreadsheet.numbers import LARGEST, grams, money, quantity
from marketing.domain.money import format_rupiah
from marketing.tabular.cells import UnreadableError

amounts = st.integers(0, LARGEST)


@pytest.mark.parametrize(
    ("written", "rupiah"),
    [
        ("Rp 50.000", 50_000),
        ("Rp50.000,-", 50_000),
        ("50000", 50_000),
        ("50.000", 50_000),
        ("50.000,00", 50_000),
        ("Rp. 1.250.000", 1_250_000),
        ("rp.1.250.000,--", 1_250_000),
        ("IDR 75.000", 75_000),
        ("75.000 rupiah", 75_000),
        ("Rp\xa050.000", 50_000),
        ("50 000", 50_000),
        ("1,250,000", 1_250_000),
        ("50,000.00", 50_000),
        ("50000.00", 50_000),
        ("50rb", 50_000),
        ("50 ribu", 50_000),
        ("50k", 50_000),
        ("1,5 juta", 1_500_000),
        ("1.5jt", 1_500_000),
        ("Rp 12,5rb", 12_500),
        ("0", 0),
        (50_000, 50_000),
        (50_000.0, 50_000),
        (19_999.999999999996, 20_000),
    ],
)
def test_prices_as_people_write_them(written: Any, rupiah: int) -> None:
    assert money(written) == rupiah


@pytest.mark.parametrize(
    "written",
    [
        "50,000", "Rp 50,000", "1.500 ribu", "1,500 juta", "50.0000", "5.00.000", "0.500", "050000", "mahal", "50.000-75.000",
        "Rp 50.000/lembar", "-50000", "Rp -50.000", "(50.000)", "50.000,50", "50000.25", "0,5", "٥٠٠٠٠", "1e5", "1.23E+06",
        "", "Rp", "=10000*5", "0812 3456 7890", "9" * 40, 50_000.5, -1, -0.5, True, math.inf, -math.inf, math.nan, 1e300,
    ],
)  # fmt: skip
def test_what_may_mean_something_else_is_refused(written: Any) -> None:
    with pytest.raises(UnreadableError):
        money(written)


def test_the_reason_for_an_ambiguous_price_says_what_to_write() -> None:
    with pytest.raises(UnreadableError, match=r"50,000.*tidak jelas.*50000 atau 50\.000"):
        money("50,000")


@given(amounts)
def test_a_printed_price_is_read_back(amount: int) -> None:
    assert money(format_rupiah(amount)) == amount


@given(
    amounts,
    st.sampled_from(["Rp", "Rp ", "Rp. ", "rp.", "IDR ", ""]),
    st.sampled_from(["", ",-", ",00", ",--", " rupiah"]),
)
def test_every_habit_of_writing_a_price_is_read_back(amount: int, before: str, after: str) -> None:
    assert money(f"{before}{amount:,d}".replace(",", ".") + after) == amount


@given(st.integers(0, 10**9))
def test_numbers_of_excel_are_read_back(amount: int) -> None:
    assert money(amount) == money(float(amount)) == money(str(amount)) == amount


@given(st.text(max_size=40) | st.from_regex(r"[Rrp. ]{0,4}[0-9.,\- ]{1,20}", fullmatch=True))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        amount = money(text)
    except UnreadableError:
        return
    assert 0 <= amount <= LARGEST
    digits = "".join(letter for letter in text if letter.isdigit())
    assert digits.lstrip("0").startswith(str(amount).rstrip("0")) or amount == 0


@pytest.mark.parametrize(
    ("written", "count"),
    [("12", 12), ("12 pcs", 12), ("12pcs", 12), ("1.200 lembar", 1_200), (12, 12), (12.0, 12), ("12,0", 12), ("0", 0)],
)
def test_counts(written: Any, count: int) -> None:
    assert quantity(written) == count


@pytest.mark.parametrize(
    "written",
    [
        "1,200",
        "2 lusin",
        "3 kodi",
        "±50",
        ">100",
        "12,5",
        "-3",
        -3,
        12.5,
        "dua",
        "10-20",
        "10 x 2",
        True,
        2**31,
        "10 rb",
    ],
)
def test_counts_nobody_can_be_sure_of(written: Any) -> None:
    with pytest.raises(UnreadableError):
        quantity(written)


@pytest.mark.parametrize(
    ("written", "unit", "weight"),
    [
        ("250 gram", "", 250), ("250gr", "", 250), ("0,25 kg", "", 250), ("0.125 kg", "", 125), ("1,5 kg", "", 1_500),
        ("2 ons", "", 200), ("250", "", 250), ("1.500", "gram", 1_500), (0.25, "kg", 250), (250, "gram", 250), ("2", "kg", 2_000),
        ("300 gram", "kg", 300),
    ],
)  # fmt: skip
def test_weights_in_grams(written: Any, unit: str, weight: int) -> None:
    assert grams(written, unit) == weight


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("1.250 kg", ""),
        ("1,250 kg", ""),
        ("0,25", ""),
        ("250 ml", ""),
        ("seperempat kg", ""),
        (-1, "kg"),
        ("1/4 kg", ""),
    ],
)
def test_weights_nobody_can_be_sure_of(written: Any, unit: str) -> None:
    with pytest.raises(UnreadableError):
        grams(written, unit)
