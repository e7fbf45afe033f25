"""The Messenger of e-mail: each load goes by the accounts of its tenant that carry its type, one is as good as many.

The choice among them and the waiting for them is in `ways`, their rates in `rates`.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from marketing.channels.base import IN_HAND, Load, SendOutcome
from marketing.channels.email.mail_accounts import Accounts, Health, OnlyAccount
from marketing.channels.email.rates import Rates
from marketing.channels.email.ways import Ways
from marketing.channels.errors import TemporaryError
from marketing.domain.content import OutboundEmail
from marketing.domain.types import ChannelName, EmailType

__all__ = ["EmailMessenger", "OnlyAccount"]
_NOBODY: Final = timedelta(minutes=15)


def _goes_on() -> bool:
    return False


class EmailMessenger:
    """Carries e-mails to single persons; a message that cannot be written fails alone."""

    name: ChannelName = ChannelName.EMAIL

    def __init__(
        self,
        accounts: Accounts,
        clock: Callable[[], datetime],
        rates: Rates | None = None,
        stopping: Callable[[], bool] = _goes_on,
    ) -> None:
        """Take `stopping`, which says that the process is to end: then nothing is waited for that has not begun."""
        self._accounts = accounts
        self._clock = clock
        self._rates = rates or Rates(clock)
        self._health = Health(accounts)
        self._stopping = stopping

    def in_hand(self, tenant: str, email_type: EmailType) -> int:
        """Return how many messages may be permitted together: as many may be in doubt when a worker dies.

        More than IN_HAND only where an operator chose so for every account that carries them.
        """
        return min((account.in_hand for account in self._accounts.of(tenant, email_type)), default=IN_HAND)

    def send(self, batch: Load[OutboundEmail] | Iterable[OutboundEmail]) -> Iterator[SendOutcome]:
        if isinstance(batch, Load):
            yield from self._carry(batch)
            return
        for (tenant, email_type), emails in groupby(batch, key=lambda email: (email.tenant, email.email_type)):
            yield from self._carry(Load(tenant, email_type, emails))

    def close(self) -> None:
        """Close every connection."""
        self._accounts.close()

    def _carry(self, load: Load[OutboundEmail]) -> Iterator[SendOutcome]:
        accounts = self._accounts.of(load.tenant, load.email_type)
        if not accounts:
            raise TemporaryError("no_account", _NOBODY)
        ways = Ways(accounts, self._rates, self._health, self._clock, self._stopping, load.size)
        emails, end = iter(load), object()
        try:
            while True:
                try:
                    ways.ready()
                except TemporaryError:
                    yield from ways.flush()
                    raise
                yield from ways.answered()
                email = next(emails, end)
                if isinstance(email, OutboundEmail):
                    ways.carry(email)
                elif email is None:
                    yield from ways.hear()
                else:
                    break
            yield from ways.flush()
        finally:
            ways.release()
