"""The few statements that move messages while they are sent, written once for each engine and run for many rows at a time.

On PostgreSQL the rows travel as arrays and one statement changes them all; on SQLite, where one writes at a time, one prepared
statement is run for each. Nothing here waits for a row that another transaction holds: whoever holds it (a cancelling, a
withdrawal) may be waiting for the very worker that asks.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    String,
    TextClause,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import TypeEngine

from marketing.db.array_text import moments, numbers, texts
from marketing.db.bulk import among
from marketing.db.models import ConsentNow, Contact, Message
from marketing.domain.message import LOST_WORKER, MessageState, month_of
from marketing.domain.types import Purpose

RECENT = timedelta(days=62)
"""A campaign that began before that hands nothing over any more."""
CLOCKS = timedelta(minutes=1)
"""An hour of handing over that is further ahead was written by a host whose clock is wrong: it says nothing about when that was."""
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


@dataclass(frozen=True, slots=True)
class Permit:
    """What is written to a message at the moment it may leave."""

    message_id: int
    contact_id: int
    attempt: int
    address_id: int | None
    consent_line: int | None


@dataclass(frozen=True, slots=True)
class Ground:
    """What allows a campaign's messages, none for what a contract needs, and when that was decided.

    `alone`: no other campaign of the tenant is sending, so that none can have written to the same people since.
    """

    purpose: Purpose | None
    decided_at: datetime
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of a message that was handed over."""

    message_id: int
    state: MessageState
    reason: str
    detail: str
    not_before: datetime | None
    provider_id: str | None
    attempt: int
    settled_at: datetime | None


def mark(
    session: Session, place: Place, permits: Sequence[Permit], *, owner: str, ground: Ground, now: datetime
) -> set[int]:
    """Write messages as `sending` and handed over now, and return those that may still leave.

    Left as they are, to be decided again: those that another transaction has in hand, that were settled meanwhile, whose person
    may not be written to any more, whose very line of consent is no longer the one in force, or whose person another campaign
    has written to since this one decided (CLOCKS says which hours are believed). Marking again what is ours already renews it.
    """
    if not permits:
        return set()
    if _on_server(session):
        statement, names = _marking(marketing=ground.purpose is not None, alone=ground.alone)
        values = {
            "month": place.month,
            "owner": owner,
            "now": now,
            "purpose": ground.purpose,
            "campaign": place.campaign_id,
            "decided": ground.decided_at,
            "recent": month_of(ground.decided_at - RECENT),
            "believed": now + CLOCKS,
            "ids": numbers([one.message_id for one in permits]),
            "attempts": numbers([one.attempt for one in permits]),
            "addresses": numbers([one.address_id for one in permits]),
            "lines": numbers([one.consent_line for one in permits]),
        }
        known = {name: values[name] for name in names}
        return set(session.connection().execute(statement, known).scalar_one() or ())
    by_id = {one.message_id: one for one in permits}
    found = session.connection().execute(_permitted(list(by_id), owner, ground, place, now))
    lines = {row_id: line for row_id, line in found}  # noqa: C416  a row is no pair to a type checker
    allowed = [row_id for row_id, line in lines.items() if ground.purpose is None or by_id[row_id].consent_line == line]
    if allowed:
        rows = [
            {
                "message": row_id,
                "tries": by_id[row_id].attempt,
                "address": by_id[row_id].address_id,
                "line": by_id[row_id].consent_line,
                "whose": owner,
                "at": now,
            }
            for row_id in allowed
        ]
        session.connection().execute(_MARKING_ONE, rows)
    return set(allowed)


def record(session: Session, place: Place, answers: Sequence[Answer], *, owner: str) -> None:
    """Write what the provider said to those that are still this owner's.

    Also to one that was written off as lost because its lease had run out: a late answer is better than none.
    """
    if not answers:
        return
    connection = session.connection()
    if _on_server(session):
        connection.execute(_RECORDING, recorded(place, answers, owner=owner))
        return
    rows = [
        {
            "message": one.message_id,
            "to": one.state,
            "why": one.reason,
            "more": one.detail,
            "due": one.not_before,
            "given_id": one.provider_id,
            "tries": one.attempt,
            "settled": one.settled_at,
            "whose": owner,
        }
        for one in answers
    ]
    connection.execute(_RECORDING_ONE, rows)


