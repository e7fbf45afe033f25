"""The issues of the newsletter that stand in the public archive: sent, meant for it, and not withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from marketing.db.models import Campaign, CampaignVersion, WithdrawnIssue
from marketing.domain.campaign import CampaignContent, CampaignState
from marketing.domain.types import EmailType

_WITHDRAWN = exists().where(WithdrawnIssue.campaign_id == Campaign.id, WithdrawnIssue.restored_at.is_(None))
CURRENT: ColumnElement[bool] = (CampaignVersion.campaign_id == Campaign.id) & (
    CampaignVersion.number == Campaign.version
)
PUBLISHED: tuple[ColumnElement[bool], ...] = (
    Campaign.email_type == EmailType.NEWSLETTER,
    Campaign.state == CampaignState.SENT,
    Campaign.automation.is_(None),
    CampaignVersion.content["archived"].as_boolean().is_(True),
    ~_WITHDRAWN,
)


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue as it was approved, and when it began to go out."""

    slug: str
    content: CampaignContent
    sent_at: datetime


def issues(session: Session, tenant_id: str, *, limit: int, offset: int = 0) -> Sequence[Issue]:
    """Return issues, newest first."""
    query = _issues(tenant_id).order_by(Campaign.started_at.desc(), Campaign.id.desc()).offset(offset).limit(limit)
    return [_issue(*row) for row in session.execute(query)]


def issue(session: Session, tenant_id: str, slug: str) -> Issue | None:
    """Return one issue; None for what does not stand in this Daerah's archive (any more)."""
    row = session.execute(_issues(tenant_id).where(Campaign.slug == slug)).first()
    return _issue(*row) if row else None


def count(session: Session, tenant_id: str) -> int:
    """Return how many issues stand in the archive."""
    return session.scalar(select(func.count()).select_from(_issues(tenant_id).subquery())) or 0


def _issues(tenant_id: str) -> Any:
    return (
        select(Campaign.slug, CampaignVersion.content, Campaign.started_at)
        .join(CampaignVersion, CURRENT)
        .where(Campaign.tenant_id == tenant_id, *PUBLISHED)
    )


def _issue(slug: str, content: dict[str, Any], sent_at: datetime) -> Issue:
    return Issue(slug, CampaignContent.from_json(content), sent_at)
