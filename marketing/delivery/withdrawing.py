"""Take a standing post down: by the channel's own call where it has one, by a named person where it has none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketing.channels.base import Absent, AwaitingHuman, Deferred, InDoubt, Pending, Published, Publishers
from marketing.channels.errors import ChannelError, ReconnectError, TemporaryError
from marketing.db.insert import engine_insert
from marketing.db.models import Post, PostProduct, ShareTask
from marketing.db.session import Database
from marketing.delivery.share_tasks import REMOVE, ask_person
from marketing.domain.content import OutboundPost
from marketing.domain.post import TRANSITIONS, PostState
from marketing.domain.transitions import change
from marketing.i18n import gettext as _
from marketing.observability import get_logger

LATE: Final = timedelta(minutes=2)
"""So long after it was handed over a channel may still be about to show a post."""
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Gone:
    """It no longer stands, or never did."""


@dataclass(frozen=True, slots=True)
class NeedsPerson:
    """Only a person can take it down now; the task is written. `again`: the channel may do it before the person does."""

    again: bool = False


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
            state = post.state
        if state is PostState.SUBMITTING:
            return TryLater(_("Sedang dikirim; ditarik begitu kanal menjawab."))
        if state in (PostState.WITHDRAWN, PostState.FAILED):
            return Gone()
        outcome, handle = (Gone(), "") if state is PostState.QUEUED else self._asked(post)
        if isinstance(outcome, TryLater):
            return outcome
        with self.database.write() as session:
            post = session.get_one(Post, post_id, with_for_update=True)
            if post.state is not state:  # a worker or a person was quicker; both may be asked again
                return TryLater(_("Berubah saat ditarik; diperiksa lagi."), timedelta(0))
            post.handle = post.handle or handle or None
            if isinstance(outcome, Gone):
                mark_withdrawn(session, post, self.clock())
            else:
                self._ask_person(session, post, why)
        return outcome

    def _asked(self, post: Post) -> tuple[Outcome, str]:
        """Ask the channel to take it down; also returns the handle under which an unconfirmed post was found."""
        try:
            publisher = self.publishers.of(post.tenant_id, post.channel, post.account, sending=False)
            handle = post.handle or ""
            if post.state is PostState.UNCONFIRMED:
                found = publisher.find(OutboundPost.from_json(post.content), post.note)
                if isinstance(found, Published | Pending | AwaitingHuman):
                    handle = found.handle
                elif not isinstance(found, InDoubt):
                    return self._not_found(post, found), ""
            kit = post.state is PostState.AWAITING_HUMAN and not (
                publisher.capabilities.drafts and post.account.isdecimal()
            )
            gone = bool(handle) and publisher.withdraw(handle)
            return (Gone() if gone or kit else NeedsPerson()), handle
        except ReconnectError as error:  # a person may be quicker than the account's way back
            self.publishers.lost(post.tenant_id, post.channel, post.account, str(error))
            return NeedsPerson(again=True), ""
        except TemporaryError as error:
            return TryLater(str(error), error.retry_after), ""
        except ChannelError as error:
            log.warning("a person must take the post down", post=post.id, why=str(error))
            return NeedsPerson(), ""
        except Exception as error:  # one channel's fault must not keep the other posts standing
            log.exception("withdrawal failed", post=post.id)
            return TryLater(type(error).__name__), ""

    def _not_found(self, post: Post, found: Absent | Deferred) -> Outcome:
        """Say what follows when the channel does not show a post whose answer was lost: it may only be late."""
        if isinstance(found, Deferred):
            return TryLater(found.reason, found.retry_after)
        if post.submitted_at is not None and self.clock() - post.submitted_at < LATE:
            return TryLater(_("Kanal belum menunjukkan kiriman ini; dicari lagi."))
        return Gone()

    def _ask_person(self, session: Session, post: Post, why: str) -> None:
        now = self.clock()
        session.execute(
            update(ShareTask)
            .where(ShareTask.post_id == post.id, ShareTask.kind != REMOVE, ShareTask.done_at.is_(None))
            .values(done_at=now)  # nobody is to send, or to let go, what must not stand
        )
        if to_be_removed(session, post):
            return
        instruction = _("Hapus kiriman ini dari {channel}, lalu tandai selesai. Sebabnya: {why}")
        if post.state is PostState.AWAITING_HUMAN:
            instruction = _("Hapus draf ini di {channel} tanpa mempostingnya, lalu tandai selesai. Sebabnya: {why}")
        elif not post.handle:
            instruction = _(
                "Periksa apakah kiriman ini tayang di {channel} dan hapus bila ada, lalu tandai selesai. Sebabnya: {why}"
            )
        ask_person(session, post, REMOVE, instruction.format(channel=post.channel.value, why=why), now)


def to_be_removed(session: Session, post: Post) -> bool:
    """Return whether a person has been asked to delete the post."""
    asked = select(ShareTask.id).where(ShareTask.post_id == post.id, ShareTask.kind == REMOVE)
    return session.scalar(asked) is not None


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
