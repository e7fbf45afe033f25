"""What Prometheus is told beside the processes' own numbers: the state of lanes, brakes and accounts, read when asked."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import redis
from sqlalchemy.exc import SQLAlchemyError

from marketing.bootstrap import App
from marketing.delivery import machinery
from marketing.domain.account import AccountState
from marketing.observability import catalogue, get_logger
from marketing.observability.beat import Beat, Board, wall_clock
from marketing.web.exposition import Fact

log = get_logger(__name__)
SHARE: Final = 100
LEAST_SECONDS: Final = 60.0


@dataclass(slots=True)
class Rarely:
    """Keeps an answer that is dear to find: asked again after a minute at the earliest, and for 1 % of the time at most."""

    timer: Callable[[], float] = time.monotonic
    _value: int = 0
    _again: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, find: Callable[[], int]) -> int:
        """Return the answer, or what it was when it was last looked for."""
        with self._lock:
            start = self.timer()
            if start >= self._again:
                self._value = find()
                end = self.timer()
                self._again = end + max(LEAST_SECONDS, (end - start) * SHARE)
            return self._value


@dataclass(frozen=True, slots=True)
class Machines:
    """Asks the broker and the database how they are; one per web process."""

    app: App
    board: Board | None
    _unknown: dict[str, Rarely] = field(default_factory=dict)

    def unknown_of(self, tenant: str, find: Callable[[], int]) -> int:
        """Return how many messages nobody knows the fate of; of every Daerah where none is named."""
        return self._unknown.setdefault(tenant, Rarely()).get(find)

    def beats(self) -> tuple[Sequence[Beat], bool]:
        """Return what the processes said last, and whether the broker answered."""
        if self.board is None:
            return (), True
        try:
            return self.board.beats(wall_clock()), True
        except redis.RedisError:
            return (), False

    def facts(self) -> tuple[Sequence[Fact], Sequence[Beat]]:
        """Return every fact, and the beats of processes that live; what cannot be asked is left out and said to be down."""
        beats, answered = self.beats()
        living = [beat for beat in beats if beat.lives(wall_clock())]
        parts = ("web", "worker", "scheduler")
        found: list[Fact] = [
            (catalogue.PROCESSES, (part,), sum(beat.part == part for beat in living)) for part in parts
        ]
        try:
            found += self._database()
            found.append((catalogue.UP, ("database",), 1))
        except SQLAlchemyError:
            log.warning("the database does not answer")
            found.append((catalogue.UP, ("database",), 0))
        found.append((catalogue.UP, ("broker",), int(answered)))
        return found, living

    def _database(self) -> Iterator[Fact]:
        now = self.app.clock()
        with self.app.database.read() as session:
            for lane in machinery.lanes(session, now):
                name = lane.name.value
                oldest = (now - lane.oldest).total_seconds() if lane.oldest else 0.0
                yield catalogue.OLDEST, (name,), max(oldest, 0.0)
                yield catalogue.DUE, (name,), lane.due_messages
                yield catalogue.DEFERRED, (name,), lane.later_messages
                for state, number in (
                    ("due", lane.due),
                    ("leased", lane.leased),
                    ("lost", lane.lost),
                    ("later", lane.later),
                ):
                    yield catalogue.HELD, (name, state), number
            for tenant, number in machinery.sending_by_tenant(session).items():
                yield catalogue.SENDING, (tenant,), number
            for brake in machinery.brakes(session):
                yield catalogue.BREAKERS, (brake.tenant_id, brake.kind.value, brake.level.value), brake.number
            for way in machinery.mail_ways(session):
                healthy = way.state is AccountState.ACTIVE and not way.trouble
                yield catalogue.ACCOUNTS, (way.tenant_id, str(way.id), way.provider.value), int(healthy)
            until = machinery.leader_until(session)
            if until is not None:
                yield catalogue.LEADER, (), (until - now).total_seconds()
            yield catalogue.UNKNOWN, (), self.unknown_of("", lambda: machinery.unknown(session, now))
