"""How many people a campaign would reach now, decided person by person as the planner will, in ranges."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketing.campaigns.planner import RANGE
from marketing.contacts.permission_facts import gather_facts
from marketing.contacts.segment_query import Asked
from marketing.contacts.segments import in_segments
from marketing.contacts.sellers import addressable
from marketing.db.models import Contact
from marketing.domain.audience import is_addressed
from marketing.domain.campaign import AudienceFilter
from marketing.domain.permission import FrequencyCap, Skipped, SkipReason, decide_for
from marketing.domain.types import BuyerKind, Purpose


def count_audience(
    session: Session, tenant_id: str, purpose: Purpose, audience: AudienceFilter, *, now: datetime
) -> tuple[int, Mapping[SkipReason, int]]:
    """Return how many would get it, and how many of the group would be left out for which reason.

    NotFoundError when a segment is gone.
    """
    cap, will, left_out, last = FrequencyCap(), 0, Counter[SkipReason](), 0
    while True:
        query = select(Contact.id, Contact.kind, Contact.preferences).where(
            Contact.tenant_id == tenant_id, Contact.id > last, addressable(purpose)
        )
        people = session.execute(query.order_by(Contact.id).limit(RANGE)).all()
        if not people:
            return will, left_out
        after, last = last, people[-1][0]
        within = in_segments(session, audience.segments, audience.besides, Asked(tenant_id, now, after, last))
        chosen = [
            row_id
            for row_id, kind, liked in people
            if (within is None or row_id in within) and is_addressed(audience, purpose, kind, liked)
        ]
        for known in gather_facts(session, tenant_id=tenant_id, contact_ids=chosen, cap=cap, now=now).values():
            verdict = decide_for(known.facts, purpose, cap)
            if isinstance(verdict, Skipped):
                left_out[verdict.reason] += 1
            else:
                will += 1


def people_by_kind(session: Session, tenant_id: str) -> Mapping[BuyerKind, int]:
    """Return how many people of each group are known."""
    query = select(Contact.kind, func.count()).where(Contact.tenant_id == tenant_id, Contact.erased_at.is_(None))
    return dict(session.execute(query.group_by(Contact.kind)).all())
