"""What Beranda reads: what waits, what goes out, whether it works, and the numbers of two windows of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from marketing.db.models import (
    Approval,
    Campaign,
    Contact,
    Event,
    Exposure,
    GateDecision,
    Message,
    Order,
    Post,
    PostMeasuring,
    Product,
    RoleGrant,
    SyncRun,
    User,
)
from marketing.delivery.ledger import counts_of
from marketing.domain.campaign import CampaignState
from marketing.domain.events import EventType
from marketing.domain.insights import MeasuringState
from marketing.domain.message import MessageState
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, Role

NOT_ORDERED = ("cancelled", "refunded")
SHOWN = 5


@dataclass(frozen=True, slots=True)
class NamedCampaign:
    """A campaign that waits for somebody, with why."""

    id: int
    name: str
    who: str
    note: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class FailedPost:
    """A post that its channel refused."""

    id: int
    channel: ChannelName
    campaign: str
    reason: str


@dataclass(frozen=True, slots=True)
class Window:
    """The numbers of one stretch of time; None where nothing was recorded yet, which is not the same as zero."""

    clicks: int | None
    orders: int | None
    revenue: int | None
    businesses: int | None


@dataclass(frozen=True, slots=True)
class Since:
    """From when on each kind of number is recorded at all; None: not yet."""

    campaigns: datetime | None
    orders: datetime | None
    exposures: datetime | None


@dataclass(frozen=True, slots=True)
class FirstFacts:
    """Whether the first steps are done."""

    synced: bool
    ready: bool
    people: bool
    approver: bool
    composed: bool
    sent: bool


def in_review(session: Session, tenant_id: str, user_id: int) -> Sequence[NamedCampaign]:
    """Return the campaigns that this approver may decide, the earliest hour first."""
    query = (
        select(Campaign.id, Campaign.name, User.name, Campaign.scheduled_at)
        .outerjoin(User, User.id == Campaign.author_id)
        .where(
            Campaign.tenant_id == tenant_id,
            Campaign.state == CampaignState.IN_REVIEW,
            Campaign.author_id != user_id,
        )
        .order_by(Campaign.scheduled_at)
        .limit(SHOWN)
    )
    return [NamedCampaign(row_id, name, who or "", "", at) for row_id, name, who, at in session.execute(query)]


def returned(session: Session, tenant_id: str, user_id: int) -> Sequence[NamedCampaign]:
    """Return this author's drafts whose standing version an approver gave back."""
    later = aliased(Approval)
    query = (
        select(Campaign.id, Campaign.name, User.name, Approval.note, Approval.at)
        .join(Approval, (Approval.campaign_id == Campaign.id) & (Approval.version == Campaign.version))
        .join(User, User.id == Approval.approver_id)
        .where(
            Campaign.tenant_id == tenant_id,
            Campaign.author_id == user_id,
            Campaign.state == CampaignState.DRAFT,
            Approval.approved.is_(False),
            ~exists().where(later.campaign_id == Campaign.id, later.id > Approval.id),
        )
        .order_by(Approval.at.desc())
        .limit(SHOWN)
    )
    return [NamedCampaign(*row) for row in session.execute(query)]


def paused(session: Session, tenant_id: str) -> Sequence[NamedCampaign]:
    """Return campaigns that stand still until somebody decides."""
    query = select(Campaign.id, Campaign.name, Campaign.state_reason, Campaign.scheduled_at)
    query = query.where(Campaign.tenant_id == tenant_id, Campaign.state == CampaignState.PAUSED)
    rows = session.execute(query.order_by(Campaign.id.desc()).limit(SHOWN))
    return [NamedCampaign(row_id, name, "", reason, at) for row_id, name, reason, at in rows]


def failed_posts(session: Session, tenant_id: str, since: datetime) -> Sequence[FailedPost]:
    """Return posts that failed lately."""
    query = (
        select(Post.id, Post.channel, Campaign.name, Post.reason)
        .join(Campaign, Campaign.id == Post.campaign_id)
        .where(Post.tenant_id == tenant_id, Post.state == PostState.FAILED, Post.settled_at >= since)
        .order_by(Post.id.desc())
        .limit(SHOWN)
    )
    return [FailedPost(*row) for row in session.execute(query)]


def gone_posts(session: Session, tenant_id: str, since: datetime) -> Sequence[FailedPost]:
    """Return posts that somebody took down at their channel lately, found while asking for their figures."""
    query = (
        select(Post.id, Post.channel, Campaign.name, PostMeasuring.reason)
        .join(Campaign, Campaign.id == Post.campaign_id)
        .join(PostMeasuring, PostMeasuring.post_id == Post.id)
        .where(
            Post.tenant_id == tenant_id,
            Post.state == PostState.PUBLISHED,
            PostMeasuring.state == MeasuringState.GONE,
            PostMeasuring.changed_at >= since,
        )
        .order_by(Post.id.desc())
        .limit(SHOWN)
    )
    return [FailedPost(*row) for row in session.execute(query)]


