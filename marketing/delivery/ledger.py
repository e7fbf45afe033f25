"""The ledger of a campaign: audience = the sum of all states, and the list behind every number."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketing.db.models import Campaign, Message
from marketing.domain.message import Ledger, MessageState


def waits_for_a_condition() -> ColumnElement[bool]:
    """Return what tells a message that is held until something happens from one that is only put off."""
    return (Message.state == MessageState.DEFERRED) & Message.not_before.is_(None)


def held_by_reason(session: Session, campaigns: Sequence[Campaign]) -> dict[str, int]:
    """Return how many messages of these campaigns are held, by what they wait for."""
    query = select(Message.reason, func.count()).where(
        Message.campaign_id.in_([campaign.id for campaign in campaigns]), waits_for_a_condition()
    )
    return dict(session.execute(query.group_by(Message.reason)).all())


def ledger_of(session: Session, campaigns: Sequence[Campaign]) -> Ledger:
    """Count the messages of these campaigns by state and, for the skipped, by reason."""
    by_state: Counter[MessageState] = Counter()
    skipped: Counter[str] = Counter()
    query = (
        select(Message.state, Message.reason, func.count())
        .where(Message.campaign_id.in_([campaign.id for campaign in campaigns]))
        .group_by(Message.state, Message.reason)
    )
    for state, reason, number in session.execute(query):
        by_state[state] += number
        if state is MessageState.SKIPPED:
            skipped[reason] += number
    return Ledger(sum(campaign.audience for campaign in campaigns), by_state, skipped)
