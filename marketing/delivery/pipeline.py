"""Lease a range, decide again, write ahead, hand over, record (design section 6), at most a sub-batch at a time in doubt."""

import math
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from marketing.channels.base import Courier, Failed, Load, Messenger
from marketing.channels.errors import TemporaryError
from marketing.db.models import Campaign
from marketing.db.session import Database
from marketing.delivery import turns
from marketing.delivery.claiming import Batch, Due, claim
from marketing.delivery.composing import MailComposer, load_campaign_mail
from marketing.delivery.handing_over import SUB_BATCH, HandingOver, Write
from marketing.delivery.leases import LEASE, Leases
from marketing.delivery.outcomes import patience
from marketing.delivery.permitting import Permitting
from marketing.delivery.persistence import persistently
from marketing.delivery.restore_guard import RestoreGuard
from marketing.domain.consent import writes_on
from marketing.domain.content import OutboundEmail
from marketing.domain.permission import FrequencyCap, QuietHours
from marketing.domain.types import ChannelName, EmailType
from marketing.errors import MarketingError
from marketing.observability import get_logger, metrics
from marketing.observability.range_watch import RangeWatch
from marketing.observability.tracing import span

log = get_logger(__name__)
FRESH_SECONDS = 2.0
"""For so long what was decided about a range holds; then people, products and hours are asked again."""


REACH = 20
"""Sub-batches for which a turn decides at first; more when they were done while that was fresh, fewer when they were not."""


FEW = 4
"""Up to so many threads each ask for a group ahead, over a second connection; more of them wait for the database in turns anyway."""


LEAST_IN_HAND = 10
"""A sub-batch is no smaller, however many threads share what may be in doubt: each costs a transaction."""


def never(*_anything: object) -> bool:
    """Return False."""
    return False


M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Way(Generic[M]):
    """How messages of one channel go: who carries them, and who writes those of a range (read once, in this transaction)."""

    courier: Courier[M]
    writing: Callable[[Session, Batch, datetime], Write[M]]


