"""Ranges of messages: written with the plan, woken when something in them may leave again.

Whoever makes a message of a range leave again, or leave earlier, says so here; who only skips messages need not: a range
with nothing left in it is found and closed by the worker that takes it up, or by the sweeper.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from marketing.db.models import Campaign, MessageRange
from marketing.domain.message import month_of

RANGE = 1_000
"""Messages in one range at most: what one lease is for, and one question about permissions."""


def month_of_campaign(campaign: Campaign, now: datetime) -> int:
    """Return the month under which all messages of a campaign to people stand: that in which it started."""
    return month_of(campaign.started_at or now)


def open_range(session: Session, campaign: Campaign, *, month: int, size: int, due_at: datetime | None) -> int:
    """Write a range and return its id; its messages follow in the same transaction."""
    row = MessageRange(
        tenant_id=campaign.tenant_id, campaign_id=campaign.id, month=month, size=size, due_at=due_at, settled_at=None
    )
    session.add(row)
    session.flush()
    return row.id


def wake(session: Session, range_ids: Collection[int | None], at: datetime) -> None:
    """Let ranges be taken up at this time at the latest: a message in them was queued again, or waits until then.

    Comes last in a transaction, after the messages: a worker that has a range in hand holds it only for moments.
    """
    ids = sorted({row_id for row_id in range_ids if row_id is not None})
    if ids:
        session.execute(
            update(MessageRange)
            .where(MessageRange.id.in_(ids), or_(MessageRange.due_at.is_(None), MessageRange.due_at > at))
            .values(due_at=at, settled_at=None),
            execution_options={"synchronize_session": False},
        )
    recount(session, ids)


def recount(session: Session, range_ids: Collection[int | None]) -> None:
    """Let ranges be counted anew: messages in them have changed while nobody had them leased. Comes last, like `wake`.

    An open range that somebody just takes up is passed over (they let it be counted anew themselves, and may wait for one of
    our messages); a settled one is waited for: whoever counts it has not seen what we changed.
    """
    ids = sorted({row_id for row_id in range_ids if row_id is not None})
    if not ids:
        return
    counted = (MessageRange.id.in_(ids), MessageRange.tally.is_not(None))
    still_open = select(MessageRange.id).where(*counted, MessageRange.settled_at.is_(None))
    mine = session.scalars(still_open.order_by(MessageRange.id).with_for_update(skip_locked=True)).all()
    forget = update(MessageRange).values(tally=None).execution_options(synchronize_session=False)
    session.execute(forget.where(MessageRange.id.in_(mine)))
    session.execute(forget.where(MessageRange.id.in_(ids), MessageRange.settled_at.is_not(None)))
