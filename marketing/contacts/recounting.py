"""Let the kept counts of message ranges go where a person's waiting messages were stopped (marketing.delivery.tallying)."""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketing.db.models import Message, MessageRange


def recount_ranges_of(session: Session, contact_ids: Collection[int]) -> None:
    """Have the open ranges counted anew in which something of these people may have waited; last of all, after the messages.

    A range that a worker just takes up is passed over: the worker lets it be counted anew, and may wait for our messages. One
    of which no count is kept is left alone: locked, it could not be taken up until this transaction ends.
    """
    theirs = select(Message.range_id).where(Message.contact_id.in_(contact_ids), Message.range_id.is_not(None))
    ranges = select(MessageRange.id).where(MessageRange.id.in_(theirs), MessageRange.settled_at.is_(None))
    ranges = ranges.where(MessageRange.tally.is_not(None))
    ids = session.scalars(ranges.order_by(MessageRange.id).with_for_update(skip_locked=True)).all()
    session.execute(
        update(MessageRange).where(MessageRange.id.in_(ids)).values(tally=None),
        execution_options={"synchronize_session": False},
    )
