"""Stop what is on its way to a person: once a withdrawal is committed, nothing that it forbids begins to leave any more.

Sending marks a message as handed over just before the provider is called, a few at a time, and only under the shared lock
of its person. A withdrawal takes that lock alone, skips everything that is not marked, and waits for what is: those few
leave within milliseconds, and a mark older than PERMIT_SECONDS permits nothing. So at the commit nothing is in hand, and
after it the new line in the ledger permits nothing.

SQLite has one writer: there the order of the two transactions decides, and a message marked before may still be leaving
when the withdrawal commits. Waiting inside the only write transaction would keep the sender from writing that it is done.
"""

import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.orm import Session

from marketing.contacts.recounting import recount_ranges_of
from marketing.db.array_text import numbers
from marketing.db.models import Campaign, Message
from marketing.domain.message import PERMIT_SECONDS, MessageState
from marketing.domain.permission import ARTICLES, SkipReason
from marketing.domain.types import Purpose

LOCK_SPACE = 5_291
"""Advisory locks of persons on PostgreSQL: this number and the contact's."""
PART = 1_000  # people locked and stopped by one statement
LONGEST_WAIT_SECONDS = PERMIT_SECONDS + 0.5
POLL_SECONDS = 0.003
LOST = timedelta(minutes=1)  # what was marked so long ago belongs to a worker that died
UNSENT = (MessageState.QUEUED, MessageState.DEFERRED)


def stop_messages(
    session: Session,
    *,
    tenant_id: str,
    contact_ids: Collection[int],
    purposes: Collection[Purpose],
    now: datetime,
    reason: SkipReason = SkipReason.WITHDRAWN,
) -> None:
    """Skip every message of these purposes that has not begun to leave, and wait for those that have.

    `record_consents` calls it for every no that it writes, `restrict` for every restriction; nobody else has to think of it.
    It comes after the ledger's lock: two that lock the ledger and a person in different order would wait for each other.
    Waits milliseconds as a rule and never longer than LONGEST_WAIT_SECONDS, so that a relay that hangs keeps nobody.
    """
    if not purposes:
        return
    wanted = sorted(set(contact_ids))
    for first in range(0, len(wanted), PART):
        _stop(session, _Theirs(tenant_id, wanted[first : first + PART], tuple(purposes)), now, reason)


@dataclass(frozen=True, slots=True)
class _Theirs:
    """The messages of some people in campaigns that rest on some purposes."""

    tenant_id: str
    contact_ids: Sequence[int]
    purposes: Sequence[Purpose]

    @property
    def where(self) -> tuple[ColumnElement[bool], ...]:
        campaigns = select(Campaign.id).where(Campaign.tenant_id == self.tenant_id, Campaign.purpose.in_(self.purposes))
        return (Message.contact_id.in_(self.contact_ids), Message.campaign_id.in_(campaigns))


def _stop(session: Session, theirs: _Theirs, now: datetime, reason: SkipReason) -> None:
    on_server = session.get_bind().dialect.name == "postgresql"
    if on_server:
        locks = sorted({_lock_number(contact_id) for contact_id in theirs.contact_ids})
        session.execute(
            text("SELECT pg_advisory_xact_lock(:space, number) FROM unnest(CAST(:numbers AS integer[])) AS number"),
            {"space": LOCK_SPACE, "numbers": numbers(locks)},
        )
    claimed = (Message.state == MessageState.SENDING) & Message.handed_over_at.is_(None)
    session.execute(
        update(Message)
        .where(*theirs.where, Message.state.in_(UNSENT) | claimed)
        .values(
            state=MessageState.SKIPPED,
            reason=reason,
            article=ARTICLES[reason],
            settled_at=now,
            lease_owner=None,
        )
    )
    leaving = select(Message.id).where(
        *theirs.where, Message.state == MessageState.SENDING, Message.handed_over_at >= now - LOST
    )
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while on_server and session.scalar(leaving.limit(1)) is not None and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    recount_ranges_of(session, theirs.contact_ids)


LOCKED: Final = "pg_try_advisory_xact_lock_shared(:lock_space, CAST({contact} % 2147483648 AS integer))"
"""The condition of PostgreSQL that nobody is just stopping a contact, and none can until the transaction ends; it never waits.

A withdrawal may be waiting for the very worker that asks.
"""
_HOLDING: Final = text(f"SELECT count(*) FROM unnest(CAST(:ids AS bigint[])) AS id WHERE {LOCKED.format(contact='id')}")  # noqa: S608  fixed texts


def hold(session: Session, contact_ids: Iterable[int]) -> int:
    """Let nobody who is not being stopped now be stopped until this transaction ends; return how many are held. PostgreSQL alone."""
    values = {"ids": numbers(contact_ids), "lock_space": LOCK_SPACE}
    return int(session.connection().execute(_HOLDING, values).scalar_one())


def _lock_number(contact_id: int) -> int:
    """Return the contact's number within a lock's 31 bits, as LOCKED does; two that share one only wait for each other."""
    return contact_id % 2**31
