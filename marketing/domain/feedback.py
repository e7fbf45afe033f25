"""What came back about one message, in one vocabulary for every provider, and what it makes of the message."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from marketing.domain.bounce import BounceClass, Verdict
from marketing.domain.events import EventType
from marketing.domain.message import TRANSITIONS, MessageState

UNCLASSED: Final = Verdict(BounceClass.NONE)


class FeedbackKind(StrEnum):
    """What a provider, a server or a person told us."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"  # it goes on trying
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    LEFT = "left"  # unsubscribed from what the message was about
    LEFT_MAIL = "left_mail"  # everything that comes by e-mail
    LEFT_ALL = "left_all"
    READ = "read"  # WhatsApp says that it was read; it arrived, then
    MACHINE_OPEN = "machine_open"


class FeedbackSource(StrEnum):
    """Who told it."""

    SENDGRID = "sendgrid"
    MAILBOX = "mailbox"  # a mail in the bounce mailbox
    RELAY = "relay"  # the refusal at the handing over
    RELAY_LOG = "relay_log"  # the log of a relay on our own machines
    WHATSAPP = "whatsapp"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One thing told about one message of ours; `identity` is the same for the same thing told twice.

    `detail` is redacted; `raw` is what to keep for a while, without what names a person.
    """

    identity: UUID
    message_id: int
    kind: FeedbackKind
    at: datetime
    source: FeedbackSource
    verdict: Verdict = UNCLASSED
    detail: str = ""
    provider_id: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)


EVENT_OF: Final[Mapping[FeedbackKind, EventType]] = {
    FeedbackKind.ACCEPTED: EventType.ACCEPTED,
    FeedbackKind.DEFERRED: EventType.DEFERRED,
    FeedbackKind.DELIVERED: EventType.DELIVERED,
    FeedbackKind.BOUNCED: EventType.BOUNCED,
    FeedbackKind.COMPLAINED: EventType.COMPLAINED,
    FeedbackKind.LEFT: EventType.UNSUBSCRIBED,
    FeedbackKind.LEFT_MAIL: EventType.UNSUBSCRIBED,
    FeedbackKind.LEFT_ALL: EventType.UNSUBSCRIBED,
    FeedbackKind.READ: EventType.OPENED,
}
"""What is kept as an event; an open by software only marks the one that we counted ourselves."""
_TARGET: Final = {
    FeedbackKind.ACCEPTED: MessageState.ACCEPTED,
    FeedbackKind.DELIVERED: MessageState.DELIVERED,
    FeedbackKind.READ: MessageState.DELIVERED,
    FeedbackKind.BOUNCED: MessageState.BOUNCED,
    FeedbackKind.COMPLAINED: MessageState.COMPLAINED,
}
_THROUGH: Final = frozenset({MessageState.SENDING, MessageState.ACCEPTED})
"""What a message may have passed unseen: the event overtook our own record of the handing over."""
_NOT_LEFT: Final = frozenset({MessageState.QUEUED, MessageState.DEFERRED})


def path(state: MessageState, kind: FeedbackKind, *, attempts: int) -> tuple[MessageState, ...]:
    """Return the states a message passes, by the transition table, when this is told of it; empty when nothing changes.

    Events overtake each other and our own records: a bounce may come before the acceptance is written (then it passes
    through it), a delivery after a bounce changes nothing. What was never handed over (`attempts` is 0) cannot have arrived.
    """
    target = _TARGET.get(kind)
    if target is None or (state in _NOT_LEFT and not attempts):
        return ()
    waiting: deque[tuple[MessageState, tuple[MessageState, ...]]] = deque([(state, ())])
    while waiting:
        here, passed = waiting.popleft()
        for after in sorted(TRANSITIONS[here]):
            if after is target:
                return (*passed, after)
            if after in _THROUGH and after not in passed and after is not state:
                waiting.append((after, (*passed, after)))
    return ()
