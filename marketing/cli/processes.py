"""One command, several processes: the lanes that must not wait get a process of their own.

Threads of one process share one interpreter, and slots that a campaign has taken are free again only after its turns; order mail
must not stand behind either. The processes are forked once everything is imported, so that they share most of their memory.
"""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Sequence
from types import FrameType
from typing import Final

from marketing.observability import get_logger

log = get_logger(__name__)
STOP_SECONDS: Final = 9.0
PAUSE_SECONDS: Final = 1.0
POLL_SECONDS: Final = 0.05


def split(parts: Sequence[str]) -> str:
    """Fork a process for each part and return its part in each of them; this process stays, and never returns.

    It hands SIGTERM and Ctrl-C on, starts again what dies, and ends when all have ended (SystemExit). A part ends by itself when
    this process is gone, however it went: it holds the other end of a pipe. Call it before any thread is started.
    """
    ours, theirs = os.pipe()
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    running: dict[int, str] = {}
    for part in parts:
        if (child := os.fork()) == 0:
            return _begin(part, ours, theirs, before)
        running[child] = part
    told, deadline = False, float("inf")
    while running:
        if asked and not told:
            told, deadline = True, time.monotonic() + STOP_SECONDS
            _tell(running, signal.SIGTERM)
        if time.monotonic() > deadline:
            _tell(running, signal.SIGKILL)
        child, code = os.waitpid(-1, os.WNOHANG)
        if not child:
            time.sleep(POLL_SECONDS)
            continue
        part = running.pop(child)
        if asked:
            continue
        log.warning("a worker process ended, starting it again", lanes=part, code=os.waitstatus_to_exitcode(code))
        time.sleep(PAUSE_SECONDS)
        if (child := os.fork()) == 0:
            return _begin(part, ours, theirs, before)
        running[child] = part
    raise SystemExit(0)


def _begin(part: str, ours: int, theirs: int, before: dict[signal.Signals, object]) -> str:
    for number, handler in before.items():
        signal.signal(number, handler)  # type: ignore[arg-type]  what signal.signal itself returned
    os.close(theirs)

    def listen() -> None:
        with contextlib.suppress(OSError):
            os.read(ours, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=listen, name="siar-parent", daemon=True).start()
    return part


def _tell(running: dict[int, str], number: signal.Signals) -> None:
    for child in running:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, number)
