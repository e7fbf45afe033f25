from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.calendar_id import (
    MONTHS,
    format_date_id,
    format_datetime_id,
    format_period,
    in_zone,
    local_date,
)

ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Asia/Jakarta", "22 November 2026 15.05 WIB"),
        ("Asia/Makassar", "22 November 2026 16.05 WITA"),
        ("Asia/Jayapura", "22 November 2026 17.05 WIT"),
    ],
)
def test_one_moment_in_three_zones(zone: str, text: str) -> None:
    moment = datetime(2026, 11, 22, 8, 5, tzinfo=UTC)
    assert format_datetime_id(moment, zone) == text
    assert format_datetime_id(moment, ZoneInfo(zone)) == text


def test_new_years_eve_is_another_day_in_each_zone() -> None:
    moment = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    assert local_date(moment, "Asia/Jakarta") == date(2026, 12, 31)
    assert format_datetime_id(moment, "Asia/Makassar") == "1 Januari 2027 00.30 WITA"


@given(moments, st.sampled_from(list(ZONES)))
def test_the_words_can_be_read_back(moment: datetime, zone: str) -> None:
    day, month, year, clock, name = format_datetime_id(moment, zone).split(" ")
    hour, minute = clock.split(".")
    read = datetime(int(year), MONTHS.index(month) + 1, int(day), int(hour), int(minute), tzinfo=ZoneInfo(zone))
    assert read == moment.replace(second=0, microsecond=0)
    assert name == ZONES[zone]


@given(moments, st.integers(-12, 14), st.sampled_from(list(ZONES)))
def test_how_the_moment_was_written_does_not_matter(moment: datetime, hours: int, zone: str) -> None:
    elsewhere = moment.astimezone(timezone(timedelta(hours=hours)))
    assert format_datetime_id(elsewhere, zone) == format_datetime_id(moment, zone)


@given(st.dates())
def test_dates_carry_no_leading_zero_and_keep_their_parts(day: date) -> None:
    number, month, year = format_date_id(day).split(" ")
    assert (int(year), MONTHS.index(month) + 1, int(number)) == (day.year, day.month, day.day)
    assert not number.startswith("0")


def test_what_has_no_zone_or_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        in_zone(datetime(2026, 1, 1), "Asia/Jakarta")  # noqa: DTZ001
    with pytest.raises(TypeError, match="local_date"):
        format_date_id(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("first", "last", "indonesian", "english"),
    [
        (date(2026, 12, 6), date(2026, 12, 6), "6 Desember 2026", "6 December 2026"),
        (date(2026, 12, 1), date(2026, 12, 15), "1–15 Desember 2026", "1–15 December 2026"),
        (date(2026, 11, 22), date(2026, 12, 6), "22 November – 6 Desember 2026", "22 November – 6 December 2026"),
        (
            date(2026, 12, 20),
            date(2027, 1, 3),
            "20 Desember 2026 – 3 Januari 2027",
            "20 December 2026 – 3 January 2027",
        ),
        (
            date(2025, 12, 1),
            date(2026, 12, 1),
            "1 Desember 2025 – 1 Desember 2026",
            "1 December 2025 – 1 December 2026",
        ),
    ],
)
def test_a_period_names_month_and_year_once(first: date, last: date, indonesian: str, english: str) -> None:
    assert format_period(first, last, "id") == indonesian
    assert format_period(first, last, "en") == english
