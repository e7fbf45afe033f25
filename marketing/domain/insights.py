"""How far posts reached: what is counted, when a provider is asked again, and which figures may be added up; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Final


class Metric(StrEnum):
    """What a provider may count about one post; each is the count since it was published."""

    REACH = "reach"
    VIEWS = "views"
    REACTIONS = "reactions"
    COMMENTS = "comments"
    SHARES = "shares"
    SAVES = "saves"
    CLICKS = "clicks"


ADDABLE: Final = (Metric.REACTIONS, Metric.COMMENTS, Metric.SHARES, Metric.SAVES)
"""Acts, which mean the same everywhere. Reach counts people, who may be the same on two channels; what a view or a click is, each
network says in its own way."""


class MeasuringState(StrEnum):
    """Whether a post's figures are still asked for."""

    OPEN = "open"
    DONE = "done"
    GONE = "gone"
    UNAVAILABLE = "unavailable"


STEPS: Final = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 3 * 24, 7 * 24, 14 * 24, 30 * 24))
"""How long after publishing the figures are asked for: often while they grow, seldom later. Most of the life of a post is over
within two days, and Instagram's figures may be as late as that (instagram-platform/insights, 22 Nov 2026)."""
SPREAD: Final = 0.08
"""So much later, in parts of the step, is asked for a post at most: posts of one hour are not asked for in the same minute."""
MOST: Final = 10**12
"""No post of an office has more of anything than this: whatever says so is a mistake."""


def next_pull(published_at: datetime, asked_at: datetime | None, spread_by: int) -> datetime | None:
    """Return when a post's figures are due, None when it was asked often enough.

    Steps that passed while nobody could ask are not made up for: the last figure holds theirs. `spread_by` (the post's number)
    moves the hour, always in the same way.
    """
    later = 1 + SPREAD * _share(spread_by)
    moments = [published_at + step * later for step in STEPS]
    return next((moment for moment in moments if asked_at is None or moment > asked_at), None)


def counted(value: object) -> int | None:
    """Return a count as a provider may write it (a number, a whole float, digits); None for what cannot be one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdecimal() and len(value) <= len(str(MOST)) else None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else None
    return value if isinstance(value, int) and 0 <= value <= MOST else None


def counts(pairs: Iterable[tuple[Metric, object]]) -> dict[Metric, int]:
    """Return what can be read of these; what is missing or cannot be a count is left out, never 0."""
    read = ((metric, counted(value)) for metric, value in pairs)
    return {metric: value for metric, value in read if value is not None}


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over the posts whose channel gave the figure; `posts` is how many did."""

    number: int
    posts: int


def totals(figures: Iterable[Mapping[Metric, int]]) -> Mapping[Metric, Total]:
    """Return the sums of what may be added; nothing for what no post gave."""
    found: dict[Metric, Total] = {}
    for given in figures:
        for metric in ADDABLE:
            if metric in given:
                so_far = found.get(metric, Total(0, 0))
                found[metric] = Total(so_far.number + given[metric], so_far.posts + 1)
    return found


def _share(number: int) -> float:
    """Return a number's place between 0 and 1: the same every time, neighbours far apart."""
    return int.from_bytes(blake2b(str(number).encode(), digest_size=4).digest()) / 2**32
