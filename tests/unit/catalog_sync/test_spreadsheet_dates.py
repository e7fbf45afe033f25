"""Days and moments: the day stands before the month, and a day begins at midnight in the Daerah."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.calendar_id import format_date_id
from marketing.tabular.cells import UnreadableError
from marketing.tabular.dates import day, moment

WITA = ZoneInfo("Asia/Makassar")
days = st.dates(date(1990, 1, 1), date(2140, 1, 1))


def excel(*parts: int) -> datetime:
    """Return a date as Excel keeps it, without a zone."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001  that is the point


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("31/12/2029", date(2029, 12, 31)),
        ("31-12-2029", date(2029, 12, 31)),
        ("31.12.2029", date(2029, 12, 31)),
        ("31 Desember 2029", date(2029, 12, 31)),
        ("Senin, 31 Des. 2029", date(2029, 12, 31)),
        ("1 Agt 2026", date(2026, 8, 1)),
        ("2 Nopember 2026", date(2026, 11, 2)),
        ("31-Dec-2029", date(2029, 12, 31)),
        ("2029-12-31", date(2029, 12, 31)),
        ("2029/12/31", date(2029, 12, 31)),
        ("03/04/2026", date(2026, 4, 3)),
        (excel(2029, 12, 31, 10, 30), date(2029, 12, 31)),
        (47_848, date(2030, 12, 31)),
        ("47848", date(2030, 12, 31)),
    ],
)
def test_days_as_people_write_them(written: Any, meant: date) -> None:
    assert day(written) == meant


@pytest.mark.parametrize(
    "written",
    ["12/31/2029", "31/12/29", "31/02/2026", "Desember 2029", "2029", "12/2029", "seumur hidup", "0/0/2029", 12, 10**9, True,
     "31 Foo 2029", "٣١/١٢/٢٠٢٩", "31/12/0029", float("nan"), float("inf")],
)  # fmt: skip
def test_days_nobody_can_be_sure_of(written: Any) -> None:
    with pytest.raises(UnreadableError, match="bukan tanggal yang jelas"):
        day(written)


@given(days)
def test_every_way_of_writing_a_day_means_the_same_day(one: date) -> None:
    written = (f"{one:%d/%m/%Y}", f"{one.day}-{one.month}-{one.year}", one.isoformat(), format_date_id(one))
    assert {day(text) for text in written} == {one}
    assert day((one - date(1899, 12, 30)).days) == one


@pytest.mark.parametrize(
    ("written", "ends", "meant"),
    [
        ("1 Agustus 2026", False, "2026-08-01T00:00:00+08:00"),
        ("31/12/2026", True, "2026-12-31T23:59:59+08:00"),
        ("2026-08-01T09:00:00+07:00", False, "2026-08-01T09:00:00+07:00"),
        ("2026-08-01 09:00:00", False, "2026-08-01T09:00:00+08:00"),
        ("1/8/2026 9:30", False, "2026-08-01T09:30:00+08:00"),
        ("1 Agustus 2026 pukul 09.30", False, "2026-08-01T09:30:00+08:00"),
        (excel(2026, 8, 1, 9, 30), True, "2026-08-01T09:30:00+08:00"),
        (excel(2026, 8, 1), True, "2026-08-01T23:59:59+08:00"),
    ],
)
def test_moments_are_local(written: Any, ends: bool, meant: str) -> None:
    assert moment(written, WITA, end_of_day=ends) == meant


@pytest.mark.parametrize(
    "written", ["1/8/2026 25:00", "2026-13-01T00:00:00Z", "kemarin", "0001-01-01T00:00:00+14:00 x"]
)
def test_moments_nobody_can_be_sure_of(written: str) -> None:
    with pytest.raises(UnreadableError):
        moment(written, WITA)


@given(
    st.text(max_size=30) | st.from_regex(r"[0-9]{1,4}[/. -][0-9]{1,2}[/. -][0-9]{1,4}( [0-9:.]{1,8})?", fullmatch=True)
)
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    try:
        found = moment(text, WITA)
    except UnreadableError:
        return
    assert datetime.fromisoformat(found).utcoffset() is not None
    assert datetime.fromisoformat(found) - datetime(1900, 1, 1, tzinfo=WITA) > timedelta(-2)
