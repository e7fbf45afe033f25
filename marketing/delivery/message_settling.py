"""What becomes of messages without being handed over: skipped, put off, or lost with the worker that had them."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, select, update
from sqlalchemy.orm import Session

from marketing.db.bulk import among
from marketing.db.models import Message
from marketing.delivery.message_rows import UNSENT, Place
from marketing.domain.message import LOST_WORKER, MessageState
from marketing.domain.permission import Later, Skipped


def settle(session: Session, place: Place, verdicts: Mapping[int, Skipped | Later], now: datetime) -> None:
    """Skip or put off messages that have not left; those that another transaction holds are left to it."""
    if not verdicts:
        return
    held = select(Message.id).where(
        *place.within, among(session, Message.id, list(verdicts)), Message.state.in_(UNSENT)
    )
    free = session.scalars(held.order_by(Message.id).with_for_update(skip_locked=True)).all()
    rows = [_settled(row_id, verdicts[row_id], now) for row_id in free]
    if rows:
        session.connection().execute(_settling(), [{**row, "in_month": place.month} for row in rows])


def settle_lost(session: Session, place: Place, now: datetime, *, again: bool) -> None:
    """Settle what a worker left on its way when its lease ran out.

    What may repeat (`again`: order mail) is queued again and leaves under the same Message-ID; everything else is unknown until
    the provider's events or a person tell. The owner stays with what is unknown: a worker that was only slow may still record what it knows.
    """
    lost = update(Message).where(*place.within, Message.state == MessageState.SENDING)
    session.execute(
        lost.values(state=MessageState.QUEUED, reason="", lease_owner=None, settled_at=None)
        if again
        else lost.values(state=MessageState.UNKNOWN, reason=LOST_WORKER, settled_at=now),
        execution_options={"synchronize_session": False},
    )


def _settled(row_id: int, verdict: Skipped | Later, now: datetime) -> dict[str, Any]:
    if isinstance(verdict, Skipped):
        return {
            "message": row_id,
            "to": MessageState.SKIPPED,
            "why": verdict.reason,
            "law": verdict.article,
            "due": None,
            "settled": now,
        }
    return {
        "message": row_id,
        "to": MessageState.DEFERRED,
        "why": "",
        "law": "",
        "due": verdict.until,
        "settled": None,
    }


@cache
def _settling() -> Update:
    return (
        update(Message)
        .where(Message.id == bindparam("message"), Message.month == bindparam("in_month"))
        .values(
            state=bindparam("to"),
            reason=bindparam("why"),
            article=bindparam("law"),
            not_before=bindparam("due"),
            settled_at=bindparam("settled"),
        )
    )
