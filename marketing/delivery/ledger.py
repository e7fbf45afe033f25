"""The ledger of a campaign: audience = the sum of all states, and the list behind every number.

Ranges that nobody has in hand keep what they were counted to hold (marketing.delivery.tallying); everything else is counted as
it stands, in the same statement, so that nobody is seen twice or missed while a range changes from one to the other.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Integer, Select, cast, func, select, true, union_all
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
    for key, number in session.execute(_quick(session, campaign_ids)):
        state, _between, reason = key.partition(BETWEEN)
        found[MessageState(state), reason] += int(number)
    return found


def true_counts(session: Session, campaign_ids: Sequence[int]) -> Counts:
    """Return the same by looking at every single message; of months that have had their time, the sums that were left."""
    query = select(Message.state, Message.reason, func.count()).where(Message.campaign_id.in_(campaign_ids))
    gone = select(MessageSummary.state, MessageSummary.reason, func.sum(MessageSummary.number)).where(
        MessageSummary.campaign_id.in_(campaign_ids)
    )
    found: Counter[tuple[MessageState, str]] = Counter()
    for state, reason, number in (
        *session.execute(query.group_by(Message.state, Message.reason)),
        *session.execute(gone.group_by(MessageSummary.state, MessageSummary.reason)),
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


def _quick(session: Session, campaign_ids: Sequence[int]) -> Select[tuple[str, int]]:
    """Return one statement over what is kept and what must be counted."""
    each = func.jsonb_each_text if session.get_bind().dialect.name == "postgresql" else func.json_each
    kept = each(MessageRange.tally).table_valued("key", "value")
    tallied = (
        select(kept.c.key.label("key"), func.sum(cast(kept.c.value, Integer)).label("number"))
        .select_from(MessageRange)  # first: what follows reads its rows
        .join(kept, true())
        .where(MessageRange.campaign_id.in_(campaign_ids), MessageRange.tally.is_not(None))
    )
    uncounted = select(MessageRange.id).where(MessageRange.campaign_id.in_(campaign_ids), MessageRange.tally.is_(None))
    key = (Message.state + BETWEEN + Message.reason).label("key")
    mine = Message.campaign_id.in_(campaign_ids)
    counted = (
        select(key, func.count().label("number")).where(mine, where).group_by(Message.state, Message.reason)
        for where in (Message.range_id.is_(None), Message.range_id.in_(uncounted))
    )
    gone = (MessageSummary.state + BETWEEN + MessageSummary.reason).label("key")
    summed = select(gone, func.sum(MessageSummary.number).label("number")).where(
        MessageSummary.campaign_id.in_(campaign_ids)
    )
    whole = union_all(tallied.group_by(kept.c.key), *counted, summed.group_by(gone)).subquery()
    return select(whole.c.key, func.sum(whole.c.number)).group_by(whole.c.key)
