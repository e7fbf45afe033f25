"""When and how often: the person's own wishes, the cap, the night by the person's own clock, the silent days."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.consent import ConsentState
from marketing.domain.frequency import FrequencyCap
from marketing.domain.holidays import NATIONAL, SILENT
from marketing.domain.permission import Allowed, Later, SendFacts, Skipped, SkipReason, decide, decide_for
from marketing.domain.quiet_hours import QuietHours, zone_of
from marketing.domain.types import BuyerKind, EmailType, Purpose

WITA, WIB, WIT = ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
CAP, QUIET = FrequencyCap(), QuietHours()
DAY = datetime(2026, 11, 23, 10, tzinfo=WITA)
PERSON = SendFacts(
    has_address=True,
    erased=False,
    suppressed=False,
    consent={Purpose.PROMOTIONAL: ConsentState.GIVEN},
    local=DAY,
)


def promote(facts: SendFacts, quiet: QuietHours | None = QUIET) -> object:
    return decide(facts, EmailType.PROMOTIONAL, CAP, quiet)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (replace(PERSON, paused=True), SkipReason.PAUSED),
        (replace(PERSON, weekly_limit=1, marketing_this_week=1), SkipReason.OWN_LIMIT),
        (replace(PERSON, weekly_limit=0), SkipReason.OWN_LIMIT),
        (replace(PERSON, marketing_recently=4), SkipReason.TOO_OFTEN),
        (replace(PERSON, paused=True, restricted=True), SkipReason.RESTRICTED),
        (replace(PERSON, weekly_limit=9, marketing_this_week=4, marketing_recently=4), SkipReason.TOO_OFTEN),
        (replace(PERSON, suppressed=True, suppression="legal"), SkipReason.LEGAL_STOP),
        (replace(PERSON, suppressed=True, suppression="manual"), SkipReason.SUPPRESSED),
    ],
)
def test_the_strongest_reason_is_the_one_that_is_told(facts: SendFacts, reason: SkipReason) -> None:
    found = promote(facts)
    assert isinstance(found, Skipped)
    assert found.reason is reason


def test_a_wish_below_its_limit_lets_the_message_go() -> None:
    assert promote(replace(PERSON, weekly_limit=2, marketing_this_week=1)) == Allowed()


def test_order_mail_knows_no_pause_no_limit_and_no_night_but_obeys_a_legal_order() -> None:
    night = replace(PERSON, paused=True, weekly_limit=0, marketing_recently=99, local=DAY.replace(hour=3))
    assert decide(night, EmailType.TRANSACTIONAL, CAP, QUIET) == Allowed()
    ordered = decide(replace(night, suppressed=True, suppression="legal"), EmailType.TRANSACTIONAL, CAP, QUIET)
    assert ordered == Skipped(SkipReason.LEGAL_STOP, "UU 27/2022 Ps. 42")


@pytest.mark.parametrize(
    ("local", "until"),
    [
        (datetime(2026, 11, 23, 19, 59, 59, tzinfo=WITA), None),
        (datetime(2026, 11, 23, 20, 0, tzinfo=WITA), datetime(2026, 11, 24, 0, 0, tzinfo=UTC)),
        (datetime(2026, 11, 24, 0, 0, tzinfo=WITA), datetime(2026, 11, 24, 0, 0, tzinfo=UTC)),
        (datetime(2026, 11, 24, 7, 59, 59, tzinfo=WITA), datetime(2026, 11, 24, 0, 0, tzinfo=UTC)),
        (datetime(2026, 11, 24, 8, 0, tzinfo=WITA), None),
        (datetime(2026, 11, 23, 21, 0, tzinfo=WIB), datetime(2026, 11, 24, 1, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 21, 0, tzinfo=WIT), datetime(2026, 11, 23, 23, 0, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=WITA), datetime(2027, 1, 1, 0, 0, tzinfo=UTC)),
        # Christmas: from its eve's evening until the morning after
        (datetime(2026, 12, 24, 22, 0, tzinfo=WITA), datetime(2026, 12, 26, 0, 0, tzinfo=UTC)),
        (datetime(2026, 12, 25, 9, 0, tzinfo=WITA), datetime(2026, 12, 26, 0, 0, tzinfo=UTC)),
        (datetime(2026, 12, 25, 3, 0, tzinfo=WITA), datetime(2026, 12, 26, 0, 0, tzinfo=UTC)),
        (datetime(2026, 8, 17, 9, 0, tzinfo=WITA), None),
    ],
)
def test_marketing_waits_for_eight_in_the_morning_where_the_person_lives(
    local: datetime, until: datetime | None
) -> None:
    expected = Allowed() if until is None else Later(until)
    assert promote(replace(PERSON, local=local)) == expected


def test_sosialisasi_keeps_the_night_too() -> None:
    at_night = replace(PERSON, local=DAY.replace(hour=22), kind=BuyerKind.PENYEDIA)
    assert isinstance(decide_for(at_night, Purpose.SOSIALISASI, CAP, QUIET), Later)


def test_without_quiet_hours_a_rehearsal_goes_out_at_night() -> None:
    assert promote(replace(PERSON, local=DAY.replace(hour=2)), None) == Allowed()


def test_an_office_may_keep_every_holiday_or_none() -> None:
    independence = datetime(2026, 8, 17, 9, tzinfo=WITA)
    assert QuietHours(holidays=frozenset(NATIONAL)).wait_until(independence) == datetime(2026, 8, 18, 8, tzinfo=WITA)
    assert QuietHours(holidays=frozenset()).wait_until(datetime(2026, 12, 25, 9, tzinfo=WITA)) is None


def test_two_holidays_in_a_row_are_waited_for_together() -> None:
    both = frozenset({date(2026, 3, 21), date(2026, 3, 22)})
    assert QuietHours(holidays=both).wait_until(datetime(2026, 3, 20, 21, tzinfo=WIB)) == datetime(
        2026, 3, 23, 8, tzinfo=WIB
    )


def test_the_silent_days_are_national_holidays() -> None:
    assert set(NATIONAL) >= SILENT
    assert len([day for day in NATIONAL if day.year == 2026]) == 17


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 30)),  # noqa: DTZ001  hypothesis wants bounds without a zone
    st.sampled_from([WIB, WITA, WIT, ZoneInfo("Europe/Amsterdam")]),
)
def test_waiting_once_is_enough_and_never_longer_than_needed(moment: datetime, zone: ZoneInfo) -> None:
    local = moment.replace(tzinfo=zone)
    until = QUIET.wait_until(local)
    if until is None:
        assert time(8) <= local.time() < time(20)
        assert local.date() not in SILENT
    else:
        assert until > local
        assert QUIET.wait_until(until) is None
        assert until.date() - local.date() <= timedelta(days=2)


@pytest.mark.parametrize("name", ["", "Asia/Tidakada", "../../etc/passwd", "Asia/Makassar\x00", "x" * 300])
def test_an_unknown_zone_is_the_daerahs(name: str) -> None:
    assert zone_of(name, WITA) is WITA
    assert zone_of("Asia/Jakarta", WITA) == WIB
