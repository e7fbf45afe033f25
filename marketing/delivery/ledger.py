"""The ledger of a campaign: audience = the sum of all states, and the list behind every number.

Ranges that nobody has in hand keep what they were counted to hold (marketing.delivery.tallying); everything else is counted as
it stands. Each range is taken either way, as it was when the ranges were read, so nobody is seen twice or missed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from marketing.db.models import Campaign, Message, MessageRange, MessageSummary
from marketing.domain.message import Ledger, MessageState

Counts = Mapping[tuple[MessageState, str], int]
"""How many messages stand in a state for a reason."""
BETWEEN = "|"


def waits_for_a_condition() -> ColumnElement[bool]:
    """Return what tells a message that is held until something happens from one that is only put off."""
    return (Message.state == MessageState.DEFERRED) & Message.not_before.is_(None)


def held_by_reason(session: Session, campaigns: Sequence[Campaign]) -> dict[str, int]:
    """Return how many messages of these campaigns are held, by what they wait for."""
    query = select(Message.reason, func.count()).where(
        Message.campaign_id.in_([campaign.id for campaign in campaigns]), waits_for_a_condition()
    )
    return dict(session.execute(query.group_by(Message.reason)).all())


def counts_of(session: Session, campaign_ids: Sequence[int]) -> Counts:
    """Return how many messages of these campaigns stand where."""
    found: Counter[tuple[MessageState, str]] = Counter()
    uncounted: list[int] = []
    ranges = select(MessageRange.id, MessageRange.tally).where(MessageRange.campaign_id.in_(campaign_ids))
    for range_id, kept in session.execute(ranges):
        if kept is None:
            uncounted.append(range_id)
            continue
        for key, number in kept.items():
            state, _between, reason = key.partition(BETWEEN)
            found[MessageState(state), reason] += int(number)
    # What has no range was settled before there were any. By ids, not by a sub-select: the server cannot know how few they are.
    for where in (Message.range_id.is_(None), Message.range_id.in_(uncounted)):
        query = select(Message.state, Message.reason, func.count()).where(Message.campaign_id.in_(campaign_ids), where)
        for state, reason, number in session.execute(query.group_by(Message.state, Message.reason)):
            found[state, reason] += number
    for state, reason, number in session.execute(_gone(campaign_ids)):
        found[state, reason] += int(number)
    return found


def true_counts(session: Session, campaign_ids: Sequence[int]) -> Counts:
    """Return the same by looking at every single message; of months that have had their time, the sums that were left."""
    query = select(Message.state, Message.reason, func.count()).where(Message.campaign_id.in_(campaign_ids))
    found: Counter[tuple[MessageState, str]] = Counter()
    for state, reason, number in (
        *session.execute(query.group_by(Message.state, Message.reason)),
        *session.execute(_gone(campaign_ids)),
    ):
        found[MessageState(state), reason] += int(number)
    return found


def ledger_of(session: Session, campaigns: Sequence[Campaign]) -> Ledger:
    """Count the messages of these campaigns by state and, for the skipped, by reason."""
    return ledger_from(campaigns, counts_of(session, [campaign.id for campaign in campaigns]))


def ledger_from(campaigns: Sequence[Campaign], counts: Counts) -> Ledger:
    """Put the counts of these campaigns beside the number of people they were meant for."""
    by_state: Counter[MessageState] = Counter()
    for (state, _reason), number in counts.items():
        by_state[state] += number
    skipped = {reason: number for (state, reason), number in counts.items() if state is MessageState.SKIPPED}
    return Ledger(sum(campaign.audience for campaign in campaigns), by_state, skipped)


def _gone(campaign_ids: Sequence[int]) -> Select[MessageState, str, int]:
    """Return what was counted of months whose messages have had their time."""
    query = select(MessageSummary.state, MessageSummary.reason, func.sum(MessageSummary.number)).where(
        MessageSummary.campaign_id.in_(campaign_ids)
    )
    return query.group_by(MessageSummary.state, MessageSummary.reason)
