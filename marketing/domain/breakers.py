"""When sending does more harm than good: rates of complaints, dead addresses, blocks and lost answers, and what each of them stops.

Sources: Google's "Email sender guidelines" and Yahoo's "Sender Best Practices" (complaints below 0.10 %, never 0.30 %), and the
project's own limits for bounces. A few complaints among a few mails say nothing, so each rate needs a least number of both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class BreakerKind(StrEnum):
    """What is counted."""

    COMPLAINTS = "complaints"
    HARD_BOUNCES = "hard_bounces"
    BLOCKS = "blocks"
    UNKNOWN = "unknown"


class BreakerLevel(StrEnum):
    """What follows, the mildest first."""

    WARN = "warn"
    SLOW = "slow"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Limit:
    """From which share on (in parts of 10,000, so that no fraction is rounded) what follows; `over` excludes the share itself."""

    level: BreakerLevel
    per_10_000: int
    over: bool = False

    def passed(self, bad: int, sent: int) -> bool:
        """Return whether `bad` of `sent` reach or pass this limit."""
        share, limit = bad * 10_000, self.per_10_000 * sent
        return share > limit if self.over else share >= limit


@dataclass(frozen=True, slots=True)
class Rule:
    """The limits of one rate, the strongest first, over which time it is counted, and from how many on it means anything."""

    limits: tuple[Limit, ...]
    window: timedelta
    least_bad: int
    least_sent: int


RULES: Final[Mapping[BreakerKind, Rule]] = {
    BreakerKind.COMPLAINTS: Rule(
        (Limit(BreakerLevel.STOP, 30), Limit(BreakerLevel.SLOW, 10), Limit(BreakerLevel.WARN, 8)),
        timedelta(days=7),
        least_bad=3,
        least_sent=100,
    ),
    BreakerKind.HARD_BOUNCES: Rule(
        (Limit(BreakerLevel.STOP, 500, over=True), Limit(BreakerLevel.WARN, 200, over=True)),
        timedelta(days=30),
        least_bad=5,
        least_sent=50,
    ),
    BreakerKind.BLOCKS: Rule(
        (Limit(BreakerLevel.STOP, 500, over=True),), timedelta(minutes=15), least_bad=5, least_sent=20
    ),
    # A relay that takes mails and does not answer: each of them is a person whom nobody can tell whether they were reached.
    BreakerKind.UNKNOWN: Rule(
        (Limit(BreakerLevel.STOP, 500, over=True),), timedelta(minutes=15), least_bad=10, least_sent=100
    ),
}
SLOW_PER_MINUTE: Final = 30
"""Bulk mails of one campaign a minute while complaints are at the second limit."""


def level_of(kind: BreakerKind, bad: int, sent: int) -> BreakerLevel | None:
    """Return what the rate asks for, None while it is fine or says nothing yet."""
    rule = RULES[kind]
    if bad < rule.least_bad or sent < rule.least_sent:
        return None
    return next((limit.level for limit in rule.limits if limit.passed(bad, sent)), None)


def percent(bad: int, sent: int) -> float:
    """Return the share in percent, for people."""
    return 100 * bad / sent if sent else 0.0
