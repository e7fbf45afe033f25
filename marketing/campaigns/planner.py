"""Freeze the audience: one message row per person, queued or skipped with its reason, planned in ranges and resumable."""

import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from marketing.campaigns.plan_query import (
    PLANNABLE,
    may_run_beside,
    next_stretch,
    nobody_else_plans,
    plan_stretch,
    settle_stretch,
)
from marketing.campaigns.state import move
from marketing.contacts.permission_facts import gather_facts
from marketing.contacts.permission_query import Rule
from marketing.db.bulk import next_ids, refresh_statistics
from marketing.db.insert import engine_insert
from marketing.db.models import Campaign, Contact, Link, Message, MessageRange, Post
from marketing.db.session import Database
from marketing.delivery.claiming import pause_if_held
from marketing.delivery.mail_context import destinations
from marketing.delivery.planned_ranges import write_ranges
from marketing.delivery.ranges import RANGE, month_of_campaign
from marketing.delivery.versions import content_of
from marketing.delivery.withdrawing import name_products, requeue_unsent
from marketing.domain.campaign import AudienceFilter, CampaignState
from marketing.domain.consent import writes_on
from marketing.domain.message import MessageState
from marketing.domain.newsletter import links_of
from marketing.domain.permission import Allowed, FrequencyCap, Held, Later, QuietHours, Skipped, decide_for
from marketing.domain.post import PostState
from marketing.domain.types import EmailType
from marketing.errors import InvalidInputError, MarketingError, NotFoundError
from marketing.i18n import gettext as _
from marketing.observability import get_logger
from marketing.products.catalogue import load_offers
from marketing.queue import TaskName, TaskQueue
from marketing.social.posting import posting_accounts
from marketing.tenants.profile import profile_of

log = get_logger(__name__)
FIRST = 200
"""Contacts that are planned before the workers are woken for the first time: the first mail waits for them alone."""
GROWTH = 8
STRETCH = 20_000
"""Contacts planned by one transaction: large enough to be joined as sets, short enough for a cancelling to wait for it."""

LARGE = 10_000
"""A plan of so many messages changes what the engine should know of their table: the next plan asks it about each person."""


class Went(Enum):
    """How far a plan went: on to the next contacts, through to the last, or no further although there are more."""

    ON = auto()
    THROUGH = auto()
    NO_FURTHER = auto()


