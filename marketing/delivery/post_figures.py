"""The database's side of measuring: which posts are due, what their providers said, and what a campaign's posts came to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.channels.measuring import Measured, Measurement, Missing, Unmeasured
from marketing.channels.registry import capabilities
from marketing.db.insert import engine_insert
from marketing.db.models import ChannelAccount, Event, Post, PostFigure, PostMeasuring
from marketing.domain.content import CHANNEL_LABELS
from marketing.domain.events import EventType
from marketing.domain.insights import STEPS, MeasuringState, Metric, next_pull
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName
from marketing.i18n import gettext as _
from marketing.observability import get_logger
from marketing.social.posting import SANDBOX

GONE: Final = "campaign.post_gone"
LONGEST: Final = 2 * STEPS[-1]
"""A post older than this is not asked for any more, whatever kept it from being asked for until then."""
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """One post whose figures are to be asked for."""

    post_id: int
    channel: ChannelName
    account: str
    handle: str
    permalink: str


@dataclass(frozen=True, slots=True)
class PostResult:
    """One post and what came of it. `figures` holds the newest value of each metric and when it was told; clicks are our own.

    `account` is the account's name, empty for what stands in the sandbox or on the site.
    """

    post_id: int
    channel: ChannelName
    account: str
    state: PostState
    permalink: str
    published_at: datetime | None
    measuring: MeasuringState | None
    reason: str
    asked_at: datetime | None
    due_at: datetime | None
    figures: Mapping[Metric, tuple[int, datetime]]
    clicks: int = 0
    machine_clicks: int = 0

    @property
    def numbers(self) -> Mapping[Metric, int]:
        """The figures alone."""
        return {metric: number for metric, (number, _at) in self.figures.items()}


def begin(session: Session, tenant_id: str, now: datetime) -> None:
    """Give every post that was published since its first hour, and end what was withdrawn: nobody asks for it any more."""
    withdrawn = select(Post.id).where(Post.state != PostState.PUBLISHED)
    session.execute(
        update(PostMeasuring)
        .where(PostMeasuring.tenant_id == tenant_id, PostMeasuring.due_at <= now, PostMeasuring.post_id.in_(withdrawn))
        .values(state=MeasuringState.DONE, due_at=None, changed_at=now)
    )
    measured = [channel for channel in ChannelName if _countable(channel)]
    query = (
        select(Post.id, Post.settled_at)
        .outerjoin(PostMeasuring, PostMeasuring.post_id == Post.id)
        .where(
            Post.tenant_id == tenant_id,
            Post.state == PostState.PUBLISHED,
            Post.channel.in_(measured),
            Post.account != SANDBOX,
            Post.settled_at > now - LONGEST,
            PostMeasuring.post_id.is_(None),
        )
    )
    rows = [
        {
            "post_id": post_id,
            "tenant_id": tenant_id,
            "state": MeasuringState.OPEN,
            "reason": "",
            "due_at": next_pull(published_at, None, post_id),
            "changed_at": now,
        }
        for post_id, published_at in session.execute(query)
        if published_at is not None
    ]
    if rows:
        session.execute(engine_insert(session, PostMeasuring).on_conflict_do_nothing(), rows)


def due_posts(session: Session, tenant_id: str, now: datetime, limit: int) -> Sequence[Due]:
    """Return the posts to ask for now, those that have waited longest first."""
    query = (
        select(Post.id, Post.channel, Post.account, Post.handle, Post.permalink)
        .join(PostMeasuring, PostMeasuring.post_id == Post.id)
        .where(PostMeasuring.tenant_id == tenant_id, PostMeasuring.due_at <= now)
        .order_by(PostMeasuring.due_at, Post.id)
        .limit(limit)
    )
    return [
        Due(row_id, channel, account, handle or "", permalink or "")
        for row_id, channel, account, handle, permalink in session.execute(query)
    ]


def record(session: Session, post_id: int, said: Measurement, now: datetime) -> None:
    """Write what a provider said of a post, and when it is asked again."""
    post = session.get_one(Post, post_id)
    row = session.get_one(PostMeasuring, post_id, with_for_update=True)
    if post.state is not PostState.PUBLISHED or post.settled_at is None:  # withdrawn meanwhile
        row.state, row.due_at, row.changed_at = MeasuringState.DONE, None, now
        return
    match said:
        case Missing(sure=sure) if sure or row.asked_at is not None:
            _gone(session, post, row, now)
            return
        case Missing():
            row.reason = _("{channel} belum memperlihatkan kiriman ini.").format(channel=_label(post.channel))
        case Unmeasured(reason=reason):
            row.reason = reason
        case Measured(figures=figures):
            row.reason, row.asked_at = "", now
            _keep(session, post, figures, now)
    row.due_at = next_pull(post.settled_at, now, post.id)
    if row.due_at is None:
        row.state = MeasuringState.UNAVAILABLE if row.asked_at is None else MeasuringState.DONE
    row.changed_at = now


def put_off(session: Session, post_ids: Sequence[int], until: datetime, now: datetime) -> None:
    """Ask for these later; nobody could be asked now."""
    query = (
        select(PostMeasuring, Post.settled_at)
        .join(Post, Post.id == PostMeasuring.post_id)
        .where(PostMeasuring.post_id.in_(post_ids), PostMeasuring.due_at.is_not(None))
    )
    for row, published_at in session.execute(query):
        row.changed_at = now
        if published_at is None or now - published_at > LONGEST:
            row.due_at = None
            row.state = MeasuringState.UNAVAILABLE if row.asked_at is None else MeasuringState.DONE
        else:
            row.due_at = until


def results_of(session: Session, tenant_id: str, campaign_id: int) -> Sequence[PostResult]:
    """Return the posts of a campaign with everything that is known of their reach."""
    query = (
        select(Post, PostMeasuring)
        .outerjoin(PostMeasuring, PostMeasuring.post_id == Post.id)
        .where(Post.tenant_id == tenant_id, Post.campaign_id == campaign_id)
        .order_by(Post.id)
    )
    found = session.execute(query).all()
    figures = _newest(session, [post.id for post, _row in found])
    clicks = _clicks(session, tenant_id, campaign_id)
    numbers = [int(post.account) for post, _row in found if post.account.isdecimal()]
    names: dict[str, str] = {
        str(number): name
        for number, name in session.execute(
            select(ChannelAccount.id, ChannelAccount.name).where(ChannelAccount.id.in_(numbers))
        )
    }
    return [
        PostResult(
            post_id=post.id,
            channel=post.channel,
            account=names.get(post.account, ""),
            state=post.state,
            permalink=post.permalink or "",
            published_at=post.settled_at if post.state is PostState.PUBLISHED else None,
            measuring=row.state if row else None,
            reason=row.reason if row else "",
            asked_at=row.asked_at if row else None,
            due_at=row.due_at if row else None,
            figures=figures.get(post.id, {}),
            clicks=clicks[post.id, False],
            machine_clicks=clicks[post.id, True],
        )
        for post, row in found
    ]


def _gone(session: Session, post: Post, row: PostMeasuring, now: datetime) -> None:
    """Write that a post is not there any more, though nobody here has withdrawn it; the campaign's history tells it."""
    row.state, row.due_at, row.changed_at = MeasuringState.GONE, None, now
    row.reason = _("Tidak ada lagi di {channel}: dihapus atau disembunyikan seseorang di sana.").format(
        channel=_label(post.channel)
    )
    write_audit(
        session,
        tenant_id=post.tenant_id,
        user_id=None,
        action=GONE,
        subject=f"campaign:{post.campaign_id}",
        now=now,
        details={"post": post.id, "channel": post.channel.value},
    )
    log.warning("a post is gone from its channel", post=post.id, channel=post.channel.value)


