"""What only a person can do for a post, how long that may take, and when the person is reminded."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from marketing.domain.types import Role


class TaskKind(StrEnum):
    """What is asked for: finish a post by hand, look whether one stands, delete one."""

    SHARE = "share"
    CHECK = "check"
    REMOVE = "remove"


REMINDERS: Final = (timedelta(hours=4), timedelta(hours=24), timedelta(hours=72))
"""How long after it was asked for a task is recalled to its person; after the last nobody is written to any more."""
OVERDUE: Final = {
    TaskKind.SHARE: timedelta(hours=24),
    TaskKind.CHECK: timedelta(hours=24),
    TaskKind.REMOVE: timedelta(hours=4),  # what lost its standing is still shown
}
PROOF_KEPT: Final = timedelta(days=365)
"""A picture of a group shows its members' names; after a year nobody needs it as a proof."""
DOERS: Final = (Role.MARKETER, Role.APPROVER, Role.MANAGING_TEAM, Role.COMPANION)
"""Who may finish a task: the administrator of a group is often a companion of the businesses in it."""
SENDERS: Final = (Role.MARKETER, Role.APPROVER)
"""Who may say that a post in doubt does not stand: it goes out again by that."""


def first_reminder(created_at: datetime) -> datetime:
    """Return when a task is recalled for the first time."""
    return created_at + REMINDERS[0]


def next_reminder(created_at: datetime, reminded: int, now: datetime) -> datetime | None:
    """Return when the task is recalled again after `reminded` reminders, the last of them now; None when never.

    However late one was (a night, a machine that stood still), the next comes as long after it as planned.
    """
    if reminded >= len(REMINDERS):
        return None
    return max(created_at + REMINDERS[reminded], now + REMINDERS[reminded] - REMINDERS[reminded - 1])


def overdue(kind: TaskKind, created_at: datetime, now: datetime) -> bool:
    """Return whether the task has waited longer than it should."""
    return now - created_at >= OVERDUE[kind]
