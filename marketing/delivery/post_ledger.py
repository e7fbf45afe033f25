"""The database's side of publishing: whose turn it is, the word written ahead of the one irreversible call, and the answer."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from marketing.channels.base import (
    Absent,
    AwaitingHuman,
    Deferred,
    Failed,
    InDoubt,
    Pending,
    Preparing,
    Published,
)
from marketing.db.models import Campaign, Post
from marketing.db.session import Database
from marketing.delivery.claiming import may_go_on
from marketing.delivery.exposure import record_exposure
from marketing.delivery.post_composing import PostComposer
from marketing.delivery.share_tasks import CHECK, SHARE, ask_person, requeue
from marketing.delivery.versions import content_of
from marketing.delivery.withdrawing import to_be_removed
from marketing.domain.content import OutboundPost
from marketing.domain.post import TRANSITIONS, PostState
from marketing.domain.transitions import change
from marketing.domain.types import ChannelName
from marketing.i18n import gettext as _
from marketing.observability import get_logger
from marketing.products.catalogue import load_offers
from marketing.tenants.profile import profile_of

LEASE: Final = timedelta(minutes=5)
"""Longer than any call to a provider may take: after it a worker is dead, or has nothing more to say."""
MANY: Final = 500
SHORTEST_WAIT: Final = timedelta(minutes=1)
LOOK_AGAIN: Final = tuple(timedelta(minutes=minutes) for minutes in (2, 5, 15, 60, 240))
"""When an unconfirmed post is looked up again; after the last a person is asked."""
Answer = Preparing | Published | Pending | AwaitingHuman | Absent | Deferred | Failed | InDoubt
log = get_logger(__name__)


class Step(StrEnum):
    """What is to be done with a post now."""

    SUBMIT = "submit"
    FIND = "find"
    POLL = "poll"


TURNS: Final[Mapping[PostState, Step]] = {
    PostState.QUEUED: Step.SUBMIT,
    PostState.UNCONFIRMED: Step.FIND,
    PostState.PENDING: Step.POLL,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One post, and the step that this worker may take with it."""

    post_id: int
    step: Step
    tenant: str
    channel: ChannelName
    account: str
    post: OutboundPost
    note: str
    handle: str


def settle_expired(session: Session, now: datetime) -> None:
    """Give back what a dead worker had in hand: to be sent when it had not begun to, else to be looked up."""
    dead = select(Post).where(Post.state == PostState.SUBMITTING, _run_out(now)).limit(MANY)
    for post in session.scalars(dead.with_for_update(skip_locked=True)):
        doubtful = post.submitted_at is not None
        post.state = change(TRANSITIONS, post.state, PostState.UNCONFIRMED if doubtful else PostState.QUEUED)
        post.lease_until, post.not_before = None, now if doubtful else None


def due_posts(now: datetime) -> ColumnElement[bool]:
    """Return what tells the posts for which something can be done: send, look up, or ask how far it is."""
    free = or_(Post.lease_until.is_(None), _run_out(now))
    rested = Post.not_before <= now
    return free & (
        (Post.state == PostState.QUEUED) & or_(Post.not_before.is_(None), rested)
        | Post.state.in_([PostState.UNCONFIRMED, PostState.PENDING]) & rested
    )


