"""Days and moments as people write them: the day before the month, months by their Indonesian or English name. Pure."""

import re
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from marketing.i18n import gettext as _
from marketing.tabular.cells import Cell, UnreadableError, shown, text_of
from marketing.tabular.local_time import read_moment, rfc3339

YEARS: Final = range(1900, 2200)
LONGEST: Final = 60
EPOCH: Final = date(1899, 12, 30)
SERIALS: Final = range(29_221, 91_313)  # 1980 to 2149: a number outside is no day that a catalogue speaks of
_NUMERIC: Final = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})[/.\-]([0-9]{1,2})[/.\-]([0-9]{1,2})")
_NAMED: Final = re.compile(r"([0-9]{1,2})[ .\-/]*([a-z]+)\.?[ .\-/,]*([0-9]{4})")
_WEEKDAY: Final = re.compile(r"^(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad)\s*,?\s*")
_CLOCK: Final = re.compile(
    r"^(?P<day>.+?)[ ,t]+(?:pukul |jam )?(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?::[0-9]{2})?$"
)
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[t ][0-9]{2}:[0-9]{2}.*", re.IGNORECASE)
_MONTHS: Final = (
    "januari jan january",
    "februari feb pebruari peb february",
    "maret mar mrt march",
    "april apr",
    "mei may",
    "juni jun june",
    "juli jul july",
    "agustus agu agst agt ags august aug",
    "september sep sept",
    "oktober okt october oct",
    "november nov nopember nop",
    "desember des december dec",
)
_MONTH: Final = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}


def day(cell: Cell) -> date:
    """Return a day: `31/12/2029` (day first), `31 Desember 2029`, `2029-12-31`, Excel's own date or its serial number."""
    if isinstance(cell, datetime):
        return _within(cell.date(), cell)
    if isinstance(cell, date):
        return _within(cell, cell)
    if isinstance(cell, int | float):
        return _serial(cell, cell)
    text = _WEEKDAY.sub("", _squeezed(cell))
    if text.isascii() and text.isdigit():
        return _serial(int(text[:9]), cell)
    if found := _YEAR_FIRST.fullmatch(text):
        return _made(int(found[1]), int(found[2]), int(found[3]), cell)
    if found := _NUMERIC.fullmatch(text):
        return _made(int(found[3]), int(found[2]), int(found[1]), cell)
    found = _NAMED.fullmatch(text)
    if found and found[2] in _MONTH:
        return _made(int(found[3]), _MONTH[found[2]], int(found[1]), cell)
    raise _no_day(cell)


def moment(cell: Cell, zone: tzinfo, *, end_of_day: bool = False) -> str:
    """Return RFC 3339; a day without a clock begins (or ends) at midnight in the Daerah."""
    if isinstance(cell, datetime) and (cell.hour or cell.minute):
        return rfc3339(datetime.combine(_within(cell.date(), cell), cell.time(), zone), zone)
    if isinstance(cell, str):
        text = _squeezed(cell)
        if _ISO.fullmatch(text):
            try:
                return read_moment(text, zone)
            except (ValueError, OverflowError) as error:
                raise _no_day(cell) from error
        if found := _CLOCK.match(_squeezed(cell)):
            try:
                clock = time(int(found["hour"]), int(found["minute"]))
            except ValueError as error:
                raise _no_day(cell) from error
            return rfc3339(datetime.combine(day(found["day"]), clock, zone), zone)
    return rfc3339(day(cell), zone, end_of_day=end_of_day)


def _squeezed(cell: Cell) -> str:
    """Return a cell in small letters and single blanks; a long text is no date."""
    text = text_of(cell)
    if len(text) > LONGEST:
        raise _no_day(cell)
    return " ".join(text.casefold().split())


def _serial(number: float, cell: Cell) -> date:
    if isinstance(number, bool) or number != number or int(min(number, 10**6)) not in SERIALS:  # noqa: PLR0124  NaN
        raise _no_day(cell)
    return EPOCH + timedelta(days=int(number))


def _made(year: int, month: int, day_: int, cell: Cell) -> date:
    try:
        return _within(date(year, month, day_), cell)
    except ValueError as error:
        raise _no_day(cell) from error


def _within(found: date, cell: Cell) -> date:
    if found.year not in YEARS:
        raise _no_day(cell)
    return found


def _no_day(cell: Cell) -> UnreadableError:
    return UnreadableError(
        _("“{text}” bukan tanggal yang jelas; tulis hari/bulan/tahun, misalnya 31/12/2029").format(text=shown(cell))
    )
