"""The last permission: a message is marked as handed over just before it leaves, if what allowed it still stands.

A few messages are marked at a time, in one short transaction that also records the answers for those before; what a
withdrawal stopped in the meantime is not marked and does not leave (`marketing.contacts.stopping`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Update, bindparam, exists, func, select, update
from sqlalchemy.orm import Session

from marketing.channels.base import SendOutcome
from marketing.channels.errors import TemporaryError
from marketing.contacts.stopping import free_to_write_to
from marketing.db.models import ConsentNow, Contact, Message
from marketing.db.session import Database
from marketing.delivery.claiming import Batch
from marketing.delivery.outcomes import patience, settle
from marketing.domain.content import OutboundEmail
from marketing.domain.message import PERMIT_SECONDS, TRANSITIONS, MessageState
from marketing.domain.transitions import change
from marketing.domain.types import Purpose

GROUP = 10
"""How many messages one transaction marks: a withdrawal waits for no more than these, and a dead worker leaves no more in doubt."""
SOON = timedelta(seconds=5)  # who is just leaving has left by then
OURS = (Message.lease_owner == bindparam("owner")) & (Message.state == MessageState.SENDING)
RECORDING = (
    update(Message)
    .where(Message.id == bindparam("message"), OURS)  # a row whose lease another has taken since is left to them
    .values(
        attempt=Message.attempt - bindparam("uncounted"),
        state=bindparam("to"),
        reason=bindparam("why"),
        detail=bindparam("more"),
        not_before=bindparam("due"),
        provider_id=func.coalesce(bindparam("given_id"), Message.provider_id),
        settled_at=bindparam("now"),
        lease_owner=None,
        lease_until=None,
    )
)


@dataclass(slots=True)
class HandingOver:
    """One batch on its way through the messenger; used by one thread."""

    database: Database
    batch: Batch
    owner: str
    clock: Callable[[], datetime]
    timer: Callable[[], float]  # seconds, monotonic: how long a permit has been held
    answers: dict[int, SendOutcome] = field(default_factory=dict)
    """Known and not yet recorded."""
    _taken: set[int] = field(default_factory=set)

    def permitted(self, emails: Sequence[OutboundEmail]) -> Iterator[OutboundEmail]:
        """Yield each e-mail at the moment it may leave; those that may not any more are left out."""
        for start in range(0, len(emails), GROUP):
            group = emails[start : start + GROUP]
            until, marked = self._mark(group)
            for position, email in enumerate(group):
                if self.timer() >= until:  # the relay was slow: what was allowed then may be withdrawn now
                    until, marked = self._mark(group[position:])
                if int(email.key) in marked:
                    self._taken.add(int(email.key))
                    yield email

    def answered(self, outcome: SendOutcome) -> None:
        """Note what the provider said; recorded with the next group."""
        self.answers[int(outcome.key)] = outcome

    def finish(self, put_off: TemporaryError | None = None) -> None:
        """Record the last answers, then give back what was claimed and may not leave: it is decided again.

        `put_off` says why nobody could carry the rest, and for how long; that was no attempt at any of them.

        Two transactions: a withdrawal may hold a row that is given back while it waits for an answer to be recorded.
        """
        with self.database.write() as session:
            self._record(session)
        ids = {message.id for message in self.batch.messages} - self._taken
        if not ids:
            return
        with self.database.write() as session:
            back = update(Message).where(*self._held(ids))
            session.execute(
                back.values(
                    state=MessageState.DEFERRED,
                    reason=str(put_off) if put_off else Message.reason,
                    not_before=self.clock() + (patience(put_off.retry_after) if put_off else SOON),
                    attempt=Message.attempt - 1,
                    handed_over_at=None,
                    lease_owner=None,
                    lease_until=None,
                ),
                execution_options={"synchronize_session": False},
            )

    def _mark(self, emails: Sequence[OutboundEmail]) -> tuple[float, set[int]]:
        """Return until when (of the timer) which messages may leave."""
        until = self.timer() + PERMIT_SECONDS
        with self.database.write() as session:
            self._record(session)
            return until, self._permit(session, {int(email.key) for email in emails})

    def _permit(self, session: Session, ids: set[int]) -> set[int]:
        contacts = [message.contact_id for message in self.batch.messages if message.id in ids]
        free = free_to_write_to(session, contacts)
        # A statement of its own after the lock: it sees whatever the withdrawal before us committed.
        mark = _marking(self.batch.campaign.purpose)
        values = {"ids": list(ids), "free": list(free), "owner": self.owner, "now": self.clock()}
        return set(session.connection().execute(mark, values).scalars())

    def _held(self, ids: set[int]) -> tuple[ColumnElement[bool], ...]:
        return (Message.id.in_(ids), Message.lease_owner == self.owner, Message.state == MessageState.SENDING)

    def _record(self, session: Session) -> None:
        """Write what the provider said; a message without an answer stays in doubt until its lease runs out."""
        if not self.answers:
            return
        now, attempts = self.clock(), {message.id: message.attempt for message in self.batch.messages}
        rows = []
        for message_id, outcome in self.answers.items():
            result = settle(outcome, email_type=self.batch.campaign.email_type, attempt=attempts[message_id], now=now)
            rows.append(
                {
                    "message": message_id,
                    "to": change(TRANSITIONS, MessageState.SENDING, result.state),
                    "uncounted": int(not result.counted),
                    "why": result.reason,
                    "more": result.detail,
                    "due": result.not_before,
                    "given_id": result.provider_id,
                    "owner": self.owner,
                    "now": now,
                }
            )
        session.connection().execute(RECORDING, rows)
        self._taken |= set(self.answers)
        self.answers.clear()


@cache
def _marking(purpose: Purpose | None) -> Update:
    """Return the statement that marks messages whose very line of the ledger is still the one in force."""
    person = exists().where(Contact.id == Message.contact_id, Contact.erased_at.is_(None))
    still_allowed: tuple[ColumnElement[bool], ...] = (person,)
    if purpose is not None:
        line = select(ConsentNow.event_id).where(
            ConsentNow.contact_id == Message.contact_id, ConsentNow.purpose == purpose
        )
        still_allowed = (
            person.where(Contact.restricted_at.is_(None)),
            Message.consent_event_id.is_not_distinct_from(line.scalar_subquery()),
        )
    return (
        update(Message)
        .where(
            Message.id.in_(bindparam("ids", expanding=True)),
            Message.contact_id.in_(bindparam("free", expanding=True)),
            OURS,
            *still_allowed,
        )
        .values(handed_over_at=bindparam("now"))
        .returning(Message.id)
    )
