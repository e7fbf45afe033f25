"""One turn of an account: compare the catalogue with the ledger when it has changed, then bring what is due to its end.

Only one process has an account in hand. Every call that may create something is written ahead, so that a kill at any line
leaves a row whose SKU is looked up first: a second listing cannot come into being.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from marketing.channels.marketplace.listing import Listing
from marketing.db.exclusive import exclusively
from marketing.db.models import ChannelAccount, MarketplaceListing, Product, Withdrawal
from marketing.db.session import Database
from marketing.domain.account import AccountState
from marketing.domain.listing import ListingState
from marketing.domain.types import ChannelName
from marketing.errors import MarketingError
from marketing.marketplaces.bringing import Bringing
from marketing.marketplaces.ledger import PLACE, Job, Ledger, due_jobs
from marketing.marketplaces.offering import AUTO, Scope, choice_of, next_change, scope_of, target_of
from marketing.marketplaces.planning import Wanted, plan
from marketing.marketplaces.shop import OpenShop, open_shop
from marketing.marketplaces.tokens import TokenKeeper
from marketing.observability import get_logger
from marketing.products.listings import ListingMaker, Narrowed, version_of
from marketing.tenants.profile import TenantProfile, profile_of

MOST_A_ROUND: Final = 50
AFTER_RECALL: Final = timedelta(minutes=1)  # a recall runs every 20 seconds and writes the record that a round does not
log = get_logger(__name__)
S = ListingState


@dataclass(frozen=True, slots=True)
class Rounded:
    """What one turn did: intentions written, jobs done and failed; `problem` is the sentence that ended it early."""

    planned: int = 0
    done: int = 0
    failed: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Account:
    """What a round needs to know about its account."""

    id: int
    tenant_id: str
    settings: dict[str, Any]
    scope: Scope
    version: str
    due: datetime | None

    @property
    def auto(self) -> bool:
        return self.settings.get(AUTO) is True


@dataclass(slots=True)
class _Due:
    """The jobs of a turn with what should stand, by what has to be done."""

    jobs: list[Job]
    listings: dict[int, Listing]
    promotable: set[int]
    recorded: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class ListingRound:
    """Keeps the listings of accounts as the catalogue says."""

    database: Database
    keeper: TokenKeeper
    maker: ListingMaker
    clock: Callable[[], datetime]
    most: int = MOST_A_ROUND

    def run(self, tenant_id: str) -> dict[int, Rounded]:
        """Give every active account of a Daerah its turn; what fails in one keeps no other waiting."""
        with self.database.read() as session:
            query = select(ChannelAccount.id).where(
                ChannelAccount.tenant_id == tenant_id,
                ChannelAccount.channel == ChannelName.MARKETPLACE,
                ChannelAccount.state == AccountState.ACTIVE,
            )
            accounts = list(session.scalars(query.order_by(ChannelAccount.id)))
        done: dict[int, Rounded] = {}
        for account_id in accounts:
            try:
                found = self.turn(account_id)
            except MarketingError as error:
                found = Rounded(problem=str(error))
            except Exception:
                log.exception("listing round failed", account=account_id)
                continue
            if found is not None:
                done[account_id] = found
                self._report(account_id, found)
        return done

    def turn(self, account_id: int) -> Rounded | None:
        """Give one account its turn; None when another process has it in hand or it must wait."""
        with exclusively(self.database, f"listings {account_id}") as alone:
            account = self._account(account_id) if alone else None
            if account is None:
                return None
            profile = profile_of(account.tenant_id)
            with open_shop(self.keeper, account_id) as shop:
                planned = self._plan(account, profile)
                found = self._work(account, profile, shop)
            return Rounded(planned, found.done, found.failed, found.problem)

    def _account(self, account_id: int) -> _Account | None:
        now = self.clock()
        with self.database.read() as session:
            row = session.get_one(ChannelAccount, account_id)
            if row.state is not AccountState.ACTIVE or (row.not_before is not None and row.not_before > now):
                return None
            scope = scope_of(session, row)
            return _Account(row.id, row.tenant_id, row.settings, scope, row.listings_version, row.listings_due)

    def _plan(self, account: _Account, profile: TenantProfile) -> int:
        """Compare everything, if something can have changed since the last time."""
        now = self.clock()
        with self.database.read() as session:
            version = version_of(session, profile, now)
        if version == account.version and (account.due is None or account.due > now):
            return 0
        changes: list[datetime] = []

        def wanted() -> Iterator[Wanted]:
            for listing in self.maker.stream(self.database, profile, now, Narrowed(account.scope.business_id)):
                if account.scope.holds(listing):
                    choice = choice_of(account.settings, listing.category)
                    yield Wanted(listing.row_id, listing.sku, target_of(listing, choice, now))
                    if (change := next_change(listing, now)) is not None:
                        changes.append(change)

        planned = plan(
            self.database,
            account.tenant_id,
            account.id,
            wanted(),
            auto=account.auto,
            now=now,
        )
        with self.database.write() as session:
            row = session.get_one(ChannelAccount, account.id, with_for_update=True)
            if (row.listings_version, row.settings) == (account.version, account.settings):  # else compare once more
                row.listings_version = version
            row.listings_due = min(changes, default=None)
        return planned

    def _work(self, account: _Account, profile: TenantProfile, shop: OpenShop) -> Rounded:
        due = self._due(account, profile)

        def stands(job: Job) -> bool:
            with self.database.read() as session:
                return bool(self.maker.load(session, profile, [job.product_id], self.clock()))

        bringing = Bringing(shop, Ledger(self.database, self.clock), self.clock, stands)
        for job in due.jobs:
            if job.state is S.LISTED and job.id not in due.listings and not self._is_ours(job, due):
                bringing.ledger.later(job, AFTER_RECALL)
                continue
            listing = due.listings.get(job.id)
            bringing.add(job, listing, choice_of(account.settings, listing.category if listing else ""))
        bringing.run()
        if bringing.wait is not None:
            with self.database.write() as session:
                row = session.get_one(ChannelAccount, account.id, with_for_update=True)
                row.not_before = self.clock() + bringing.wait
        return Rounded(0, bringing.done, bringing.failed, bringing.problem)

    def _due(self, account: _Account, profile: TenantProfile) -> _Due:
        """Return what is due with the listings of this moment: the gate is asked again for each."""
        now = self.clock()
        with self.database.read() as session:
            jobs = due_jobs(session, account.id, now, self.most)
            products = [job.product_id for job in jobs]
            made = {one.row_id: one for one in self.maker.load(session, profile, products, now)}
            listings = {
                job.id: made[job.product_id]
                for job in jobs
                if job.product_id in made and account.scope.holds(made[job.product_id])
            }
            promotable = set(session.scalars(select(Product.id).where(Product.id.in_(products), Product.promotable)))
            places = {f"{PLACE}:{job.id}": job.id for job in jobs}
            recorded = session.scalars(
                select(Withdrawal.place)
                .join(Product, Product.id == Withdrawal.product_id)
                .where(Withdrawal.place.in_(list(places)), Withdrawal.lost_at == Product.lost_at)
            )
            return _Due(jobs, listings, promotable, {places[place] for place in recorded})

    @staticmethod
    def _is_ours(job: Job, due: _Due) -> bool:
        """Return whether a round may take a listing off: not before the recall has written its record of the loss."""
        return job.product_id in due.promotable or job.id in due.recorded

    def _report(self, account_id: int, found: Rounded) -> None:
        with self.database.write() as session:
            row = session.get_one(ChannelAccount, account_id, with_for_update=True)
            told = {"at": self.clock().isoformat(), "done": found.done, "failed": found.failed}
            row.report = {**row.report, "listings": {**told, "problem": found.problem}}


def offer_again(database: Database, account_id: int, now: datetime) -> int:
    """Make everything that was refused due again, because a person has mended something outside; return how many."""
    with database.write() as session:
        query = select(MarketplaceListing).where(
            MarketplaceListing.account_id == account_id, MarketplaceListing.refused_hash != ""
        )
        rows: Sequence[MarketplaceListing] = session.scalars(query.with_for_update()).all()
        for row in rows:
            row.refused_hash = ""
        account = session.get_one(ChannelAccount, account_id, with_for_update=True)
        account.listings_version, account.not_before, account.updated_at = "", None, now
    return len(rows)
