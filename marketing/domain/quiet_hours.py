"""No marketing at night or on the silent holidays, by the clock of the person who gets it."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marketing.domain.holidays import SILENT

NIGHT_BEGINS = time(20)
MORNING = time(8)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begins` in the evening until `ends` in the morning, and all day on `holidays`; wall-clock time of the person.

    A rule of Siar, not of a law. `begins` is later on the clock than `ends`.
    """

    begins: time = NIGHT_BEGINS
    ends: time = MORNING
    holidays: AbstractSet[date] = SILENT

    def wait_until(self, local: datetime) -> datetime | None:
        """Return when the night or the holiday is over, in the zone of `local`; None when it is day already."""
        day = local.date()
        clock = local.time()
        if clock >= self.begins or (clock >= self.ends and day in self.holidays):
            day += timedelta(days=1)
        elif clock >= self.ends:
            return None
        while day in self.holidays:
            day += timedelta(days=1)
        return datetime.combine(day, self.ends, local.tzinfo)


@lru_cache(maxsize=100)
def zone_of(name: str, otherwise: tzinfo) -> tzinfo:
    """Return the zone of a contact, or the one of the Daerah where the contact's is empty or unknown."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return otherwise
