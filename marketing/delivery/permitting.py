"""The transactions of the sending, each tried again while the database is away.

What became of messages is recorded, others are marked as handed over if they still may be (`marking`), and what did not leave is given back.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import NamedTuple

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from marketing.channels.base import SendOutcome
from marketing.db.asking import Asking, UnheardError
from marketing.db.session import Database
from marketing.delivery import message_rows
from marketing.delivery.claiming import Batch, Due
from marketing.delivery.leases import give_back
from marketing.delivery.marking import Group, ask, hear, record_and_mark
from marketing.delivery.message_rows import Answer
from marketing.delivery.outcomes import settle
from marketing.delivery.persistence import persistently, until_done
from marketing.delivery.restore_guard import RestoreGuard
from marketing.domain.consent import writes_on
from marketing.domain.message import OPEN, PERMIT_SECONDS, TRANSITIONS, MessageState
from marketing.domain.transitions import change


class Said(NamedTuple):
    """What a provider said of a message, and how often it had been handed over before."""

    outcome: SendOutcome
    attempt: int


@dataclass(frozen=True, slots=True)
class Permission:
    """What one transaction came to. `marked` may leave `until` (of the timer); `recorded` are counted by their new state."""

    until: float
    marked: Collection[int]
    recorded: Mapping[str, int]
    stopped: bool
    """Whether the campaign may not go on: it was paused, cancelled, or all bulk mail stands still."""
    seconds: float


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What was asked and not heard yet."""

    group: Sequence[Due]
    said: Mapping[int, Said]
    until: float
    states: Mapping[str, int]


@dataclass(slots=True)
class Permitting:
    """One range, for the worker that has it in hand; used by one thread, and closed by it."""

    database: Database
    batch: Batch
    owner: str
    clock: Callable[[], datetime]
    timer: Callable[[], float]
    guard: RestoreGuard
    asks_ahead: bool
    """Whether the next group is asked for while this one leaves: on PostgreSQL, over a connection of its own."""
    _asking: Asking | None = None
    _ahead: _Ahead | None = None

    def ask(self, group: Sequence[Due], said: Mapping[int, Said]) -> None:
        """Begin `permit`, where `asks_ahead`; the answer is heard by `heard`."""
        until, answers = self.timer() + PERMIT_SECONDS, self._answers(said)
        self._ahead = _Ahead(group, said, until, _states(answers))
        if self._asking is None:
            self._asking = self.database.asking()
        with suppress(UnheardError, OperationalError):  # then it is asked again when it is to be heard
            ask(self._asking, self.guard, Group(self.batch, self.owner, group), answers, self.clock())

    def heard(self) -> Permission:
        """Return what was asked, once it is answered."""
        assert self._asking is not None, "asked before"
        assert self._ahead is not None, "asked before"
        begun, ahead, self._ahead = perf_counter(), self._ahead, None
        try:
            marked = hear(self._asking)
        except UnheardError:
            return self.permit(ahead.group, ahead.said)
        return Permission(ahead.until, marked or (), ahead.states, marked is None, perf_counter() - begun)

    def permit(self, group: Sequence[Due], said: Mapping[int, Said]) -> Permission:
        """Record what was said, and mark those of the group that may leave now."""
        begun, until = perf_counter(), self.timer() + PERMIT_SECONDS
        answers, leaving = self._answers(said), Group(self.batch, self.owner, group)
        marked = until_done(lambda: record_and_mark(self.database, self.guard, leaving, answers, self.clock()))
        return Permission(until, marked or (), _states(answers), marked is None, perf_counter() - begun)

    def close(self) -> None:
        """Give back the connection over which was asked."""
        if self._asking is not None:
            self._asking.close()

    def record(self, said: Mapping[int, Said]) -> Mapping[str, int]:
        """Record what was said; return how many came to which state."""
        answers = self._answers(said)
        persistently(
            self.database, lambda session: message_rows.record(session, self.batch.place, answers, owner=self.owner)
        )
        return _states(answers)

    def give_back(
        self,
        back: Mapping[int, int],
        waiting: Iterable[int],
        *,
        put_off: tuple[str, timedelta] | None,
        not_before: timedelta | None,
    ) -> None:
        """Give back what was marked and did not leave (with its attempts before), and the range with it.

        `put_off` says why nobody can carry those nor the `waiting`, and for how long; `not_before` when the range is looked at again.
        """
        persistently(self.database, lambda session: self._give_back(session, back, waiting, put_off, not_before))

    def _answers(self, said: Mapping[int, Said]) -> Sequence[Answer]:
        """Return what is written of each; a message without an answer stays in doubt until its lease runs out."""
        now, answers = self.clock(), []
        email_type, channel = self.batch.campaign.email_type, writes_on(self.batch.campaign.purpose)
        for message_id, one in said.items():
            attempt = one.attempt + 1
            result = settle(one.outcome, email_type=email_type, attempt=attempt, now=now, channel=channel)
            answers.append(
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
        return answers

    def _give_back(
        self,
        session: Session,
        back: Mapping[int, int],
        waiting: Iterable[int],
        put_off: tuple[str, timedelta] | None,
        not_before: timedelta | None,
    ) -> None:
        now, place = self.clock(), self.batch.place
        if put_off is None:
            message_rows.put_back(session, place, back, owner=self.owner)
        else:
            reason, wait = put_off
            message_rows.put_back(session, place, back, owner=self.owner, reason=reason, until=now + wait)
            message_rows.put_off(session, place, waiting, reason=reason, until=now + wait)
        until = now + not_before if not_before is not None else None
        give_back(session, place, owner=self.owner, now=now, not_before=until)


def _states(answers: Sequence[Answer]) -> Counter[str]:
    return Counter(answer.state.value for answer in answers)
