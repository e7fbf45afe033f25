"""Bringing due listings to their end, one call after the other: off sale first, then prices, then words, then new ones."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from marketing.channels.marketplace.errors import Failure, Later, Paused, Reconnect, Refused
from marketing.channels.marketplace.listing import Listing
from marketing.channels.marketplace.port import (
    Change,
    Choice,
    Created,
    Done,
    Gone,
    InDoubt,
    ItemOutcome,
    Marketplace,
    Prepared,
    RemoteId,
    RemoteListing,
)
from marketing.channels.marketplace.port import ListingState as RemoteState
from marketing.domain.listing import ListingState
from marketing.i18n import gettext as _
from marketing.marketplaces.ledger import Job, Ledger
from marketing.marketplaces.offering import Target, target_of, with_pictures
from marketing.marketplaces.shop import OpenShop
from marketing.marketplaces.taking_off import take_off

LATERS: Final = 3  # so many delays in a row are the account's, not the products'
AT_ONCE: Final = timedelta(0)
LOST_MEANWHILE: Final = timedelta(minutes=1)
S = ListingState


@dataclass(frozen=True, slots=True)
class Offer:
    """A job with the listing that should stand."""

    job: Job
    listing: Listing
    choice: Choice
    target: Target

    @property
    def key(self) -> str:
        """Name the intention to create: the same in every repetition, another one after the listing was deleted."""
        return f"siar-{self.job.id}-{self.job.remote or 0}"


@dataclass(slots=True)
class Bringing:
    """The jobs of one turn. `stands` asks the gate at the last moment; `wait` is set when the provider asks for patience."""

    shop: OpenShop
    ledger: Ledger
    clock: Callable[[], datetime]
    stands: Callable[[Job], bool]
    done: int = 0
    failed: int = 0
    problem: str = ""
    wait: timedelta | None = None
    _off: list[Job] = field(default_factory=list)
    _adrift: list[Job] = field(default_factory=list)
    _priced: list[Offer] = field(default_factory=list)
    _changed: list[Offer] = field(default_factory=list)
    _new: list[Offer] = field(default_factory=list)
    _laters: list[Later] = field(default_factory=list)

    def add(self, job: Job, listing: Listing | None, choice: Choice) -> None:
        """Sort a job by what it needs; `listing` is None when the product may not (or no longer) stand here."""
        if listing is None:
            if job.state is S.LISTED:
                self._off.append(job)
            else:
                self._adrift.append(job)
            return
        offer = Offer(job, listing, choice, target_of(listing, choice, self.clock()))
        if job.state is not S.LISTED:
            self._new.append(offer)
        elif job.content != offer.target.content:
            self._changed.append(offer)
        elif (job.price, job.stock) != (offer.target.price, offer.target.stock):
            self._priced.append(offer)
        else:
            self.ledger.settled(job)

    def run(self) -> None:
        """Do all of it, until the account is closed or asks for patience."""
        for step in self._steps():
            step()
            if self.shop.stopped is not None:
                self.problem = self.shop.stopped.detail
                return
            if len(self._laters) >= LATERS:
                self.wait = min(later.retry_after for later in self._laters)
                self.problem = self._laters[-1].detail
                return

    def _steps(self) -> Iterator[Callable[[], None]]:
        if self._off:
            yield self._unlist
        for job in self._adrift:
            yield lambda job=job: self._withdraw(job)  # type: ignore[misc]  # bound now, called at once
        if self._priced:
            yield self._price
        for offer in self._changed:
            yield lambda offer=offer: self._update(offer)  # type: ignore[misc]
        for offer in self._new:
            yield lambda offer=offer: self._bring(offer)  # type: ignore[misc]

    def _unlist(self) -> None:
        jobs = {job.id: job for job in self._off}
        remotes = [(number, job.remote) for number, job in jobs.items() if job.remote is not None]

        def call(market: Marketplace, items: Sequence[tuple[int, RemoteId]], now: datetime) -> Iterator[ItemOutcome]:
            return market.unlist([remote for _number, remote in items], now)

        for (number, _remote), answer in self.shop.ask_each(remotes, call):
            job = jobs[number]
            result = answer.result if isinstance(answer, ItemOutcome) else answer
            if isinstance(result, Refused):  # a listing under review or banned: deleting is the other way
                result = take_off(self.shop, job.remote, job.sku)
            if isinstance(result, Done | Gone):
                self.ledger.unlisted(job, _("Tidak lagi boleh tayang di akun ini."))
                self._went_well()
            else:
                self._fail(job, result, None)

    def _withdraw(self, job: Job) -> None:
        """End what was not listed for sure and is not wanted any more."""
        if job.state is not S.WANTED or job.remote is not None:
            self._doubt(job)
            answer = take_off(self.shop, job.remote, job.sku)
            if not isinstance(answer, Done | Gone):
                self._fail(job, answer, None)
                return
        self.ledger.unlisted(job, _("Tidak lagi boleh tayang di akun ini."))
        self._went_well()

    def _price(self) -> None:
        def call(market: Marketplace, offers: Sequence[Offer], now: datetime) -> Iterator[ItemOutcome]:
            changes = [
                Change(offer.job.remote, offer.target.stock or 0, offer.target.price)
                for offer in offers
                if offer.job.remote is not None
            ]
            return market.set_stock_and_price(changes, now)

        for offer, answer in self.shop.ask_each(self._priced, call):
            self._changed_to(offer, answer.result if isinstance(answer, ItemOutcome) else answer)

    def _update(self, offer: Offer, note: str = "") -> None:
        answer = self._written(offer)
        if answer is not None:
            self._changed_to(offer, answer, note)

    def _written(self, offer: Offer) -> Done | Gone | Failure | None:
        """Bring what stands (on sale or not) to what should stand; None when it did not come to the call."""
        remote = offer.job.remote
        prepared = self._prepare(offer)
        if remote is None or prepared is None:
            return None
        ready, listing = prepared
        answer: Done | Gone | Failure = self.shop.ask(lambda market, now: market.update(remote, listing, ready, now))
        return answer

    def _changed_to(self, offer: Offer, answer: Done | Gone | Failure, note: str = "") -> None:
        if isinstance(answer, Done) and offer.job.remote is not None:
            self.ledger.listed(offer.job, offer.job.remote, offer.target, reason=note)
            self._went_well()
        elif isinstance(answer, Gone):
            self.ledger.vanished(offer.job, offer.target)
            self._went_well()
        elif not isinstance(answer, Done):
            self._fail(offer.job, answer, offer.target)

    def _bring(self, offer: Offer) -> None:
        """Look the SKU up; take over what stands there, else create."""
        job = offer.job
        self._doubt(job)
        found = self.shop.ask(lambda market, now: market.find_by_sku(offer.listing.sku, now))
        if not isinstance(found, tuple):
            self._fail(job, found, offer.target)
        elif found:
            self._take_over(offer, found)
        else:
            self._create(offer)

    def _doubt(self, job: Job) -> None:
        """Write that a row whose call was cut off is in doubt; its lease has run out, or it would not be due."""
        if job.state is S.CREATING:
            self.ledger.in_doubt(job, AT_ONCE)

    def _take_over(self, offer: Offer, found: Sequence[RemoteListing]) -> None:
        job, first = offer.job, found[0]
        double = ""
        if len(found) > 1:
            double = _("Ada {n} iklan dengan SKU ini; hapus kelebihannya di Seller Centre.").format(n=len(found))
        if first.state is RemoteState.BANNED:
            self.ledger.listed(
                job, first.remote, offer.target, reason=_("Dibekukan lokapasar; periksa alasannya di Seller Centre.")
            )
            self.failed += 1
            return
        if first.state is RemoteState.UNLISTED or first.state is RemoteState.DRAFT:
            self._bring_back(offer, first.remote)
            return
        told = (first.price, first.stock) == (offer.target.price, offer.target.stock)
        ours = job.state is S.UNCONFIRMED and job.content == offer.target.content and job.attempts == 1
        if told and ours:  # our own call, whose answer was lost
            self.ledger.listed(job, first.remote, offer.target, reason=double)
            self._went_well()
            return
        self.ledger.listed(job, first.remote, None, reason=double, look=True)
        self._update(offer, double)

    def _bring_back(self, offer: Offer, remote: RemoteId) -> None:
        """Bring an unlisted one up to date first, then on sale."""
        job = offer.job
        if job.state is S.UNCONFIRMED:
            self.ledger.absent(job)  # nothing is on sale under the SKU
        self.ledger.known(job, remote)
        answer = self._written(offer)
        if not isinstance(answer, Done):
            if answer is not None:
                self._changed_to(offer, answer)
            return
        if not self.ledger.creating(job, offer.target):  # from here on it may be on sale: written ahead like a new one
            return
        answer = self.shop.ask_one(lambda market, now: market.relist([remote], now))
        if isinstance(answer, Later):  # whether it took effect is not known
            self.ledger.in_doubt(job, answer.retry_after)
            self._delayed(answer)
        else:
            self._changed_to(offer, answer)

    def _create(self, offer: Offer) -> None:
        job = offer.job
        if job.state is S.UNCONFIRMED:
            self.ledger.absent(job)
        prepared = self._prepare(offer)
        if prepared is None or not self.ledger.creating(job, offer.target):
            return
        ready, listing = prepared
        answer: Created | InDoubt | Failure = self.shop.ask(
            lambda market, now: market.create(listing, ready, offer.key, now)
        )
        match answer:
            case Created(remote=remote):
                # A repeated intention may have been answered with what the first one stored: it is brought up to date.
                first = job.attempts == 1
                self.ledger.listed(job, remote, offer.target if first else None, look=not first)
                self._went_well()
            case InDoubt(look_up_after=after):
                self.ledger.in_doubt(job, after)
                self.failed += 1
            case _:
                self._fail(job, answer, offer.target)

    def _prepare(self, offer: Offer) -> tuple[Prepared, Listing] | None:
        """Upload and check what a call needs; None when it may not be made, which is then written."""
        listing, contents = with_pictures(offer.listing)
        answer = self.shop.ask(lambda market, now: market.prepare(listing, contents, offer.choice, now))
        if isinstance(answer, Prepared):
            if self.stands(offer.job):
                return answer, listing
            self.ledger.later(offer.job, LOST_MEANWHILE)
            return None
        self._fail(offer.job, answer, offer.target)
        return None

    def _went_well(self) -> None:
        self.done += 1
        self._laters.clear()

    def _fail(self, job: Job, failure: Failure, target: Target | None) -> None:
        self.ledger.failed(job, failure, target)
        if isinstance(failure, Paused | Reconnect):
            return
        if isinstance(failure, Later):
            self._delayed(failure)
        else:
            self.failed += 1
            self._laters.clear()

    def _delayed(self, failure: Later) -> None:
        self.failed += 1
        self._laters.append(failure)
