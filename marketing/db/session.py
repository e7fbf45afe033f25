"""One engine per process, short transactions: `read()` to look, `write()` to change and commit."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import SQLITE_BUSY
from sqlite3 import Connection as SqliteConnection
from sqlite3 import Error as SqliteError
from sqlite3 import OperationalError as SqliteOperationalError
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from marketing.db.asking import Asking
from marketing.errors import SettingsError, StorageError
from marketing.i18n import gettext as _

BUSY_TIMEOUT_MS = 15_000
SHORTEST_SLEEP, LONGEST_SLEEP = 0.0002, 0.02  # seconds between tries for SQLite's write lock
REST_SECONDS = 1.0
_RESTS = "rests_since"
_PRIMARY = 0xFF  # of an extended result code of SQLite


class Database:
    """The database of one installation, SQLite or PostgreSQL."""

    def __init__(self, url: str) -> None:
        """Prepare the engine; nothing is opened yet. SettingsError when the address cannot be read."""
        try:
            parsed = make_url(url)
            if parsed.get_backend_name() == "sqlite":
                self.engine = _sqlite_engine(url)
            else:
                self.engine = create_engine(parsed, pool_size=5, max_overflow=10, json_deserializer=orjson.loads)
                _ask_after_a_rest(self.engine)
        except ArgumentError as error:
            raise SettingsError(_("SIAR_DATABASE_URL tidak dapat dibaca sebagai alamat basis data.")) from error
        except ImportError as error:
            raise SettingsError(
                _(
                    "SIAR_DATABASE_URL memakai basis data yang tidak didukung. Pakai postgresql+psycopg://… atau kosongkan."
                )
            ) from error
        self.on_server = parsed.get_backend_name() == "postgresql"
        self._read = sessionmaker(self.engine, expire_on_commit=False)
        self._at_once = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._write = sessionmaker(self.engine.execution_options(siar_write=True), expire_on_commit=False)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Look without changing; always rolled back."""
        with self._read() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Change and commit at the end, or roll back on any error. Never keep it open over a network call."""
        with self._write() as session, session.begin():
            yield session

    def asking(self) -> Asking:
        """Return what sends statements and hears their answers later; for PostgreSQL."""
        return Asking(self._at_once)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _ask_after_a_rest(engine: Engine) -> None:
    """Ask a connection whether it still stands only when nobody has used it for a moment: asking costs as much as a short query."""

    @event.listens_for(engine, "checkin")
    def _rests(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info[_RESTS] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _asked(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        if time.monotonic() - record.info.get(_RESTS, math.inf) > REST_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise InvalidatePoolError from error  # every connection is opened anew


def _sqlite_engine(url: str) -> Engine:
    path = make_url(url).database
    if path:
        folder = Path(path).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                _(
                    "Folder data “{path}” tidak dapat ditulisi ({reason}). Pilih folder lain dengan SIAR_DATA_DIR."
                ).format(path=folder, reason=error.strerror or error)
            ) from error
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, json_deserializer=orjson.loads)

    @event.listens_for(engine, "connect")
    def _pragmas(connection: SqliteConnection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A read that turns into a write fails at once with SQLITE_BUSY_SNAPSHOT when another writer came between;
        # taking the write lock at the start waits in line instead.
        options: Any = connection.get_execution_options()
        if options.get("siar_write"):
            _begin_to_write(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _begin_to_write(connection: Connection) -> None:
    """Take the write lock within moments of its being free.

    SQLite's own waiting sleeps for up to a tenth of a second at a time: of two that write in turns, one always slept.
    """
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA busy_timeout=0")
    began = time.monotonic()
    try:
        while (waited := time.monotonic() - began) < BUSY_TIMEOUT_MS / 1000:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except SqliteOperationalError as error:
                if error.sqlite_errorcode & _PRIMARY != SQLITE_BUSY:
                    raise DBAPIError.instance("BEGIN IMMEDIATE", None, error, SqliteError) from error
                time.sleep(min(max(waited / 4, SHORTEST_SLEEP), LONGEST_SLEEP))
            else:
                return
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # to fail as any statement does
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
