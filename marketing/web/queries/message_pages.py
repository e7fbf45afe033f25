"""One page of a list of messages among millions: whole ranges are passed over by what they were counted to hold."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketing.db.models import Message, MessageRange
from marketing.delivery.ledger import BETWEEN

AT_ONCE = 2_000
"""Ranges looked at by one statement."""


def message_ids(session: Session, campaign_ids: Sequence[int], state: str, *, offset: int, limit: int) -> Sequence[int]:
    """Return the ids of one page of the messages of these campaigns (in one state, if any is named), the newest first.

    What has no range was settled before there were any, so it comes last.
    """
    here: list[ColumnElement[bool]] = [Message.state == state] if state else []
    mine = Message.campaign_id.in_(campaign_ids)
    wanted: list[int] = []
    room = limit
    for range_id, number in _ranges(session, campaign_ids, state):
        held = number
        if held is None:
            counting = select(func.count()).select_from(Message).where(mine, Message.range_id == range_id, *here)
            held = session.scalar(counting) or 0
        if not wanted and offset >= held:
            offset -= held
            continue
        room -= held - (0 if wanted else offset)
        wanted.append(range_id)
        if room <= 0:
            break
    page = select(Message.id).where(mine, Message.range_id.in_(wanted), *here)
    found = list(session.scalars(page.order_by(Message.range_id.desc(), Message.id.desc()).offset(offset).limit(limit)))
    if room <= 0:
        return found
    old = select(Message.id).where(mine, Message.range_id.is_(None), *here).order_by(Message.id.desc())
    return found + list(session.scalars(old.offset(0 if wanted else offset).limit(limit - len(found))))


def _ranges(session: Session, campaign_ids: Sequence[int], state: str) -> Iterator[tuple[int, int | None]]:
    """Yield each range and how many messages of the state it holds (None: not counted), the newest first."""
    before: int | None = None
    while True:
        query = select(MessageRange.id, MessageRange.tally).where(MessageRange.campaign_id.in_(campaign_ids))
        if before is not None:
            query = query.where(MessageRange.id < before)
        rows = session.execute(query.order_by(MessageRange.id.desc()).limit(AT_ONCE)).all()
        for range_id, kept in rows:
            if kept is None:
                yield range_id, None
            elif number := sum(n for key, n in kept.items() if not state or key.partition(BETWEEN)[0] == state):
                yield range_id, number
        if len(rows) < AT_ONCE:
            return
        before = rows[-1].id
