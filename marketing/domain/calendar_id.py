"""Dates and times as people in Indonesia write them; pure, the moment and the zone are parameters.

Written here and not left to a locale library so that a mail, a page and the signed report print the same letters on
every machine. WIB, WITA and WIT come from the zone's own abbreviation in the IANA data.
"""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

MONTHS: Final = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)

MONTHS_EN: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS: Final = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
WEEKDAYS_EN: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def in_zone(moment: datetime, zone: ZoneInfo | str) -> datetime:
    """Return the same moment on the wall clock of `zone`; a naive moment is refused, it would read the machine's zone."""
    if moment.utcoffset() is None:
        raise ValueError(f"The moment {moment.isoformat()} has no zone; pass an aware datetime.")
    return moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


def local_date(moment: datetime, zone: ZoneInfo | str) -> date:
    """Return the calendar day that `moment` falls on in `zone`: the day permits and duties are counted by."""
    return in_zone(moment, zone).date()


def format_date_id(day: date) -> str:
    """Return a day in words, `14 November 2026`; a moment is refused because its day depends on the zone."""
    return format_date(day, "id")


def format_date(day: date, language: str) -> str:
    """Return a day in words in a reader's language, `6 Desember 2026` or `6 December 2026`; a moment is refused."""
    if isinstance(day, datetime):
        raise TypeError("A moment has no day without a zone; use local_date first.")
    months = MONTHS_EN if language == "en" else MONTHS
    return f"{day.day} {months[day.month - 1]} {day.year}"


def format_weekday(day: date, language: str) -> str:
    """Return the name of the day of the week in a reader's language."""
    return (WEEKDAYS_EN if language == "en" else WEEKDAYS)[day.weekday()]


def format_period(first: date, last: date, language: str) -> str:
    """Return two days as one period, naming month and year once where they are the same: `1–15 Desember 2026`."""
    until = format_date(last, language)
    if first == last:
        return until
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{until}"
    since = format_date(first, language)
    return f"{since.removesuffix(f' {last.year}')} – {until}"


def format_datetime_id(moment: datetime, zone: ZoneInfo | str) -> str:
    """Return a moment in words with its zone, `22 November 2026 16.05 WITA`."""
    return format_datetime(moment, zone, "id")


def format_datetime(moment: datetime, zone: ZoneInfo | str, language: str) -> str:
    """Return a moment in a reader's language: `6 Desember 2026 16.05 WITA` or `6 December 2026 16:05 WITA`."""
    local = in_zone(moment, zone)
    clock = f"{local:%H:%M}" if language == "en" else f"{local:%H.%M}"
    return f"{format_date(local.date(), language)} {clock} {local.tzname()}"
