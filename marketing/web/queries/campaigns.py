"""Campaigns as the list, the page and the composer read them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketing.db.models import (
    Approval,
    AuditEntry,
    Campaign,
    CampaignVersion,
    Event,
    Post,
    ShareTask,
    User,
    WithdrawnIssue,
)
from marketing.delivery.ledger import Counts, counts_of, ledger_from
from marketing.delivery.share_tasks import SHARE
from marketing.domain.campaign import CampaignState
from marketing.domain.events import EventType
from marketing.domain.message import MessageState
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, EmailType, Purpose
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.web.queries.searching import has_words


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A campaign with what its current version says; `author` is empty for the run of an automation."""

    id: int
    name: str
    email_type: EmailType
    purpose: Purpose | None
    state: CampaignState
    state_reason: str
    author: str
    audience: int
    scheduled_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a campaign so far."""

    sent: int = 0
    published: int = 0
    clicks: int = 0


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a campaign's history; `action` is the audit log's word."""

    action: str
    who: str
    at: datetime
    version: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class PostFacts:
    """A post of a campaign."""

    id: int
    channel: ChannelName
    state: PostState
    reason: str
    permalink: str
    at: datetime
    shared_by: str
    shared_at: datetime | None


@dataclass(frozen=True, slots=True)
class CampaignFilter:
    """What the list is narrowed to; empty means all."""

    states: tuple[CampaignState, ...] = ()
    email_type: str = ""
    words: str = ""
    conditions: tuple[ColumnElement[bool], ...] = field(default=())


def find_campaign(session: Session, tenant_id: str, campaign_id: int) -> Campaign:
    """Return the tenant's campaign to look at; NotFoundError for another tenant's."""
    query = select(Campaign).where(Campaign.tenant_id == tenant_id, Campaign.id == campaign_id)
    campaign = session.scalars(query).first()
    if campaign is None:
        raise NotFoundError(_("Kampanye ini tidak ada."))
    return campaign


def state_counts(session: Session, tenant_id: str) -> Mapping[CampaignState, int]:
    """Return how many campaigns stand in each state."""
    query = select(Campaign.state, func.count()).where(Campaign.tenant_id == tenant_id).group_by(Campaign.state)
    return Counter(dict(session.execute(query).all()))


