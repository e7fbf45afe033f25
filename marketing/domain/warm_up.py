"""A new sending domain begins small: how many bulk mails an hour may go to one receiving domain.

The table is that of SendGrid's automated IP warm-up (law-and-standards 3.6): hourly caps by day. Order mail is exempt.
"""

from datetime import datetime, timedelta
from typing import Final

HOURLY: Final = (
    20, 28, 39, 55, 77, 108, 151, 211, 295, 413, 579, 810, 1_000, 1_587, 2_222, 3_111, 4_356, 6_098, 8_583, 11_953, 16_734,
)  # fmt: skip
"""Mails an hour on day 0, 1, 2 … after the first bulk mail; afterwards no cap."""
_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)


def hourly_cap(began: datetime | None, now: datetime) -> int | None:
    """Return how many bulk mails may go to one receiving domain in the hour of `now`; None when there is no cap.

    `began` is when the domain sent its first bulk mail; None: it has sent for long. Before it began, day 0 counts.
    """
    if began is None:
        return None
    day = max((now - began) // _DAY, 0)
    return HOURLY[day] if day < len(HOURLY) else None


def hours_needed(began: datetime | None, now: datetime, mails: int) -> int:
    """Return in how many whole hours, counted from `now`, this many mails to one receiving domain are out."""
    left, hours = mails, 0
    while left > 0:
        cap = hourly_cap(began, now + hours * _HOUR)
        if cap is None:
            return hours + 1
        left -= cap
        hours += 1
    return hours
