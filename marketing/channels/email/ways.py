"""The accounts of one load, opened: which carries each message, when the next may leave, and what is waited for.

What waits for one account (a rate, a slow relay) lets what is under way by the others go on, and a wait always has an end: the
worker that waits is wanted by other tenants too.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from marketing.channels.base import Accepted, Deferred, SendOutcome
from marketing.channels.email.mail_accounts import RATE, Health, MailAccount, RestingError, ranked
from marketing.channels.email.providers.base import PATIENCE_SECONDS, SLOW, Carrier
from marketing.channels.email.rates import Rates, UsedUp
from marketing.channels.errors import TemporaryError
from marketing.domain.content import OutboundEmail
from marketing.observability import metrics

WAITING_SECONDS: Final = 10.0
"""How long one load waits for rates altogether."""
CHOSEN_SECONDS: Final = 0.25
"""How long a message that is taken waits for its own account, and for its receiving domain."""
_TURN: Final = 0.002
_HEARING: Final = 0.05
_AGAIN: Final = timedelta(seconds=1)
_SLOW_AGAIN: Final = timedelta(seconds=10)


class Ways:
    """The accounts of one load; used by one thread."""

    def __init__(  # noqa: PLR0917  what the messenger knows
        self,
        accounts: Sequence[MailAccount],
        rates: Rates,
        health: Health,
        clock: Callable[[], datetime],
        stopping: Callable[[], bool],
        size: int,
    ) -> None:
        """Take `size`, how many messages the load has at most, 0 where nobody knows."""
        self._accounts = accounts
        self._ways = {account.id: _Way(account, rates, health, clock, size) for account in accounts}
        self._timer = rates.timer
        self._stopping = stopping
        self._waited = 0.0
        self._size, self._taken = size, 0

    def ready(self) -> None:
        """Wait until an account can take a message at once; TemporaryError with the nearest chance when none will."""
        patience = PATIENCE_SECONDS
        if self._size and self._taken >= self._size:
            return  # no permit is taken for one that does not come
        while True:
            ways = [way for way in self._ways.values() if way.opened()]
            if any(way.can_take() for way in ways):
                return
            ways = [way for way in ways if way.closed is None]
            if not ways:
                raise min(self._closed(), key=lambda error: error.retry_after)
            began = self._timer()
            if slow := [way for way in ways if not way.due]:
                _wait(slow, patience)
                patience -= self._timer() - began
                for way in slow if patience <= 0 else ():
                    way.fail(TemporaryError(SLOW, _SLOW_AGAIN))
            else:
                if self._stopping() or self._waited >= WAITING_SECONDS:
                    raise TemporaryError(RATE, _AGAIN)
                _wait(ways, min(way.due for way in ways), rest=True)
                self._waited += self._timer() - began
                metrics.rate_waited(self._timer() - began)

    def carry(self, email: OutboundEmail) -> None:
        """Hand one message to the first account in its own order that has room for it."""
        self._choose(email)
        self._taken += 1
        for way in self._ways.values():
            way.left -= 1

    def _choose(self, email: OutboundEmail) -> None:
        domain = email.recipient_address.rpartition("@")[2].lower()
        waits = []
        for account in ranked(self._accounts, email.key):
            way = self._ways[account.id]
            match way.clear(domain, 0.0 if way.late else CHOSEN_SECONDS):
                case True:
                    way.late = False
                    way.take(email, domain)
                    return
                case UsedUp(wait=wait):
                    waits.append(wait)
                case _:
                    way.late = True  # nobody waits for it again until it has room by itself
        waits += [error.retry_after for error in self._closed()]
        own = next(iter(self._ways.values()))
        own.answers.append(Deferred(email.key, RATE, min(waits, default=_AGAIN), counted=False))

    def answered(self) -> Iterator[SendOutcome]:
        """Yield what became known."""
        for way in self._ways.values():
            yield from way.answered()

    def hear(self) -> Iterator[SendOutcome]:
        """Send what the accounts have gathered, and wait a moment for answers."""
        for way in self._ways.values():
            if way.carrier is not None:
                way.carrier.hear(_HEARING if len(self._ways) == 1 else _TURN)
        yield from self.answered()

    def flush(self) -> Iterator[SendOutcome]:
        """Send what the accounts have gathered, and wait for every answer."""
        for way in self._ways.values():
            if way.carrier is not None:
                way.carrier.idle(0.0)
        for way in self._ways.values():
            yield from way.answered(flush=True)

    def release(self) -> None:
        """Give every connection back, and the permits that were not used."""
        for way in self._ways.values():
            way.release()

    def _closed(self) -> list[TemporaryError]:
        return [way.closed for way in self._ways.values() if way.closed is not None]


class _Way:
    """One account of a load. `due` is in how many seconds its rate lets the next message go, as it was last seen."""

    def __init__(
        self, account: MailAccount, rates: Rates, health: Health, clock: Callable[[], datetime], left: int
    ) -> None:
        self.left = left  # how many messages are still to come; 0 or less where nobody knows
        self._account = account
        self._permits = rates.permits(account.rates)
        self._timer = rates.timer
        self._health = health
        self._clock = clock
        self._took_mail = False
        self.carrier: Carrier | None = None
        self.closed: TemporaryError | None = None
        self.due = 0.0
        self.late = False
        self.answers: list[SendOutcome] = []

    def opened(self) -> bool:
        """Open the account unless that was tried, or it failed a moment ago or has no room; say whether it is open."""
        if self.carrier is None and self.closed is None:
            self.closed = self._health.trouble(self._account, self._clock())
            if self.closed is None and self._allowed():
                try:
                    self.carrier = self._account.provider.open()
                except TemporaryError as error:
                    self.fail(error)
        return self.carrier is not None and self.closed is None

    def can_take(self) -> bool:
        """Whether a message can leave at once."""
        if self.carrier is None or not self._allowed() or self.due:
            return False
        try:
            return self.carrier.ready(0.0)
        except TemporaryError as error:
            self.fail(error)
            return False

    def clear(self, domain: str, seconds: float) -> bool | UsedUp:
        """Wait up to so long until a message to this receiving domain can leave; or say why it cannot."""
        until = self._timer() + seconds
        while self.closed is None:
            left = until - self._timer()
            if not self.can_take():
                if left <= 0 or self.closed is not None or self.due > left:
                    return False
                _wait([self], self.due or left, rest=bool(self.due))
                continue
            due = self._permits.due_for(domain)
            if isinstance(due, UsedUp):
                return due
            if not due:
                return True
            if due > left:
                return self._permits.turned_away(domain, due)
            _wait([self], due, rest=True)
        return False

    def take(self, email: OutboundEmail, domain: str) -> None:
        """Let a message go that is clear."""
        assert self.carrier is not None, "it was found clear"
        self._permits.use(domain)
        self.carrier.carry(email)

    def answered(self, *, flush: bool = False) -> Sequence[SendOutcome]:
        """Return what became known; with `flush` all that is owed."""
        found, self.answers = self.answers, []
        if self.carrier is not None:
            found += self.carrier.flush() if flush else self.carrier.answered()
        self._took_mail = self._took_mail or any(isinstance(one, Accepted) for one in found)
        return found

    def fail(self, error: TemporaryError) -> None:
        """Close for the rest of the load, and for a while for others."""
        self.closed = error
        self._health.failed(self._account, error, self._clock(), took_mail=self._took_mail)

    def release(self) -> None:
        self._permits.give_back()
        if self.carrier is None:
            return
        trouble = self.carrier.trouble()
        if trouble is not None and trouble is not self.closed:
            self._health.failed(self._account, trouble, self._clock(), took_mail=self._took_mail)
        elif self.closed is None:
            self._health.worked(self._account)
        self.carrier.release()

    def _allowed(self) -> bool:
        """Look when the rate lets the next one go; False when that is too far away to be waited for."""
        due = self._permits.due(self.left)
        if isinstance(due, UsedUp):
            self.closed = RestingError(RATE, due.wait)
            metrics.rate_used_up(self._account.id, due.wait.total_seconds())
            return False
        self.due = due
        return True


def _wait(ways: Sequence[_Way], seconds: float, *, rest: bool = False) -> None:
    """Let what is under way go on for at most so long: until one has room, or with `rest` for all that time."""
    share = seconds if len(ways) == 1 else min(seconds, _TURN)
    for way in ways:
        if way.carrier is None:
            continue
        if rest:
            way.carrier.idle(share)
            continue
        try:
            way.carrier.ready(share)
        except TemporaryError as error:
            way.fail(error)
