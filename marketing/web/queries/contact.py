"""One person: what we hold, what they allowed and when, and why each message went or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketing.contacts.wordings import all_texts, find
from marketing.db.models import (
    Address,
    Campaign,
    ConsentRecord,
    Contact,
    DataRequest,
    Event,
    Message,
    Order,
    User,
)
from marketing.domain.events import EventType
from marketing.domain.message import MessageState
from marketing.domain.types import ChannelName, EmailType, Purpose
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _

ORDERS: Final = 20
"""The newest orders that the page shows."""
HISTORY: Final = 200
"""The newest lines of the ledger that the page shows; all of them are in the receipt."""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line of the ledger with the text that was shown, empty where Siar does not hold it, and who entered it."""

    id: int
    contact_id: int
    purpose: Purpose
    state: str
    at: datetime
    recorded_at: datetime
    channel: str
    source: str
    wording: str
    language: str
    text: str
    who: str
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """One message, the ledger line that allowed it, and how often a person clicked in it."""

    id: int
    campaign_id: int
    campaign: str
    email_type: EmailType
    purpose: Purpose | None
    channel: ChannelName
    state: MessageState
    reason: str
    article: str
    detail: str
    queued_at: datetime
    settled_at: datetime | None
    not_before: datetime | None
    consent_line: int | None
    clicks: int


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """One order."""

    number: str
    placed_at: datetime
    status: str
    total: int


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What the person asked of their data."""

    id: int
    kind: str
    state: str
    received_at: datetime
    due_at: datetime
    done_at: datetime | None


def find_contact(session: Session, tenant_id: str, contact_id: int) -> Contact:
    """Return a contact, merged and erased ones too; NotFoundError for another Daerah's."""
    found = session.get(Contact, contact_id)
    if found is None or found.tenant_id != tenant_id:
        raise NotFoundError(_("Tidak ada kontak dengan nomor ini."))
    return found


def merged_into(session: Session, tenant_id: str, contact_id: int) -> Sequence[int]:
    """Return the numbers of the duplicates that this contact took over."""
    query = select(Contact.id).where(Contact.tenant_id == tenant_id, Contact.merged_into == contact_id)
    return session.scalars(query.order_by(Contact.id)).all()


def ledger_lines(session: Session, tenant_id: str, ids: Sequence[int]) -> tuple[Sequence[LineFacts], int]:
    """Return the newest lines of the ledger about a person, duplicates included, and how many there are."""
    # By the contact alone: asked for the order too, SQLite walks over the whole ledger of the Daerah instead.
    query = (
        select(ConsentRecord, User.name)
        .outerjoin(User, User.id == ConsentRecord.recorded_by)
        .where(ConsentRecord.contact_id.in_(ids))
    )
    rows = [(line, who) for line, who in session.execute(query) if line.tenant_id == tenant_id]
    rows.sort(key=lambda row: row[0].id, reverse=True)
    texts = all_texts(session, tenant_id)
    return [_line(session, line, who or "", texts) for line, who in rows[:HISTORY]], len(rows)


def messages_of(
    session: Session, tenant_id: str, ids: Sequence[int], *, after: int | None, limit: int
) -> tuple[Sequence[MessageFacts], bool]:
    """Return messages to a person, newest first, below the id `after`, and whether there are more."""
    query = (
        select(Message, Campaign.name, Campaign.email_type, Campaign.purpose)
        .join(Campaign, Campaign.id == Message.campaign_id)
        .where(Message.tenant_id == tenant_id, Message.contact_id.in_(ids))
    )
    if after is not None:
        query = query.where(Message.id < after)
    rows = session.execute(query.order_by(Message.id.desc()).limit(limit + 1)).all()
    shown = rows[:limit]
    clicks = _clicks(session, [row[0].id for row in shown])
    return [
        MessageFacts(
            id=message.id,
            campaign_id=message.campaign_id,
            campaign=campaign,
            email_type=email_type,
            purpose=purpose,
            channel=message.channel,
            state=message.state,
            reason=message.reason,
            article=message.article,
            detail=message.detail,
            queued_at=message.queued_at,
            settled_at=message.settled_at,
            not_before=message.not_before,
            consent_line=message.consent_event_id,
            clicks=clicks.get(message.id, 0),
        )
        for message, campaign, email_type, purpose in shown
    ], len(rows) > limit


def orders_of(session: Session, tenant_id: str, ids: Sequence[int]) -> tuple[Sequence[OrderFacts], int]:
    """Return the newest orders of a person and how many there are."""
    where = (Order.tenant_id == tenant_id, Order.contact_id.in_(ids))
    total = session.scalar(select(func.count()).select_from(Order).where(*where)) or 0
    query = select(Order.number, Order.placed_at, Order.status, Order.total).where(*where)
    rows = session.execute(query.order_by(Order.placed_at.desc(), Order.id.desc()).limit(ORDERS))
    return [OrderFacts(number, placed, status, sum_) for number, placed, status, sum_ in rows], total


def requests_of(
    session: Session, tenant_id: str, ids: Sequence[int], addresses: Sequence[Address]
) -> Sequence[RequestFacts]:
    """Return what a person asked of their data, newest first."""
    hashes = [one.hash for one in addresses]
    query = select(DataRequest).where(
        DataRequest.tenant_id == tenant_id,
        or_(DataRequest.contact_id.in_(ids), DataRequest.address_hash.in_(hashes)),
    )
    return [
        RequestFacts(one.id, one.kind, one.state, one.received_at, one.due_at, one.done_at)
        for one in session.scalars(query.order_by(DataRequest.id.desc()))
    ]


def _line(session: Session, line: ConsentRecord, who: str, texts: Mapping[str, str]) -> LineFacts:
    text = texts.get(line.wording_hash, "")
    if not text and line.wording_version and line.language and not line.wording_hash:
        known = find(
            session,
            line.tenant_id,
            version=line.wording_version,
            purpose=line.purpose,
            language=line.language,
        )
        text = known.text if known else ""
    return LineFacts(
        id=line.id,
        contact_id=line.contact_id,
        purpose=line.purpose,
        state=line.state,
        at=line.at,
        recorded_at=line.recorded_at,
        channel=line.channel,
        source=line.source,
        wording=line.wording_version,
        language=line.language,
        text=text,
        who=who,
        evidence=line.evidence,
    )


def _clicks(session: Session, message_ids: Sequence[int]) -> Mapping[int, int]:
    """Return how often people clicked, per message; only of those who agreed to be counted by name."""
    query = (
        select(Event.message_id, func.count())
        .where(
            Event.message_id.in_(message_ids),
            Event.contact_id.is_not(None),
            Event.type == EventType.CLICKED,
            Event.machine.is_(False),
        )
        .group_by(Event.message_id)
    )
    return {message_id: count for message_id, count in session.execute(query) if message_id is not None}
