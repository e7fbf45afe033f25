"""The life of a withdrawal: open until the place says it is gone or a person has done it (design section 7)."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final


class WithdrawalState(StrEnum):
    """How far a withdrawal is."""

    OPEN = "open"
    AWAITING_HUMAN = "awaiting_human"
    DONE = "done"


S = WithdrawalState
TRANSITIONS: Mapping[WithdrawalState, frozenset[WithdrawalState]] = {
    S.OPEN: frozenset({S.DONE, S.AWAITING_HUMAN}),
    S.AWAITING_HUMAN: frozenset({S.DONE}),
    S.DONE: frozenset(),
}

FIRST_RETRY: Final = timedelta(seconds=15)
LAST_RETRY: Final = timedelta(minutes=30)


def retry_after(attempts: int) -> timedelta:
    """Return how long to wait after this many failed attempts: doubling from 15 seconds to half an hour, for ever.

    A post that lost its standing is never given up: the channel may come back at any time.
    """
    doublings = min(max(attempts - 1, 0), 10)
    return min(FIRST_RETRY * (1 << doublings), LAST_RETRY)
