"""The clocks of UU 27/2022 run by the clock on the wall; a request only moves as the table says."""

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.data_rights import (
    BREACH_ARTICLE,
    DEADLINES,
    OPEN,
    TRANSITIONS,
    Clock,
    RequestState,
    RightKind,
    breach_due_at,
    clock_of,
    due_at,
)
from marketing.domain.transitions import change
from marketing.errors import TransitionError

WITA = ZoneInfo("Asia/Makassar")
K, S = RightKind, RequestState
MOMENTS = st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  hypothesis wants naive bounds


@pytest.mark.parametrize("kind", RightKind)
def test_asked_on_friday_at_half_past_five_it_is_due_on_monday_at_half_past_five(kind: RightKind) -> None:
    friday = datetime(2026, 11, 20, 17, 30, tzinfo=WITA)
    due = due_at(kind, friday).astimezone(WITA)
    assert due == datetime(2026, 11, 23, 17, 30, tzinfo=WITA)
    assert (friday.weekday(), due.weekday()) == (4, 0)


@given(MOMENTS)
def test_a_breach_is_told_within_seventy_two_hours(known: datetime) -> None:
    assert breach_due_at(known) - known == timedelta(hours=72)
    assert BREACH_ARTICLE.endswith("Ps. 46")


@pytest.mark.parametrize(
    ("kind", "article", "in_the_act"),
    [
        (K.ACCESS, "Ps. 32", True),
        (K.RECTIFY, "Ps. 30", True),
        (K.RESTRICT, "Ps. 41", True),
        (K.OBJECT, "Ps. 10", False),
        (K.ERASE, "Ps. 43", False),
        (K.PORTABILITY, "Ps. 13", False),
    ],
)
def test_each_clock_names_its_article_and_whether_the_act_has_a_number(
    kind: RightKind, article: str, in_the_act: bool
) -> None:
    row = DEADLINES[kind]
    assert row.duty == f"UU 27/2022 {article}"
    assert (row.in_the_act, row.within) == (in_the_act, timedelta(hours=72))


def test_the_table_knows_every_right_and_every_state() -> None:
    assert set(DEADLINES) == set(RightKind)
    assert set(TRANSITIONS) == set(RequestState)


@pytest.mark.parametrize(("old", "new"), list(product(RequestState, RequestState)))
def test_what_is_closed_stays_closed_and_nothing_is_received_again(old: RequestState, new: RequestState) -> None:
    allowed = old in OPEN and new is not S.RECEIVED and (old, new) != (S.IN_PROGRESS, S.IN_PROGRESS)
    if allowed:
        assert change(TRANSITIONS, old, new) is new
    else:
        with pytest.raises(TransitionError):
            change(TRANSITIONS, old, new)


@pytest.mark.parametrize(
    ("hours", "clock"),
    [(0, Clock.RUNNING), (47.9, Clock.RUNNING), (48, Clock.SOON), (72, Clock.SOON), (72.001, Clock.OVERDUE)],
)
def test_an_open_request_is_soon_in_its_last_day_and_then_overdue(hours: float, clock: Clock) -> None:
    received = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    due, now = due_at(K.ACCESS, received), received + timedelta(hours=hours)
    assert clock_of(S.RECEIVED, due, now) is clock_of(S.IN_PROGRESS, due, now) is clock
    assert clock_of(S.DONE, due, now) is clock_of(S.REFUSED, due, now) is Clock.STOPPED
