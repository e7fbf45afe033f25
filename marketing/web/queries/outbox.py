"""Mails and posts as the outbox reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from marketing.db.models import (
    Address,
    Campaign,
    CampaignVersion,
    ConsentRecord,
    Contact,
    Event,
    Link,
    MailFeedback,
    Message,
    Order,
    Post,
)
from marketing.delivery.ledger import counts_of
from marketing.domain.consent import ConsentState
from marketing.domain.message import MessageState
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, EmailType, Purpose
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.templates.context.order_mail import order_subject
from marketing.web.queries.message_pages import message_ids
from marketing.web.queries.searching import has_words

CAMPAIGNS_OFFERED = 50


@dataclass(frozen=True, slots=True)
class MailFilter:
    """What the list of mails is narrowed to; empty means all."""

    words: str = ""
    state: str = ""
    email_type: str = ""
    campaign_id: int | None = None


@dataclass(frozen=True, slots=True)
class MailFacts:
    """One message; name and address are empty once the person was erased or left."""

    id: int
    campaign_id: int
    campaign: str
    email_type: EmailType
    purpose: Purpose | None
    state: MessageState
    reason: str
    article: str
    detail: str
    subject: str
    preheader: str
    name: str
    address: str
    contact_id: int
    queued_at: datetime
    settled_at: datetime | None
    not_before: datetime | None
    attempt: int


@dataclass(frozen=True, slots=True)
class PostFilter:
    """What the list of posts is narrowed to."""

    words: str = ""
    state: str = ""
    channel: str = ""
    campaign_id: int | None = None


@dataclass(frozen=True, slots=True)
class PostFacts:
    """One post as it was handed over; `content` is empty before that."""

    id: int
    campaign_id: int
    campaign: str
    version: int
    channel: ChannelName
    account: str
    marker: str
    state: PostState
    reason: str
    permalink: str
    content: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """The consent that counted for a message: the last line for its purpose before it was decided."""

    state: ConsentState
    at: datetime
    source: str
    wording: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a message, with what a server said of it where one did."""

    kind: str
    machine: bool
    at: datetime
    bounce: str = ""
    status: str = ""
    detail: str = ""


def list_mails(
    session: Session, tenant_id: str, wanted: MailFilter, *, offset: int, limit: int
) -> tuple[Sequence[MailFacts], int]:
    """Return one page of mails, newest first, and how many there are in all."""
    if not wanted.words:
        return _counted_page(session, tenant_id, wanted, offset=offset, limit=limit)
    where = _mail_conditions(tenant_id, wanted)
    total = session.scalar(select(func.count()).select_from(_mails().where(*where).subquery())) or 0
    query = _mails().where(*where).order_by(Message.id.desc()).offset(offset).limit(limit)
    return _mail_facts(session.execute(query).all()), total


def _counted_page(
    session: Session, tenant_id: str, wanted: MailFilter, *, offset: int, limit: int
) -> tuple[Sequence[MailFacts], int]:
    query = select(Campaign.id).where(Campaign.tenant_id == tenant_id, Campaign.started_at.is_not(None))
    if wanted.campaign_id is not None:
        query = query.where(Campaign.id == wanted.campaign_id)
    if wanted.email_type:
        query = query.where(Campaign.email_type == wanted.email_type)
    campaigns = session.scalars(query).all()
    counts = counts_of(session, campaigns)
    total = sum(number for (state, _reason), number in counts.items() if wanted.state in ("", state))
    if offset >= total:
        return [], total
    ids = message_ids(session, campaigns, wanted.state, offset=offset, limit=limit)
    rows = session.execute(_mails().where(Message.tenant_id == tenant_id, Message.id.in_(ids)))
    by_id = {facts.id: facts for facts in _mail_facts(rows.all())}
    return [by_id[row_id] for row_id in ids if row_id in by_id], total


def find_mail(session: Session, tenant_id: str, message_id: int) -> MailFacts:
    """Return one message; NotFoundError for another tenant's."""
    query = _mails().where(Message.tenant_id == tenant_id, Message.id == message_id)
    found = _mail_facts(session.execute(query).all())
    if not found:
        raise NotFoundError(_("Surat ini tidak ada."))
    return found[0]


def consent_line(
    session: Session, tenant_id: str, contact_id: int, purpose: Purpose, before: datetime
) -> ConsentLine | None:
    """Return the line of the consent ledger that stood at that moment."""
    query = select(ConsentRecord).where(
        ConsentRecord.tenant_id == tenant_id,
        ConsentRecord.contact_id == contact_id,
        ConsentRecord.purpose == purpose,
        ConsentRecord.recorded_at <= before,
    )
    line = session.scalars(query.order_by(ConsentRecord.id.desc()).limit(1)).first()
    return ConsentLine(line.state, line.at, line.source, line.wording_version) if line else None


def events_of(session: Session, tenant_id: str, message_id: int) -> Sequence[Happened]:
    """Return what is known to have happened to a message; what somebody did only of people who agreed to be counted by name."""
    query = (
        select(Event.type, Event.machine, Event.at, MailFeedback.bounce, MailFeedback.status, MailFeedback.detail)
        .outerjoin(MailFeedback, MailFeedback.event_id == Event.id)
        .where(Event.tenant_id == tenant_id, Event.message_id == message_id)
        .order_by(Event.at, Event.id)
    )
    return [
        Happened(kind, machine, at, bounce or "", status or "", detail or "")
        for kind, machine, at, bounce, status, detail in session.execute(query)
    ]


