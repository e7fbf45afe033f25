"""Starts Siar's processes: forked from one that has read all its modules, so that a killed one is back within moments.

Each is the real command line in a process of its own; only its clock is the shared one, and its scheduler looks more often.
`python -m tests.chaos.nursery` obeys one JSON object per line of its standard input: {"start": …} or {"ended": []}.
"""

import ctypes
import gc
import importlib
import json
import os
import signal
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.chaos.clock import SharedClock

READ_AHEAD = (
    "celery.apps.worker",
    "celery.bin.worker",
    "celery.worker.strategy",
    "celery.concurrency.thread",
    "celery.events.state",
    "kombu.transport.redis",
    "marketing.cli.app",
    "marketing.cli.run",
    "marketing.db.version",
    "marketing.installation",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "limits.storage.redis",
    "marketing.feedback",
    "marketing.privacy",
    "workers.scheduler",
)
FOR_THE_WEB = ("uvicorn", "uvicorn.loops.auto", "uvicorn.protocols.http.auto", "marketing.web.app")
PACE = {"TICK_SECONDS": 0.5, "ORDER_MAIL_SECONDS": 3}
"""How often a scheduler of the harness looks, in seconds: a round need not wait for it."""


@dataclass(frozen=True, slots=True)
class Start:
    """One process to start: the words after `siar`, its SIAR_* values, its clock, its log, and who it runs for."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    clock: Sequence[str]
    log: str
    namespace: str = ""


def become(start: Start) -> None:
    """Run the command in this process, as its entry point does."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    os.setsid()
    _die_with_parent()
    if start.namespace:
        with Path(f"/run/netns/{start.namespace}").open() as namespace:
            _enter(namespace.fileno())
    os.environ.update(start.environment)
    log = os.open(start.log, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    for descriptor in (1, 2):
        os.dup2(log, descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

    from marketing.bootstrap import build_app
    from marketing.cli import main
    from workers import scheduler

    assert build_app.__kwdefaults__ is not None
    build_app.__kwdefaults__["clock"] = SharedClock([Path(path) for path in start.clock])
    for name, seconds in PACE.items():
        assert hasattr(scheduler, name), name
        setattr(scheduler, name, seconds)
    sys.argv = ["siar", *start.arguments]
    main()


def _die_with_parent() -> None:
    """Let the system kill this process when the nursery ends, however it ends."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def _enter(namespace: int) -> None:
    """Move this process into a network namespace; os.setns came with Python 3.12."""
    clone_newnet = 0x40000000
    if ctypes.CDLL(None, use_errno=True).setns(namespace, clone_newnet) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def spawn(start: Start) -> int:
    """Fork, and become the command in the child."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        become(start)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  a child must never go on as its parent
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)
    raise AssertionError


def reap() -> dict[int, int]:
    """Return the processes that have ended since the last look, with what they ended by."""
    ended: dict[int, int] = {}
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if not pid:
            return ended
        ended[pid] = os.waitstatus_to_exitcode(status)


def main() -> None:
    """Read modules ahead, then obey until standard input closes; then nobody is left behind."""
    warnings.simplefilter("ignore")
    for name in READ_AHEAD + (FOR_THE_WEB if "--web" in sys.argv else ()):
        importlib.import_module(name)
    gc.freeze()
    print(json.dumps({"ready": True}), flush=True)
    ended: dict[int, int] = {}
    started: set[int] = set()
    while line := sys.stdin.readline():
        asked: dict[str, Any] = json.loads(line)
        ended |= reap()
        if "start" in asked:
            pid = spawn(Start(**asked["start"]))
            started.add(pid)
            print(json.dumps({"pid": pid}), flush=True)
        else:
            print(json.dumps({"ended": ended}), flush=True)
    for pid in started - set(ended) - set(reap()):
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
