"""The judge of a round: compares what the receiver wrote down with what the database says. Pure; names every fault it finds."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from marketing.domain.message import OPEN, SENT, MessageState
from tests.chaos.record import DELIVERED, UNANSWERED, Line, Verdict

BEFORE = timedelta(seconds=5)
"""How long before its worker's death a message may have been written ahead and still be in doubt."""
AFTER = timedelta(seconds=1.5)
LOST_ANSWERS = frozenset({"no_answer", "unclear_answer"})
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One message as the database has it at the end."""

    message_id: str
    contact_id: int
    recipient: str
    state: MessageState
    reason: str = ""
    handed_over_at: datetime | None = None
    order_id: int | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A fault that may leave messages in doubt: when, and at most how many."""

    what: str
    begins: datetime
    ends: datetime
    most: int

    def covers(self, moment: datetime | None) -> bool:
        """Return whether a message that was handed over then may be in doubt because of it."""
        return moment is not None and self.begins - BEFORE <= moment <= self.ends + AFTER


@dataclass(frozen=True, slots=True)
class Round:
    """What a round left behind."""

    people: frozenset[int]
    """Everybody whom the campaign was to write to or to skip with a reason."""
    willing: int
    audience: int
    balances: bool
    ended: bool
    bulk: Sequence[Row]
    orders: frozenset[int]
    order_mail: Sequence[Row]
    lines: Sequence[Line]
    doubts: Sequence[Doubt] = ()
    cuts: int = 0
    """Connections that the receiver cut after a content."""
    moved: bool = False
    """Somebody's clock was wrong, so that moments prove nothing."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What was found wrong, and the figures of the round."""

    faults: Sequence[str]
    figures: Mapping[str, int] = field(default_factory=dict)


def judge(played: Round) -> Verdicts:
    """Return every promise that the round broke; none when all is well."""
    known = _Known(played)
    faults = [
        *_plan(played),
        *known.strangers(),
        *known.bulk(),
        *known.order_mail(),
        *known.unknown(),
    ]
    return Verdicts(faults, known.figures())


def _plan(played: Round) -> Iterator[str]:
    if not played.ended:
        yield "the campaign did not end by itself"
    if not played.balances:
        yield "the ledger does not balance"
    times = Counter(row.contact_id for row in played.bulk)
    if missing := played.people - set(times):
        yield f"{len(missing)} people of the plan have no message: {_some(missing)}"
    if extra := set(times) - played.people:
        yield f"{len(extra)} people have a message who are not in the plan: {_some(extra)}"
    if double := [contact for contact, number in times.items() if number > 1]:
        yield f"{len(double)} people have two messages of one campaign: {_some(double)}"
    if played.audience != len(played.bulk):
        yield f"the audience is {played.audience}, its messages are {len(played.bulk)}"
    planned = sum(row.state is not MessageState.SKIPPED for row in played.bulk)
    if planned != played.willing:
        yield f"{planned} messages were not skipped, {played.willing} people agreed"
    told = Counter(row.order_id for row in played.order_mail)
    if untold := played.orders - set(told):
        yield f"{len(untold)} orders have no mail: {_some(untold)}"
    if twice := [order for order, number in told.items() if number > 1]:
        yield f"{len(twice)} orders have two messages about one thing: {_some(twice)}"


