"""Recall of a listing: off sale by the provider's call, by a named person in the seller centre where no call can do it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from marketing.channels.marketplace.errors import SOON, Failure, Later, Reconnect
from marketing.channels.marketplace.port import Done
from marketing.channels.marketplace.port import Gone as NothingThere
from marketing.db.models import ChannelAccount, MarketplaceListing
from marketing.db.session import Database
from marketing.delivery.withdrawing import Gone, NeedsPerson, Outcome, TryLater
from marketing.domain.account import AccountState
from marketing.domain.listing import ListingState
from marketing.errors import MarketingError
from marketing.i18n import gettext as _
from marketing.marketplaces.ledger import ASK_AGAIN, STANDING, Job, Ledger, job_of
from marketing.marketplaces.shop import open_shop
from marketing.marketplaces.taking_off import take_off
from marketing.marketplaces.tokens import TokenKeeper
from marketing.observability import get_logger

CLOSED: Final = (AccountState.RECONNECT, AccountState.REMOVED)
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ListingWithdrawing:
    """Takes listings off sale; every call may be repeated.

    A paused account is used all the same: pausing keeps new things from going out, not unlawful ones from leaving. Where
    only a person can do it, the open withdrawal is that person's task (shown on `/kanal`).
    """

    database: Database
    keeper: TokenKeeper
    clock: Callable[[], datetime]

    def take_down(self, row_id: int, why: str) -> Outcome:
        """Take one listing off sale; `why` is kept with it."""
        with self.database.read() as session:
            row = session.get_one(MarketplaceListing, row_id)
            account = session.get_one(ChannelAccount, row.account_id)
            job, state, due = job_of(row), account.state, row.next_try_at
        ledger = Ledger(self.database, self.clock)
        if job.state not in STANDING:
            if job.state is ListingState.WANTED:
                ledger.unlisted(job, why)
            return Gone()
        in_doubt = job.state is not ListingState.LISTED
        early = in_doubt and due is not None and due > self.clock()
        if job.state is ListingState.CREATING and early:
            return TryLater(_("Sedang dibuat di lokapasar; ditarik begitu ada jawabannya."))
        if state in CLOSED:
            return NeedsPerson()
        try:
            return self._by_call(ledger, job, account.id, why, early=early)
        except MarketingError as error:
            return TryLater(str(error))
        except Exception as error:  # one listing's fault must not keep the others standing
            log.exception("unlisting failed", listing=row_id)
            return TryLater(type(error).__name__)

    def _by_call(self, ledger: Ledger, job: Job, account_id: int, why: str, *, early: bool) -> Outcome:
        if job.state is ListingState.CREATING:
            ledger.in_doubt(job, timedelta(0))
        with open_shop(self.keeper, account_id) as shop:
            answer = take_off(shop, job.remote, job.sku)
        if isinstance(answer, NothingThere) and early:
            return TryLater(_("Belum pasti apakah sudah tayang; dicari lagi di lokapasar."))
        if isinstance(answer, Done | NothingThere):
            ledger.unlisted(job, why)
            return Gone()
        return self._not_done(ledger, job, answer)

    @staticmethod
    def _not_done(ledger: Ledger, job: Job, failure: Failure) -> Outcome:
        if isinstance(failure, Later):
            if failure.retry_after >= ASK_AGAIN:  # a promotion, a holiday: a person can end it sooner
                ledger.later(job, ASK_AGAIN)
                return NeedsPerson()
            return TryLater(failure.detail, None if failure.retry_after == SOON else failure.retry_after)
        if not isinstance(failure, Reconnect):
            ledger.later(job, ASK_AGAIN)  # the round goes on trying while a person is asked
        return NeedsPerson()