def recorded(place: Place, answers: Sequence[Answer], *, owner: str) -> dict[str, Any]:
    """Return the values of `RECORDING`."""
    return {
        "month": place.month,
        "owner": owner,
        "ids": numbers([one.message_id for one in answers]),
        "states": texts([one.state.value for one in answers]),
        "reasons": texts([one.reason for one in answers]),
        "details": texts([one.detail for one in answers]),
        "dues": moments([one.not_before for one in answers]),
        "providers": texts([one.provider_id for one in answers]),
        "attempts": numbers([one.attempt for one in answers]),
        "settled": moments([one.settled_at for one in answers]),
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


def _on_server(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


_PARAMETERS: Final[Mapping[str, TypeEngine[Any]]] = {
    **dict.fromkeys(("ids", "attempts", "addresses", "lines", "owner", "purpose"), String()),
    **dict.fromkeys(("month", "recent"), Integer()),
    **dict.fromkeys(("now", "decided", "believed"), DateTime(timezone=True)),
    "campaign": BigInteger(),
}


@cache
def _marking(*, marketing: bool, alone: bool) -> tuple[TextClause, Collection[str]]:
    """Return the statement and the names of what it asks for; rows are found by their keys alone, whatever PostgreSQL knows of the tables so far.

    A join could be begun at any of its tables, and is where their sizes are not known yet: in the first minute of a campaign.
    """
    person, line, others = "contact.erased_at IS NULL", "", ""
    if marketing:
        person += " AND contact.restricted_at IS NULL"
        line = """ AND given.line IS NOT DISTINCT FROM
             (SELECT said.event_id FROM consent_now AS said WHERE said.contact_id = free.contact_id AND said.purpose = :purpose)"""
    if marketing and not alone:
        others = """
          AND COALESCE((SELECT max(other.handed_over_at) FROM message AS other WHERE other.contact_id = message.contact_id
                        AND other.month >= :recent AND other.campaign_id <> :campaign AND other.handed_over_at <= :believed),
                       :decided) <= :decided"""
    statement = f"""
    WITH free AS MATERIALIZED (
        SELECT message.id, message.contact_id FROM message
        WHERE message.month = :month AND message.id = ANY(CAST(:ids AS bigint[]))
          AND (message.state IN ('queued', 'deferred') OR (message.state = 'sending' AND message.lease_owner = :owner))
          AND (SELECT {person} FROM contact WHERE contact.id = message.contact_id){others}
        FOR UPDATE SKIP LOCKED),
    marked AS (
    UPDATE message SET state = 'sending', lease_owner = :owner, attempt = given.attempt, address_id = given.address,
           consent_event_id = given.line, handed_over_at = :now, reason = '', not_before = NULL
    FROM free JOIN unnest(CAST(:ids AS bigint[]), CAST(:attempts AS integer[]), CAST(:addresses AS bigint[]), CAST(:lines AS bigint[]))
                   AS given (id, attempt, address, line) ON given.id = free.id
    WHERE message.month = :month AND message.id = free.id{line} RETURNING message.id)
    SELECT array_agg(id) FROM marked"""  # noqa: S608  fixed texts
    wanted = {name: kind for name, kind in _PARAMETERS.items() if f":{name}" in statement}
    return text(statement).bindparams(*(bindparam(name, type_=kind) for name, kind in wanted.items())), wanted.keys()


RECORDING: Final = """
    UPDATE message SET state = said.state, reason = said.reason, detail = said.detail, not_before = said.due,
           provider_id = COALESCE(said.provider, message.provider_id), attempt = said.attempt, settled_at = said.settled,
           lease_owner = NULL
    FROM unnest(CAST(:ids AS bigint[]), CAST(:states AS text[]), CAST(:reasons AS text[]), CAST(:details AS text[]),
                CAST(:dues AS timestamptz[]), CAST(:providers AS text[]), CAST(:attempts AS integer[]), CAST(:settled AS timestamptz[]))
         AS said (id, state, reason, detail, due, provider, attempt, settled)
    WHERE message.month = :month AND message.id = said.id AND message.lease_owner = :owner
      AND (message.state = 'sending' OR (message.state = 'unknown' AND message.reason = 'worker_lost'))"""
"""What `record` runs on PostgreSQL, with the values of `recorded`."""
RECORDING_TYPES: Final[Sequence[BindParameter[Any]]] = (
    *(
        bindparam(name, type_=String())
        for name in ("ids", "states", "reasons", "details", "dues", "providers", "attempts", "settled", "owner")
    ),
    bindparam("month", type_=Integer()),
)
_RECORDING = text(RECORDING).bindparams(*RECORDING_TYPES)
_OURS = or_(
    Message.state == MessageState.SENDING,
    (Message.state == MessageState.UNKNOWN) & (Message.reason == LOST_WORKER),
)
_RECORDING_ONE = (
    update(Message)
    .where(Message.id == bindparam("message"), Message.lease_owner == bindparam("whose"), _OURS)
    .values(
        state=bindparam("to"),
        reason=bindparam("why"),
        detail=bindparam("more"),
        not_before=bindparam("due"),
        provider_id=func.coalesce(bindparam("given_id"), Message.provider_id),
        attempt=bindparam("tries"),
        settled_at=bindparam("settled"),
        lease_owner=None,
    )
)
_MARKING_ONE = (
    update(Message)
    .where(Message.id == bindparam("message"))
    .values(
        state=MessageState.SENDING,
        lease_owner=bindparam("whose"),
        attempt=bindparam("tries"),
        address_id=bindparam("address"),
        consent_event_id=bindparam("line"),
        handed_over_at=bindparam("at"),
        reason="",
        not_before=None,
    )
)


def _permitted(ids: list[int], owner: str, ground: Ground, place: Place, now: datetime) -> Select[int, int | None]:
    """Return the query of those that may be marked, each with the line of consent that is in force now."""
    line = select(ConsentNow.event_id).where(
        ConsentNow.contact_id == Message.contact_id, ConsentNow.purpose == ground.purpose
    )
    ours = (Message.state == MessageState.SENDING) & (Message.lease_owner == owner)
    query = (
        select(Message.id, line.scalar_subquery())
        .join(Contact, Contact.id == Message.contact_id)
        .where(
            Message.id.in_(ids),
            Message.month == place.month,
            Message.state.in_(UNSENT) | ours,
            Contact.erased_at.is_(None),
        )
    )
    if ground.purpose is None:
        return query
    other = aliased(Message)
    written_to = exists().where(
        other.contact_id == Message.contact_id,
        other.campaign_id != place.campaign_id,
        other.handed_over_at > ground.decided_at,
        other.handed_over_at <= now + CLOCKS,
    )
    return query.where(Contact.restricted_at.is_(None), ~written_to)
