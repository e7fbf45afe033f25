"""Keep what each range of messages holds, so that a ledger over a million rows adds up a thousand small sums.

A range is counted while nobody has it in hand and forgotten when somebody leases it or changes one of its messages
(`ranges.recount`); both wait for each other at its row, so a kept count is never older than the messages.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from marketing.db.models import Campaign, Message, MessageRange
from marketing.delivery.ledger import BETWEEN, Counts, counts_of, true_counts

AT_ONCE: Final = 100
"""Ranges counted by one transaction."""


def tally(session: Session, now: datetime, limit: int = AT_ONCE) -> int:
    """Count up to `limit` ranges that nobody has in hand; returns how many it were."""
    free = or_(MessageRange.lease_until.is_(None), MessageRange.lease_until < now)
    query = (
        select(MessageRange.id, MessageRange.campaign_id)
        .where(MessageRange.tally.is_(None), free)
        .order_by(MessageRange.id.desc())  # what is looked at is mostly what went out last
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ranges = session.execute(query).all()
    if not ranges:
        return 0
    # A statement of its own after the lock: it sees whatever was committed before us.
    counting = select(Message.range_id, Message.state, Message.reason, func.count()).where(
        Message.campaign_id.in_({campaign_id for _id, campaign_id in ranges}),
        Message.range_id.in_([range_id for range_id, _campaign in ranges]),
    )
    found: dict[int, dict[str, int]] = {range_id: {} for range_id, _campaign in ranges}
    grouped = counting.group_by(Message.range_id, Message.state, Message.reason)
    for range_id, state, reason, number in session.execute(grouped):
        assert range_id is not None, "asked for by its id"
        found[range_id][f"{state}{BETWEEN}{reason}"] = number
    session.execute(update(MessageRange), [{"id": range_id, "tally": held} for range_id, held in found.items()])
    return len(found)


def mend(session: Session, campaign: Campaign) -> Counts | None:
    """Compare what is kept of a campaign with a true count; where they differ, forget what is kept and return the true count."""
    true = true_counts(session, [campaign.id])
    if {key: number for key, number in counts_of(session, [campaign.id]).items() if number} == true:
        return None
    session.execute(update(MessageRange).where(MessageRange.campaign_id == campaign.id).values(tally=None))
    return true
