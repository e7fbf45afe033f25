"""Run Siar's processes under one command: start in order, watch, and stop in reverse order on Ctrl-C or SIGTERM."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from marketing.errors import MarketingError
from marketing.i18n import gettext as _
from marketing.observability import get_logger

log = get_logger(__name__)
READY_SECONDS = 90.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.05
MAX_RESTARTS = 5


@dataclass(frozen=True, slots=True)
class Service:
    """One process: the `siar` sub-command it runs, and how to see that it is ready."""

    name: str
    arguments: Sequence[str]
    ready: Callable[[], bool]


@dataclass(slots=True)
class Supervisor:
    """Owns the processes of one installation."""

    environment: Mapping[str, str]
    _running: list[tuple[Service, subprocess.Popen[bytes]]] = field(default_factory=list)
    _restarts: dict[str, int] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self, services: Sequence[Service]) -> None:
        """Start these at once and wait until all are ready; MarketingError when one ends or takes too long."""
        started = [(service, self._spawn(service)) for service in services]
        self._running += started
        for service, process in started:
            wait_until(service.ready, service.name, process)

    def watch(self) -> None:
        """Wait for Ctrl-C or SIGTERM; a process that dies meanwhile is started again, a few times."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked_to_stop)
        while not self._stop.wait(0.5):
            for index, (service, process) in enumerate(self._running):
                if process.poll() is None:
                    continue
                self._restarts[service.name] = self._restarts.get(service.name, 0) + 1
                if self._restarts[service.name] > MAX_RESTARTS:
                    raise MarketingError(
                        _("Bagian “{name}” berulang kali berhenti. Siar dihentikan.").format(name=service.name)
                    )
                log.warning("process ended, starting it again", process=service.name, code=process.returncode)
                self._running[index] = (service, self._spawn(service))

    def stop(self) -> None:
        """Stop everything, last started first; what does not end in time is killed."""
        while self._running:
            _service, process = self._running.pop()
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _spawn(self, service: Service) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches only us, and we stop the others in order.
        command = [sys.executable, "-m", "marketing.cli", *service.arguments]
        # What they print is a log: standard output belongs to the command a person typed.
        return subprocess.Popen(command, env=dict(self.environment), start_new_session=True, stdout=sys.stderr)  # noqa: S603  our own command

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()


def wait_until(ready: Callable[[], bool], name: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a process says it is ready; MarketingError when it ends or takes too long."""
    deadline = time.monotonic() + READY_SECONDS
    while not ready():
        if process.poll() is not None:
            raise MarketingError(_("Bagian “{name}” berhenti saat dimulai. Lihat catatan di atas.").format(name=name))
        if time.monotonic() > deadline:
            raise MarketingError(
                _("Bagian “{name}” tidak siap dalam {seconds:.0f} detik.").format(name=name, seconds=READY_SECONDS)
            )
        time.sleep(POLL_SECONDS)
