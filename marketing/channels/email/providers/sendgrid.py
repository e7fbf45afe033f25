"""Hands mail to SendGrid: gathers for half a second at most, sends one call for many, and never repeats what may have been taken."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from marketing.channels.base import Accepted, Deferred, Failed, InDoubt, SendOutcome
from marketing.channels.email.providers.base import GATHER_SECONDS
from marketing.channels.email.providers.sendgrid_answer import (
    CONNECTION,
    SOON,
    Doubtful,
    Refused,
    Taken,
    TooLarge,
    Verdict,
    health,
    read_batch_id,
    verdict,
)
from marketing.channels.email.providers.sendgrid_request import (
    MAX_PERSONALIZATIONS,
    Call,
    SendGridOptions,
    calls_for,
    halves,
    refusal,
    without,
)
from marketing.channels.email.providers.sendgrid_wire import NoAnswerError, NotSentError, Wire
from marketing.channels.errors import TemporaryError
from marketing.domain.content import OutboundEmail
from marketing.domain.message import PERMIT_SECONDS
from marketing.domain.types import EmailType

PROBE_SECONDS: Final = 60.0
"""How long a key that was found good counts as good."""
MAX_HOLD: Final = timedelta(hours=72)
_AGAIN: Final = timedelta(seconds=5)
WAITED: Final = "waited"


@dataclass(frozen=True, slots=True)
class SendGridAccount:
    """A key and where it is good; `hold` lets bulk mail wait at SendGrid, so that a cancelled campaign can be stopped there."""

    key: str = field(repr=False)
    host: str
    timeout_seconds: float = 15.0
    options: SendGridOptions = field(default_factory=SendGridOptions)
    hold: timedelta = timedelta(0)


Batches = Callable[[int, Callable[[], str]], str]
"""Returns SendGrid's id for what a campaign sends: the one kept, or the one that the given function fetches, which is kept then."""


class SendGridProvider:
    """One SendGrid account; nothing is asked before `open`."""

    def __init__(
        self,
        account: SendGridAccount,
        clock: Callable[[], datetime],
        timer: Callable[[], float] = time.monotonic,
        batches: Batches | None = None,
    ) -> None:
        self.account = account
        self.clock = clock
        self.timer = timer
        self.wire = Wire(account.key, account.host, account.timeout_seconds)
        self._batches = batches
        self._good_until = -1.0
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"SendGridProvider({self.account.host})"

    def open(self) -> "SendGridCarrier":
        with self._lock:
            known = self.timer() < self._good_until
        if not known:
            self.probe()
        return SendGridCarrier(self)

    def probe(self) -> None:
        """Ask which scopes the key has; TemporaryError when nothing can be sent with it."""
        try:
            trouble = health(self.wire.get("scopes"), self.clock())
        except (NotSentError, NoAnswerError):
            trouble = TemporaryError(CONNECTION, SOON)
        if trouble is not None:
            raise trouble
        with self._lock:
            self._good_until = self.timer() + PROBE_SECONDS

    def doubt(self) -> None:
        """Ask again before the next load."""
        with self._lock:
            self._good_until = -1.0

    def close(self) -> None:
        self.wire.close()

    def options_for(self, email: OutboundEmail) -> SendGridOptions:
        """Return what goes with a call: bulk mail that is to wait gets a moment and the batch of its campaign."""
        account = self.account
        bulk = email.campaign and email.email_type is not EmailType.TRANSACTIONAL
        if not (account.hold and bulk and self._batches):
            return account.options
        batch = self._batches(email.campaign, self._new_batch)
        due = int((self.clock() + min(account.hold, MAX_HOLD)).timestamp())
        return replace(account.options, batch_id=batch, send_at=due) if batch else account.options

    def cancel(self, batch: str) -> bool:
        """Stop what still waits at SendGrid under this id; False when SendGrid does not say that it will."""
        try:
            answer = self.wire.post("user/scheduled_sends", {"batch_id": batch, "status": "cancel"})
        except (NotSentError, NoAnswerError):
            return False
        return answer.status in {HTTPStatus.OK, HTTPStatus.CREATED}

    def _new_batch(self) -> str:
        """Fetch an id; the empty text when SendGrid gives none, and then the mail leaves without waiting."""
        try:
            return read_batch_id(self.wire.post("mail/batch"))
        except (NotSentError, NoAnswerError):
            return ""


