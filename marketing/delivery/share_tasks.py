"""What only a person can do for a post: send it, look whether it stands, delete it; each is done by somebody with a name."""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from marketing.db.insert import engine_insert
from marketing.db.models import ChannelAccount, Post, ShareTask
from marketing.delivery.exposure import record_exposure
from marketing.domain.post import TRANSITIONS, PostState
from marketing.domain.share_task import TaskKind, first_reminder
from marketing.domain.text import web_address
from marketing.domain.transitions import change
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _

SHARE: Final = TaskKind.SHARE.value
CHECK: Final = TaskKind.CHECK.value
REMOVE: Final = TaskKind.REMOVE.value


def ask_person(session: Session, post: Post, kind: str, instruction: str, now: datetime) -> None:
    """Write a task once, for the person whom the account names; one that was done before is opened again."""
    asked = {
        "instruction": instruction,
        "created_at": now,
        "assignee_id": _person_of(session, post),
        "remind_at": first_reminder(now),
        "reminded": 0,
        "proof": "",
        "done_by": None,
        "done_at": None,
    }
    task = {"tenant_id": post.tenant_id, "post_id": post.id, "kind": kind}
    statement = engine_insert(session, ShareTask).values(**task, **asked)
    statement = statement.on_conflict_do_update(
        index_elements=[ShareTask.post_id, ShareTask.kind], set_=asked, where=ShareTask.done_at.is_not(None)
    )
    session.execute(statement)


def still_waits() -> ColumnElement[bool]:
    """Return what tells the tasks that somebody must still do, in a query that joins their posts.

    A post may have got further by itself: found after all, or finished in an app whose provider told us so.
    """
    doubtful = (Post.state == PostState.UNCONFIRMED) & Post.not_before.is_(None)
    return ShareTask.done_at.is_(None) & or_(
        (ShareTask.kind == SHARE) & (Post.state == PostState.AWAITING_HUMAN),
        (ShareTask.kind == CHECK) & doubtful,
        (ShareTask.kind == REMOVE) & (Post.state != PostState.WITHDRAWN),
    )


def confirm_share(
    session: Session,
    *,
    tenant_id: str,
    post_id: int,
    user_id: int,
    now: datetime,
    permalink: str = "",
    proof: str = "",
) -> None:
    """Record that a named person finished a post by hand; only then does it count as published (TTS Ps. 7(2)a)."""
    post = _post(session, tenant_id, post_id)
    if post.state is not PostState.AWAITING_HUMAN:
        raise NotAllowedError(_("Kiriman ini tidak sedang menunggu petugas."))
    task = _done(session, post, SHARE, user_id, now)
    task.proof = proof
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


def checked_link(permalink: str) -> None:
    """Refuse what is no web address; InvalidInputError says so, and nothing at all is no fault."""
    if permalink and not web_address(permalink):
        raise InvalidInputError(
            _("Tautan kiriman harus berupa alamat web yang dimulai dengan https://."), field="tautan"
        )


def requeue(post: Post) -> None:
    """Let a post go out (again): it is known that nothing of it stands."""
    post.state = change(TRANSITIONS, post.state, PostState.QUEUED)
    post.submitted_at = post.not_before = post.settled_at = None


def _person_of(session: Session, post: Post) -> int | None:
    """Return who finishes by hand what this account cannot; None where it is the whole office's."""
    if not post.account.isdecimal():
        return None
    account = session.get(ChannelAccount, int(post.account))
    return account.person_id if account is not None and account.tenant_id == post.tenant_id else None


def _post(session: Session, tenant_id: str, post_id: int) -> Post:
    post = session.get(Post, post_id, with_for_update=True)
    if post is None or post.tenant_id != tenant_id:
        raise NotFoundError(_("Kiriman ini tidak ada."))
    return post


def _done(session: Session, post: Post, kind: str, user_id: int, now: datetime) -> ShareTask:
    task = session.scalars(select(ShareTask).where(ShareTask.post_id == post.id, ShareTask.kind == kind)).one()
    task.done_by, task.done_at = user_id, now
    return task


def _published(session: Session, post: Post, permalink: str, now: datetime) -> None:
    checked_link(permalink)
    post.state, post.settled_at = change(TRANSITIONS, post.state, PostState.PUBLISHED), now
    post.permalink = permalink or post.permalink
    record_exposure(session, post.campaign_id, post.channel, audience=0, now=now)
