"""What only a person can do for a post: send it, or look whether it stands; each is done by somebody with a name."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.db.insert import engine_insert
from marketing.db.models import Post, ShareTask
from marketing.delivery.exposure import record_exposure
from marketing.domain.post import TRANSITIONS, PostState
from marketing.domain.text import web_address
from marketing.domain.transitions import change
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _

SHARE: Final = "share"
CHECK: Final = "check"


def ask_person(session: Session, post: Post, kind: str, instruction: str, now: datetime) -> None:
    """Write a task once; one that was done before is opened again."""
    task = {"tenant_id": post.tenant_id, "post_id": post.id, "kind": kind, "instruction": instruction}
    statement = engine_insert(session, ShareTask).values(**task, created_at=now, done_by=None, done_at=None)
    again = {"instruction": instruction, "created_at": now, "done_by": None, "done_at": None}
    statement = statement.on_conflict_do_update(
        index_elements=[ShareTask.post_id, ShareTask.kind], set_=again, where=ShareTask.done_at.is_not(None)
    )
    session.execute(statement)


def confirm_share(
    session: Session, *, tenant_id: str, post_id: int, user_id: int, now: datetime, permalink: str = ""
) -> None:
    """Record that a named person finished a post by hand; only then does it count as published (TTS Ps. 7(2)a)."""
    post = _post(session, tenant_id, post_id)
    if post.state is not PostState.AWAITING_HUMAN:
        raise NotAllowedError(_("Kiriman ini tidak sedang menunggu petugas."))
    _done(session, post, SHARE, user_id, now)
    _published(session, post, permalink, now)


def confirm_check(
    session: Session, *, tenant_id: str, post_id: int, user_id: int, now: datetime, stands: bool, permalink: str = ""
) -> None:
    """Record what a named person saw of a post whose answer was lost: it stands, or it does not and may go out."""
    post = _post(session, tenant_id, post_id)
    if post.state is not PostState.UNCONFIRMED or post.not_before is not None:
        raise NotAllowedError(_("Kiriman ini tidak sedang menunggu diperiksa."))
    _done(session, post, CHECK, user_id, now)
    if stands:
        _published(session, post, permalink, now)
    else:
        requeue(post)
        post.tries = 0


def requeue(post: Post) -> None:
    """Let a post go out (again): it is known that nothing of it stands."""
    post.state = change(TRANSITIONS, post.state, PostState.QUEUED)
    post.submitted_at = post.not_before = post.settled_at = None


def _post(session: Session, tenant_id: str, post_id: int) -> Post:
    post = session.get(Post, post_id, with_for_update=True)
    if post is None or post.tenant_id != tenant_id:
        raise NotFoundError(_("Kiriman ini tidak ada."))
    return post


def _done(session: Session, post: Post, kind: str, user_id: int, now: datetime) -> None:
    task = session.scalars(select(ShareTask).where(ShareTask.post_id == post.id, ShareTask.kind == kind)).one()
    task.done_by, task.done_at = user_id, now


def _published(session: Session, post: Post, permalink: str, now: datetime) -> None:
    if permalink and not web_address(permalink):
        raise InvalidInputError(_("Tautan kiriman harus berupa alamat web yang dimulai dengan https://."))
    post.state, post.settled_at = change(TRANSITIONS, post.state, PostState.PUBLISHED), now
    post.permalink = permalink or post.permalink
    record_exposure(session, post.campaign_id, post.channel, audience=0, now=now)