class SendGridCarrier:
    """Gathers messages for one thread."""

    def __init__(self, provider: SendGridProvider) -> None:
        self._provider = provider
        self._gathered: list[OutboundEmail] = []
        self._known: list[SendOutcome] = []
        self._since = 0.0
        self._trouble: TemporaryError | None = None

    def ready(self, seconds: float) -> bool:  # noqa: ARG002  a call is waited for where it is made
        if self._trouble is not None:
            raise self._trouble
        return True

    def answered(self) -> Sequence[SendOutcome]:
        known, self._known = self._known, []
        return known

    def carry(self, email: OutboundEmail) -> None:
        if (bad := refusal(email)) is not None:
            self._known.append(bad)
            return
        now = self._provider.timer()
        if not self._gathered:
            self._since = now
        self._gathered.append(email)
        if len(self._gathered) >= MAX_PERSONALIZATIONS or now - self._since >= GATHER_SECONDS:
            self._call()

    def idle(self, seconds: float) -> None:
        until = self._provider.timer() + seconds
        if self._gathered and until - self._since >= GATHER_SECONDS:
            self._call()
        if (left := until - self._provider.timer()) > 0:
            time.sleep(left)

    def hear(self, seconds: float) -> None:  # noqa: ARG002  the answer to a call is waited for
        self._call()

    def flush(self) -> Sequence[SendOutcome]:
        self._call()
        return self.answered()

    def _call(self) -> None:
        """Send what was gathered."""
        emails, self._gathered = self._gathered, []
        if not emails:
            return
        options = self._provider.options_for(emails[0])
        for call in calls_for(emails, options):
            self._known += self._send(call, options)

    def trouble(self) -> TemporaryError | None:
        return self._trouble

    def release(self) -> None:
        self._gathered = []

    def _send(self, call: Call, options: SendGridOptions) -> Iterator[SendOutcome]:
        """Yield one outcome for each message of the call."""
        match found := self._ask(call):
            case Taken(message_id=message_id):
                yield from (Accepted(email.key, message_id) for email in call.emails)
            case Doubtful(reason=reason):
                self._provider.doubt()
                yield from (InDoubt(email.key, reason) for email in call.emails)
            case TemporaryError():
                if str(found) != WAITED:  # then the account is sound, only too slow for these
                    self._trouble = found
                    self._provider.doubt()
                yield from _put_off(call, found)
            case Refused(at_fault=at_fault) if named := at_fault & set(range(len(call.emails))):
                yield from self._without(call, found, named, options)
            case _:
                yield from self._narrow(call, found, options)

    def _narrow(self, call: Call, found: Refused | TooLarge, options: SendGridOptions) -> Iterator[SendOutcome]:
        """Look for what was refused, or was too much, in each half; alone it fails."""
        if len(call.emails) == 1:
            refused = found if isinstance(found, Refused) else Refused("too_large", "")
            yield Failed(call.emails[0].key, refused.reason, refused.detail)
            return
        for part in halves(call, options):
            yield from self._send(part, options)

    def _ask(self, call: Call) -> Verdict:
        if self._trouble is not None:
            return self._trouble
        if self._provider.timer() - self._since > PERMIT_SECONDS:
            return TemporaryError(WAITED, _AGAIN)  # permitted a while ago and not gone yet: permitted anew next time
        try:
            return verdict(self._provider.wire.send(call.body), self._provider.clock())
        except NotSentError:
            return TemporaryError(CONNECTION, SOON)
        except NoAnswerError:
            return Doubtful("no_answer")

    def _without(
        self, call: Call, found: Refused, named: frozenset[int], options: SendGridOptions
    ) -> Iterator[SendOutcome]:
        """Fail those that are named, and send the others."""
        keys = frozenset(call.emails[number].key for number in named)
        yield from (Failed(key, found.reason, found.detail) for key in keys)
        for part in without(call, keys, options):
            yield from self._send(part, options)


def _put_off(call: Call, error: TemporaryError) -> Iterator[SendOutcome]:
    # Soon, not after the whole wait: by then another account may carry it, and this one is passed over while it is down.
    wait = min(error.retry_after, _AGAIN) if str(error) != "rate" else error.retry_after
    return (Deferred(email.key, str(error), wait, counted=False) for email in call.emails)
