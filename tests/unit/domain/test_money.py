import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.money import format_rupiah


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "Rp0"),
        (999, "Rp999"),
        (1_000, "Rp1.000"),
        (350_000, "Rp350.000"),
        (1_000_000_000, "Rp1.000.000.000"),
        (-25_000, "-Rp25.000"),
    ],
)
def test_prices_as_indonesia_prints_them(amount: int, text: str) -> None:
    assert format_rupiah(amount) == text


@given(st.integers())
def test_no_rupiah_is_lost_and_every_group_but_the_first_has_three_digits(amount: int) -> None:
    text = format_rupiah(amount)
    assert int(text.replace("Rp", "").replace(".", "")) == amount
    first, *groups = text.replace("-", "").removeprefix("Rp").split(".")
    assert 1 <= len(first) <= 3
    assert all(len(group) == 3 for group in groups)


def test_a_float_is_never_a_price() -> None:
    with pytest.raises(ValueError, match="format code"):
        format_rupiah(1.5)  # type: ignore[arg-type]
