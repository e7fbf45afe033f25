"""The rights of a person over their data, their clocks and their states (UU 27/2022 Ps. 5-13); pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

HOURS: Final = 72
"""3 × 24 hours of the clock from receipt, weekends and holidays included; not working days."""
SOON: Final = timedelta(hours=24)
BREACH_ARTICLE: Final = "UU 27/2022 Ps. 46"


class RightKind(StrEnum):
    """What a person may ask of their data."""

    ACCESS = "access"
    RECTIFY = "rectify"
    RESTRICT = "restrict"
    OBJECT = "object"
    ERASE = "erase"
    PORTABILITY = "portability"


class RequestState(StrEnum):
    """How far a request is."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    REFUSED = "refused"


S = RequestState
TRANSITIONS: Mapping[RequestState, frozenset[RequestState]] = {
    S.RECEIVED: frozenset({S.IN_PROGRESS, S.DONE, S.REFUSED}),
    S.IN_PROGRESS: frozenset({S.DONE, S.REFUSED}),
    S.DONE: frozenset(),
    S.REFUSED: frozenset(),
}
OPEN: Final = (S.RECEIVED, S.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Deadline:
    """Within how long a request must be done, and by which article.

    `in_the_act` is false where the Act names no number of hours: there the 72 hours are our own promise.
    """

    right: str
    duty: str
    within: timedelta
    in_the_act: bool


_DAYS: Final = timedelta(hours=HOURS)
DEADLINES: Mapping[RightKind, Deadline] = {
    RightKind.ACCESS: Deadline("UU 27/2022 Ps. 7", "UU 27/2022 Ps. 32", _DAYS, in_the_act=True),
    RightKind.RECTIFY: Deadline("UU 27/2022 Ps. 6", "UU 27/2022 Ps. 30", _DAYS, in_the_act=True),
    RightKind.RESTRICT: Deadline("UU 27/2022 Ps. 11", "UU 27/2022 Ps. 41", _DAYS, in_the_act=True),
    RightKind.OBJECT: Deadline("UU 27/2022 Ps. 10", "UU 27/2022 Ps. 10", _DAYS, in_the_act=False),
    RightKind.ERASE: Deadline("UU 27/2022 Ps. 8", "UU 27/2022 Ps. 43", _DAYS, in_the_act=False),
    RightKind.PORTABILITY: Deadline("UU 27/2022 Ps. 13", "UU 27/2022 Ps. 13", _DAYS, in_the_act=False),
}
COPIES: Final = (RightKind.ACCESS, RightKind.PORTABILITY)
"""Requests that are answered with a copy of the data, and so cannot be answered after an erasure."""


class Clock(StrEnum):
    """How a request stands against its hour."""

    OVERDUE = "overdue"
    SOON = "soon"
    RUNNING = "running"
    STOPPED = "stopped"


def due_at(kind: RightKind, received_at: datetime) -> datetime:
    """Return the moment by which a request must be done; aware in, aware out."""
    return received_at + DEADLINES[kind].within


def breach_due_at(known_at: datetime) -> datetime:
    """Return the moment by which a breach must be told to those concerned and to the body (Ps. 46: 3 × 24 hours)."""
    return known_at + _DAYS


def clock_of(state: RequestState, due: datetime, now: datetime) -> Clock:
    """Return how a request stands: a finished one has no clock, and the due moment itself is still in time."""
    if state not in OPEN:
        return Clock.STOPPED
    if now > due:
        return Clock.OVERDUE
    return Clock.SOON if due - now <= SOON else Clock.RUNNING
