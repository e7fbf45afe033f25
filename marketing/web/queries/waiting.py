"""How much waits for a person, shown beside the navigation on every page."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketing.db.models import Campaign, Post, ShareTask
from marketing.delivery.share_tasks import REMOVE
from marketing.domain.campaign import CampaignState
from marketing.domain.post import PostState


def approvals_waiting(session: Session, tenant_id: str, user_id: int) -> int:
    """Return how many campaigns this approver may decide; their own are somebody else's to decide."""
    query = select(func.count()).where(
        Campaign.tenant_id == tenant_id,
        Campaign.state == CampaignState.IN_REVIEW,
        Campaign.author_id != user_id,
    )
    return session.scalar(query) or 0


def shares_waiting(session: Session, tenant_id: str) -> int:
    """Return how many posts a person must still share or delete by hand."""
    query = select(func.count()).where(Post.tenant_id == tenant_id, Post.state == PostState.AWAITING_HUMAN)
    removals = select(func.count()).where(*waiting_removal(tenant_id))
    return (session.scalar(query) or 0) + (session.scalar(removals) or 0)


def waiting_removal(tenant_id: str) -> tuple[ColumnElement[bool], ...]:
    """Return what makes a task one that asks a person to delete a standing post."""
    return (ShareTask.tenant_id == tenant_id, ShareTask.kind == REMOVE, ShareTask.done_at.is_(None))
