"""What only people can do for posts, as its pages and Beranda read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session, aliased

from marketing.db.models import Campaign, ChannelAccount, Post, ShareTask, User
from marketing.delivery.share_tasks import still_waits
from marketing.domain.post import PostState
from marketing.domain.share_task import TaskKind
from marketing.domain.types import ChannelName
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.social.persons import account_address

SHOWN = 200


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """One task with its post; names are empty where there is nobody, `account` where the post went into the sandbox."""

    id: int
    kind: TaskKind
    waits: bool
    instruction: str
    created_at: datetime
    assignee_id: int | None
    assignee: str
    done_at: datetime | None
    doer: str
    proof: str
    post_id: int
    state: PostState
    channel: ChannelName
    marker: str
    content: Mapping[str, Any]
    sent_at: datetime | None
    permalink: str
    campaign_id: int
    campaign: str
    account: str
    account_href: str

    @property
    def title(self) -> str:
        """What the post is called."""
        return str(self.content.get("title", "")) or self.campaign


def open_tasks(session: Session, tenant_id: str) -> Sequence[TaskFacts]:
    """Return what still waits for somebody, the oldest first."""
    query = _tasks(tenant_id).where(still_waits()).order_by(ShareTask.created_at, ShareTask.id)
    return [_facts(*row) for row in session.execute(query.limit(SHOWN))]


def finished_tasks(session: Session, tenant_id: str, limit: int) -> Sequence[TaskFacts]:
    """Return what somebody has done, the last first."""
    query = _tasks(tenant_id).where(ShareTask.done_by.is_not(None))
    return [_facts(*row) for row in session.execute(query.order_by(ShareTask.done_at.desc()).limit(limit))]


def tasks_of_post(session: Session, tenant_id: str, post_id: int) -> Sequence[TaskFacts]:
    """Return everything that people were asked to do for a post."""
    query = _tasks(tenant_id).where(ShareTask.post_id == post_id).order_by(ShareTask.id)
    return [_facts(*row) for row in session.execute(query)]


def find_task(session: Session, tenant_id: str, task_id: int) -> TaskFacts:
    """Return one task; NotFoundError for another tenant's."""
    row = session.execute(_tasks(tenant_id).where(ShareTask.id == task_id)).first()
    if row is None:
        raise NotFoundError(_("Tugas ini tidak ada."))
    return _facts(*row)


def _tasks(tenant_id: str) -> Any:
    assignee, doer = aliased(User), aliased(User)
    same = (cast(ChannelAccount.id, String) == Post.account) & (ChannelAccount.tenant_id == Post.tenant_id)
    return (
        select(ShareTask, Post, Campaign.name, assignee.name, doer.name, ChannelAccount, still_waits())
        .join(Post, Post.id == ShareTask.post_id)
        .join(Campaign, Campaign.id == Post.campaign_id)
        .outerjoin(assignee, assignee.id == ShareTask.assignee_id)
        .outerjoin(doer, doer.id == ShareTask.done_by)
        .outerjoin(ChannelAccount, same)
        .where(ShareTask.tenant_id == tenant_id)
    )


def _facts(  # noqa: PLR0917  the columns of one row, in their order
    task: ShareTask,
    post: Post,
    campaign: str,
    assignee: str | None,
    doer: str | None,
    account: ChannelAccount | None,
    waits: bool,
) -> TaskFacts:
    return TaskFacts(
        id=task.id,
        kind=TaskKind(task.kind),
        waits=bool(waits),
        instruction=task.instruction,
        created_at=task.created_at,
        assignee_id=task.assignee_id,
        assignee=assignee or "",
        done_at=task.done_at,
        doer=doer or "",
        proof=task.proof,
        post_id=post.id,
        state=post.state,
        channel=post.channel,
        marker=post.marker,
        content=post.content,
        sent_at=post.submitted_at,
        permalink=post.permalink or "",
        campaign_id=post.campaign_id,
        campaign=campaign,
        account=account.name if account else "",
        account_href=account_address(account) if account else "",
    )
