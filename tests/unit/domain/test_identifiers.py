"""Numbers as people type them; for the NIK the format oracle over a whole calendar."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.identifiers import (
    bpom_kind,
    could_be_halal_number,
    is_halal_number,
    is_nib,
    is_nik,
    is_placeholder,
    read_bpom,
    read_pirt,
)
from marketing.domain.region import is_bps_code, lacks_dots, regency_of


@pytest.mark.parametrize("number", ["0220123456789", "0220 1234 56789", "0220-1234-56789", "0220–1234–56789"])
def test_a_nib_is_thirteen_digits_and_may_begin_with_zero(number: str) -> None:
    assert is_nib(number)


@pytest.mark.parametrize("number", ["", "022012345678", "02201234567890", "022012345678X", "٠٢٢٠١٢٣٤٥٦٧٨٩"])
def test_anything_else_is_no_nib(number: str) -> None:
    assert not is_nib(number)


def nik(day: int, month: int, year: int, serial: str = "0001", place: str = "530201") -> str:
    return f"{place}{day:02d}{month:02d}{year % 100:02d}{serial}"


def test_every_day_that_exists_is_a_day_of_birth_for_men_and_women() -> None:
    for ordinal in range(date(1940, 1, 1).toordinal(), date(2027, 1, 1).toordinal()):
        born = date.fromordinal(ordinal)
        assert is_nik(nik(born.day, born.month, born.year))
        assert is_nik(nik(born.day + 40, born.month, born.year))


@pytest.mark.parametrize(
    "number",
    [
        *(nik(day, 5, 90) for day in (0, *range(32, 41), *range(72, 100))),
        *(nik(day, month, 90) for day, month in ((31, 4), (30, 2), (71, 4), (70, 2), (1, 0), (1, 13), (1, 99))),
        nik(29, 2, 2001),
        nik(69, 2, 1999),
        nik(1, 1, 90, serial="0000"),
        nik(1, 1, 90)[:15],
        nik(1, 1, 90) + "1",
        "530201010190000A",
        "５３０２０１０１０１９００００１",
        "",
    ],
)
def test_what_no_registry_would_issue_is_no_nik(number: str) -> None:
    assert not is_nik(number)


def test_the_leap_day_counts_in_leap_years_and_the_place_is_not_looked_at() -> None:
    assert is_nik(nik(29, 2, 2000))
    assert is_nik(nik(69, 2, 1996))
    assert is_nik(nik(1, 1, 90, place="999999"))


@pytest.mark.parametrize(
    ("text", "digits", "ends"),
    [
        ("2065302010123-29", "206530201012329", date(2029, 12, 31)),
        ("P-IRT No. 2065302010123-29", "206530201012329", date(2029, 12, 31)),
        ("PIRT: 206 5302 01 0123 – 29", "206530201012329", date(2029, 12, 31)),
        ("206530201012", "206530201012", None),
    ],
)
def test_a_pirt_as_it_is_typed(text: str, digits: str, ends: date | None) -> None:
    pirt = read_pirt(text)
    assert pirt
    assert (pirt.digits, pirt.ends, pirt.legacy) == (digits, ends, ends is None)
    assert (pirt.packaging, pirt.regency, pirt.known_packaging) == ("2", "5302", True)


@pytest.mark.parametrize(
    "text", ["", "P-IRT", "20653020101232", "2065302010123-2", "20653-02010123-29", "x2065302010123-29"]
)
def test_no_pirt(text: str) -> None:
    assert read_pirt(text) is None


@pytest.mark.parametrize("first", "1234567890")
def test_packaging_is_1_to_8(first: str) -> None:
    pirt = read_pirt(f"{first}065302010123-29")
    assert pirt
    assert pirt.known_packaging is (first not in "90")


@pytest.mark.parametrize(
    ("text", "kind"), [("MD 206531001234", "MD"), ("BPOM RI ML 206531001234567", "ML"), ("206-531-001-234", "")]
)
def test_a_bpom_number_has_12_or_15_digits(text: str, kind: str) -> None:
    bpom = read_bpom(text)
    assert bpom
    assert (bpom.kind, bpom_kind(text)) == (kind, kind)
    assert read_bpom(text + "1") is None


def test_halal_numbers() -> None:
    assert is_halal_number("ID53110000123456789")
    assert is_halal_number("id 5311 0000 1234 56789")
    assert not is_halal_number("53110000123456789")
    assert could_be_halal_number("MUI-lama-123")
    assert not could_be_halal_number("ada")
    assert not could_be_halal_number("00000000000000000")
    assert is_placeholder("1111")
    assert not is_placeholder("1")


@given(st.from_regex(r"[1-9][1-9]\.?(0[1-9]|[1-9][0-9])(\.?[0-9]{2}(\.?[0-9]{4})?)?", fullmatch=True))
def test_a_code_of_a_part_belongs_to_its_regency_and_reads_the_same_again(code: str) -> None:
    regency = regency_of(code)
    assert regency
    assert code.replace(".", "").startswith(regency.replace(".", ""))
    assert regency_of(regency) == regency
    assert lacks_dots(code) is ("." not in code)


@given(st.text(max_size=15))
def test_any_text_is_a_code_or_none(text: str) -> None:
    assert regency_of(text) is None or len(regency_of(text) or "") == 5


def test_bps_is_named_only_where_it_differs() -> None:
    assert is_bps_code("5304", "53.02")
    assert is_bps_code("5304010", "53.02")
    assert not is_bps_code("53.04", "53.02")
    assert not is_bps_code("3572", "35.72")
    assert not is_bps_code("5302", "53.02")
