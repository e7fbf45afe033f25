"""The Messenger of e-mail: chooses for each message the account that carries it, within the accounts' rates.

The choice is weighted and stays the same for the same message, so a repeat goes the way the first try went. An account that
cannot be reached, secured or logged in to is passed over for the next; once content has left, nothing is tried elsewhere.
"""

import hashlib
import math
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final, Protocol

from marketing.channels.base import Deferred, Load, SendOutcome
from marketing.channels.email.providers.base import Carrier, Provider
from marketing.channels.email.rates import AccountRates, Rates
from marketing.channels.errors import TemporaryError
from marketing.domain.content import OutboundEmail
from marketing.domain.types import ChannelName, EmailType

LONGEST_REST: Final = timedelta(minutes=1)
"""An account that failed is asked again after this long at the latest; its messages may wait longer."""
RATE: Final = "rate"
_NOBODY: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class MailAccount:
    """One way out. `id` names it in rates and reports; `weight` is its share among the accounts of its tenant and type."""

    id: str
    provider: Provider
    weight: int = 1
    rates: AccountRates = field(default_factory=lambda: AccountRates(""))


class Accounts(Protocol):
    """Knows who carries what, and hears how it went."""

    def of(self, tenant: str, email_type: EmailType) -> Sequence[MailAccount]:
        """Return the accounts that may carry this type for this tenant; none when an operator has paused them all."""
        ...

    def heard(self, account: MailAccount, trouble: str) -> None:
        """Take note of a reason code, or of "" when it took mail; told only when it changes."""
        ...

    def close(self) -> None:
        """Close every provider."""
        ...


class OnlyAccount:
    """One provider for everything."""

    def __init__(self, provider: Provider, rates: AccountRates | None = None) -> None:
        self._account = MailAccount("setelan", provider, rates=rates or AccountRates("setelan"))

    def of(self, tenant: str, email_type: EmailType) -> Sequence[MailAccount]:  # noqa: ARG002  the port's
        return (self._account,)

    def heard(self, account: MailAccount, trouble: str) -> None:
        """Nobody looks at a single account's health but in the log of its messages."""

    def close(self) -> None:
        self._account.provider.close()


class EmailMessenger:
    """Carries e-mails to single persons; a message that cannot be written fails alone."""

    name: ChannelName = ChannelName.EMAIL

    def __init__(self, accounts: Accounts, clock: Callable[[], datetime], rates: Rates | None = None) -> None:
        self._accounts = accounts
        self._clock = clock
        self._rates = rates or Rates(clock)
        self._health = Health(accounts)

    def send(self, batch: Iterable[OutboundEmail]) -> Iterator[SendOutcome]:
        if isinstance(batch, Load):
            yield from self._carry(batch)
            return
        for (tenant, email_type), emails in groupby(batch, key=lambda email: (email.tenant, email.email_type)):
            yield from self._carry(Load(tenant, email_type, emails))

    def close(self) -> None:
        """Close every connection."""
        self._accounts.close()

    def _carry(self, load: Load) -> Iterator[SendOutcome]:
        accounts = self._accounts.of(load.tenant, load.email_type)
        if not accounts:
            raise TemporaryError("no_account", _NOBODY)
        ways = Ways(accounts, self._rates, self._health, self._clock)
        emails = iter(load)
        try:
            while True:
                try:
                    ways.ready()
                except TemporaryError:
                    yield from ways.flush()
                    raise
                email = next(emails, None)
                if email is None:
                    break
                yield from ways.carry(email)
            yield from ways.flush()
        finally:
            ways.release()


class RestingError(TemporaryError):
    """An account is passed over for what is known already."""


