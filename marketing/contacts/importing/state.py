"""The states of an import."""

from enum import StrEnum
from typing import Final


class JobState(StrEnum):
    """Where a job stands: its columns are being explained, it waits for a worker, runs, or has ended."""

    DRAFT = "draft"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN: Final = frozenset({JobState.WAITING, JobState.RUNNING})
ENDED: Final = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})
