"""The one place where a campaign changes its state."""

from marketing.db.models import Campaign
from marketing.domain.campaign import TRANSITIONS, CampaignState
from marketing.domain.transitions import change


def move(campaign: Campaign, state: CampaignState, *, reason: str = "") -> None:
    """Change the state by the transition table; TransitionError when it does not allow that."""
    campaign.state = change(TRANSITIONS, campaign.state, state)
    campaign.state_reason = reason
