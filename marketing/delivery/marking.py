"""What a worker writes between two groups of messages: what became of those before, and that these leave now, if they still may.

Left as they are, to be decided again: those that another transaction has in hand, that were settled meanwhile, whose person is just
being stopped or may not be written to any more, whose very line of consent is no longer the one in force, or whose person another
campaign has written to since this one decided (CLOCKS says which hours are believed). Marking again what is ours already renews it.

PostgreSQL does all of it in one statement that commits itself, asked while the group before leaves: each question more would be a wait for
another process, in every worker, for every few messages. It rests on row locks, not on the order of its parts: a withdrawal holds the lock of its person until it has
skipped what waits and has committed, and PostgreSQL looks at a row again, as it is by then, once it has its lock.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import String, TextClause, bindparam, or_, select, text
from sqlalchemy.orm import Session

from marketing.contacts.permission_facts import ContactFacts
from marketing.contacts.stopping import LOCK_SPACE, LOCKED, hold
from marketing.db.array_text import numbers
from marketing.db.asking import Asking
from marketing.db.base import UTCDateTime
from marketing.db.bulk import storing
from marketing.db.models import Campaign, Message
from marketing.db.session import Database
from marketing.delivery.claiming import Batch, Due
from marketing.delivery.message_rows import RECORDING, RECORDING_VALUES, Answer, record, recorded
from marketing.delivery.restore_guard import CLOSED, RestoreGuard
from marketing.domain.campaign import CampaignState
from marketing.domain.message import month_of
from marketing.domain.types import EmailType

RECENT: Final = timedelta(days=62)
"""A campaign that began before that hands nothing over any more."""
CLOCKS: Final = timedelta(minutes=1)
"""An hour of handing over that is further ahead was written by a host whose clock is wrong: it says nothing about when that was."""


class Group(NamedTuple):
    """Messages of a range that are to leave together."""

    batch: Batch
    owner: str
    messages: Sequence[Due]

    @property
    def readers(self) -> Sequence[tuple[Due, ContactFacts]]:
        """Each message with whom it is for."""
        return [(message, self.batch.contacts[message.contact_id]) for message in self.messages]

    @property
    def bulk(self) -> bool:
        """Whether bulk mail's being stopped stops them."""
        return self.batch.campaign.email_type is not EmailType.TRANSACTIONAL


def ask(asking: Asking, guard: RestoreGuard, group: Group, answers: Sequence[Answer], now: datetime) -> None:
    """Begin what `record_and_mark` does, where PostgreSQL can do it meanwhile; UnheardError when it cannot be asked."""
    asking.ask(_words(marketing=group.batch.campaign.purpose is not None), _values(guard, group, answers, now))


def hear(asking: Asking) -> Collection[int] | None:
    """Return what `record_and_mark` does, of the last `ask`; UnheardError when nobody knows what became of it."""
    going, marked = asking.hear()
    return _ids(marked) if going == b"t" else None


def record_and_mark(
    database: Database, guard: RestoreGuard, group: Group, answers: Sequence[Answer], now: datetime
) -> Collection[int] | None:
    """Record the answers, write the group as `sending` and handed over now; return those that may leave.

    None when the campaign may not go on: it was paused or cancelled, or all bulk mail stands still. Also for messages that are
    ours already, permitted for a moment that is over: a withdrawal skips none of those, and only who looks after having the locks of
    their persons (`hold`) sees what it wrote.
    """
    with database.write() as session:
        if database.on_server:
            hold(session, [message.contact_id for message in group.messages])
            values = _values(guard, group, answers, now)
            found = session.connection().execute(_together(marketing="purpose" in values), values).one()
            return found.marked or () if found.going else None
        record(session, group.batch.place, answers, owner=group.owner)
        own = group.batch.campaign
        states = dict(session.connection().execute(_CAMPAIGNS, _asked(group)).all())
        if states.pop(own.id, None) != CampaignState.SENDING or (group.bulk and guard.closed(session)):
            return None
        return _mark_each(session, group, now, alone=not states)


def _ids(array: bytes | None) -> Collection[int]:
    return {int(one) for one in array.strip(b"{}").split(b",")} if array else ()


_CAMPAIGNS: Final = select(Campaign.id, Campaign.state).where(
    Campaign.tenant_id == bindparam("tenant"),
    or_(
        Campaign.id == bindparam("campaign"),
        (Campaign.email_type != EmailType.TRANSACTIONAL)
        & or_(
            Campaign.state.in_([CampaignState.SENDING, CampaignState.PAUSED]),
            Campaign.finished_at > bindparam("decided"),
        ),
    ),
)
"""The campaign itself, and every other of the tenant in bulk that has sent since the decision."""


def _asked(group: Group) -> dict[str, Any]:
    own = group.batch.campaign
    return {"tenant": own.tenant_id, "campaign": own.id, "decided": group.batch.decided_at}


