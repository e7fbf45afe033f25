"""How much waits for a person, shown beside the navigation on every page."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketing.db.models import Campaign, Post, ShareTask
from marketing.delivery.share_tasks import still_waits
from marketing.domain.campaign import CampaignState


def approvals_waiting(session: Session, tenant_id: str, user_id: int) -> int:
    """Return how many campaigns this approver may decide; their own are somebody else's to decide."""
    query = select(func.count()).where(
        Campaign.tenant_id == tenant_id,
        Campaign.state == CampaignState.IN_REVIEW,
        Campaign.author_id != user_id,
    )
    return session.scalar(query) or 0


def tasks_waiting(session: Session, tenant_id: str, user_id: int) -> int:
    """Return how many tasks are this person's, or anybody's in the office."""
    query = select(func.count()).select_from(ShareTask).join(Post, Post.id == ShareTask.post_id)
    whose = (ShareTask.assignee_id == user_id) | ShareTask.assignee_id.is_(None)
    return session.scalar(query.where(ShareTask.tenant_id == tenant_id, still_waits(), whose)) or 0
