"""The life of a message, and the ledger that always balances (design section 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from marketing.domain.types import ChannelName, EmailType


class MessageState(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    DEFERRED = "deferred"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


S = MessageState
TRANSITIONS: Mapping[MessageState, frozenset[MessageState]] = {
    # to unknown without having been sent from here: only in a database restored from a backup
    S.QUEUED: frozenset({S.SENDING, S.SKIPPED, S.DEFERRED, S.UNKNOWN}),
    S.DEFERRED: frozenset({S.QUEUED, S.SENDING, S.SKIPPED, S.FAILED, S.UNKNOWN}),
    # back to queued: only a transactional message whose lease ran out; it keeps its Message-ID
    # deferred also when it was given back before the handing over; skipped: a withdrawal came before it
    S.SENDING: frozenset({S.ACCEPTED, S.DEFERRED, S.FAILED, S.UNKNOWN, S.QUEUED, S.SKIPPED}),
    S.ACCEPTED: frozenset({S.DELIVERED, S.BOUNCED, S.COMPLAINED}),
    S.DELIVERED: frozenset({S.BOUNCED, S.COMPLAINED}),
    # settled by the provider's events, by the relay's log or by a person
    S.UNKNOWN: frozenset({S.ACCEPTED, S.DELIVERED, S.BOUNCED, S.COMPLAINED, S.FAILED, S.QUEUED}),
    S.BOUNCED: frozenset(),
    S.COMPLAINED: frozenset(),
    # to queued: only where a person sends to those that a campaign missed; to unknown: something tells that it arrived after all
    S.FAILED: frozenset({S.QUEUED, S.UNKNOWN}),
    S.SKIPPED: frozenset({S.QUEUED}),
}
PERMIT_SECONDS = 2.0
"""A message may begin to leave at most this long after it was marked as handed over; then it must be permitted anew."""
LOST_WORKER = "worker_lost"
"""The reason of what was on its way when its worker died: nobody here knows whether it left."""
CHANNELS_THAT_REPEAT = frozenset({ChannelName.EMAIL})
"""Where the same message handed over again is known to be the same (Message-ID); elsewhere it would be a second one."""
OPEN = frozenset({S.QUEUED, S.SENDING, S.DEFERRED})
SENT = frozenset({S.ACCEPTED, S.DELIVERED, S.BOUNCED, S.COMPLAINED})


def month_of(moment: datetime) -> int:
    """Return the month under which messages stand, as yyyymm in UTC."""
    day = moment.astimezone(UTC)
    return day.year * 100 + day.month


def may_repeat(email_type: EmailType, channel: ChannelName) -> bool:
    """Return whether what was lost on its way is sent again: order mail, which arrives under the same Message-ID."""
    return email_type is EmailType.TRANSACTIONAL and channel in CHANNELS_THAT_REPEAT


@dataclass(frozen=True, slots=True)
class Ledger:
    """How many of the audience stand in each state; `audience` is the frozen number, counted apart from the states."""

    audience: int
    by_state: Mapping[MessageState, int]
    skipped_by_reason: Mapping[str, int]

    @property
    def counted(self) -> int:
        """The sum of all states."""
        return sum(self.by_state.values())

    @property
    def balances(self) -> bool:
        """Return whether audience = the sum of all states and the reasons add up to the skipped."""
        return self.audience == self.counted and sum(self.skipped_by_reason.values()) == self.of(S.SKIPPED)

    @property
    def settled(self) -> bool:
        """Return whether nothing is left to do."""
        return not any(self.of(state) for state in OPEN)

    def of(self, state: MessageState) -> int:
        """Return the number in one state."""
        return self.by_state.get(state, 0)

    @property
    def sent(self) -> int:
        """Everything a provider took: accepted, and what became of it later."""
        return sum(self.of(state) for state in SENT)