class Health:
    """Remembers which accounts failed just now; shared by the threads of a process."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._resting: dict[str, tuple[Provider, datetime, str, timedelta]] = {}
        self._lock = threading.Lock()

    def trouble(self, account: MailAccount, now: datetime) -> RestingError | None:
        """Return why the account is passed over for now."""
        with self._lock:
            provider, until, reason, wait = self._resting.get(account.id, (None, now, "", timedelta(0)))
        # A changed account has a new provider, and a new chance.
        return RestingError(reason, wait) if provider is account.provider and now < until else None

    def failed(self, account: MailAccount, error: TemporaryError, now: datetime) -> None:
        """Pass the account over for a while."""
        with self._lock:
            exact = str(error) == RATE  # then the provider itself says when
            rest = error.retry_after if exact else min(error.retry_after, LONGEST_REST)
            self._resting[account.id] = (account.provider, now + rest, str(error), error.retry_after)
        self._accounts.heard(account, str(error))

    def worked(self, account: MailAccount) -> None:
        """Forget what was wrong."""
        with self._lock:
            self._resting.pop(account.id, None)
        self._accounts.heard(account, "")


class Ways:
    """The accounts of one load, opened; used by one thread."""

    def __init__(
        self, accounts: Sequence[MailAccount], rates: Rates, health: Health, clock: Callable[[], datetime]
    ) -> None:
        self._accounts = accounts
        self._rates = rates
        self._health = health
        self._clock = clock
        self._open: dict[str, Carrier] = {}
        self._closed: dict[str, TemporaryError] = {}

    def ready(self) -> None:
        """Make sure that at least one account can take a message at once; TemporaryError with the nearest chance when none."""
        for account in self._accounts:
            if account.id not in self._closed:
                self._prepare(account)
        if len(self._closed) == len(self._accounts):
            raise min(self._closed.values(), key=lambda error: error.retry_after)

    def carry(self, email: OutboundEmail) -> Iterator[SendOutcome]:
        """Hand one message to the first account in its own order that has room for it."""
        domain = email.recipient_address.rpartition("@")[2]
        waits: list[timedelta] = []
        for account in ranked(self._accounts, email.key):
            if account.id in self._closed:
                continue
            used_up = self._rates.take(account.rates, domain)
            if used_up is None:
                yield from self._open[account.id].carry(email)
                return
            waits.append(used_up.wait)
            if used_up.whole_account:
                self._closed[account.id] = RestingError(RATE, used_up.wait)
        waits += [error.retry_after for error in self._closed.values()]
        yield Deferred(email.key, RATE, min(waits), counted=False)

    def flush(self) -> Iterator[SendOutcome]:
        """Send what an account has gathered."""
        for carrier in self._open.values():
            yield from carrier.flush()

    def release(self) -> None:
        """Give every connection back."""
        for account in self._accounts:
            carrier = self._open.get(account.id)
            if carrier is None:
                continue
            trouble = carrier.trouble()
            if trouble is not None:
                self._health.failed(account, trouble, self._clock())
            elif account.id not in self._closed:
                self._health.worked(account)
            carrier.release()

    def _prepare(self, account: MailAccount) -> None:
        try:
            if account.id not in self._open:
                self._check(account)
                self._open[account.id] = account.provider.open()
            self._open[account.id].ready()
        except RestingError as error:
            self._closed[account.id] = error
        except TemporaryError as error:
            self._health.failed(account, error, self._clock())
            self._closed[account.id] = error

    def _check(self, account: MailAccount) -> None:
        """Pass over what failed a moment ago, or has no room, without asking it."""
        if (resting := self._health.trouble(account, self._clock())) is not None:
            raise resting
        if (used_up := self._rates.room(account.rates)) is not None:
            raise RestingError(RATE, used_up.wait)


def ranked(accounts: Sequence[MailAccount], key: str) -> Sequence[MailAccount]:
    """Return the accounts in the order in which this message tries them: the first is chosen with the odds of its weight.

    Weighted rendezvous hashing: the order depends on the message alone, and adding an account moves only its share.
    """
    if len(accounts) == 1:
        return accounts
    return sorted(accounts, key=lambda account: _score(account, key), reverse=True)


def _score(account: MailAccount, key: str) -> float:
    digest = hashlib.sha256(f"{account.id}/{key}".encode()).digest()
    chance = (int.from_bytes(digest[:7]) + 1) / (256**7 + 1)  # between 0 and 1, neither included
    return max(account.weight, 1) / -math.log(chance)