def list_campaigns(
    session: Session, tenant_id: str, wanted: CampaignFilter, *, offset: int = 0, limit: int = 20
) -> tuple[Sequence[CampaignLine], int]:
    """Return one page of campaigns, newest first, and how many there are in all."""
    where = [Campaign.tenant_id == tenant_id, has_words(wanted.words, Campaign.name), *wanted.conditions]
    if wanted.states:
        where.append(Campaign.state.in_(wanted.states))
    if wanted.email_type:
        where.append(Campaign.email_type == wanted.email_type)
    total = session.scalar(select(func.count()).select_from(Campaign).where(*where)) or 0
    query = (
        select(Campaign, User.name, CampaignVersion.content)
        .outerjoin(User, User.id == Campaign.author_id)
        .join(
            CampaignVersion,
            (CampaignVersion.campaign_id == Campaign.id) & (CampaignVersion.number == Campaign.version),
        )
        .where(*where)
        .order_by(func.coalesce(Campaign.scheduled_at, Campaign.created_at).desc(), Campaign.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [_line(row, author or "", content) for row, author, content in session.execute(query)], total


def outcomes(session: Session, tenant_id: str, campaign_ids: Sequence[int]) -> Mapping[int, Outcome]:
    """Return what came of these campaigns."""
    sent = {row: ledger_from([], counts_of(session, [row])).sent for row in campaign_ids}
    published = _counted(
        session, Post.campaign_id, campaign_ids, Post.tenant_id == tenant_id, Post.state == PostState.PUBLISHED
    )
    clicks = _counted(
        session,
        Event.campaign_id,
        campaign_ids,
        Event.tenant_id == tenant_id,
        Event.type == EventType.CLICKED,
        Event.machine.is_(False),
    )
    return {row: Outcome(sent.get(row, 0), published.get(row, 0), clicks.get(row, 0)) for row in campaign_ids}


def engagement(session: Session, tenant_id: str, campaign_id: int) -> Mapping[EventType, tuple[int, int]]:
    """Return per kind of event how many people caused and how many machines did, with the campaign's messages."""
    query = (
        select(Event.type, Event.machine, func.count())
        .where(Event.tenant_id == tenant_id, Event.campaign_id == campaign_id, Event.post_id.is_(None))
        .group_by(Event.type, Event.machine)
    )
    found: dict[EventType, list[int]] = defaultdict(lambda: [0, 0])
    for kind, machine, number in session.execute(query):
        found[kind][int(machine)] += number
    return {kind: (people, machines) for kind, (people, machines) in found.items()}


def returned(counts: Counts) -> Mapping[str, int]:
    """Return how many mails of a campaign came back or were complained about, by reason."""
    back = {MessageState.BOUNCED, MessageState.COMPLAINED}
    return {reason: number for (state, reason), number in counts.items() if state in back}


def posts_of(session: Session, tenant_id: str, campaign_id: int) -> Sequence[PostFacts]:
    """Return the posts of a campaign, each with who finished it by hand where somebody did."""
    by_hand = (ShareTask.post_id == Post.id) & (ShareTask.kind == SHARE) & ShareTask.done_by.is_not(None)
    query = (
        select(Post, User.name, ShareTask.done_at)
        .outerjoin(ShareTask, by_hand)
        .outerjoin(User, User.id == ShareTask.done_by)
        .where(Post.tenant_id == tenant_id, Post.campaign_id == campaign_id)
        .order_by(Post.id)
    )
    return [
        PostFacts(
            row.id,
            row.channel,
            row.state,
            row.reason,
            row.permalink or "",
            row.settled_at or row.queued_at,
            who or "",
            done_at,
        )
        for row, who, done_at in session.execute(query)
    ]


def history_of(session: Session, tenant_id: str, campaign_id: int) -> Sequence[Happened]:
    """Return who did what to a campaign, newest first; decisions come with their note."""
    acts = (
        select(AuditEntry.action, User.name, AuditEntry.at, AuditEntry.details)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(AuditEntry.tenant_id == tenant_id, AuditEntry.subject == f"campaign:{campaign_id}")
        .order_by(AuditEntry.number.desc())
    )
    notes = {(version, at): note for version, at, note in _decisions(session, tenant_id, campaign_id)}
    found = []
    for action, who, at, details in session.execute(acts):
        version = int(details.get("version", 0))
        decided = action in {"campaign.approve", "campaign.give_back"}
        found.append(Happened(action, who or "", at, version, notes.get((version, at), "") if decided else ""))
    return found


def approval_of(session: Session, tenant_id: str, campaign_id: int) -> tuple[bool, str, str] | None:
    """Return the last decision on a campaign: whether it was approved, by whom, and the note."""
    query = (
        select(Approval.approved, User.name, Approval.note)
        .join(User, User.id == Approval.approver_id)
        .where(Approval.tenant_id == tenant_id, Approval.campaign_id == campaign_id)
        .order_by(Approval.id.desc())
    )
    found = session.execute(query.limit(1)).first()
    return (found[0], found[1], found[2]) if found else None


def withdrawal_of(session: Session, campaign: Campaign) -> tuple[str, str, datetime] | None:
    """Return why, by whom and when a newsletter was taken out of the public archive; None while it is not."""
    query = (
        select(WithdrawnIssue.reason, User.name, WithdrawnIssue.at)
        .join(User, User.id == WithdrawnIssue.user_id)
        .where(WithdrawnIssue.campaign_id == campaign.id, WithdrawnIssue.restored_at.is_(None))
        .order_by(WithdrawnIssue.id.desc())
    )
    found = session.execute(query.limit(1)).first()
    return (found[0], found[1], found[2]) if found else None


def _decisions(session: Session, tenant_id: str, campaign_id: int) -> Iterable[tuple[int, datetime, str]]:
    query = select(Approval.version, Approval.at, Approval.note)
    rows = session.execute(query.where(Approval.tenant_id == tenant_id, Approval.campaign_id == campaign_id))
    return [(version, at, note) for version, at, note in rows]


def _counted(
    session: Session, column: Any, campaign_ids: Sequence[int], *where: ColumnElement[bool]
) -> Mapping[int, int]:
    query = select(column, func.count()).where(column.in_(campaign_ids), *where).group_by(column)
    return dict(session.execute(query).all())


def _line(row: Campaign, author: str, content: Mapping[str, Any]) -> CampaignLine:
    return CampaignLine(
        id=row.id,
        name=row.name,
        email_type=row.email_type,
        purpose=row.purpose,
        state=row.state,
        state_reason=row.state_reason,
        author=author,
        audience=row.audience,
        scheduled_at=row.scheduled_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        channels=tuple(content["channels"]),
    )
