"""Which campaigns of a Dinas are sending: asked in each transaction that lets something leave."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from marketing.db.models import Campaign
from marketing.domain.campaign import CampaignState
from marketing.domain.types import EmailType

_GOING = select(Campaign.id, Campaign.state).where(
    Campaign.tenant_id == bindparam("tenant"),
    or_(
        Campaign.id == bindparam("own"),
        (Campaign.email_type != EmailType.TRANSACTIONAL)
        & or_(
            Campaign.state.in_([CampaignState.SENDING, CampaignState.PAUSED]),
            Campaign.finished_at > bindparam("decided"),
        ),
    ),
)


def going_with(session: Session, own: Campaign, decided_at: datetime) -> set[int]:
    """Return this campaign if it is sending, and every other bulk campaign of the tenant that has sent since the decision."""
    found = session.connection().execute(_GOING, {"tenant": own.tenant_id, "own": own.id, "decided": decided_at})
    going = {row_id: state for row_id, state in found}  # noqa: C416  a row is no pair to a type checker
    return going.keys() - ({own.id} if going.get(own.id) is not CampaignState.SENDING else set())
