"""How the sending stands now, read from ranges alone: what is due and for how long, what is in hand, how far campaigns are.

A thousand messages are one range, so this costs the same few milliseconds whatever a campaign's size. What a range in hand
has got through already is not seen until it is given back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from marketing.db.models import Campaign, ChannelAccount, JobLease, MailBreaker, Message, MessageRange
from marketing.domain.account import AccountState, MailProvider
from marketing.domain.breakers import BreakerKind, BreakerLevel
from marketing.domain.campaign import CampaignState
from marketing.domain.message import MessageState
from marketing.domain.types import ChannelName, EmailType
from marketing.mail.ways import HEALTH
from marketing.queue import QueueName

PACE: Final = timedelta(minutes=5)
"""How far back one looks to say how fast a campaign goes."""
RECENT: Final = timedelta(days=30)
"""What nobody knows about campaigns that began before is not asked every minute any more."""
SHOWN: Final = 20
_OPEN: Final = MessageRange.settled_at.is_(None)


@dataclass(frozen=True, slots=True)
class Lane:
    """The open ranges of one lane: due and free (`oldest` since when), in hand, lost, and due only later."""

    name: QueueName
    oldest: datetime | None
    due: int
    due_messages: int
    leased: int
    lost: int
    later: int
    later_messages: int


@dataclass(frozen=True, slots=True)
class Sending:
    """A campaign on its way. `messages` are those in ranges; `lately` were settled within PACE, or since it began."""

    id: int
    tenant_id: str
    name: str
    email_type: EmailType
    planned: bool
    messages: int
    settled: int
    due: int
    later: int
    lately: int
    since: datetime

    def ends_at(self, now: datetime) -> datetime | None:
        """Return when what is due will be done at this pace; None when nothing moves or it is still being planned."""
        seconds = (now - self.since).total_seconds()
        if not self.planned or not self.lately or seconds <= 0:
            return None
        return now + timedelta(seconds=self.due * seconds / self.lately)


@dataclass(frozen=True, slots=True)
class MailWay:
    """A mail account and what was wrong when it was last asked, if anything."""

    id: int
    tenant_id: str
    name: str
    provider: MailProvider
    state: AccountState
    trouble: str


@dataclass(frozen=True, slots=True)
class Brake:
    """Breakers that stand, by kind and level."""

    tenant_id: str
    kind: BreakerKind
    level: BreakerLevel
    number: int


def lanes(session: Session, now: datetime) -> Sequence[Lane]:
    """Return every lane that carries messages, empty ones too."""
    leased = MessageRange.lease_until > now
    lost = MessageRange.lease_owner.is_not(None) & (MessageRange.lease_until <= now)
    free = MessageRange.lease_owner.is_(None)
    due = free & (MessageRange.due_at <= now)
    later = free & (MessageRange.due_at.is_(None) | (MessageRange.due_at > now))
    transactional = (Campaign.email_type == EmailType.TRANSACTIONAL).label("transactional")
    query = (
        select(
            transactional,
            func.min(case((due, MessageRange.due_at))),
            _count(due),
            _messages(due),
            _count(leased),
            _count(lost),
            _count(later),
            _messages(later),
        )
        .join(Campaign, Campaign.id == MessageRange.campaign_id)
        .where(_OPEN, Campaign.state == CampaignState.SENDING)
        .group_by(transactional)
    )
    found = {bool(row[0]): row for row in session.execute(query)}
    answer = []
    for name, key in ((QueueName.TRANSACTIONAL, True), (QueueName.BULK, False)):
        _key, oldest, *numbers = found.get(key, (key, None, 0, 0, 0, 0, 0, 0))
        answer.append(Lane(name, oldest, *(int(number) for number in numbers)))
    return answer


def sending(session: Session, now: datetime, tenant_id: str) -> tuple[Sequence[Sending], int]:
    """Return the campaigns of a Daerah that are on their way, those that began last first, and how many there are."""
    going = (Campaign.tenant_id == tenant_id, Campaign.state == CampaignState.SENDING, Campaign.automation.is_(None))
    total = session.scalar(select(func.count()).select_from(Campaign).where(*going)) or 0
    rows = session.scalars(
        select(Campaign).where(*going).order_by(Campaign.started_at.desc(), Campaign.id.desc()).limit(SHOWN)
    ).all()
    ids = [row.id for row in rows]
    later = _OPEN & (MessageRange.due_at.is_(None) | (MessageRange.due_at > now))
    sums = select(
        MessageRange.campaign_id,
        func.sum(MessageRange.size),
        _messages(MessageRange.settled_at.is_not(None)),
        _messages(later),
        _messages(MessageRange.settled_at > now - PACE),
    )
    grouped = sums.where(MessageRange.campaign_id.in_(ids)).group_by(MessageRange.campaign_id)
    known = {row_id: tuple(map(int, numbers)) for row_id, *numbers in session.execute(grouped)}
    found = []
    for row in rows:
        messages, settled, waiting, lately = known.get(row.id, (0, 0, 0, 0))
        found.append(
            Sending(
                id=row.id,
                tenant_id=row.tenant_id,
                name=row.name,
                email_type=row.email_type,
                planned=row.planned_at is not None,
                messages=messages,
                settled=settled,
                due=messages - settled - waiting,
                later=waiting,
                lately=lately,
                since=max(now - PACE, row.started_at or now),
            )
        )
    return found, total


def sending_by_tenant(session: Session) -> dict[str, int]:
    """Return how many campaigns of each Daerah are on their way."""
    query = select(Campaign.tenant_id, func.count()).where(Campaign.state == CampaignState.SENDING)
    return dict(session.execute(query.group_by(Campaign.tenant_id)).all())


def unknown(session: Session, now: datetime, tenant_id: str = "") -> int:
    """Count the messages of recent campaigns whose fate nobody knows. It reads their rows: ask rarely."""
    recent = select(Campaign.id).where(
        (Campaign.started_at > now - RECENT) | Campaign.automation.is_not(None),
        *([Campaign.tenant_id == tenant_id] if tenant_id else ()),
    )
    since = now - RECENT
    query = (
        select(func.count())
        .select_from(Message)
        .where(
            Message.campaign_id.in_(recent),
            Message.state == MessageState.UNKNOWN,
            Message.month >= since.year * 100 + since.month,
        )
    )
    return session.scalar(query) or 0


def mail_ways(session: Session, tenant_id: str = "") -> Sequence[MailWay]:
    """Return the mail accounts that stand, with what is wrong with them."""
    query = select(ChannelAccount).where(
        ChannelAccount.channel == ChannelName.EMAIL,
        ChannelAccount.provider.in_(list(MailProvider)),
        ChannelAccount.state != AccountState.REMOVED,
        *([ChannelAccount.tenant_id == tenant_id] if tenant_id else ()),
    )
    return [
        MailWay(
            row.id,
            row.tenant_id,
            row.name,
            MailProvider(row.provider),
            row.state,
            str(row.report.get(HEALTH, {}).get("reason", "")),
        )
        for row in session.scalars(query.order_by(ChannelAccount.id))
    ]


def brakes(session: Session, tenant_id: str = "") -> Sequence[Brake]:
    """Return the breakers that stand, counted."""
    query = select(MailBreaker.tenant_id, MailBreaker.kind, MailBreaker.level, func.count()).where(
        MailBreaker.lifted_at.is_(None), *([MailBreaker.tenant_id == tenant_id] if tenant_id else ())
    )
    grouped = query.group_by(MailBreaker.tenant_id, MailBreaker.kind, MailBreaker.level)
    return [Brake(*row) for row in session.execute(grouped)]


def leader_until(session: Session) -> datetime | None:
    """Return until when some scheduler leads; None where none ever did."""
    lease = session.get(JobLease, "scheduler")
    return lease.until if lease is not None else None


def _count(where: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((where, 1), else_=0)), 0)


def _messages(where: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((where, MessageRange.size), else_=0)), 0)
