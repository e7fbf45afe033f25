"""The one table from what a provider said to what becomes of the message."""

from datetime import datetime, timedelta
from typing import NamedTuple

from marketing.channels.base import Accepted, Deferred, Failed, InDoubt, SendOutcome
from marketing.domain.message import MessageState, may_repeat
from marketing.domain.types import ChannelName, EmailType

MAX_ATTEMPTS = 8
LONGEST_WAIT = timedelta(hours=6)
SHORTEST_WAIT = timedelta(seconds=1)
CHAT_ATTEMPTS = 3
"""Where a provider caps what one person gets, more tries would only be counted against us (WhatsApp, error 131049)."""


class Settlement(NamedTuple):
    """The new state of one message, as recorded."""

    state: MessageState
    reason: str = ""
    detail: str = ""
    not_before: datetime | None = None
    provider_id: str | None = None
    counted: bool = True


def patience(wait: timedelta) -> timedelta:
    """Return how long to wait for a provider that is down or has no room: its own word, within reason."""
    return min(max(wait, SHORTEST_WAIT), LONGEST_WAIT)


def settle(
    outcome: SendOutcome,
    *,
    email_type: EmailType,
    attempt: int,
    now: datetime,
    channel: ChannelName = ChannelName.EMAIL,
) -> Settlement:
    """Return what becomes of a message after its `attempt`-th handing over.

    retry: Deferred, with growing waits until MAX_ATTEMPTS; as long as it takes when it was no attempt (`counted`) · fail: Failed · InDoubt, where the answer was lost after the
    data went out: unknown, except that transactional mail is repeated under the same Message-ID (`may_repeat`).
    """
    by_mail = channel is ChannelName.EMAIL
    if isinstance(outcome, InDoubt) and may_repeat(email_type, channel):
        outcome = Deferred(outcome.key, outcome.reason, timedelta(minutes=1))
    match outcome:
        case Accepted(provider_id=provider_id):
            return Settlement(MessageState.ACCEPTED, provider_id=provider_id)
        case Failed(reason=reason, detail=detail):
            return Settlement(MessageState.FAILED, reason, detail)
        case InDoubt(reason=reason):
            return Settlement(MessageState.UNKNOWN, reason)
        case Deferred(reason=reason, retry_after=retry_after, counted=False):
            return Settlement(MessageState.DEFERRED, reason, not_before=now + patience(retry_after), counted=False)
        case Deferred(reason=reason) if attempt >= (MAX_ATTEMPTS if by_mail else CHAT_ATTEMPTS):
            return Settlement(MessageState.FAILED, "gave_up", reason)
        case Deferred(reason=reason, retry_after=retry_after):
            wait = max(retry_after, timedelta(minutes=2 ** (attempt - 1)))
            wait = min(wait, LONGEST_WAIT) if by_mail else wait  # there the provider's own word is a rule
            return Settlement(MessageState.DEFERRED, reason, not_before=now + wait)
