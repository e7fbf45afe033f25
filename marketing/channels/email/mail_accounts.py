"""Ways out for mail as the messenger knows them: who carries what, and which of them failed just now."""

import hashlib
import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from marketing.channels.base import IN_HAND
from marketing.channels.email.providers.base import Provider
from marketing.channels.email.rates import AccountRates
from marketing.channels.errors import TemporaryError
from marketing.domain.types import EmailType

LONGEST_REST: Final = timedelta(minutes=1)
"""An account that failed once is asked again after this long at the latest; its messages may wait longer."""
HOPELESS_REST: Final = timedelta(minutes=10)
"""The longest rest of one that fails again and again: asking it holds a worker that others wait for."""
RATE: Final = "rate"


@dataclass(frozen=True, slots=True)
class MailAccount:
    """One way out. `id` names it in rates and reports; `weight` is its share among the accounts of its tenant and type.

    `in_hand` is how many messages may be handed to it together.
    """

    id: str
    provider: Provider
    weight: int = 1
    rates: AccountRates = field(default_factory=lambda: AccountRates(""))
    in_hand: int = IN_HAND


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


class RestingError(TemporaryError):
    """An account is passed over for what is known already."""


@dataclass(frozen=True, slots=True)
class _Rest:
    provider: Provider
    until: datetime
    reason: str
    wait: timedelta
    times: int


class Health:
    """Remembers which accounts failed just now; shared by the threads of a process."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._resting: dict[str, _Rest] = {}
        self._lock = threading.Lock()

    def trouble(self, account: MailAccount, now: datetime) -> RestingError | None:
        """Return why the account is passed over for now."""
        with self._lock:
            rest = self._resting.get(account.id)
        # A changed account has a new provider, and a new chance.
        if rest is None or rest.provider is not account.provider or now >= rest.until:
            return None
        return RestingError(rest.reason, rest.wait)

    def failed(self, account: MailAccount, error: TemporaryError, now: datetime, *, took_mail: bool = False) -> None:
        """Pass the account over for a while: longer each time, unless it took mail in between."""
        reason = str(error)
        with self._lock:
            last = self._resting.get(account.id)
            again = last is not None and last.provider is account.provider and not took_mail
            times = last.times + 1 if last is not None and again else 0
            if reason == RATE:  # then the provider itself says when
                rest, times = error.retry_after, 0
            else:
                rest = min(min(error.retry_after, LONGEST_REST) * 2 ** min(times, 10), HOPELESS_REST)
            self._resting[account.id] = _Rest(account.provider, now + rest, reason, error.retry_after, times)
        self._accounts.heard(account, reason)

    def worked(self, account: MailAccount) -> None:
        """Forget what was wrong."""
        with self._lock:
            self._resting.pop(account.id, None)
        self._accounts.heard(account, "")


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
