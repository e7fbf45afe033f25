"""The last permission: messages are marked as handed over just before they leave, if what allowed them still stands.

At most as many as the messenger takes together (SUB_BATCH, unless an operator chose more) are marked at a time, in one short transaction that also records the answers for those before: so many, and no
more, are in doubt when a worker dies. What a withdrawal stopped in the meantime is not marked and does not leave
(`marketing.contacts.stopping`), and neither does anything of a campaign that was paused or cancelled.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import perf_counter
from typing import Protocol, TypeVar

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from marketing.channels.base import IN_HAND, SendOutcome
from marketing.channels.errors import TemporaryError
from marketing.contacts.stopping import free_to_write_to
from marketing.db.models import Campaign
from marketing.db.session import Database
from marketing.delivery import message_rows
from marketing.delivery.claiming import Batch, Due
from marketing.delivery.leases import give_back
from marketing.delivery.message_rows import Answer, Ground
from marketing.delivery.outcomes import patience, settle
from marketing.delivery.persistence import persistently
from marketing.domain.campaign import CampaignState
from marketing.domain.consent import writes_on
from marketing.domain.message import OPEN, PERMIT_SECONDS, TRANSITIONS, MessageState
from marketing.domain.transitions import change
from marketing.domain.types import EmailType
from marketing.observability.range_watch import RangeWatch

SUB_BATCH = IN_HAND
"""How many messages one transaction marks: a withdrawal waits for no more than these, and a dead worker leaves no more in doubt."""
SOON = timedelta(seconds=5)  # who is just leaving has left by then
SHORT = timedelta(seconds=2)
"""Whoever can carry mail again so soon: what waits for it stays queued, without a reason."""

Written = TypeVar("Written")
Written_co = TypeVar("Written_co", covariant=True)


class Write(Protocol[Written_co]):
    """Writes one message; None when it is not to leave now."""

    def __call__(self, message: Due, /) -> Written_co | None: ...


@dataclass(slots=True)
class HandingOver:
    """One range on its way through the messenger; used by one thread."""

    database: Database
    batch: Batch
    owner: str
    clock: Callable[[], datetime]
    timer: Callable[[], float]  # seconds, monotonic: how long a permit has been held
    closed: Callable[[Session], bool]
    stopping: Callable[[], bool]
    watch: RangeWatch
    stopped: bool = False
    """Whether the campaign may not go on: it was paused, cancelled, or all bulk mail stands still."""
    answers: dict[int, SendOutcome] = field(default_factory=dict)
    """Known and not yet recorded."""
    taken: int = 0
    _marked: dict[int, int] = field(default_factory=dict)
    """Marked and without an answer yet: how often each was handed over before."""
    _said: Counter[str] = field(default_factory=Counter)
    """What the last transaction recorded, to be counted once it is committed."""
    _left: set[int] = field(default_factory=set)
    """Marked and in the messenger's hands: only an answer tells what became of them."""

    def permitted(self, group: Sequence[Due], write: Write[Written]) -> Iterator[Written]:
        """Yield each message, as it was written, at the moment it may leave; those that may not any more are left out."""
        until, marked = self._mark(group)
        for position, message in enumerate(group):
            if self.stopping():
                return
            if self.timer() >= until:  # the relay was slow: what was allowed then may be withdrawn now
                until, marked = self._mark(group[position:])
            if message.id not in marked:
                continue
            begun = perf_counter()
            email = write(message)
            self.watch.composing += perf_counter() - begun
            if email is not None:
                self._left.add(message.id)
                self.taken += 1
                yield email

    def answered(self, outcome: SendOutcome) -> None:
        """Note what the provider said, or why a message could not be written; recorded with the next sub-batch."""
        self.answers[int(outcome.key)] = outcome

    def failed(self, outcome: SendOutcome) -> None:
        """Note that a message could not be written: it did not leave, and need not be given back."""
        self._left.add(int(outcome.key))
        self.answered(outcome)

    def finish(self, put_off: TemporaryError | None = None, *, more: bool = False) -> None:
        """Record the last answers, then give back what was marked and did not leave, and the range with it.

        `put_off` says why nobody could carry the rest, and for how long; that was no attempt at any of them. `more` says that
        the range holds messages that this turn did not come to.

        Two transactions: a withdrawal may hold a row that is given back while it waits for an answer to be recorded.
        """
        begun = perf_counter()
        persistently(self.database, self._record)
        self.watch.took("record", perf_counter() - begun)
        self._recorded()
        persistently(self.database, lambda session: self._give_back(session, put_off, more=more))

    def _mark(self, group: Sequence[Due]) -> tuple[float, set[int]]:
        """Return until when (of the timer) which messages may leave."""
        recording = 0.0

        def mark(session: Session) -> tuple[float, set[int]]:
            nonlocal recording
            until, start = self.timer() + PERMIT_SECONDS, perf_counter()
            self._record(session)
            recording = perf_counter() - start
            return until, self._permit(session, group)

        begun = perf_counter()
        until, marked = persistently(self.database, mark)
        self.watch.took("record", recording)
        self.watch.took("permit", perf_counter() - begun - recording)
        self._recorded()
        self._marked |= {message.id: message.attempt for message in group if message.id in marked}
        return until, marked

    def _permit(self, session: Session, group: Sequence[Due]) -> set[int]:
        campaign = self.batch.campaign
        bulk = campaign.email_type is not EmailType.TRANSACTIONAL
        going = _going(session, self.batch)
        if campaign.id not in going or (bulk and self.closed(session)):
            self.stopped = True
            return set()
        free = free_to_write_to(session, [message.contact_id for message in group])
        # A statement of its own after the lock: it sees whatever the withdrawal before us committed.
        permits = [self.batch.permit(message) for message in group if message.contact_id in free]
        ground = Ground(campaign.purpose, self.batch.decided_at, alone=going == {campaign.id})
        return message_rows.mark(session, self.batch.place, permits, owner=self.owner, ground=ground, now=self.clock())

    def _record(self, session: Session) -> None:
        """Write what the provider said; a message without an answer stays in doubt until its lease runs out."""
        now, said = self.clock(), []
        for message_id, outcome in self.answers.items():
            attempt = self._marked[message_id] + 1
            result = settle(
                outcome,
                email_type=self.batch.campaign.email_type,
                attempt=attempt,
                now=now,
                channel=writes_on(self.batch.campaign.purpose),
            )
            said.append(
                Answer(
                    message_id,
                    change(TRANSITIONS, MessageState.SENDING, result.state),
                    result.reason,
                    result.detail,
                    result.not_before,
                    result.provider_id,
                    attempt if result.counted else attempt - 1,
                    None if result.state in OPEN else now,
                )
            )
        message_rows.record(session, self.batch.place, said, owner=self.owner)
        self._said = Counter(answer.state.value for answer in said)

    def _recorded(self) -> None:
        self.watch.came_to(self._said)
        self._said = Counter()
        for message_id in self.answers:
            del self._marked[message_id]
        self.answers.clear()

    def _give_back(self, session: Session, put_off: TemporaryError | None, *, more: bool) -> None:
        now, place = self.clock(), self.batch.place
        back = {row_id: attempt for row_id, attempt in self._marked.items() if row_id not in self._left}
        wait = patience(put_off.retry_after) if put_off else None
        until = now + wait if wait is not None else None
        if until is not None and wait is not None and wait > SHORT:
            waiting = {message.id for message in self.batch.messages} - self._left - back.keys()
            message_rows.put_back(session, place, back, owner=self.owner, reason=str(put_off), until=until)
            message_rows.put_off(session, place, waiting, reason=str(put_off), until=until)
        else:
            message_rows.put_back(session, place, back, owner=self.owner)
        if until is None and not self.taken and not more and self.batch.messages:
            until = now + SOON  # somebody else has them in hand
        give_back(session, place, owner=self.owner, now=now, not_before=until)


_GOING = select(Campaign.id, Campaign.state).where(
    Campaign.tenant_id == bindparam("tenant"),
    or_(
        Campaign.id == bindparam("own"),
        (Campaign.email_type != EmailType.TRANSACTIONAL)
        & or_(
            Campaign.state.in_([CampaignState.SENDING, CampaignState.PAUSED]),
            Campaign.finished_at > bindparam("decided"),
        ),
    ),
)


def _going(session: Session, batch: Batch) -> set[int]:
    """Return this campaign if it is sending, and every other bulk campaign of the tenant that has sent since the decision."""
    own = batch.campaign
    found = session.connection().execute(_GOING, {"tenant": own.tenant_id, "own": own.id, "decided": batch.decided_at})
    going = {row_id: state for row_id, state in found}  # noqa: C416  a row is no pair to a type checker
    return going.keys() - ({own.id} if going.get(own.id) is not CampaignState.SENDING else set())
