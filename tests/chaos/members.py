"""Siar's own processes in a round: started by the nursery, killed by their id, started again as a supervisor would."""

import json
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from tests.chaos.clock import SharedClock
from tests.chaos.nursery import Start
from tests.chaos.servers import Program, wait_for

STOP_SECONDS = 10.0
"""A part that is asked to stop finishes what it has in hand within this time (issue 6, Shutdown)."""


class Nursery:
    """Where processes are born."""

    def __init__(self, *, web: bool) -> None:
        self._program = Program("tests.chaos.nursery", *(["--web"] if web else []))
        self._ended: dict[int, int] = {}
        self._ready = False

    def start(self, start: Start) -> int:
        """Start one; returns its process id."""
        if not self._ready:
            self._program.heard()
            self._ready = True
        pid: int = json.loads(self._program.tell(json.dumps({"start": asdict(start)}).encode() + b"\n"))["pid"]
        return pid

    def ended(self, pid: int) -> int | None:
        """Return what the process ended by (negative: a signal), None while it runs."""
        told = json.loads(self._program.tell(b'{"ended": []}\n'))["ended"]
        self._ended |= {int(one): code for one, code in told.items()}
        return self._ended.get(pid)

    def stop(self) -> None:
        """End it and whoever is left."""
        self._program.stop()


@dataclass(slots=True)
class Member:
    """One part of an installation."""

    name: str
    nursery: Nursery
    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    threads: int = 1
    namespace: str = ""
    pid: int = 0
    clock: SharedClock = field(init=False)

    def __post_init__(self) -> None:
        """Give it a clock of its own beside everybody's."""
        self.clock = SharedClock(self._clocks)

    @property
    def _clocks(self) -> list[Path]:
        return [self.folder / "clock", self.folder / f"clock-{self.name}"]

    @property
    def log(self) -> Path:
        """What it printed, over all its lives."""
        return self.folder / f"{self.name}.log"

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return bool(self.pid) and self.nursery.ended(self.pid) is None

    def start(self) -> None:
        """Start it, or start it again."""
        clocks = [str(path) for path in self._clocks]
        start = Start(list(self.arguments), dict(self.environment), clocks, str(self.log), self.namespace)
        self.pid = self.nursery.start(start)

    def kill(self) -> None:
        """End it without a word."""
        self._signal(signal.SIGKILL)
        wait_for(lambda: not self.alive, f"{self.name} after kill -9")

    def kill_with_children(self) -> None:
        """End it and every process that it started."""
        if self.alive:
            os.killpg(self.pid, signal.SIGKILL)
        wait_for(lambda: not self.alive, f"{self.name} after kill -9")

    def kill_one_of_its_own(self, dice: Random) -> bool:
        """End one of the processes that it started, if any; it starts another by itself."""
        found = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        children = [int(pid) for pid in found.read_text().split()] if self.alive and found.exists() else []
        if children:
            os.kill(dice.choice(children), signal.SIGKILL)
        return bool(children)

    def ask_to_stop(self) -> None:
        """Ask it to stop (SIGTERM) and do not wait."""
        self._signal(signal.SIGTERM)

    def freeze(self, *, still: bool) -> None:
        """Let it and every process that it started stand still, or go on."""
        if self.alive:
            os.killpg(self.pid, signal.SIGSTOP if still else signal.SIGCONT)

    def turn_clock(self, length: timedelta) -> None:
        """Turn its own clock alone; nothing turns it back by itself."""
        self.clock.move(length)

    def ended(self) -> int | None:
        """Return what it ended by, None while it runs."""
        return self.nursery.ended(self.pid)

    def _signal(self, number: signal.Signals) -> None:
        if self.alive:
            os.kill(self.pid, number)
