"""Receivers that are not what is measured: small C programs, built with `cc` when a run first needs them."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SOURCES = Path(__file__).parent / "native"
NO_COMPILER = "not measured: no C compiler (Debian: apt install gcc libc6-dev)"


class NotMeasuredError(Exception):
    """This machine lacks something that the measurement needs; the text says what, and how to get it."""


@dataclass(frozen=True, slots=True)
class Count:
    """What a receiver took. Times in seconds of time.monotonic(); `marked` are the noted recipients with theirs."""

    taken: int
    bytes: int
    connections: int
    bad: int
    recipients: int
    first: float
    last: float
    message_ids: int = 0
    calls: int = 0
    marked: Sequence[tuple[str, float]] = ()

    @property
    def seconds(self) -> float:
        """From the first to the last."""
        return self.last - self.first

    def expect(self, messages: int) -> None:
        """Fail unless everybody got exactly one message and nothing was out of order."""
        found = (self.taken, self.recipients, self.bad)
        assert found == (messages, messages, 0), f"taken, recipients, bad: {found}, expected {messages}"


@dataclass(slots=True)
class Sink:
    """A running receiver."""

    port: int
    process: subprocess.Popen[str] = field(repr=False)

    def count(self) -> Count:
        """Ask what it took so far."""
        self._order("s")
        assert self.process.stdout is not None
        found = json.loads(self.process.stdout.readline())
        return Count(**found | {"marked": [(who, at) for who, at in found.get("marked", ())]})

    def reset(self) -> None:
        """Set the counts back; orders are obeyed in turn, so a count asked for afterwards is a new one."""
        self._order("r")

    def _order(self, letter: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(letter)
        self.process.stdin.flush()


def built(name: str, folder: Path) -> Path:
    """Return the program of this name, built in the folder; NotMeasuredError without a compiler."""
    program = folder / name
    if not program.exists():
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if compiler is None:
            raise NotMeasuredError(NO_COMPILER)
        command = [compiler, "-O2", "-o", str(program), str(SOURCES / f"{name}.c")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotMeasuredError(f"not measured: {name}.c does not compile here: {done.stderr[:300]}")
    return program


@contextmanager
def running(name: str, folder: Path, *arguments: str) -> Iterator[Sink]:
    """Run a receiver in a process of its own until the block ends."""
    command = [str(built(name, folder)), *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Sink(int(process.stdout.readline()), process)
        finally:
            process.stdin.close()


@contextmanager
def mail_sink(folder: Path, *, delay_ms: float = 0, mark: str = "") -> Iterator[Sink]:
    """Run a mail server whose answers wait `delay_ms`, and which notes recipients that begin with `mark`."""
    with running("fastsink", folder, str(delay_ms), mark) as sink:
        yield sink


@contextmanager
def http_sink(folder: Path) -> Iterator[Sink]:
    """Run an endpoint like SendGrid's."""
    with running("httpsink", folder) as sink:
        yield sink