def links_of(session: Session, tenant_id: str, campaign_id: int) -> Mapping[int, str]:
    """Return where the counted links of a campaign lead."""
    query = select(Link.id, Link.url).where(Link.tenant_id == tenant_id, Link.campaign_id == campaign_id)
    return dict(session.execute(query).all())


def list_posts(
    session: Session, tenant_id: str, wanted: PostFilter, *, offset: int, limit: int
) -> tuple[Sequence[PostFacts], int]:
    """Return one page of posts, newest first, and how many there are in all."""
    where: list[ColumnElement[bool]] = [Post.tenant_id == tenant_id]
    if wanted.words:
        title = Post.content["title"].as_string()
        where.append(or_(Post.marker == wanted.words, has_words(wanted.words, title, Campaign.name)))
    if wanted.state:
        where.append(Post.state == wanted.state)
    if wanted.channel:
        where.append(Post.channel == wanted.channel)
    if wanted.campaign_id is not None:
        where.append(Post.campaign_id == wanted.campaign_id)
    query = select(Post, Campaign.name).join(Campaign, Campaign.id == Post.campaign_id).where(*where)
    total = session.scalar(select(func.count()).select_from(query.with_only_columns(Post.id).subquery())) or 0
    rows = session.execute(query.order_by(Post.id.desc()).offset(offset).limit(limit))
    return [_post_facts(row, campaign) for row, campaign in rows], total


def find_post(session: Session, tenant_id: str, post_id: int) -> PostFacts:
    """Return one post; NotFoundError for another tenant's."""
    query = select(Post, Campaign.name).join(Campaign, Campaign.id == Post.campaign_id)
    found = session.execute(query.where(Post.tenant_id == tenant_id, Post.id == post_id)).first()
    if found is None:
        raise NotFoundError(_("Kiriman ini tidak ada."))
    return _post_facts(found[0], found[1])


def totals(session: Session, tenant_id: str) -> tuple[int, int]:
    """Return how many mails (as many as people were meant, for none is lost) and how many posts there are."""
    mails = select(func.coalesce(func.sum(Campaign.audience), 0)).where(Campaign.tenant_id == tenant_id)
    posts = select(func.count()).select_from(Post).where(Post.tenant_id == tenant_id)
    return session.scalar(mails) or 0, session.scalar(posts) or 0


def campaigns_offered(session: Session, tenant_id: str, chosen: int | None) -> Sequence[tuple[int, str]]:
    """Return the newest campaigns that went out, to narrow a list to, and the chosen one in any case."""
    query = select(Campaign.id, Campaign.name).where(Campaign.tenant_id == tenant_id)
    started = query.where(Campaign.started_at.is_not(None)).order_by(Campaign.started_at.desc())
    found = [(row_id, name) for row_id, name in session.execute(started.limit(CAMPAIGNS_OFFERED))]
    if chosen is not None and chosen not in dict(found):
        found += [(row_id, name) for row_id, name in session.execute(query.where(Campaign.id == chosen))]
    return found


def _mails() -> Any:
    return (
        select(Message, Campaign, CampaignVersion.content, Contact, Address.normalised)
        .join(Campaign, Campaign.id == Message.campaign_id)
        .join(
            CampaignVersion,
            (CampaignVersion.campaign_id == Message.campaign_id) & (CampaignVersion.number == Message.version),
        )
        .join(Contact, Contact.id == Message.contact_id)
        .outerjoin(Address, Address.id == Message.address_id)
    )


def _mail_conditions(tenant_id: str, wanted: MailFilter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [Message.tenant_id == tenant_id]
    if wanted.words:
        subject = CampaignVersion.content["subject"].as_string()
        orders = select(Order.id).where(Order.tenant_id == tenant_id, has_words(wanted.words, Order.number))
        where.append(
            or_(
                has_words(wanted.words, Contact.name, Address.normalised, subject),
                Message.order_id.in_(orders),
            )
        )
    if wanted.state:
        where.append(Message.state == wanted.state)
    if wanted.email_type:
        where.append(Campaign.email_type == wanted.email_type)
    if wanted.campaign_id is not None:
        where.append(Message.campaign_id == wanted.campaign_id)
    return where


def _mail_facts(rows: Sequence[Any]) -> list[MailFacts]:
    found = []
    for message, campaign, content, contact, address in rows:
        known = contact.erased_at is None
        found.append(
            MailFacts(
                id=message.id,
                campaign_id=message.campaign_id,
                campaign=campaign.name,
                email_type=campaign.email_type,
                purpose=campaign.purpose,
                state=message.state,
                reason=message.reason,
                article=message.article,
                detail=message.detail,
                subject=_subject(message, content),
                preheader=content["preheader"],
                name=contact.name if known else "",
                address=(address or "") if known else "",
                contact_id=message.contact_id,
                queued_at=message.queued_at,
                settled_at=message.settled_at,
                not_before=message.not_before,
                attempt=message.attempt,
            )
        )
    return found


def _subject(message: Message, content: Mapping[str, Any]) -> str:
    """Return the subject; that of an order mail is made from the order, until its reader's data is erased."""
    if message.order_id is not None and message.context:
        return order_subject(content["variant"], message.context)
    return str(content["subject"])


def _post_facts(row: Post, campaign: str) -> PostFacts:
    return PostFacts(
        id=row.id,
        campaign_id=row.campaign_id,
        campaign=campaign,
        version=row.version,
        channel=row.channel,
        account=row.account,
        marker=row.marker,
        state=row.state,
        reason=row.reason,
        permalink=row.permalink or "",
        content=row.content,
        at=row.settled_at or row.queued_at,
    )
