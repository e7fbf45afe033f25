"""Whose turn it is: tenants share the time of the workers alike, campaigns of one tenant go by priority, then in turn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from marketing.db.models import Campaign, MessageRange
from marketing.delivery.leases import free
from marketing.domain.campaign import CampaignState
from marketing.domain.types import EmailType

TURN_SECONDS = 2.0
SHORTEST_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Waiting:
    """One campaign in which something may leave now."""

    campaign_id: int
    tenant_id: str
    priority: int


def whose_turn(waiting: Iterable[Waiting], asked: int) -> tuple[int, float]:
    """Return which campaign is served when this one asked, and for how many seconds.

    Turns come round by campaign, so a tenant with more campaigns has more of them: they are shorter, where others wait. A campaign
    of higher priority of the same tenant goes first.
    """
    known = {one.campaign_id: one for one in waiting}
    own = known.get(asked)
    if own is None:
        return asked, TURN_SECONDS
    same = [one for one in known.values() if one.tenant_id == own.tenant_id]
    urgent = max(one.priority for one in same)
    chosen = own if own.priority == urgent else min(
        (one for one in same if one.priority == urgent), key=lambda one: one.campaign_id
    )  # fmt: skip
    alone = len(same) == len(known)
    return chosen.campaign_id, TURN_SECONDS if alone else max(SHORTEST_SECONDS, TURN_SECONDS / len(same))


def waiting_campaigns(session: Session, now: datetime, lease: timedelta) -> list[Waiting]:
    """Return the bulk campaigns in which a range is due that nobody has in hand."""
    due = exists().where(MessageRange.campaign_id == Campaign.id, *_due(now, lease))
    query = select(Campaign.id, Campaign.tenant_id, Campaign.priority).where(
        Campaign.state == CampaignState.SENDING, Campaign.email_type != EmailType.TRANSACTIONAL, due
    )
    return [Waiting(*row) for row in session.execute(query)]


def others_may_help(session: Session, campaign_id: int, now: datetime, lease: timedelta) -> bool:
    """Return whether there is work for one more worker beside the one that asks."""
    two = select(MessageRange.id).where(MessageRange.campaign_id == campaign_id, *_due(now, lease)).limit(2)
    return (session.scalar(select(func.count()).select_from(two.subquery())) or 0) > 1


def _due(now: datetime, lease: timedelta) -> tuple[ColumnElement[bool], ...]:
    return (MessageRange.settled_at.is_(None), MessageRange.due_at <= now, free(now, lease))
