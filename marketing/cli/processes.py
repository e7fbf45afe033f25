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
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
STOP_SECONDS: Final = 9.0
PAUSE_SECONDS: Final = 1.0
POLL_SECONDS: Final = 0.05


def split(parts: Sequence[str]) -> str:
    """Fork a process for each part and return its part in each of them; this process stays, and never returns.

    It hands SIGTERM and Ctrl-C on, starts again what dies, and ends when all have ended (SystemExit). A part ends by itself when
    this process is gone, however it went: it holds the other end of a pipe. Call it before any thread is started.
    """
    ours, theirs = os.pipe()
    asked: list[float] = []
    running: dict[int, str] = {}

    def stop(_number: int, _frame: FrameType | None) -> None:
        if not asked:
            asked.append(time.monotonic())
            _tell(running, signal.SIGTERM)

    for number in SIGNALS:
        signal.signal(number, stop)
    missing = list(parts)
    while missing or running:
        for part in missing:
            if (child := os.fork()) == 0:
                return _begin(part, ours, theirs)
            running[child] = part
        if asked and missing:
            _tell(running, signal.SIGTERM)  # asked just as they were forked
        missing = _ended(running)
        if asked and time.monotonic() > asked[0] + STOP_SECONDS:
            _tell(running, signal.SIGKILL)
        time.sleep(PAUSE_SECONDS if missing else POLL_SECONDS)
        missing = [] if asked else missing
    raise SystemExit(0)


def _ended(running: dict[int, str]) -> list[str]:
    """Take away the processes that have ended and return their parts."""
    ended = []
    while running:
        child, code = os.waitpid(-1, os.WNOHANG)
        if not child:
            break
        ended.append(running.pop(child))
        if code := os.waitstatus_to_exitcode(code):
            log.warning("a worker process died", lanes=ended[-1], code=code)
    return ended


def _begin(part: str, ours: int, theirs: int) -> str:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    os.close(theirs)

    def listen() -> None:
        with contextlib.suppress(OSError):
            os.read(ours, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=listen, name="siar-parent", daemon=True).start()
    return part


def _tell(running: dict[int, str], number: signal.Signals) -> None:
    for child in list(running):
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, number)