def newly_held(session: Session, tenant_id: str, since: datetime) -> Sequence[str]:
    """Return the names of products that were ready before and lost that since then."""
    latest = (
        select(func.max(GateDecision.id))
        .where(GateDecision.tenant_id == tenant_id, GateDecision.decided_at >= since)
        .group_by(GateDecision.product_id)
    )
    before = aliased(GateDecision)
    query = (
        select(Product.name)
        .join(GateDecision, GateDecision.product_id == Product.id)
        .where(
            Product.tenant_id == tenant_id,
            Product.deleted_at.is_(None),
            Product.promotable.is_(False),
            GateDecision.id.in_(latest),
            GateDecision.promotable.is_(False),
            exists().where(before.product_id == Product.id, before.id < GateDecision.id, before.promotable.is_(True)),
        )
        .order_by(GateDecision.id.desc())
    )
    return list(session.scalars(query))


def troubled_channels(session: Session, tenant_id: str, since: datetime) -> Mapping[ChannelName, int]:
    """Return per channel how much failed since then."""
    posts = select(Post.channel, func.count()).where(
        Post.tenant_id == tenant_id, Post.state == PostState.FAILED, Post.settled_at >= since
    )
    found = dict(session.execute(posts.group_by(Post.channel)).all())
    mails = _failed_mails(session, tenant_id, since)
    return found | ({ChannelName.EMAIL: mails} if mails else {})


def _failed_mails(session: Session, tenant_id: str, since: datetime) -> int:
    """Count the mails that failed: in campaigns to many by their kept counts, in what goes on for ever by each mail's own hour."""
    ours = select(Campaign.id).where(Campaign.tenant_id == tenant_id)
    lately = ours.where(
        Campaign.automation.is_(None),
        Campaign.started_at.is_not(None),
        or_(Campaign.finished_at.is_(None), Campaign.finished_at >= since),
    )
    counts = counts_of(session, list(session.scalars(lately)))
    standing = list(session.scalars(ours.where(Campaign.automation.is_not(None))))
    own_hour = select(func.count()).where(
        Message.campaign_id.in_(standing), Message.state == MessageState.FAILED, Message.settled_at >= since
    )
    many = sum(number for (state, _reason), number in counts.items() if state is MessageState.FAILED)
    return many + (session.scalar(own_hour) or 0)


def recorded_since(session: Session, tenant_id: str) -> Since:
    """Return from when on numbers exist."""
    return Since(
        session.scalar(select(func.min(Campaign.started_at)).where(Campaign.tenant_id == tenant_id)),
        session.scalar(select(func.min(Order.placed_at)).where(Order.tenant_id == tenant_id)),
        session.scalar(select(func.min(Exposure.at)).where(Exposure.tenant_id == tenant_id)),
    )


def window(session: Session, tenant_id: str, start: datetime, end: datetime, known: Since) -> Window:
    """Return the numbers of [start, end)."""
    clicks = select(func.count()).where(
        Event.tenant_id == tenant_id,
        Event.type == EventType.CLICKED,
        Event.machine.is_(False),
        Event.at >= start,
        Event.at < end,
    )
    orders = select(func.count(), func.coalesce(func.sum(Order.total), 0)).where(
        Order.tenant_id == tenant_id,
        Order.status.not_in(NOT_ORDERED),
        Order.placed_at >= start,
        Order.placed_at < end,
    )
    businesses = select(func.count(Exposure.business_id.distinct())).where(
        Exposure.tenant_id == tenant_id, Exposure.at >= start, Exposure.at < end
    )
    number, total = session.execute(orders).one()
    has_orders = known.orders is not None and known.orders < end
    return Window(
        clicks=session.scalar(clicks) if known.campaigns is not None and known.campaigns < end else None,
        orders=number if has_orders else None,
        revenue=int(total) if has_orders else None,
        businesses=session.scalar(businesses) if known.exposures is not None and known.exposures < end else None,
    )


def order_moments(session: Session, tenant_id: str, start: datetime, end: datetime) -> Sequence[datetime]:
    """Return when the orders of [start, end) were placed."""
    query = select(Order.placed_at).where(
        Order.tenant_id == tenant_id,
        Order.status.not_in(NOT_ORDERED),
        Order.placed_at >= start,
        Order.placed_at < end,
    )
    return list(session.scalars(query))


def promotable_businesses(session: Session, tenant_id: str) -> int:
    """Return how many businesses have something that may be promoted."""
    query = select(func.count(Product.business_id.distinct())).where(
        Product.tenant_id == tenant_id, Product.promotable, Product.deleted_at.is_(None)
    )
    return session.scalar(query) or 0


def first_facts(session: Session, tenant_id: str) -> FirstFacts:
    """Return how far a new Daerah has come."""

    def any_of(*where: object) -> bool:
        return bool(session.scalar(select(exists().where(*where))))  # type: ignore[arg-type]

    campaign = Campaign.tenant_id == tenant_id, Campaign.automation.is_(None)
    return FirstFacts(
        synced=any_of(SyncRun.tenant_id == tenant_id, SyncRun.state == "done"),
        ready=any_of(Product.tenant_id == tenant_id, Product.promotable, Product.deleted_at.is_(None)),
        people=any_of(Contact.tenant_id == tenant_id),
        approver=any_of(User.tenant_id == tenant_id, RoleGrant.user_id == User.id, RoleGrant.role == Role.APPROVER),
        composed=any_of(*campaign),
        sent=any_of(*campaign, Campaign.started_at.is_not(None)),
    )