class _Known:
    """The lines of the receiver, by message."""

    def __init__(self, played: Round) -> None:
        self._played = played
        self._lines: defaultdict[str, list[Line]] = defaultdict(list)
        self._refused: set[str] = set()
        for line in played.lines:
            self._lines[line.message_id].append(line)
            if line.verdict is Verdict.REFUSED:
                self._refused.add(line.recipient)

    def times(self, row: Row) -> int:
        """Return how often it was delivered."""
        return sum(line.verdict in DELIVERED for line in self._lines.get(row.message_id, ()))

    def strangers(self) -> Iterator[str]:
        """Deliveries that no message stands for, or that went to somebody else."""
        rows = {row.message_id: row for row in (*self._played.bulk, *self._played.order_mail)}
        strange = [name for name, lines in self._lines.items() if name and name not in rows]
        if strange:
            yield f"{len(strange)} deliveries belong to no message: {_some(strange)}"
        wrong = [
            name
            for name, row in rows.items()
            if any(line.recipient != row.recipient for line in self._lines.get(name, ()))
        ]
        if wrong:
            yield f"{len(wrong)} messages went to somebody else's address: {_some(wrong)}"

    def bulk(self) -> Iterator[str]:
        """The line that must hold: nothing lost, nothing twice."""
        rows = self._played.bulk
        yield from _named("delivered twice", (row for row in rows if self.times(row) > 1))
        yield from self._settled(rows)

    def order_mail(self) -> Iterator[str]:
        """Order mail arrives, once unless something was in doubt; its rows stand as all others do."""
        rows = self._played.order_mail
        in_doubt = bool(self._played.doubts) or self._played.cuts > 0
        if not in_doubt:
            yield from _named("order mail repeated without need", (row for row in rows if self.times(row) > 1))
        yield from _named("order mail left unknown", (row for row in rows if row.state is MessageState.UNKNOWN))
        yield from self._settled(rows)

    def _settled(self, rows: Sequence[Row]) -> Iterator[str]:
        yield from _named("still open", (row for row in rows if row.state in OPEN))
        yield from _named("accepted but never delivered", (r for r in rows if r.state in SENT and not self.times(r)))
        yield from _named("failed but delivered", (r for r in rows if r.state is MessageState.FAILED and self.times(r)))
        yield from _named(
            "skipped but delivered", (r for r in rows if r.state is MessageState.SKIPPED and self.times(r))
        )
        yield from _named(
            "skipped without a reason", (r for r in rows if r.state is MessageState.SKIPPED and not r.reason)
        )
        failed = (row for row in rows if row.state is MessageState.FAILED)
        yield from _named("failed although nobody refused them", (row for row in failed if not self._was_refused(row)))

    def _was_refused(self, row: Row) -> bool:
        return row.recipient in self._refused and row.reason.startswith("smtp_5")

    def unknown(self) -> Iterator[str]:
        """Each unknown was really in doubt, and no fault left more of them than it may."""
        unproven: list[Row] = []
        for row in self._unknown():
            unanswered = any(line.verdict in UNANSWERED for line in self._lines.get(row.message_id, ()))
            if not unanswered and not self._covered(row):
                unproven.append(row)
        yield from _named("unknown without any doubt", unproven)
        most = sum(doubt.most for doubt in self._played.doubts) + self._played.cuts
        number = sum(1 for _row in self._unknown())
        if number > most:
            yield f"{number} messages are unknown, {most} may be at most"
        answered = [
            row
            for row in self._unknown()
            if row.reason in LOST_ANSWERS
            and [line.verdict for line in self._lines.get(row.message_id, ())] == [Verdict.TAKEN]
            and not self._covered(row)
        ]
        yield from _named("unknown although the answer was sent", answered)

    def _covered(self, row: Row) -> bool:
        if self._played.moved:
            return bool(self._played.doubts)
        return any(doubt.covers(row.handed_over_at) for doubt in self._played.doubts)

    def _unknown(self) -> Iterator[Row]:
        return (row for row in self._played.bulk if row.state is MessageState.UNKNOWN)

    def figures(self) -> Mapping[str, int]:
        """Return what a report shows of the round."""
        states = Counter(row.state for row in self._played.bulk)
        repeated = sum(max(0, self.times(row) - 1) for row in self._played.order_mail)
        unknown = list(self._unknown())
        return {
            "accepted": sum(number for state, number in states.items() if state in SENT),
            "failed": states[MessageState.FAILED],
            "skipped": states[MessageState.SKIPPED],
            "unknown": len(unknown),
            "unknown_delivered": sum(1 for row in unknown if self.times(row)),
            "orders": len(self._played.order_mail),
            "order_mail_repeated": repeated,
        }


def _named(what: str, rows: Iterable[Row]) -> Iterator[str]:
    found = list(rows)
    if found:
        states = Counter((row.state.value, row.reason) for row in found)
        yield f"{len(found)} {what}: {_some(row.message_id for row in found)} {dict(states)}"


def _some(names: Iterable[object]) -> str:
    ordered = sorted(map(str, names))
    return ", ".join(ordered[:SHOWN]) + (" …" if len(ordered) > SHOWN else "")
