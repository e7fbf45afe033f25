"""Date and time fields: the tenant's wall clock, read strictly."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _

FIRST_YEAR, LAST_YEAR = 2000, 2100


def read_moment(day: str, hour: str, zone: ZoneInfo) -> datetime | None:
    """Return the moment of both fields, None when both are empty; InvalidInputError names the one that does not fit."""
    day, hour = day.strip(), hour.strip()
    if not day and not hour:
        return None
    if not day:
        raise InvalidInputError(_("Isi tanggalnya juga."), field="tanggal")
    if not hour:
        raise InvalidInputError(_("Isi jamnya juga."), field="jam")
    try:
        chosen_day = date.fromisoformat(day)
    except ValueError as error:
        raise InvalidInputError(_("Tanggal ini tidak dikenal. Tulis seperti 2026-11-30."), field="tanggal") from error
    if not FIRST_YEAR <= chosen_day.year <= LAST_YEAR:
        raise InvalidInputError(_("Tahun ini tidak masuk akal. Periksa tanggalnya."), field="tanggal")
    try:
        chosen_hour = time.fromisoformat(hour)
    except ValueError as error:
        raise InvalidInputError(_("Jam ini tidak dikenal. Tulis seperti 09:30."), field="jam") from error
    return datetime.combine(chosen_day, chosen_hour.replace(tzinfo=None), tzinfo=zone)


def local_day(now: datetime, zone: ZoneInfo) -> str:
    """Return today in the zone as a date field wants it."""
    return f"{now.astimezone(zone):%Y-%m-%d}"
