"""How many people a campaign would reach now, decided as the planner will."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketing.contacts.audience_query import addressed
from marketing.contacts.permission_query import Rule, verdicts
from marketing.contacts.segment_query import Asked
from marketing.db.models import Contact
from marketing.domain.campaign import AudienceFilter
from marketing.domain.permission import FrequencyCap, SkipReason
from marketing.domain.types import BuyerKind, Purpose


def count_audience(
    session: Session, tenant_id: str, purpose: Purpose, audience: AudienceFilter, *, now: datetime
) -> tuple[int, Mapping[SkipReason, int]]:
    """Return how many would get it, and how many of the group would be left out for which reason.

    NotFoundError when a segment is gone.
    """
    asked = Asked(tenant_id, now)
    group = addressed(session, audience, purpose, asked)
    each = verdicts(session, asked, Rule(purpose, FrequencyCap()), group).subquery()
    rows = session.execute(select(each.c.reason, func.count()).group_by(each.c.reason)).all()
    will = sum(number for reason, number in rows if reason is None)
    return will, {SkipReason(reason): number for reason, number in rows if reason is not None}


def people_by_kind(session: Session, tenant_id: str) -> Mapping[BuyerKind, int]:
    """Return how many people of each group are known."""
    query = select(Contact.kind, func.count()).where(Contact.tenant_id == tenant_id, Contact.erased_at.is_(None))
    return dict(session.execute(query.group_by(Contact.kind)).all())