@dataclass(frozen=True, slots=True)
class Turn:
    """How a turn ended: whether more may be waiting now, or after how long somebody can carry mail again."""

    more: bool
    again_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Sends the queued messages of a campaign; any number of workers may do so at once.

    `guard` is asked in each transaction that lets bulk mail leave; `stopping` ends the work after the message in hand.
    """

    database: Database
    messenger: Messenger
    composer: MailComposer
    clock: Callable[[], datetime]
    guard: RestoreGuard
    cap: FrequencyCap = field(default_factory=FrequencyCap)
    quiet: QuietHours | None = None
    timer: Callable[[], float] = time.monotonic
    lease: timedelta = LEASE
    stopping: Callable[[], bool] = never
    others: Mapping[ChannelName, Way[Any]] = field(default_factory=dict)
    """The ways of channels other than e-mail."""
    threads: int = 1
    """How many of this process hand over at once: what may be in doubt when it dies is shared among them."""

    def deliver(self, campaign_id: int, *, batches: int) -> bool:
        """Hand over up to `batches` sub-batches, however long it takes; True when more may be waiting."""
        return self.turn(campaign_id, batches=batches, seconds=float("inf")).more

    def turn(self, campaign_id: int, *, batches: int, seconds: float = turns.TURN_SECONDS) -> Turn:
        """Hand over up to `batches` sub-batches, and begin no other after so many seconds."""
        owner, end, reach = secrets.token_hex(8), self.timer() + seconds, REACH
        while batches > 0 and not self.stopping():
            batch = self._claim(campaign_id, owner, min(batches, reach) * SUB_BATCH)
            if batch is None:
                return Turn(more=False)
            with span("range", campaign=campaign_id, range=batch.place.range_id, messages=len(batch.messages)):
                done, put_off, stopped = self._hand_over(self._way(batch.campaign), batch, owner, end)
            if put_off is not None:
                return Turn(more=False, again_after=patience(put_off.retry_after))
            if stopped:
                return Turn(more=False)
            used = max(1, math.ceil(done / SUB_BATCH))
            batches -= used
            reach = (
                reach * 2 if done >= len(batch.messages) else used
            )  # what is not done while it is fresh was asked in vain
            if self.timer() >= end:
                break
        return Turn(more=True)

    def whose_turn(self, campaign_id: int) -> tuple[int, float]:
        """Return which bulk campaign is served when this one asked, and for how many seconds (`marketing.delivery.turns`)."""
        with self.database.read() as session:
            return turns.whose_turn(turns.waiting_campaigns(session, self.clock(), self.lease), campaign_id)

    def others_may_help(self, campaign_id: int) -> bool:
        """Return whether there is work for one more worker."""
        with self.database.read() as session:
            return turns.others_may_help(session, campaign_id, self.clock(), self.lease)

    def _claim(self, campaign_id: int, owner: str, limit: int) -> Batch | None:
        leases = Leases(self.database, self.clock, self.lease)

        def take(session: Session) -> Batch | None:
            if self._closed(session, campaign_id):
                return None
            return claim(
                session,
                campaign_id,
                owner=owner,
                leases=leases,
                cap=self.cap,
                now=self.clock(),
                limit=limit,
                quiet=self.quiet,
            )

        begun = perf_counter()
        batch = persistently(self.database, take)
        if batch is not None:
            metrics.step("claim", perf_counter() - begun)
            metrics.ranges("leased")
        return batch

    def _closed(self, session: Session, campaign_id: int) -> bool:
        campaign = session.get(Campaign, campaign_id)
        return (
            campaign is not None and campaign.email_type is not EmailType.TRANSACTIONAL and self.guard.closed(session)
        )

    def _way(self, campaign: Campaign) -> Way[Any]:
        channel = writes_on(campaign.purpose)
        return self._by_mail() if channel is ChannelName.EMAIL else self.others[channel]

    def _hand_over(self, way: Way[M], batch: Batch, owner: str, end: float) -> tuple[int, TemporaryError | None, bool]:
        """Hand over what may leave; return how many messages it came to, and what ended it before its time."""
        campaign, put_off = batch.campaign, None
        wanted = way.courier.in_hand(campaign.tenant_id, campaign.email_type)
        together = min(wanted, max(LEAST_IN_HAND, wanted // self.threads))
        watch = RangeWatch(campaign.tenant_id, way.courier.name.value, campaign.email_type.value)
        watch.came_to(batch.refused)
        ahead = self.database.on_server and self.threads <= FEW
        permitting = Permitting(self.database, batch, owner, self.clock, self.timer, self.guard, ahead)
        until, messages = min(self.timer() + FRESH_SECONDS, end), len(batch.messages)
        handing = HandingOver(permitting, self.stopping, watch, together)
        with closing(permitting), Leases(self.database, self.clock, self.lease).beating(batch.place, owner):
            try:
                if messages:
                    written = handing.permitted(self._writing(way, batch, handing), until)
                    load = Load(campaign.tenant_id, campaign.email_type, written, messages)
                    with span("hand over", campaign=campaign.id, range=batch.place.range_id, messages=messages):
                        for outcome in way.courier.send(load):
                            handing.answered(outcome)
            except TemporaryError as error:
                put_off = error  # nobody can carry mail now
            except Exception:
                handing.finish()  # what is known is kept; what was in hand without an answer is settled as lost
                raise
            finally:
                watch.sub_batch()
            handing.finish(put_off)
        watch.told(campaign=campaign.id, range_id=batch.place.range_id, messages=messages)
        return handing.done, put_off, handing.stopped

    def _writing(self, way: Way[M], batch: Batch, handing: HandingOver) -> Write[M]:
        """Return what writes a message of the range; one that cannot be written fails alone."""
        with self.database.read() as session:
            written = way.writing(session, batch, self.clock())

        def write(message: Due) -> M | None:
            try:
                return written(message)
            except (MarketingError, TypeError, ValueError, LookupError) as error:
                log.exception("message could not be composed", message=message.id)
                handing.failed(Failed(str(message.id), "render_error", type(error).__name__))
                return None

        return write

    def _by_mail(self) -> Way[OutboundEmail]:
        def writing(session: Session, batch: Batch, now: datetime) -> Write[OutboundEmail]:
            mail = load_campaign_mail(session, batch.campaign, batch.version, batch.profile, batch.messages)

            def write(message: Due) -> OutboundEmail | None:
                if self.composer.lost_all_products(message, mail, now):
                    return None  # they fell just now: it is given back, and the next claim tells what becomes of it
                return self.composer.compose(message, batch.contacts[message.contact_id], mail, now)

            return write

        return Way(self.messenger, writing)