def _keep(session: Session, post: Post, figures: Mapping[Metric, int], now: datetime) -> None:
    rows = [
        {"tenant_id": post.tenant_id, "post_id": post.id, "metric": metric, "number": number, "at": now}
        for metric, number in figures.items()
    ]
    if rows:
        session.execute(engine_insert(session, PostFigure).on_conflict_do_nothing(), rows)


def _newest(session: Session, post_ids: Sequence[int]) -> Mapping[int, Mapping[Metric, tuple[int, datetime]]]:
    query = select(PostFigure).where(PostFigure.post_id.in_(post_ids)).order_by(PostFigure.at)
    found: dict[int, dict[Metric, tuple[int, datetime]]] = defaultdict(dict)
    for row in session.scalars(query):
        found[row.post_id][row.metric] = (row.number, row.at)
    return found


def _clicks(session: Session, tenant_id: str, campaign_id: int) -> Mapping[tuple[int, bool], int]:
    query = (
        select(Event.post_id, Event.machine, func.count())
        .where(
            Event.tenant_id == tenant_id,
            Event.campaign_id == campaign_id,
            Event.type == EventType.CLICKED,
            Event.post_id.is_not(None),
        )
        .group_by(Event.post_id, Event.machine)
    )
    found: dict[tuple[int, bool], int] = defaultdict(int)
    for post_id, machine, number in session.execute(query):
        if post_id is not None:
            found[post_id, machine] = number
    return found


def _countable(channel: ChannelName) -> bool:
    return channel not in {ChannelName.EMAIL, ChannelName.MARKETPLACE} and bool(capabilities(channel).figures)


def _label(channel: ChannelName) -> str:
    return _(CHANNEL_LABELS[channel])
