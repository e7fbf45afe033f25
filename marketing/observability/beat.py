"""Each process says every few seconds that it lives, and its numbers; the broker keeps that for whoever asks.

One place for all hosts: no process opens a port, and a worker that scales needs no discovery. What is kept may be lost
at any time: the next beat brings it back, and Prometheus takes a counter that begins anew for what it is.
"""

import json
import os
import secrets
import socket
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import redis

from marketing.observability.catalogue import MESSAGES
from marketing.observability.logs import get_logger
from marketing.observability.tally import TALLY, Tally

log = get_logger(__name__)
PLACE: Final = "siar:proses"
EVERY_SECONDS: Final = 5.0
LIVES_SECONDS: Final = 60.0
"""Who has said nothing for this long is not counted any more."""
KEPT_SECONDS: Final = 600.0
"""How long a process that fell silent without taking its leave is still shown."""
RATE_SECONDS: Final = 60.0
TIMEOUT_SECONDS: Final = 1.0
Part = Literal["web", "worker", "scheduler"]


@dataclass(frozen=True, slots=True)
class Beat:
    """What a process said last; times are Unix times on its own clock, rates are per minute."""

    id: str
    part: str
    host: str
    started: float
    at: float
    per_minute: float
    about: Mapping[str, Any]
    tally: Mapping[str, Any]

    def lives(self, now: float) -> bool:
        """Whether it spoke within the last minute."""
        return now - self.at < LIVES_SECONDS


class Board:
    """Where beats are kept: one hash on the broker. Every call answers within about a second, or raises redis.RedisError."""

    def __init__(self, client: "redis.Redis") -> None:
        """Use this connection."""
        self._client = client

    @classmethod
    def at(cls, broker: str) -> "Board | None":
        """Return the board of a broker; None where the broker is no Redis that an address names (memory://, sentinel://)."""
        address = broker.replace("redis+socket://", "unix://", 1)
        if address.partition("://")[0] not in {"redis", "rediss", "unix"}:
            return None
        return cls(
            redis.Redis.from_url(address, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS)
        )

    def say(self, beat: Beat) -> None:
        """Keep a beat in place of the last one."""
        with self._client.pipeline(transaction=False) as pipe:
            pipe.hset(PLACE, beat.id, _written(beat))
            pipe.expire(PLACE, int(KEPT_SECONDS))
            pipe.execute()

    def leave(self, beat_id: str) -> None:
        """Forget a process that ends in order."""
        self._client.hdel(PLACE, beat_id)

    def beats(self, now: float) -> Sequence[Beat]:
        """Return what every process said last, and forget those that have been silent for long."""
        found: list[Beat] = []
        kept: Any = self._client.hgetall(PLACE)
        for field, text in kept.items():
            beat = _read(text)
            if beat is None or now - beat.at > KEPT_SECONDS:
                self._client.hdel(PLACE, field)
            else:
                found.append(beat)
        return sorted(found, key=lambda beat: (beat.part, beat.host, beat.id))

    def close(self) -> None:
        """Give the connection back."""
        self._client.close()


def wall_clock() -> float:
    """Return the seconds since 1970 by this machine: beats of several machines are compared by it, nothing is decided by it."""
    return time.time()


class Heart:
    """Beats in a thread of its own until `stop`; a broker that is away costs nothing but the beat."""

    def __init__(
        self, part: Part, board: Board | None, about: Mapping[str, Any] | None = None, tally: Tally = TALLY
    ) -> None:
        """`about` is what to tell of this process besides: its queues, its concurrency. No address, no name of a person."""
        self.id = f"{part}@{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
        self._part: Part = part
        self._board = board
        self._about = about or {}
        self._tally = tally
        self._started = wall_clock()
        self._samples: deque[tuple[float, float]] = deque([(time.monotonic(), 0.0)])
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="siar-heart", daemon=True)

    def start(self) -> "Heart":
        """Begin."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Take leave."""
        self._stop.set()
        self._thread.join(TIMEOUT_SECONDS * 3)
        if self._board is not None:
            try:
                self._board.leave(self.id)
            except redis.RedisError:
                log.debug("the broker is away; the last beat runs out by itself")
            self._board.close()

    def beat(self) -> Beat:
        """Return what this process says now."""
        return Beat(
            id=self.id,
            part=self._part,
            host=socket.gethostname(),
            started=self._started,
            at=wall_clock(),
            per_minute=self._rate(time.monotonic()),
            about=self._about,
            tally=self._tally.told(),
        )

    def _rate(self, at: float) -> float:
        """Return messages that a provider took, per minute, over about the last minute."""
        taken = self._tally.total(MESSAGES, outcome="accepted")
        self._samples.append((at, taken))
        while len(self._samples) > 2 and at - self._samples[1][0] >= RATE_SECONDS:  # noqa: PLR2004  one from then, one from now
            self._samples.popleft()
        since, before = self._samples[0]
        return (taken - before) * 60 / max(at - since, EVERY_SECONDS)

    def _run(self) -> None:
        away = False
        while self._board is not None:
            try:
                self._board.say(self.beat())
                away = False
            except redis.RedisError:
                if not away:
                    log.warning("the broker does not answer, so nobody hears how this process is")
                away = True
            if self._stop.wait(EVERY_SECONDS):
                return


def _written(beat: Beat) -> str:
    return json.dumps(
        {
            "id": beat.id,
            "part": beat.part,
            "host": beat.host,
            "started": beat.started,
            "at": beat.at,
            "per_minute": beat.per_minute,
            "about": dict(beat.about),
            "tally": dict(beat.tally),
        }
    )


def _read(text: bytes | str) -> Beat | None:
    """Return a beat as another process, perhaps of another version, wrote it; None when it cannot be read."""
    try:
        raw = json.loads(text)
        return Beat(
            id=str(raw["id"]),
            part=str(raw["part"]),
            host=str(raw["host"]),
            started=float(raw["started"]),
            at=float(raw["at"]),
            per_minute=float(raw["per_minute"]),
            about=dict(raw["about"]),
            tally=dict(raw["tally"]),
        )
    except (ValueError, TypeError, KeyError):
        return None
