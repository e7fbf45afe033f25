"""The spotlight is fair: over the days everybody stands in it, and equally often."""

from collections import Counter
from datetime import date, timedelta
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.rotation import turns

counts, places, days = st.integers(1, 60), st.integers(1, 8), st.dates(date(2024, 1, 1), date(2040, 1, 1))


@given(counts, places, days)
def test_everybody_comes_up_within_their_round(count: int, place: int, day: date) -> None:
    round_ = ceil(count / min(count, place))
    seen = {who for number in range(round_) for who in turns(count, place, day + timedelta(days=number))}
    assert seen == set(range(count))


@given(counts, places, days)
def test_in_as_many_days_as_there_are_businesses_all_come_up_equally_often(count: int, place: int, day: date) -> None:
    seen = Counter(who for number in range(count) for who in turns(count, place, day + timedelta(days=number)))
    assert set(seen.values()) == {min(count, place)}


@given(counts, places, days)
def test_nobody_stands_twice_on_one_day(count: int, place: int, day: date) -> None:
    shown = turns(count, place, day)
    assert len(set(shown)) == len(shown) == min(count, place)


def test_without_anybody_nobody_is_shown() -> None:
    assert turns(0, 4, date(2026, 11, 22)) == ()