@cache
def _words(*, marketing: bool) -> str:
    """Return the statement of PostgreSQL; rows are found by their keys alone, whatever it knows of the tables so far.

    A join could be begun at any of its tables, and is where their sizes are not known yet: in the first minute of a campaign.
    """
    person, line, others = "contact.erased_at IS NULL", "", ""
    if marketing:
        person += " AND contact.restricted_at IS NULL"
        line = """ AND given.line IS NOT DISTINCT FROM
             (SELECT said.event_id FROM consent_now AS said WHERE said.contact_id = free.contact_id AND said.purpose = :purpose)"""
        others = """
          AND ((SELECT alone FROM standing) OR
               COALESCE((SELECT max(other.handed_over_at) FROM message AS other WHERE other.contact_id = message.contact_id
                         AND other.month >= :recent AND other.campaign_id <> :campaign AND other.handed_over_at <= :believed),
                        :decided) <= :decided)"""
    return f"""
    WITH recorded AS ({RECORDING}),
    standing AS MATERIALIZED (
        SELECT COALESCE(bool_or(campaign.id = :campaign AND campaign.state = 'sending'), false)
                   AND NOT (:bulk AND {CLOSED}) AS going,
               bool_and(campaign.id = :campaign) AS alone
        FROM campaign WHERE campaign.tenant_id = :tenant AND (campaign.id = :campaign OR campaign.email_type <> 'transactional'
             AND (campaign.state IN ('sending', 'paused') OR campaign.finished_at > :decided))),
    free AS MATERIALIZED (
        SELECT message.id, message.contact_id FROM message
        WHERE (SELECT going FROM standing) AND message.month = :month AND message.id = ANY(CAST(:group AS bigint[]))
          AND (message.state IN ('queued', 'deferred') OR (message.state = 'sending' AND message.lease_owner = :owner))
          AND {LOCKED.format(contact="message.contact_id")}
          AND (SELECT {person} FROM contact WHERE contact.id = message.contact_id){others}
        FOR UPDATE SKIP LOCKED),
    marked AS (
        UPDATE message SET state = 'sending', lease_owner = :owner, attempt = given.attempt, address_id = given.address,
               consent_event_id = given.line, handed_over_at = :now, reason = '', not_before = NULL
        FROM free JOIN unnest(CAST(:group AS bigint[]), CAST(:tries AS integer[]), CAST(:addresses AS bigint[]),
                              CAST(:lines AS bigint[])) AS given (id, attempt, address, line) ON given.id = free.id
        WHERE message.month = :month AND message.id = free.id{line} RETURNING message.id)
    SELECT (SELECT going FROM standing) AS going, (SELECT array_agg(id) FROM marked) AS marked"""  # noqa: S608  fixed texts


@cache
def _together(*, marketing: bool) -> TextClause:
    words, moments = _words(marketing=marketing), ("now", "decided", "believed", "silent_since")
    named = (bindparam(name, type_=UTCDateTime()) for name in moments if f":{name}" in words)
    return text(words).bindparams(*RECORDING_VALUES, bindparam("group", type_=String()), *named)


def _values(guard: RestoreGuard, group: Group, answers: Sequence[Answer], now: datetime) -> Mapping[str, Any]:
    batch, messages = group.batch, group.messages
    readers = [reader for _message, reader in group.readers]
    values = {
        **recorded(batch.place, answers, owner=group.owner),
        **guard.closing(),
        **_asked(group),
        "bulk": group.bulk,
        "lock_space": LOCK_SPACE,
        "now": now,
        "group": numbers([message.id for message in messages]),
        "tries": numbers([message.attempt + 1 for message in messages]),
        "addresses": numbers([reader.address_id for reader in readers]),
        "lines": numbers([reader.consent_line for reader in readers]),
    }
    if (purpose := batch.campaign.purpose) is not None:
        recent = month_of(batch.decided_at - RECENT)
        values |= {"purpose": purpose.value, "recent": recent, "believed": now + CLOCKS}
    return values


@cache
def _standing_each(*, marketing: bool, alone: bool) -> TextClause:
    """Return the query of SQLite for those that may be marked, each with the line of consent that is in force now."""
    person, others = "contact.erased_at IS NULL", ""
    if marketing:
        person += " AND contact.restricted_at IS NULL"
    if marketing and not alone:
        others = """
          AND NOT EXISTS (SELECT 1 FROM message AS other WHERE other.contact_id = message.contact_id AND other.campaign_id <> :campaign
                          AND other.handed_over_at > :decided AND other.handed_over_at <= :believed)"""
    words = f"""
    SELECT message.id, said.event_id FROM message JOIN contact ON contact.id = message.contact_id
    LEFT JOIN consent_now AS said ON said.contact_id = message.contact_id AND said.purpose = :purpose
    WHERE message.id IN (SELECT value FROM json_each(:group))
      AND (message.state IN ('queued', 'deferred') OR (message.state = 'sending' AND message.lease_owner = :owner))
      AND {person}{others}"""  # noqa: S608  fixed texts
    named = (bindparam(name, type_=UTCDateTime()) for name in ("decided", "believed") if f":{name}" in words)
    return text(words).bindparams(*named)


_MARKING_EACH: Final = """
    UPDATE message SET state = 'sending', lease_owner = ?, attempt = ?, address_id = ?, consent_event_id = ?, handed_over_at = ?,
           reason = '', not_before = NULL
    WHERE id = ?"""


def _mark_each(session: Session, group: Group, now: datetime, *, alone: bool) -> set[int]:
    """Mark on SQLite, where one writes at a time and a statement is a call."""
    connection, batch, purpose = session.connection(), group.batch, group.batch.campaign.purpose
    values: dict[str, Any] = {
        "purpose": purpose,
        "owner": group.owner,
        "group": json.dumps([message.id for message in group.messages]),
    }
    if purpose is not None and not alone:
        values |= {"campaign": batch.campaign.id, "decided": batch.decided_at, "believed": now + CLOCKS}
    lines: dict[int, int | None] = dict(
        connection.execute(_standing_each(marketing=purpose is not None, alone=alone), values).all()
    )
    at, owner = storing(connection, Message.handed_over_at)(now), group.owner
    rows = [
        (owner, message.attempt + 1, reader.address_id, reader.consent_line, at, message.id)
        for message, reader in group.readers
        if message.id in lines and (purpose is None or lines[message.id] == reader.consent_line)
    ]
    if rows:
        connection.exec_driver_sql(_MARKING_EACH, rows)
    return {row[-1] for row in rows}
