"""An installation as it runs in production: a database, a broker, and real `siar worker` processes, each with its own address."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from benchmarks.bench import Bench
from benchmarks.processes import cpu_seconds, peak_megabytes
from marketing.accounts.tenants import ensure_tenants
from marketing.bootstrap import App, build_app, utc_now
from marketing.db.session import Database
from marketing.queue import TaskQueue, make_celery
from marketing.settings import Settings, child_environment
from tests.support.world import Clock, Outbox, Tasks, World

SECRET = "benchmark" * 4
PATIENCE = 180.0  # seconds; a busy machine takes long to start a process
EVERYTHING = ("--queues", "transactional,bulk,social,sync", "--concurrency", "1")
BULK = ("--queues", "bulk,social,sync", "--concurrency", "1")
TRANSACTIONAL = ("--queues", "transactional", "--concurrency", "2")


class WallClock(Clock):
    """The current time, for a world that lives in real processes."""

    def __call__(self) -> datetime:
        return utc_now()


@dataclass(slots=True)
class Office:
    """One installation. `server` are the processes of its database server; `world` writes campaigns into the real queue."""

    app: App
    settings: Settings
    folder: Path
    server: Sequence[int]
    broker: subprocess.Popen[bytes]
    environment: dict[str, str]
    world: World
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_workers(self, number: int, arguments: Sequence[str] = EVERYTHING) -> None:
        """Start worker processes and wait until all answer."""
        self.workers += [self._spawn("worker", *arguments) for _number in range(number)]
        celery = make_celery(self.settings.broker)
        self.wait(
            lambda: len(celery.control.ping(timeout=2, limit=len(self.workers))) >= len(self.workers), "the workers"
        )
        celery.close()

    def start_scheduler(self) -> None:
        """Start the clock of the installation."""
        self.workers.append(self._spawn("scheduler"))

    def cpu(self) -> dict[str, float]:
        """Return the seconds of processor time used so far, by part."""
        return {
            "workers": cpu_seconds(one.pid for one in self.workers),
            "database": cpu_seconds(self.server),
            "broker": cpu_seconds([self.broker.pid]),
        }

    def memory(self) -> float:
        """Return the most memory that any one worker held, in MB."""
        return max(peak_megabytes(one.pid) for one in self.workers)

    def wait(self, ready: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        """Wait until it is so; AssertionError when it takes too long or a process has ended."""
        until = time.monotonic() + patience
        while not ready():
            dead = [one.args for one in [self.broker, *self.workers] if one.poll() is not None]
            assert not dead, f"ended while waiting for {what}: {dead}: {self.log_end()}"
            assert time.monotonic() < until, f"waited too long for {what}: {self.log_end()}"
            time.sleep(0.01)

    def pause(self, seconds: float) -> None:
        """Wait so long, unless a process ends meanwhile."""
        until = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() >= until, "the next look")

    def log_end(self) -> str:
        """Return the last that any process said."""
        return (self.folder / "log").read_text(errors="replace")[-2_000:]

    def _spawn(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            command = [sys.executable, "-m", "marketing.cli", *arguments]
            return subprocess.Popen(command, env=self.environment, cwd=self.folder, stdout=log, stderr=log)


@contextmanager
def running_office(bench: Bench, url: str, *, smtp_port: int = 9) -> Iterator[Office]:
    """Run an installation on a database; mail of those without an account of their own goes to the port."""
    folder = bench.new_folder()
    environment = child_environment(
        SIAR_DATA_DIR=str(folder / "data"),
        SIAR_DATABASE_URL=url,
        SIAR_SECRET_KEY=SECRET,
        SIAR_SMTP_HOST="127.0.0.1",
        SIAR_SMTP_PORT=str(smtp_port),
        SIAR_PUBLIC_URL="https://siar.example",
        SIAR_QUIET_HOURS="false",
        SIAR_LOG_LEVEL="ERROR",
    )
    settings = own_settings(folder, url)
    settings.prepare_data_dir()
    broker = subprocess.Popen([sys.executable, "-m", "marketing.cli", "broker"], env=environment, cwd=folder)
    (folder / "log").touch()
    app = build_app(settings, database=Database(url), queue=TaskQueue(settings.broker))
    office = Office(
        app, settings, folder, bench.server_of(url), broker, environment, World(app, WallClock(), Outbox(), Tasks())
    )
    try:
        office.wait(settings.broker_socket.exists, "the broker")
        yield office
    finally:
        for process in [*office.workers, broker]:
            process.terminate()
        for process in [*office.workers, broker]:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        app.close()


def own_settings(folder: Path, url: str) -> Settings:
    """Return the settings of the installation in this folder, whatever the environment says."""
    return Settings(
        data_dir=folder / "data",
        database_url=url,
        secret_key=SecretStr(SECRET),
        public_url="https://siar.example",
        quiet_hours=False,
    )


def found_world(bench: Bench, url: str) -> World:
    """Return a world on a database that no process has open yet, to be filled with people and products."""
    app = build_app(own_settings(bench.new_folder(), url), database=Database(url), queue=Tasks(), messenger=Outbox())  # type: ignore[arg-type]
    with app.database.write() as session:
        ensure_tenants(session, utc_now())
    return World(app, WallClock(), Outbox(), Tasks())
