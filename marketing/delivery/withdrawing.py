"""Take a standing post down: by the channel's own call where it has one, by a named person where it has none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketing.channels.base import Publishers
from marketing.channels.errors import ChannelError, ReconnectError, TemporaryError
from marketing.db.insert import engine_insert
from marketing.db.models import Post, PostProduct, ShareTask
from marketing.db.session import Database
from marketing.delivery.share_tasks import REMOVE, ask_person
from marketing.domain.post import TRANSITIONS, PostState
from marketing.domain.transitions import change
from marketing.i18n import gettext as _
from marketing.observability import get_logger

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Gone:
    """It no longer stands, or never did."""


@dataclass(frozen=True, slots=True)
class NeedsPerson:
    """Only a person can take it down; the task is written."""


@dataclass(frozen=True, slots=True)
class TryLater:
    """The channel did not do it yet; `wait` is what it asked for, if anything."""

    detail: str
    wait: timedelta | None = None


Outcome = Gone | NeedsPerson | TryLater


@dataclass(frozen=True, slots=True)
class PostWithdrawing:
    """Takes posts down through the ports; every call may be repeated."""

    database: Database
    publishers: Publishers
    clock: Callable[[], datetime]

    def take_down(self, post_id: int, why: str) -> Outcome:
        """Take one post down; `why` is told to the person who has to do it by hand."""
        with self.database.read() as session:
            post = session.get_one(Post, post_id)
            state, handle = post.state, post.handle
        if state is PostState.SUBMITTING:
            return TryLater(_("Sedang dikirim; ditarik begitu kanal menjawab."))
        if state in (PostState.WITHDRAWN, PostState.FAILED):
            return Gone()
        gone = state is PostState.QUEUED
        if handle is not None:
            try:
                publisher = self.publishers.of(post.tenant_id, post.channel, post.account, sending=False)
                gone = publisher.withdraw(handle) or state is PostState.AWAITING_HUMAN
            except ReconnectError as error:  # a person is quicker than the account's way back
                self.publishers.lost(post.tenant_id, post.channel, post.account, str(error))
            except TemporaryError as error:
                return TryLater(str(error), error.retry_after)
            except ChannelError as error:
                log.warning("a person must take the post down", post=post_id, why=str(error))
            except Exception as error:  # one channel's fault must not keep the other posts standing
                log.exception("withdrawal failed", post=post_id)
                return TryLater(type(error).__name__)
        with self.database.write() as session:
            post = session.get_one(Post, post_id, with_for_update=True)
            if gone:
                mark_withdrawn(session, post, self.clock())
                return Gone()
            self._ask_person(session, post, why)
            return NeedsPerson()

    def _ask_person(self, session: Session, post: Post, why: str) -> None:
        asked = select(ShareTask.id).where(ShareTask.post_id == post.id, ShareTask.kind == REMOVE)
        if session.scalar(asked) is None:
            instruction = _("Hapus kiriman ini dari {channel}, lalu tandai selesai. Sebabnya: {why}")
            ask_person(session, post, REMOVE, instruction.format(channel=post.channel.value, why=why), self.clock())


def mark_withdrawn(session: Session, post: Post, now: datetime) -> None:
    """Write that a post no longer stands; what a person was still to do with it is void."""
    if post.state is not PostState.WITHDRAWN:
        post.state = change(TRANSITIONS, post.state, PostState.WITHDRAWN)
        post.settled_at = now
    session.execute(
        update(ShareTask).where(ShareTask.post_id == post.id, ShareTask.done_at.is_(None)).values(done_at=now)
    )


def requeue_unsent(session: Session, campaign_id: int) -> None:
    """Queue again what was withdrawn before it ever left; called when a person lets the campaign go on."""
    query = select(Post).where(
        Post.campaign_id == campaign_id, Post.state == PostState.WITHDRAWN, Post.handle.is_(None)
    )
    for post in session.scalars(query.with_for_update()):
        post.state, post.settled_at = change(TRANSITIONS, post.state, PostState.QUEUED), None


def name_products(session: Session, campaign_id: int, product_ids: Sequence[int]) -> None:
    """Write which products the campaign's posts name now, so that a recall finds every post of a product."""
    posts = list(session.scalars(select(Post.id).where(Post.campaign_id == campaign_id)))
    session.execute(
        delete(PostProduct).where(PostProduct.post_id.in_(posts), PostProduct.product_id.not_in(product_ids))
    )
    rows = [{"post_id": post_id, "product_id": product_id} for post_id in posts for product_id in product_ids]
    if rows:
        session.execute(engine_insert(session, PostProduct).on_conflict_do_nothing(), rows)
