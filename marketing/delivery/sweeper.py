"""Find every stuck or due row from the database alone: the broker may be emptied at any time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from marketing.accounts.answered import forget_old
from marketing.contacts.subscribing import forget_expired, unsent
from marketing.db.models import Campaign, Message, MessageRange, Post
from marketing.db.session import Database
from marketing.delivery.exposure import record_exposure, record_personal_exposure
from marketing.delivery.leases import LEASE, Leases, free, give_back
from marketing.delivery.message_rows import UNSENT, Place
from marketing.delivery.message_settling import settle_lost
from marketing.delivery.post_ledger import due_posts
from marketing.delivery.post_ledger import settle_expired as settle_expired_posts
from marketing.domain import campaign as campaigns
from marketing.domain import post as posts
from marketing.domain.campaign import CampaignState
from marketing.domain.consent import writes_on
from marketing.domain.message import OPEN, SENT, MessageState, may_repeat
from marketing.domain.permission import SkipReason
from marketing.domain.post import PostState
from marketing.domain.transitions import change
from marketing.domain.types import EmailType
from marketing.observability import metrics
from marketing.queue import TaskName, TaskQueue

MANY = 500


@dataclass(frozen=True, slots=True)
class Sweeper:
    """One pass settles what died, wakes what is due, and closes what is done."""

    database: Database
    queue: TaskQueue
    clock: Callable[[], datetime]
    lease: timedelta = LEASE

    @property
    def leases(self) -> Leases:
        """Return who may have which range."""
        return Leases(self.database, self.clock, self.lease)

    def sweep(self) -> None:
        """Make one pass; running two at once is harmless."""
        now, begun = self.clock(), perf_counter()
        with self.database.write() as session:
            self._settle_expired_messages(session, now)
            settle_expired_posts(session, now)
            self._skip_cancelled(session, now)
            self._settle_empty(session, now)
            forget_expired(session, now)
            forget_old(session, now)
        with self.database.write() as session:
            self._close_finished(session, now)
        for task, campaign_id in self._due(now):
            self.queue.send(task, campaign_id=campaign_id)
        with self.database.read() as session:
            unmailed = unsent(session, now)
        for subscription_id in unmailed:
            self.queue.send(TaskName.SUBSCRIPTION_MAIL, subscription_id=subscription_id)
        metrics.swept(self.clock().timestamp(), perf_counter() - begun)

    def _settle_expired_messages(self, session: Session, now: datetime) -> None:
        """Settle what dead workers left on its way, and free their ranges for others."""
        places = self.leases.take_expired(session, now, MANY)
        if places:
            metrics.ranges("lost", len(places))
        ids = {place.campaign_id for place in places}
        kinds = session.execute(select(Campaign.id, Campaign.email_type, Campaign.purpose).where(Campaign.id.in_(ids)))
        again = {row_id: may_repeat(email_type, writes_on(purpose)) for row_id, email_type, purpose in kinds}
        for place in places:
            settle_lost(session, place, now, again=again[place.campaign_id])
            give_back(session, place, owner=None, now=now, not_before=None)

    def _skip_cancelled(self, session: Session, now: datetime) -> None:
        """Close what came back to a campaign that was cancelled while a worker had it in hand."""
        ended = select(Campaign.id).where(Campaign.state == CampaignState.CANCELLED)
        unsettled = (
            MessageRange.settled_at.is_(None),
            MessageRange.campaign_id.in_(ended),
            free(now, self.leases.length),
        )
        ranges = session.scalars(select(MessageRange).where(*unsettled).limit(MANY).with_for_update(skip_locked=True))
        for row in ranges.all():
            place = Place(row.campaign_id, row.id, row.month)
            session.execute(
                update(Message)
                .where(*place.within, Message.state.in_(UNSENT))
                .values(state=MessageState.SKIPPED, reason=SkipReason.CANCELLED, settled_at=now)
            )
            row.tally = row.lease_owner = row.lease_until = None
            session.flush()
            give_back(session, place, owner=None, now=now, not_before=None)
        session.execute(
            update(Post)
            .where(Post.campaign_id.in_(ended), Post.state == PostState.QUEUED)
            .values(state=PostState.WITHDRAWN, settled_at=now)
        )

    def _settle_empty(self, session: Session, now: datetime) -> None:
        """Settle ranges that waited for a condition and in which others have settled every message since."""
        left = exists().where(
            Message.campaign_id == MessageRange.campaign_id,
            Message.range_id == MessageRange.id,
            Message.month == MessageRange.month,
            Message.state.in_(OPEN),
        )
        waiting = (MessageRange.settled_at.is_(None), MessageRange.due_at.is_(None), free(now, self.leases.length))
        session.execute(update(MessageRange).where(*waiting, ~left).values(settled_at=now))

    def _close_finished(self, session: Session, now: datetime) -> None:
        """Close campaigns whose plan is whole and whose rows are all settled; standing automations go on."""
        query = (
            select(Campaign)
            .where(
                Campaign.state == CampaignState.SENDING,
                Campaign.planned_at.is_not(None),
                Campaign.email_type != EmailType.TRANSACTIONAL,
                ~exists().where(MessageRange.campaign_id == Campaign.id, MessageRange.settled_at.is_(None)),
                ~exists().where(Post.campaign_id == Campaign.id, Post.state.in_(posts.OPEN)),
            )
            .limit(MANY)
        )
        for campaign in session.scalars(query.with_for_update(skip_locked=True, key_share=True)):
            campaign.state = change(campaigns.TRANSITIONS, campaign.state, CampaignState.SENT)
            campaign.finished_at = now
            sent = (Message.campaign_id == campaign.id, Message.state.in_(SENT))
            if campaign.automation is not None:
                record_personal_exposure(session, campaign, session.scalars(select(Message.context).where(*sent)), now)
            elif reached := session.scalar(select(func.count()).where(*sent)):
                record_exposure(session, campaign.id, writes_on(campaign.purpose), audience=reached, now=now)

    def _due(self, now: datetime) -> list[tuple[TaskName, int]]:
        due_message = exists().where(
            MessageRange.campaign_id == Campaign.id,
            MessageRange.settled_at.is_(None),
            MessageRange.due_at <= now,
            free(now, self.leases.length),
        )
        to_send = exists().where(Post.campaign_id == Campaign.id, Post.state == PostState.QUEUED, due_posts(now))
        to_ask = exists().where(Post.campaign_id == Campaign.id, Post.state != PostState.QUEUED, due_posts(now))
        scheduled = (Campaign.state == CampaignState.SCHEDULED) & (Campaign.scheduled_at <= now)
        # Asking where somebody still plans does no harm: they hold the campaign, and one task of it waits at most.
        cut_off = (
            (Campaign.state == CampaignState.SENDING)
            & Campaign.planned_at.is_(None)
            & Campaign.automation.is_(None)
            & or_(Campaign.started_at < now - self.lease, Campaign.started_at > now + self.lease)
        )
        sending = Campaign.state == CampaignState.SENDING
        found: list[tuple[TaskName, int]] = []
        with self.database.read() as session:
            for task, condition in (
                (TaskName.START_CAMPAIGN, scheduled),
                (TaskName.PLAN_CAMPAIGN, cut_off),
                (
                    TaskName.DELIVER_TRANSACTIONAL,
                    sending & (Campaign.email_type == EmailType.TRANSACTIONAL) & due_message,
                ),
                (TaskName.DELIVER, sending & (Campaign.email_type != EmailType.TRANSACTIONAL) & due_message),
                (TaskName.PUBLISH, sending & to_send | to_ask),
            ):
                ids = session.scalars(select(Campaign.id).where(condition).order_by(Campaign.scheduled_at).limit(MANY))
                found += [(task, campaign_id) for campaign_id in ids]
        return found