class Beside:
    """Something that is done in a thread of its own; whether it came about, whoever planned it asks the database."""

    def __init__(self) -> None:
        """Do nothing yet."""
        self._thread: threading.Thread | None = None

    def run(self, act: Callable[[], None]) -> None:
        """Begin."""

        def quietly() -> None:
            try:
                act()
            except (SQLAlchemyError, MarketingError):
                log.warning("a stretch is planned again", exc_info=True)

        self._thread = threading.Thread(target=quietly, name="siar-plan", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Return when it has ended, if it was begun."""
        if self._thread is not None:
            self._thread.join()


@dataclass(frozen=True, slots=True)
class Addressee:
    """One person a plan wants to reach: why (`trigger`), of which order, and what only this person gets (`context`)."""

    contact_id: int
    context: Mapping[str, Any] = field(default_factory=dict)
    trigger: str = ""
    verdict: Skipped | Held | None = None
    order_id: int | None = None
    month: int | None = None
    """The month that follows from what caused the message; none: that of the campaign."""


@dataclass(frozen=True, slots=True)
class Planner:
    """Starts campaigns and writes their message rows."""

    database: Database
    queue: TaskQueue
    public_url: str
    clock: Callable[[], datetime]
    cap: FrequencyCap = field(default_factory=FrequencyCap)
    quiet: QuietHours | None = None
    timer: Callable[[], float] = time.monotonic

    def start(self, campaign_id: int, *, turn: float | None = None) -> bool:
        """Start a due campaign, or go on where an earlier start was cut off; never starts one late by itself.

        After `turn` seconds it gives its place to others: False then says that people are still to be asked.
        """
        ends = math.inf if turn is None else self.timer() + turn
        with self.database.write() as session:
            campaign = session.get(Campaign, campaign_id, with_for_update={"key_share": True})
            if campaign is None or not self._may_plan(session, campaign):
                return True
            if campaign.audience_until is None:  # from here on nobody joins any more
                last = select(func.max(Contact.id)).where(Contact.tenant_id == campaign.tenant_id)
                campaign.audience_until = session.scalar(last) or 0
            if campaign.planned_to == 0:
                self._prepare(session, campaign)
            content = content_of(session, campaign)
        size = FIRST if content.to_persons else 0
        while size:
            match self._plan_next(campaign_id, content.audience, size):
                case Went.ON if self.timer() < ends:
                    size = min(size * GROWTH, STRETCH)
                case Went.ON:
                    return False
                case Went.NO_FURTHER:
                    return True
                case Went.THROUGH:
                    break
        self.finish_planning(campaign_id)
        return True

    def _may_plan(self, session: Session, campaign: Campaign) -> bool:
        now = self.clock()
        if campaign.state is CampaignState.SENDING:
            return campaign.planned_at is None and campaign.automation is None
        if (
            campaign.state is not CampaignState.SCHEDULED
            or campaign.scheduled_at is None
            or campaign.scheduled_at > now
        ):
            return False
        if campaign.latest_start is not None and now > campaign.latest_start:
            move(
                campaign,
                CampaignState.PAUSED,
                reason=_("Jam kirim sudah lewat. Tetapkan jam baru atau lanjutkan dengan sadar."),
            )
            return False
        if pause_if_held(session, campaign, profile_of(campaign.tenant_id), now):
            return False
        move(campaign, CampaignState.SENDING)
        campaign.started_at = now
        return True

    def _prepare(self, session: Session, campaign: Campaign) -> None:
        """Write the links and the posts of the campaign once."""
        profile, content = profile_of(campaign.tenant_id), content_of(session, campaign)
        add_links(session, campaign, self.public_url, content.product_ids, links_of(content.blocks))
        rows = [
            {
                "tenant_id": campaign.tenant_id,
                "campaign_id": campaign.id,
                "version": campaign.version,
                "channel": channel,
                "account": account,
                "marker": f"{profile.id}-{campaign.slug}",
                "state": PostState.QUEUED,
                "reason": "",
                "content": {},
                "queued_at": self.clock(),
            }
            for channel, account in posting_accounts(session, campaign.tenant_id, content.channels)
        ]
        if rows:
            session.execute(engine_insert(session, Post).on_conflict_do_nothing(), rows)
            requeue_unsent(session, campaign.id)
            name_products(session, campaign.id, content.product_ids)
            self.queue.enqueue(session, TaskName.PUBLISH, campaign_id=campaign.id)

    def _plan_next(self, campaign_id: int, audience: AudienceFilter, size: int) -> Went:
        """Plan the next contacts in one transaction; a campaign whose segment cannot be evaluated stands still and says why.

        Where the stretches have come to their full size and the engine allows it, the one after is written beside it.
        """
        settled, beside = Future[bool](), Beside()
        try:
            with self.database.write() as session:
                if not nobody_else_plans(session, campaign_id):
                    return Went.NO_FURTHER
                campaign = session.get_one(Campaign, campaign_id)
                if campaign.state not in PLANNABLE or campaign.planned_at is not None:
                    return Went.NO_FURTHER
                stretch = next_stretch(session, campaign, campaign.planned_to, size, self.clock())
                if stretch is None:
                    return Went.THROUGH
                if size == STRETCH == stretch.contacts and may_run_beside(session):
                    last = stretch.asked.upto or 0
                    beside.run(partial(self._plan_beside, campaign_id, audience, last, settled))
                added = plan_stretch(session, campaign, audience, self._rule(campaign), stretch)
                if not settle_stretch(session, campaign, stretch.asked, added):
                    session.rollback()
                    return Went.NO_FURTHER
            settled.set_result(True)
        except (NotFoundError, InvalidInputError) as error:
            self._stand_still(campaign_id, str(error))
            return Went.NO_FURTHER
        finally:
            if not settled.done():
                settled.set_result(False)
            beside.wait()
        if added:
            self.queue.send(TaskName.DELIVER, campaign_id=campaign_id)
        return Went.ON

    def _plan_beside(self, campaign_id: int, audience: AudienceFilter, after: int, settled: "Future[bool]") -> None:
        """Write the stretch beyond `after`; it stands only if the one before it does, so that a plan never has a gap."""
        with self.database.write() as session:
            campaign = session.get_one(Campaign, campaign_id)
            stretch = next_stretch(session, campaign, after, STRETCH, self.clock())
            if stretch is None:
                return
            added = plan_stretch(session, campaign, audience, self._rule(campaign), stretch)
            if not settled.result() or not settle_stretch(session, campaign, stretch.asked, added):
                session.rollback()

    def _rule(self, campaign: Campaign) -> Rule:
        return Rule(campaign.purpose, self.cap, self.quiet, besides=campaign.id)

    def _stand_still(self, campaign_id: int, reason: str) -> None:
        with self.database.write() as session:
            campaign = session.get_one(Campaign, campaign_id, with_for_update={"key_share": True})
            if campaign.state is CampaignState.SENDING:
                move(campaign, CampaignState.PAUSED, reason=reason)

    def add(self, session: Session, campaign: Campaign, people: Iterable[Addressee]) -> int:
        """Write one row per addressee, decided now; a person who stands already is left as is. Returns the rows added."""
        added, owed = 0, campaign.email_type is EmailType.TRANSACTIONAL
        for month, part in _by_month(people, month_of_campaign(campaign, self.clock())):
            now, (lot,) = self.clock(), next_ids(session, MessageRange, 1)
            facts = gather_facts(
                session,
                tenant_id=campaign.tenant_id,
                contact_ids=[person.contact_id for person in part],
                purpose=campaign.purpose,
                cap=self.cap,
                now=now,
                besides=campaign.id,
                channel=writes_on(campaign.purpose),
            )
            rows = []
            for person in part:
                known = facts[person.contact_id]
                row: dict[str, Any] = {
                    "tenant_id": campaign.tenant_id,
                    "campaign_id": campaign.id,
                    "range_id": lot,
                    "month": month,
                    "version": campaign.version,
                    "contact_id": person.contact_id,
                    "address_id": known.address_id,
                    "channel": writes_on(campaign.purpose),
                    "trigger": person.trigger,
                    "order_id": person.order_id,
                    "state": MessageState.QUEUED,
                    "reason": "",
                    "article": "",
                    "detail": "",
                    "context": dict(person.context),
                    "attempt": 0,
                    "not_before": None,
                    "queued_at": now,
                    "settled_at": None,
                }
                match person.verdict or decide_for(known.facts, campaign.purpose, self.cap, self.quiet, owed=owed):
                    case Held(reason=reason, article=article):
                        row |= {"state": MessageState.DEFERRED, "reason": reason, "article": article}
                    case Skipped(reason=reason, article=article):
                        row |= {"state": MessageState.SKIPPED, "reason": reason, "article": article, "settled_at": now}
                    case Later(until=until):
                        row |= {"state": MessageState.DEFERRED, "not_before": until}
                    case Allowed():
                        pass
                rows.append(row)
            session.execute(engine_insert(session, Message).on_conflict_do_nothing(), rows)
            added += write_ranges(session, campaign, [lot], month=month, now=now)
        # counted by the database, so that two planners at once lose nothing
        campaign.audience = Campaign.audience + added
        session.flush()
        return added

    def finish_planning(self, campaign_id: int) -> None:
        """Mark the plan as whole and wake the workers."""
        with self.database.write() as session:
            campaign = session.get_one(Campaign, campaign_id, with_for_update={"key_share": True})
            campaign.planned_at = campaign.planned_at or self.clock()
            self.queue.enqueue(session, TaskName.DELIVER, campaign_id=campaign_id)
            many = campaign.audience >= LARGE
        if many:
            with self.database.write() as session:
                refresh_statistics(session, Message, MessageRange)


def _by_month(people: Iterable[Addressee], usual: int) -> Iterator[tuple[int, list[Addressee]]]:
    """Yield people in parts of at most RANGE, each of one month."""
    months: dict[int, list[Addressee]] = defaultdict(list)
    for person in people:
        months[usual if person.month is None else person.month].append(person)
    for month, group in sorted(months.items()):
        for start in range(0, len(group), RANGE):
            yield month, group[start : start + RANGE]


def add_links(
    session: Session, campaign: Campaign, public_url: str, product_ids: Iterable[int], others: Iterable[str] = ()
) -> None:
    """Write the destinations that messages of this campaign may point to; `others` are kept exactly as they were written."""
    profile = profile_of(campaign.tenant_id)
    offers = load_offers(session, campaign.tenant_id, product_ids)
    medium = writes_on(campaign.purpose)
    targets = dict.fromkeys(others) | destinations(public_url, profile, campaign.slug, offers, medium)
    rows = [
        {"tenant_id": campaign.tenant_id, "campaign_id": campaign.id, "url": url, "product_id": product_id}
        for url, product_id in targets.items()
    ]
    session.execute(engine_insert(session, Link).on_conflict_do_nothing(), rows)
