"""Who has a range in hand: a short lease, renewed while its worker lives, so that a dead one is followed within moments.

A lease only keeps workers from doing the same work; that no message leaves twice rests on the messages themselves, each of
which is marked under its own lock. So a clock that jumps costs a lease, never a duplicate: a lease that reaches further into the
future than any lease can is one of a clock that was set back since, and no longer holds.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from marketing.db.models import Message, MessageRange
from marketing.db.session import Database
from marketing.delivery.message_rows import Place
from marketing.domain.message import OPEN, MessageState
from marketing.observability import get_logger

log = get_logger(__name__)
LEASE = timedelta(seconds=30)
BEATS = 3  # in the length of a lease: one that is missed does no harm


@dataclass(frozen=True, slots=True)
class Leases:
    """How long a range is leased, and by whose clock."""

    database: Database
    clock: Callable[[], datetime]
    length: timedelta = LEASE

    def take(self, session: Session, campaign_id: int, owner: str, now: datetime) -> Place | None:
        """Lease the next range of a campaign in which something is due; None when there is none, or others have them."""
        query = (
            select(MessageRange.id, MessageRange.month)
            .where(
                MessageRange.campaign_id == campaign_id,
                MessageRange.settled_at.is_(None),
                MessageRange.due_at <= now,
                free(now, self.length),
            )
            .order_by(MessageRange.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        found = session.execute(query).first()
        if found is None:
            return None
        # The counts that were kept of it no longer hold from now on.
        session.execute(
            update(MessageRange)
            .where(MessageRange.id == found.id)
            .values(lease_owner=owner, lease_until=now + self.length, tally=None),
            execution_options={"synchronize_session": False},
        )
        return Place(campaign_id, found.id, found.month)

    def take_expired(self, session: Session, now: datetime, limit: int) -> list[Place]:
        """Return ranges whose lease has run out, locked for this transaction, and end the lease."""
        query = (
            select(MessageRange)
            .where(MessageRange.settled_at.is_(None), MessageRange.lease_owner.is_not(None), free(now, self.length))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        found = []
        for row in session.scalars(query):
            row.lease_owner, row.lease_until, row.tally = None, None, None
            found.append(Place(row.campaign_id, row.id, row.month))
        session.flush()
        return found

    @contextmanager
    def beating(self, place: Place, owner: str) -> Iterator[None]:
        """Renew the lease for as long as the block lasts."""
        over = threading.Event()
        pulse = threading.Thread(target=self._beat, args=(place, owner, over), name="siar-lease", daemon=True)
        pulse.start()
        try:
            yield
        finally:
            over.set()
            pulse.join()

    def _beat(self, place: Place, owner: str, over: threading.Event) -> None:
        while not over.wait(self.length.total_seconds() / BEATS):
            try:
                with self.database.write() as session:
                    session.execute(
                        update(MessageRange)
                        .where(MessageRange.id == place.range_id, MessageRange.lease_owner == owner)
                        .values(lease_until=self.clock() + self.length),
                        execution_options={"synchronize_session": False},
                    )
            except SQLAlchemyError:
                log.warning("a lease could not be renewed, trying again at the next beat")


def free(now: datetime, length: timedelta) -> ColumnElement[bool]:
    """Return the condition that nobody has a range in hand, a dead worker's lease included."""
    return or_(
        MessageRange.lease_until.is_(None),
        MessageRange.lease_until < now,
        MessageRange.lease_until > now + 2 * length,
    )


def give_back(session: Session, place: Place, *, owner: str | None, now: datetime, not_before: datetime | None) -> None:
    """End a lease: note when something in the range is due again, not before an hour if one is given, or that it is settled.

    The row is locked first: who queues a message again wakes its range after that, and is not overlooked.
    """
    ours = MessageRange.lease_owner.is_(None) if owner is None else MessageRange.lease_owner == owner
    row = session.scalars(
        select(MessageRange).where(MessageRange.id == place.range_id, ours).with_for_update()
    ).one_or_none()
    if row is None:
        return  # another took it while we thought it ours, and gives it back in its time
    states = select(Message.state, func.min(Message.not_before)).where(*place.within, Message.state.in_(OPEN))
    left: dict[MessageState, datetime | None] = {}
    left |= session.execute(states.group_by(Message.state)).all()
    waiting = left.get(MessageState.DEFERRED)
    due = [waiting] if waiting else []
    if MessageState.QUEUED in left or MessageState.SENDING in left:
        # On its way without an answer, too: whoever takes the range settles it. It was due before: a clock that is ahead here
        # does not keep others from it.
        due.append(min(row.due_at or now, now))
    row.due_at = max([min(due), *([not_before] if not_before else [])]) if due else None
    row.settled_at = None if left else now
    row.lease_owner = row.lease_until = None
    session.flush()
