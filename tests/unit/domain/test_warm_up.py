"""A new domain's traffic grows by the table, and never faster."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.warm_up import HOURLY, hourly_cap, hours_needed

BEGAN = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)


def test_twenty_one_days_follow_the_table_and_then_nothing_holds() -> None:
    caps = [hourly_cap(BEGAN, BEGAN + timedelta(days=day, hours=23)) for day in range(22)]
    assert caps == [*HOURLY, None]


def test_an_old_domain_has_no_cap_and_a_clock_before_the_beginning_is_day_zero() -> None:
    assert hourly_cap(None, BEGAN) is None
    assert hourly_cap(BEGAN, BEGAN - timedelta(days=3)) == HOURLY[0]


@given(st.integers(0, 600), st.integers(0, 30))
def test_the_hours_needed_are_enough_and_one_less_is_not(hours: int, more: int) -> None:
    now = BEGAN + timedelta(hours=hours)
    mails = 1 + more * 700
    needed = hours_needed(BEGAN, now, mails)
    caps = [hourly_cap(BEGAN, now + timedelta(hours=hour)) for hour in range(needed)]
    allowed = sum(mails if cap is None else cap for cap in caps)
    before = sum(mails if cap is None else cap for cap in caps[:-1])
    assert allowed >= mails > before


def test_nothing_needs_no_time() -> None:
    assert hours_needed(BEGAN, BEGAN, 0) == 0
