"""One account while it is in use: calls go through here, so that a spent token is renewed once and a closed door is noted."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar

from marketing.channels.marketplace.errors import Failure, Later, Paused, Reconnect, TokenExpired
from marketing.channels.marketplace.port import (
    BATCH,
    Credentials,
    Done,
    Gone,
    ItemOutcome,
    Marketplace,
    Provider,
)
from marketing.db.models import ChannelAccount
from marketing.domain.account import TRANSITIONS, AccountState
from marketing.domain.transitions import change
from marketing.i18n import gettext as _
from marketing.marketplaces.gateway import Wires
from marketing.marketplaces.tokens import TokenKeeper
from marketing.observability import get_logger

T = TypeVar("T")
Item = TypeVar("Item")
REFUSED_AFRESH: Final = timedelta(minutes=15)
log = get_logger(__name__)


@dataclass(slots=True)
class OpenShop:
    """An account with open connections. `stopped` tells that nothing more can be done with it now."""

    keeper: TokenKeeper
    account_id: int
    provider: Provider
    wires: Wires
    credentials: Credentials | Reconnect
    stopped: Paused | Reconnect | None = field(default=None)

    def ask(self, call: Callable[[Marketplace, datetime], T | Failure]) -> T | Failure:
        """Make one call; with a spent token renew it and make it once more. Never returns `TokenExpired`."""
        if self.stopped is not None:
            return self.stopped
        if isinstance(self.credentials, Reconnect):
            return self._noted(self.credentials)
        answer = call(self._market(self.credentials), self.keeper.clock())
        if isinstance(answer, TokenExpired):
            problem = self._renew(self.credentials)
            if problem is not None:
                return self._noted(problem)
            answer = call(self._market(self.credentials), self.keeper.clock())
        return self._noted(answer)

    def ask_one(self, call: Callable[[Marketplace, datetime], Iterable[ItemOutcome]]) -> Done | Gone | Failure:
        """Make a batch call for one listing and return what became of it."""

        def once(market: Marketplace, now: datetime) -> Done | Gone | Failure:
            return next(iter(call(market, now))).result

        answer: Done | Gone | Failure = self.ask(once)
        return answer

    def ask_each(
        self,
        items: Sequence[Item],
        call: Callable[[Marketplace, Sequence[Item], datetime], Iterable[ItemOutcome]],
    ) -> Iterator[tuple[Item, ItemOutcome | Failure]]:
        """Make batch calls of at most 50; yield each item with what became of it, in the order given."""
        for start in range(0, len(items), BATCH):
            yield from self._batch(items[start : start + BATCH], call)

    def _batch(
        self,
        items: Sequence[Item],
        call: Callable[[Marketplace, Sequence[Item], datetime], Iterable[ItemOutcome]],
    ) -> Iterator[tuple[Item, ItemOutcome | Failure]]:
        done: list[ItemOutcome] = []

        def once(market: Marketplace, now: datetime) -> bool | Failure:
            # What was done before the token ran out is not done again.
            rest = list(call(market, items[len(done) :], now))
            spent = [number for number, outcome in enumerate(rest) if isinstance(outcome.result, TokenExpired)]
            done.extend(rest[: spent[0]] if spent else rest)
            return TokenExpired("batch") if spent else True

        answer = self.ask(once)
        for number, item in enumerate(items):
            if number < len(done):
                outcome = done[number]
                self._noted(outcome.result)
                yield item, outcome
            elif isinstance(answer, bool):
                yield item, Later("siar_not_mentioned", _("Lokapasar tidak menyebut hasilnya."), REFUSED_AFRESH)
            else:
                yield item, answer

    def _market(self, credentials: Credentials | Reconnect) -> Marketplace:
        if isinstance(credentials, Reconnect):
            raise TypeError("no credentials")
        return self.keeper.gateway.market(self.provider, self.wires, credentials)

    def _renew(self, spent: Credentials) -> Failure | None:
        answer = self.keeper.renewed(self.account_id, spent, self.wires)
        if isinstance(answer, Credentials):
            self.credentials = answer
            return None
        return answer

    def _noted(self, answer: T | Failure) -> T | Failure:
        """Pass an answer on; one that closes the account is written into its row, where people see it."""
        if isinstance(answer, TokenExpired):
            return Later(
                answer.code, _("Lokapasar menolak izin yang baru saja diperbarui; dicoba lagi."), REFUSED_AFRESH
            )
        if isinstance(answer, Paused | Reconnect):
            self.stopped = answer
            close_account(self.keeper, self.account_id, answer)
        return answer


def close_account(keeper: TokenKeeper, account_id: int, why: Paused | Reconnect) -> None:
    """Write that an account waits for a person."""
    new = AccountState.RECONNECT if isinstance(why, Reconnect) else AccountState.PAUSED
    with keeper.database.write() as session:
        row = session.get_one(ChannelAccount, account_id, with_for_update=True)
        if row.state is new or new not in TRANSITIONS[row.state]:
            return  # a person was faster: what was paused or removed stays so
        row.state, row.state_reason = change(TRANSITIONS, row.state, new), why.detail
        row.updated_at = keeper.clock()
    log.warning("marketplace account waits for a person", account=account_id, state=new.value, code=why.code)


@contextmanager
def open_shop(keeper: TokenKeeper, account_id: int) -> Iterator[OpenShop]:
    """Open the connections of one account for a while."""
    with keeper.database.read() as session:
        provider = Provider(session.get_one(ChannelAccount, account_id).provider)
    with keeper.gateway.wires(provider) as wires:
        yield OpenShop(keeper, account_id, provider, wires, keeper.credentials(account_id))
