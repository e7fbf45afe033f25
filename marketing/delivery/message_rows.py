"""The few statements that move messages while they are sent, written once for each engine and run for many rows at a time.

On PostgreSQL the rows travel as arrays and one statement changes them all; on SQLite, where one writes at a time, one prepared
statement is run for each. Nothing here waits for a row that another transaction holds: whoever holds it (a cancelling, a
withdrawal) may be waiting for the very worker that asks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Integer, String, bindparam, select, text, update
from sqlalchemy.orm import Session

from marketing.db.array_text import moments, numbers, texts
from marketing.db.bulk import among, storing
from marketing.db.models import Message
from marketing.domain.message import MessageState

MOST: Final = 100
"""A statement of PostgreSQL changes no more rows than this: it compares each with each, whatever it knows of the tables so far."""
UNSENT = (MessageState.QUEUED, MessageState.DEFERRED)


@dataclass(frozen=True, slots=True)
class Place:
    """Where messages stand: a range of one campaign, and the month that names the partition."""

    campaign_id: int
    range_id: int
    month: int

    @property
    def within(self) -> tuple[ColumnElement[bool], ...]:
        """Return the condition that a message stands here."""
        return (
            Message.campaign_id == self.campaign_id,
            Message.range_id == self.range_id,
            Message.month == self.month,
        )


class Answer(NamedTuple):
    """What becomes of a message that was handed over."""

    message_id: int
    state: MessageState
    reason: str
    detail: str
    not_before: datetime | None
    provider_id: str | None
    attempt: int
    settled_at: datetime | None


def record(session: Session, place: Place, answers: Sequence[Answer], *, owner: str) -> None:
    """Write what the provider said to those that are still this owner's.

    Also to one that was written off as lost because its lease had run out: a late answer is better than none.
    """
    if not answers:
        return
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        for start in range(0, len(answers), MOST):
            connection.execute(_RECORDING, recorded(place, answers[start : start + MOST], owner=owner))
        return
    store = storing(connection, Message.settled_at)
    rows = [
        (state, why, more, store(due), provider, attempt, store(settled), row_id, owner)
        for row_id, state, why, more, due, provider, attempt, settled in answers
    ]
    connection.exec_driver_sql(_RECORDING_EACH, rows)


def recorded(place: Place, answers: Sequence[Answer], *, owner: str) -> dict[str, Any]:
    """Return the values of `RECORDING`."""
    columns = tuple(zip(*answers, strict=True)) or ((),) * len(Answer._fields)
    ids, states, reasons, details, dues, providers, attempts, settled = columns
    return {
        "month": place.month,
        "owner": owner,
        "ids": numbers(ids),
        "states": texts(states),
        "reasons": texts(reasons),
        "details": texts(details),
        "dues": moments(dues),
        "providers": texts(providers),
        "attempts": numbers(attempts),
        "settled": moments(settled),
    }


def put_back(
    session: Session,
    place: Place,
    attempts: Mapping[int, int],
    *,
    owner: str,
    reason: str = "",
    until: datetime | None = None,
) -> None:
    """Give back what was marked and did not leave, as if it had never been: queued, or deferred with a reason until an hour."""
    if not attempts:
        return
    values = {"state": MessageState.QUEUED if until is None else MessageState.DEFERRED, "not_before": until}
    back = (
        update(Message)
        .where(
            Message.id == bindparam("message"),
            Message.month == place.month,
            Message.lease_owner == owner,
            Message.state == MessageState.SENDING,
        )
        .values(**values, reason=reason, attempt=bindparam("tries"), handed_over_at=None, lease_owner=None)
    )
    session.connection().execute(
        back, [{"message": row_id, "tries": attempt} for row_id, attempt in sorted(attempts.items())]
    )


def put_off(session: Session, place: Place, ids: Iterable[int], *, reason: str, until: datetime) -> None:
    """Let messages that nobody can carry now wait until an hour, and say why."""
    wanted = list(ids)
    if not wanted:
        return
    held = select(Message.id).where(*place.within, among(session, Message.id, wanted), Message.state.in_(UNSENT))
    free = session.scalars(held.with_for_update(skip_locked=True)).all()
    if free:
        session.execute(
            update(Message)
            .where(Message.month == place.month, among(session, Message.id, free))
            .values(state=MessageState.DEFERRED, reason=reason, not_before=until),
            execution_options={"synchronize_session": False},
        )


RECORDING: Final = """
    UPDATE message SET state = said.state, reason = said.reason, detail = said.detail, not_before = said.due,
           provider_id = COALESCE(said.provider, message.provider_id), attempt = said.attempt, settled_at = said.settled,
           lease_owner = NULL
    FROM unnest(CAST(:ids AS bigint[]), CAST(:states AS text[]), CAST(:reasons AS text[]), CAST(:details AS text[]),
                CAST(:dues AS timestamptz[]), CAST(:providers AS text[]), CAST(:attempts AS integer[]), CAST(:settled AS timestamptz[]))
         AS said (id, state, reason, detail, due, provider, attempt, settled)
    WHERE message.month = :month AND message.id = ANY(CAST(:ids AS bigint[])) AND message.id = said.id AND message.lease_owner = :owner
      AND (message.state = 'sending' OR (message.state = 'unknown' AND message.reason = 'worker_lost'))"""
"""What `record` runs on PostgreSQL, with the values of `recorded`."""
RECORDING_VALUES: Final[Sequence[BindParameter[Any]]] = (
    *(
        bindparam(name, type_=String())
        for name in ("ids", "states", "reasons", "details", "dues", "providers", "attempts", "settled", "owner")
    ),
    bindparam("month", type_=Integer()),
)
_RECORDING: Final = text(RECORDING).bindparams(*RECORDING_VALUES)
_RECORDING_EACH: Final = """
    UPDATE message SET state = ?, reason = ?, detail = ?, not_before = ?, provider_id = COALESCE(?, provider_id), attempt = ?,
           settled_at = ?, lease_owner = NULL
    WHERE id = ? AND lease_owner = ? AND (state = 'sending' OR (state = 'unknown' AND reason = 'worker_lost'))"""
