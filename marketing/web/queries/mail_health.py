"""How the mail is doing: what came back lately, what stands still for it, order mail that did not arrive, and the mailboxes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketing.db.models import Campaign, ChannelAccount, InboundMail, MailBreaker, MailFeedback, Message, Order
from marketing.delivery.ledger import counts_of
from marketing.delivery.mailbox_accounts import PROVIDER
from marketing.delivery.mailboxes import FAILED, STRANGE
from marketing.domain.account import AccountState
from marketing.domain.bounce import BounceClass
from marketing.domain.feedback import FeedbackKind
from marketing.domain.message import SENT, MessageState
from marketing.domain.types import EmailType

SHOWN = 20
FOR_A_PERSON = ("other", "unreadable", STRANGE, FAILED)


@dataclass(frozen=True, slots=True)
class Lately:
    """Messages of a stretch of time by what came back of them; `sent` are those that were handed over in bulk."""

    sent: int
    complaints: int
    returned: Mapping[BounceClass, int]


@dataclass(frozen=True, slots=True)
class Stop:
    """A breaker that stands, with the name of its campaign."""

    breaker: MailBreaker
    campaign: str


@dataclass(frozen=True, slots=True)
class NotArrived:
    """A mail about an order that came back."""

    message_id: int
    order: str
    bounce: BounceClass
    at: datetime


@dataclass(frozen=True, slots=True)
class MailboxFacts:
    """A bounce mailbox: how the last reading went, and how many of its mails a person should read."""

    name: str
    paused: bool
    report: Mapping[str, Any]
    to_read: int


def lately(session: Session, tenant_id: str, since: datetime) -> Lately:
    """Count each message once per kind; complaints and what they are measured against leave order mail out."""
    told = (MailFeedback.tenant_id == tenant_id, MailFeedback.at > since)
    number = func.count(MailFeedback.message_id.distinct())
    returned = (
        select(MailFeedback.bounce, number)
        .where(*told, MailFeedback.kind == FeedbackKind.BOUNCED)
        .group_by(MailFeedback.bounce)
    )
    bulk = select(Campaign.id).where(Campaign.tenant_id == tenant_id, Campaign.email_type != EmailType.TRANSACTIONAL)
    complaints = select(number).where(
        *told, MailFeedback.kind == FeedbackKind.COMPLAINED, MailFeedback.campaign_id.in_(bulk)
    )
    lately_begun = bulk.where(Campaign.started_at > since)
    counts = counts_of(session, list(session.scalars(lately_begun)))
    return Lately(
        sent=sum(number for (state, _reason), number in counts.items() if state in SENT),
        complaints=session.scalar(complaints) or 0,
        returned=dict(session.execute(returned).all()),
    )


def stops(session: Session, tenant_id: str) -> Sequence[Stop]:
    """Return every breaker that stands, those of the whole Daerah first."""
    query = (
        select(MailBreaker, Campaign.name)
        .outerjoin(Campaign, Campaign.id == MailBreaker.campaign_id)
        .where(MailBreaker.tenant_id == tenant_id, MailBreaker.lifted_at.is_(None))
        .order_by(MailBreaker.campaign_id.is_not(None), MailBreaker.id.desc())
        .limit(SHOWN)
    )
    return [Stop(row, name or "") for row, name in session.execute(query)]


def orders_not_told(session: Session, tenant_id: str, since: datetime) -> tuple[Sequence[NotArrived], int]:
    """Return mails about orders that came back since then, the newest first, and how many there are."""
    where: tuple[ColumnElement[bool], ...] = (
        MailFeedback.tenant_id == tenant_id,
        MailFeedback.kind == FeedbackKind.BOUNCED,
        MailFeedback.at > since,
        Campaign.email_type == EmailType.TRANSACTIONAL,
        Message.state.in_([MessageState.BOUNCED, MessageState.FAILED]),
    )
    query = (
        select(Message.id, Order.number, Order.external_id, func.max(MailFeedback.bounce), func.max(MailFeedback.at))
        .select_from(MailFeedback)
        .join(Message, Message.id == MailFeedback.message_id)
        .join(Campaign, Campaign.id == MailFeedback.campaign_id)
        .outerjoin(Order, Order.id == Message.order_id)
        .where(*where)
        .group_by(Message.id, Order.number, Order.external_id)
    )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(query.order_by(func.max(MailFeedback.at).desc(), Message.id).limit(SHOWN))
    found = [
        NotArrived(row_id, number or external_id or "", BounceClass(bounce), at)
        for row_id, number, external_id, bounce, at in rows
    ]
    return found, total


def mailboxes(session: Session, tenant_id: str, since: datetime) -> Sequence[MailboxFacts]:
    """Return the bounce mailboxes of a Daerah."""
    query = select(ChannelAccount).where(
        ChannelAccount.tenant_id == tenant_id,
        ChannelAccount.provider == PROVIDER,
        ChannelAccount.state != AccountState.REMOVED,
    )
    waiting = (
        select(InboundMail.account_id, func.count())
        .where(
            InboundMail.tenant_id == tenant_id,
            InboundMail.outcome.in_(FOR_A_PERSON),
            InboundMail.received_at > since,
        )
        .group_by(InboundMail.account_id)
    )
    to_read: dict[int, int] = dict(session.execute(waiting).all())
    return [
        MailboxFacts(row.name, row.state is not AccountState.ACTIVE, row.report, to_read.get(row.id, 0))
        for row in session.scalars(query.order_by(ChannelAccount.id))
    ]