def _run_out(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a lease holds no more; one that reaches further than any can is of a clock that was ahead."""
    return or_(Post.lease_until < now, Post.lease_until > now + 2 * LEASE)


@dataclass(frozen=True, slots=True)
class PostLedger:
    """Takes turns with the posts of campaigns; any number of workers may do so at once."""

    database: Database
    composer: PostComposer
    clock: Callable[[], datetime]

    def take(self, campaign_id: int) -> Turn | None:
        """Lease the next due post; one that cannot be written has failed. None when nothing is due."""
        while True:
            now = self.clock()
            with self.database.write() as session:
                campaign = session.get(Campaign, campaign_id)
                if campaign is None:
                    return None
                # Asking is allowed whatever became of the campaign; sending is not.
                sending = may_go_on(session, campaign, now)
                query = select(Post).where(Post.campaign_id == campaign_id, due_posts(now))
                if not sending:
                    query = query.where(Post.state != PostState.QUEUED)
                post = session.scalars(query.order_by(Post.id).limit(1).with_for_update(skip_locked=True)).first()
                if post is None:
                    return None
                step = TURNS[post.state]
                if step is not Step.SUBMIT or self._composed(session, campaign, post, now):
                    post.lease_until = now + LEASE
                    return _turn(post, step)

    def begin(self, turn: Turn, note: str) -> bool:
        """Write ahead that the irreversible call comes now; False when the post may not leave any more."""
        now = self.clock()
        with self.database.write() as session:
            campaign_id = session.scalar(select(Post.campaign_id).where(Post.id == turn.post_id))
            campaign = session.get_one(Campaign, campaign_id)
            allowed = may_go_on(session, campaign, now)
            post = session.get_one(Post, turn.post_id, with_for_update=True)
            if post.state is not PostState.SUBMITTING or post.submitted_at is not None:
                return False  # the lease ran out meanwhile: somebody else has it
            post.note = note
            if not allowed:
                post.state, post.lease_until = change(TRANSITIONS, post.state, PostState.QUEUED), None
                return False
            post.submitted_at, post.lease_until = now, now + LEASE
        return True

    def record(self, turn: Turn, answer: Answer) -> None:
        """Write what came of the step; an answer that comes after the lease still counts when it is a certain one."""
        now = self.clock()
        with self.database.write() as session:
            post = session.get_one(Post, turn.post_id, with_for_update=True)
            if post.state not in (PostState.SUBMITTING, PostState.UNCONFIRMED, PostState.PENDING):
                return
            if turn.step is Step.SUBMIT and post.state is PostState.PENDING:
                return
            post.lease_until = None
            if not _settled(session, post, answer, now):
                _goes_on(session, post, answer, now)

    def _composed(self, session: Session, campaign: Campaign, post: Post, now: datetime) -> bool:
        """Write the post as it goes out now; what was prepared for other words is not used."""
        profile, content = profile_of(campaign.tenant_id), content_of(session, campaign)
        offers = load_offers(session, campaign.tenant_id, content.product_ids).values()
        try:
            outbound = self.composer.compose(
                content, post.channel, post.marker, offers, profile, now=now, post_id=post.id
            )
        except (TypeError, ValueError, LookupError) as error:
            log.exception("post could not be composed", post=post.id)
            post.state = change(TRANSITIONS, post.state, PostState.FAILED)
            post.reason, post.settled_at = type(error).__name__, now
            return False
        if post.note and OutboundPost.from_json(post.content) != outbound:
            post.note = ""
        post.state, post.content = change(TRANSITIONS, post.state, PostState.SUBMITTING), asdict(outbound)
        post.submitted_at = None
        return True


def _turn(post: Post, step: Step) -> Turn:
    outbound = OutboundPost.from_json(post.content)
    return Turn(post.id, step, post.tenant_id, post.channel, post.account, outbound, post.note, post.handle or "")


def _settled(session: Session, post: Post, answer: Answer, now: datetime) -> bool:
    """Write an answer that ends this program's part, for now or for good; False for one that only puts the post off."""
    match answer:
        case Published(handle=handle, permalink=permalink):
            _settle(post, PostState.PUBLISHED, now, handle=handle, permalink=permalink)
            record_exposure(session, post.campaign_id, post.channel, audience=0, now=now)
        case AwaitingHuman(handle=handle, instruction=instruction):
            _settle(post, PostState.AWAITING_HUMAN, now, handle=handle)
            if not to_be_removed(session, post):
                ask_person(session, post, SHARE, instruction, now)
        case Failed(reason=reason, detail=detail):
            _settle(post, PostState.FAILED, now, reason=detail or reason)
        case _:
            return False
    return True


def _goes_on(session: Session, post: Post, answer: Answer, now: datetime) -> None:
    match answer:
        case Pending(handle=handle, retry_after=wait):
            if post.state is not PostState.PENDING:
                _settle(post, PostState.PENDING, now, handle=handle)
            post.not_before = now + wait
        case Preparing(note=note, retry_after=wait):
            requeue(post)
            post.note, post.not_before = note, now + wait
        case Absent():
            requeue(post)
        case Deferred(reason=reason, retry_after=wait):
            _put_off(post, reason, now + max(wait, SHORTEST_WAIT))
        case InDoubt(reason=reason):
            _doubt(session, post, reason, now)


def _settle(
    post: Post, state: PostState, now: datetime, *, reason: str = "", handle: str | None = None, permalink: str = ""
) -> None:
    post.state, post.settled_at = change(TRANSITIONS, post.state, state), now
    post.reason, post.not_before = reason, None
    post.handle, post.permalink = handle or post.handle, permalink or post.permalink


def _put_off(post: Post, reason: str, until: datetime) -> None:
    """Nothing stands through this step: what was to be sent waits, what was only asked is asked again."""
    if post.state is PostState.SUBMITTING:
        requeue(post)
    post.reason, post.not_before = reason, until


def _doubt(session: Session, post: Post, reason: str, now: datetime) -> None:
    if post.state is not PostState.UNCONFIRMED:
        post.state = change(TRANSITIONS, post.state, PostState.UNCONFIRMED)
    post.reason = reason
    if post.tries < len(LOOK_AGAIN):
        post.not_before = now + LOOK_AGAIN[post.tries]
        post.tries += 1
        return
    post.not_before = None
    question = _(
        "Jawaban {channel} hilang. Periksa apakah kiriman ini sudah tayang di sana, lalu tandai hasilnya di sini."
    )
    ask_person(session, post, CHECK, question.format(channel=post.channel.value), now)
