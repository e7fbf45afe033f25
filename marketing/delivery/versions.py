"""Read the frozen content of a campaign."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.db.models import Campaign, CampaignVersion
from marketing.domain.campaign import CampaignContent


def content_of(session: Session, campaign: Campaign, version: int | None = None) -> CampaignContent:
    """Return the content of one version, by default the current one."""
    query = select(CampaignVersion.content).where(
        CampaignVersion.campaign_id == campaign.id, CampaignVersion.number == (version or campaign.version)
    )
    return CampaignContent.from_json(session.scalars(query).one())
