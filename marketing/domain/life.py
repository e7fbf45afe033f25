"""How far a database has lived: a number that only grows, compared with what was noted outside of it.

A database restored from a backup stands at an older number than its marker: what it holds as waiting may have been sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

BEAT: Final = timedelta(seconds=1)
"""How often the number grows while a worker or the scheduler runs: what a restored database can hide is no longer than this."""
OUTAGE: Final = timedelta(hours=6)
"""After a silence of this length nobody takes for granted that what was going out is still wanted."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the database `lineage` had come `at` a moment."""

    lineage: str
    number: int
    at: datetime


def ahead_of(standing: Mark, known: Iterable[Mark | None]) -> Mark | None:
    """Return the furthest of the marks of this very lineage that the database has not come to; None while it is ahead of all.

    Marks of other databases (an emptied or exchanged broker, a folder used before) say nothing, nor does a missing one.
    """
    ahead = [one for one in known if one and one.lineage == standing.lineage and one.number > standing.number]
    return max(ahead, key=lambda one: one.number, default=None)
