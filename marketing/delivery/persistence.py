"""A transaction of the sending is tried again when the database went away or would not let it finish.

A worker that knows what became of a mail must not forget it because the database restarts; everything it writes may be written
twice without harm, also when the answer to a commit was lost and nobody knows whether it was done.
"""

import time
from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from marketing.db.session import Database
from marketing.observability import get_logger

T = TypeVar("T")
log = get_logger(__name__)
WAITS: Final = (0.05, 0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds between tries: a restarted PostgreSQL answers again within a few."""


def persistently(database: Database, work: Callable[[Session], T]) -> T:
    """Do the work in a transaction of its own and return its answer; OperationalError when the last try failed too."""

    def once() -> T:
        with database.write() as session:
            return work(session)

    return until_done(once)


def until_done(work: Callable[[], T]) -> T:
    """Do what is a transaction by itself and return its answer; OperationalError when the last try failed too."""
    for wait in WAITS:
        try:
            return work()
        except OperationalError as error:
            log.warning("the database did not take what was sent, trying again", error=type(error.orig).__name__)
            time.sleep(wait)
    return work()
