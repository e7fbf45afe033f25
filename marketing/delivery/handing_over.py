"""The last permission: messages are marked as handed over just before they leave, if what allowed them still stands.

Never more than the messenger takes together (SUB_BATCH, unless an operator chose more) are marked without a recorded answer: so
many, and no more, are in doubt when a worker dies, and a withdrawal waits for no more. A transaction (`marketing.delivery.permitting`)
marks a group and records the answers that have come; it does not wait for the last of them, so the relay always has something to do.
Where the database is another process, the next group is asked for while this one leaves.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice, pairwise
from time import perf_counter
from typing import Protocol, TypeVar

from marketing.channels.base import IN_HAND, SendOutcome
from marketing.channels.errors import TemporaryError
from marketing.delivery.claiming import Due
from marketing.delivery.message_rows import MOST
from marketing.delivery.outcomes import patience
from marketing.delivery.permitting import Permission, Permitting, Said
from marketing.observability.range_watch import RangeWatch

SUB_BATCH = IN_HAND
"""How many messages may be in doubt at a time."""
SOON = timedelta(seconds=5)  # who is just leaving has left by then
SHORT = timedelta(seconds=2)
"""Whoever can carry mail again so soon: what waits for it stays queued, without a reason."""

Written = TypeVar("Written")
Written_co = TypeVar("Written_co", covariant=True)


class Write(Protocol[Written_co]):
    """Writes one message; None when it is not to leave now."""

    def __call__(self, message: Due, /) -> Written_co | None: ...


def group_size(together: int, *, ahead: bool) -> int:
    """Return how many are marked by one transaction: two groups where the next is asked for `ahead`.

    Else the next may go when a fifth of what may be in doubt has no answer yet.
    """
    return max(1, min(MOST, together // 2 if ahead else together * 4 // 5))


@dataclass(slots=True)
class HandingOver:
    """One range on its way through the messenger; used by one thread."""

    permitting: Permitting
    stopping: Callable[[], bool]
    watch: RangeWatch
    together: int = SUB_BATCH
    """How many may be marked without a recorded answer."""
    stopped: bool = False
    """Whether the campaign may not go on."""
    done: int = 0
    """How many messages were come to."""
    _answers: dict[int, Said] = field(default_factory=dict)
    """Known and not yet recorded."""
    _marked: dict[int, int] = field(default_factory=dict)
    """Marked, and without a recorded answer: how often each was handed over before."""
    _left: set[int] = field(default_factory=set)
    """Marked and in the messenger's hands: only an answer tells what became of them."""
    _owed: int = 0
    """How many of those have no answer yet."""
    _asked: Sequence[Due] = ()
    """The group that is being marked."""
    _told: Mapping[int, Said] = field(default_factory=dict)
    """What is recorded with it."""

    def permitted(self, write: Write[Written], until: float) -> Iterator[Written | None]:
        """Yield each message, as it was written, at the moment it may leave; None while answers must come first; no group is begun after `until`.

        Those that may not leave any more are left out.
        """
        messages, ahead = self.permitting.batch.messages, self.permitting.asks_ahead
        size = group_size(self.together, ahead=ahead)
        groups: list[Sequence[Due]] = [messages[start : start + size] for start in range(0, len(messages), size)]
        for group, following in pairwise([*groups, ()]):
            if not self._asked:
                while self._too_many_with(group):
                    if not self._owed:
                        return  # what is marked and cannot leave is given back first
                    yield None
                if not self._goes_on(until):
                    return
                if ahead:
                    self._ask(group)
            self.done += len(group)
            for written in self._leaving(group, write):
                yield written
                if ahead and following and not (self._asked or self._too_many_with(following)) and self._goes_on(until):
                    self._ask(following)
            self.watch.sub_batch()

    def answered(self, outcome: SendOutcome) -> None:
        """Note what the provider said; recorded with the next permission."""
        self._owed -= 1
        self._note(outcome)

    def failed(self, outcome: SendOutcome) -> None:
        """Note that a message could not be written: it did not leave, and need not be given back."""
        self._left.add(int(outcome.key))
        self._note(outcome)

    def finish(self, put_off: TemporaryError | None = None) -> None:
        """Record the last answers, then give back what was marked and did not leave, and the range with it.

        `put_off` says why nobody could carry the rest, and for how long; that was no attempt at any of them.

        Two transactions: a withdrawal may hold a row that is given back while it waits for an answer to be recorded.
        """
        if self._asked:
            self._heard()
        begun = perf_counter()
        self._recorded(self._answers, self.permitting.record(self._answers))
        self.watch.took("record", perf_counter() - begun)
        messages = self.permitting.batch.messages
        wait = patience(put_off.retry_after) if put_off else None
        told = (str(put_off), wait) if wait is not None and wait > SHORT else None
        back = {row_id: attempt for row_id, attempt in self._marked.items() if row_id not in self._left}
        waiting = {message.id for message in messages} - self._left - back.keys() if told else set[int]()
        if wait is None and not self._left and messages and self.done == len(messages):
            wait = SOON  # somebody else has them in hand
        self.permitting.give_back(back, waiting, put_off=told, not_before=wait)

    def _leaving(self, group: Sequence[Due], write: Write[Written]) -> Iterator[Written]:
        found, timer = self._heard() if self._asked else self._permit(group, self._answers), self.permitting.timer
        for position, message in enumerate(group):
            if self.stopping():
                return
            if timer() >= found.until:  # the relay was slow: what was allowed then may be withdrawn now
                found = self._permit(group[position:], {})
            if message.id not in found.marked:
                continue
            begun = perf_counter()
            written = write(message)
            self.watch.composing += perf_counter() - begun
            if written is not None:
                self._left.add(message.id)
                self._owed += 1
                yield written

    def _goes_on(self, until: float) -> bool:
        return not (self.stopped or self.stopping() or (self.done and self.permitting.timer() >= until))

    def _too_many_with(self, group: Sequence[Due]) -> bool:
        return len(self._marked) - min(len(self._answers), MOST) + len(group) > self.together

    def _permit(self, group: Sequence[Due], said: Mapping[int, Said]) -> Permission:
        """Have a group marked, and what was said recorded."""
        said = _some(said)
        return self._note_permission(group, said, self.permitting.permit(group, said))

    def _ask(self, group: Sequence[Due]) -> None:
        """Begin `_permit`."""
        self._asked, self._told = group, _some(self._answers)
        self.permitting.ask(group, self._told)

    def _heard(self) -> Permission:
        """End `_ask`."""
        group, self._asked = self._asked, ()
        return self._note_permission(group, self._told, self.permitting.heard())

    def _note_permission(self, group: Sequence[Due], said: Mapping[int, Said], found: Permission) -> Permission:
        self.watch.took("permit", found.seconds)
        self._recorded(said, found.recorded)
        self._marked |= {message.id: message.attempt for message in group if message.id in found.marked}
        self.stopped = self.stopped or found.stopped
        return found

    def _recorded(self, said: Mapping[int, Said], states: Mapping[str, int]) -> None:
        """Forget what stands in the database now."""
        self.watch.came_to(states)
        for message_id in tuple(said):
            del self._marked[message_id]
            del self._answers[message_id]

    def _note(self, outcome: SendOutcome) -> None:
        key = int(outcome.key)
        self._answers[key] = Said(outcome, self._marked[key])


def _some(said: Mapping[int, Said]) -> Mapping[int, Said]:
    """Return the answers that are recorded together; the others follow with the next group."""
    return dict(islice(said.items(), MOST))
