"""Tasks as people act on them, on the web and on the command line: taken over, finished, settled; each act by name."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.accounts.users import require_role
from marketing.db.models import Post, ShareTask, User
from marketing.delivery.share_tasks import confirm_check, confirm_share
from marketing.domain.share_task import DOERS, SENDERS, TaskKind
from marketing.errors import NotAllowedError, NotFoundError
from marketing.i18n import gettext as _


def find_task(session: Session, tenant_id: str, task_id: int, *kinds: TaskKind) -> ShareTask:
    """Return a task of this Daerah, of one of these kinds where any are named; NotFoundError otherwise."""
    task = session.get(ShareTask, task_id)
    if task is None or task.tenant_id != tenant_id or (kinds and task.kind not in kinds):
        raise NotFoundError(_("Tugas ini tidak ada."))
    return task


def take_over(session: Session, user: User, task_id: int, now: datetime) -> None:
    """Make an open task this person's own; whoever had it is no longer reminded."""
    require_role(user, *DOERS)
    find_task(session, user.tenant_id, task_id)
    task = session.get_one(ShareTask, task_id, with_for_update=True, populate_existing=True)
    if task.done_at is not None:
        raise NotAllowedError(_("Tugas ini sudah selesai."))
    if task.assignee_id != user.id:
        before, task.assignee_id = task.assignee_id, user.id
        _audit(session, user, now, "task.taken", f"task:{task_id}", before=before)


def finish_share(
    session: Session, user: User, task_id: int, now: datetime, *, permalink: str = "", proof: str = ""
) -> None:
    """Record that this person shared the post; `proof` names a picture that is kept already."""
    require_role(user, *DOERS)
    task = find_task(session, user.tenant_id, task_id, TaskKind.SHARE)
    confirm_share(
        session,
        tenant_id=user.tenant_id,
        post_id=task.post_id,
        user_id=user.id,
        now=now,
        permalink=permalink,
        proof=proof,
    )
    _audit(session, user, now, "post.shared", f"post:{task.post_id}", proof=bool(proof))


def settle_doubt(
    session: Session, user: User, task_id: int, now: datetime, *, stands: bool, permalink: str = ""
) -> Post:
    """Record what this person saw of a post whose answer was lost; return the post, queued again where it does not stand."""
    require_role(user, *SENDERS)
    task = find_task(session, user.tenant_id, task_id, TaskKind.CHECK)
    confirm_check(
        session,
        tenant_id=user.tenant_id,
        post_id=task.post_id,
        user_id=user.id,
        now=now,
        stands=stands,
        permalink=permalink,
    )
    _audit(session, user, now, "post.checked", f"post:{task.post_id}", stands=stands)
    return session.get_one(Post, task.post_id)


def _audit(
    session: Session, user: User, now: datetime, action: str, subject: str, **details: bool | int | None
) -> None:
    write_audit(
        session, tenant_id=user.tenant_id, user_id=user.id, action=action, subject=subject, now=now, details=details
    )
