"""Messages have their time: partitions of coming months are made ahead, and old months leave but for their sums.

What remains of a campaign is its ledger, its events, its exposure and its versions; what goes is who got which mail. A month
in which anything is still open, or whose campaign has not ended, stays until it is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from marketing.db.insert import engine_insert
from marketing.db.models import Campaign, Message, MessageRange, MessageSummary
from marketing.db.partitions import (
    drop_partition,
    following,
    lock_for_parting,
    make_partitions,
    partitioned_months,
    wait_at_most,
)
from marketing.db.session import Database
from marketing.domain.campaign import CampaignState
from marketing.domain.message import OPEN, month_of
from marketing.observability import get_logger

log = get_logger(__name__)
AHEAD: Final = 3
"""This month and the next two: weeks in which the nightly task may fail before anybody notices."""
BITE: Final = 5_000
"""Messages removed in one transaction: on SQLite nobody writes meanwhile, for some tens of milliseconds."""
LOCK_SECONDS: Final = 3.0
STANDING: Final = (CampaignState.SENDING, CampaignState.PAUSED)


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """One month: its messages as planned, its size on disk (None where a month has no table of its own)."""

    month: int
    messages: int
    size_bytes: int | None
    due: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Tidied:
    """What one run did: partitions made, months that left with how many messages, and months that must wait."""

    made: Sequence[int] = ()
    removed: Sequence[tuple[int, int]] = ()
    held: Sequence[int] = ()
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Retention:
    """Looks after the months of messages; `months` whole months stay besides the current one, 0: for ever."""

    database: Database
    clock: Callable[[], datetime]
    months: int

    def standing(self) -> Sequence[MonthFacts]:
        """Return every month that has messages or a table, the oldest first."""
        limit = self._limit()
        with self.database.read() as session:
            sizes = partitioned_months(session)
            counts = _per_month(session)
            return [
                MonthFacts(
                    month,
                    counts.get(month, 0),
                    sizes.get(month),
                    due=month < limit,
                    held=month < limit and _is_open(session, month),
                )
                for month in sorted(counts.keys() | sizes.keys())
            ]

    def tidy(self) -> Tidied:
        """Make what is missing ahead, and remove what has had its time; safe to run twice and to break off at any point."""
        made, busy = self._make_ahead()
        removed: list[tuple[int, int]] = []
        held: list[int] = []
        with self.database.read() as session:
            known = _per_month(session).keys() | partitioned_months(session).keys()
        for month in sorted(month for month in known if month < self._limit()):
            with self.database.read() as session:
                still_open = _is_open(session, month)
            if still_open:
                held.append(month)
                continue
            try:
                removed.append((month, self._remove(month)))
            except OperationalError:
                log.warning("messages are in use: the month leaves at another night", month=month)
                busy = True
        return Tidied(made, removed, held, busy)

    def _limit(self) -> int:
        """Return the first month that stays."""
        if not self.months:
            return 0
        now = month_of(self.clock())
        years, month = divmod(now // 100 * 12 + now % 100 - 1 - self.months, 12)
        return years * 100 + month + 1

    def _make_ahead(self) -> tuple[Sequence[int], bool]:
        month = month_of(self.clock())
        wanted = [month]
        while len(wanted) < AHEAD:
            wanted.append(following(wanted[-1]))
        try:
            with self.database.write() as session:
                wait_at_most(session, LOCK_SECONDS)
                return make_partitions(session, wanted), False
        except OperationalError:
            log.warning("messages are in use: partitions are made at another night")
            return (), True

    def _remove(self, month: int) -> int:
        with self.database.read() as session:
            own_table = month in partitioned_months(session)
        if own_table:
            with self.database.write() as session:
                lock_for_parting(session, LOCK_SECONDS)
                number = _sum_up(session, Message.month == month)
                drop_partition(session, month)
                session.execute(delete(MessageRange).where(MessageRange.month == month))
            return number
        return sum(self._bites(month))

    def _bites(self, month: int) -> Iterator[int]:
        """Remove the month piece by piece, ranges whole; each piece is summed up as it goes."""
        while True:
            with self.database.write() as session:
                ranges = session.scalars(
                    select(MessageRange.id).where(MessageRange.month == month).order_by(MessageRange.id).limit(5)
                ).all()
                if not ranges:
                    break
                # The campaign is named because the index begins with it.
                campaigns = select(MessageRange.campaign_id).where(MessageRange.id.in_(ranges))
                yield _take(session, Message.campaign_id.in_(campaigns), Message.range_id.in_(ranges))
                session.execute(delete(MessageRange).where(MessageRange.id.in_(ranges)))
        after = 0
        while True:  # what has no range: settled since before there were ranges, or never open at all
            with self.database.write() as session:
                page = select(Message.id).where(Message.month == month, Message.id > after).order_by(Message.id)
                ids = session.scalars(page.limit(BITE).with_for_update()).all()
                if not ids:
                    return
                yield _take(session, Message.month == month, Message.id.in_(ids))
                after = ids[-1]


def _take(session: Session, *where: ColumnElement[bool]) -> int:
    number = _sum_up(session, *where)
    session.execute(delete(Message).where(*where), execution_options={"synchronize_session": False})
    return number


def _sum_up(session: Session, *where: ColumnElement[bool]) -> int:
    """Add these messages to the sums of their campaigns and return how many they are."""
    keys = (Message.campaign_id, Message.month, Message.state, Message.reason)
    rows = session.execute(select(*keys, func.count()).where(*where).group_by(*keys)).all()
    if not rows:
        return 0
    statement = engine_insert(session, MessageSummary).values(
        [
            {"campaign_id": campaign, "month": month, "state": state, "reason": reason, "number": number}
            for campaign, month, state, reason, number in rows
        ]
    )
    names = ("campaign_id", "month", "state", "reason")
    session.execute(
        statement.on_conflict_do_update(
            index_elements=names, set_={"number": MessageSummary.number + statement.excluded.number}
        )
    )
    return sum(row[-1] for row in rows)


def _per_month(session: Session) -> dict[int, int]:
    """Count messages by month; this reads all of them, which a night has time for."""
    return dict(session.execute(select(Message.month, func.count()).group_by(Message.month)).all())


def _is_open(session: Session, month: int) -> bool:
    """Return whether something in this month may still happen by itself."""
    unsettled: Select[int] = select(MessageRange.id).where(
        MessageRange.month == month, MessageRange.settled_at.is_(None)
    )
    going = exists().where(
        Campaign.id == Message.campaign_id, Campaign.state.in_(STANDING), Campaign.automation.is_(None)
    )
    messages = select(Message.id).where(Message.month == month, or_(Message.state.in_(OPEN), going))
    return session.scalar(unsettled.limit(1)) is not None or session.scalar(messages.limit(1)) is not None
