"""A connection that can only read, for the engines that can promise it; and sentences that never repeat an address.

PostgreSQL: `SET TRANSACTION … READ ONLY` (documentation of SET TRANSACTION) and the same as the session's default.
SQLite: opened with `mode=ro` (sqlite.org/uri.html), `PRAGMA query_only`, no file is ever made.
MySQL and MariaDB: `SET SESSION TRANSACTION READ ONLY`. Other engines are refused rather than trusted.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from marketing.errors import CatalogError
from marketing.i18n import gettext as _

STATEMENT_FACTOR: Final = 10  # a statement may take this many times the time-out
SQLITE_ENDINGS: Final = (".db", ".db3", ".sqlite", ".sqlite3")
SQLITE_STEPS: Final = 20_000  # how often SQLite asks whether its time is over
POSTGRES: Final = frozenset({"postgres", "postgresql"})
TEXT_TYPES: Final = ("date", "timestamp", "timestamptz")
READ_ONLY_STATE: Final = "25006"
TIMEOUT_STATE: Final = "57014"


@dataclass(slots=True)
class Patience:
    """When a statement has taken long enough; SQLite has no time-out of its own."""

    seconds: float
    ends: float = 0.0

    def anew(self) -> None:
        """Start counting for the next statement or the next rows."""
        self.ends = time.monotonic() + self.seconds

    def is_over(self) -> bool:
        """Return whether the statement must end."""
        return time.monotonic() > self.ends


@dataclass(frozen=True, slots=True)
class Place:
    """A database by its address, its name for sentences, and its file when it is one."""

    url: URL
    where: str
    file: Path | None = None


def place_of(location: str) -> Place:
    """Read an address or a path; CatalogError when it is neither, never repeating it."""
    if "://" not in location:
        if not location.lower().endswith(SQLITE_ENDINGS):
            raise CatalogError(
                _("Isi alamat basis data seperti postgresql+psycopg://…, atau berkas .sqlite3, .sqlite, .db3, .db.")
            )
        return _sqlite_place(location)
    try:
        url = make_url(location)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):
        raise CatalogError(_("Alamat basis data tidak dapat dibaca.")) from None
    if backend == "sqlite":
        return _sqlite_place(url.database or "")
    if url.drivername in POSTGRES:
        url = url.set(drivername="postgresql+psycopg")
    return Place(url, _("basis data {name} di {host}").format(name=url.database or "-", host=url.host or "-"))


def _sqlite_place(path: str) -> Place:
    if not path or path == ":memory:" or path.startswith("file:") or "\x00" in path:
        raise CatalogError(_("Isi letak berkas SQLite, misalnya sqlite:////srv/toko/katalog.sqlite3."))
    file = Path(path)
    return Place(URL.create("sqlite"), _("berkas {name}").format(name=file.name), file)


def engine_of(place: Place, timeout: float, zone: ZoneInfo | None = None) -> tuple[Engine, Patience]:
    """Return an engine whose connections can only read; CatalogError when there can be none. Nothing is opened yet."""
    patience = Patience(timeout * STATEMENT_FACTOR)
    if place.file is not None:
        return _sqlite(place.file, place.where, timeout, patience), patience
    backend = place.url.get_backend_name()
    prepare = _PREPARE.get(backend)
    if prepare is None:
        raise CatalogError(
            _("Basis data jenis ini belum dapat dibaca tanpa izin menulis. Yang dapat: {known}.").format(
                known="PostgreSQL, SQLite, MySQL, MariaDB"
            )
        )
    try:
        engine = create_engine(
            place.url,
            poolclass=NullPool,
            connect_args={"connect_timeout": max(2, round(timeout))},
            hide_parameters=True,
        )
    except (ImportError, SQLAlchemyError):
        raise CatalogError(
            _("Penggerak basis data “{driver}” belum terpasang pada Python milik Siar. Pasang, lalu coba lagi.").format(
                driver=place.url.drivername[:40]
            )
        ) from None
    prepare(engine, patience, zone or ZoneInfo("UTC"))
    return engine, patience


@contextmanager
def told(where: str, what: str = "") -> Iterator[None]:
    """Turn what a driver throws into one sentence; its own words may hold the password, the query or a person's data."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError, UnicodeError, OverflowError, ValueError) as error:
        raise CatalogError(_sentence(error, where, what)) from None


def _sentence(error: Exception, where: str, what: str) -> str:
    original = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None) or ""
    if state == READ_ONLY_STATE or state.startswith("SQLITE_READONLY"):
        text = _("Kueri “{what}” mencoba mengubah {where}; Siar hanya membaca.")
    elif state in {TIMEOUT_STATE, "SQLITE_INTERRUPT"}:
        text = _("Kueri “{what}” terlalu lama bagi {where}. Sederhanakan atau beri indeks.")
    elif state == "SQLITE_NOTADB":
        text = _("{where} bukan basis data SQLite.")
    elif not what or state.startswith("08"):
        text = _("{where} tidak dapat dibuka. Periksa alamat, nama pengguna, kata sandi dan jaringannya.")
    else:
        text = _("Kueri “{what}” ditolak {where} (kode {state}). Coba kueri itu langsung di basis datanya.")
    sentence = text.format(where=where, what=what, state=state or "-")
    return sentence[:1].upper() + sentence[1:]


def _sqlite(file: Path, where: str, timeout: float, patience: Patience) -> Engine:
    def connect() -> sqlite3.Connection:
        if not file.is_file():
            raise CatalogError(_("Tidak ada {where}. Periksa letaknya.").format(where=where))
        connection = sqlite3.connect(
            f"file:{quote(str(file.absolute()))}?mode=ro", uri=True, timeout=timeout, isolation_level=None
        )
        # broken UTF-8 must cost its own record, not the whole query
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        connection.set_progress_handler(patience.is_over, SQLITE_STEPS)
        patience.anew()
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")  # one view of all tables

    return engine


def _postgres(engine: Engine, patience: Patience, zone: ZoneInfo) -> None:
    @event.listens_for(engine, "connect")
    def _texts(connection: Any, _record: object) -> None:
        """Read times as text: psycopg refuses “infinity” and years BC, and with them the whole query."""
        adapters = getattr(getattr(connection, "driver_connection", connection), "adapters", None)
        if adapters is not None:
            from psycopg.types.string import TextLoader  # noqa: PLC0415  only where psycopg is in use

            for name in TEXT_TYPES:
                adapters.register_loader(name, TextLoader)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        milliseconds = round(patience.seconds * 1000)
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.exec_driver_sql("SET default_transaction_read_only = on")
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {milliseconds}")
        connection.exec_driver_sql("SET LOCAL datestyle = 'ISO'")
        connection.exec_driver_sql(f"SET LOCAL TIME ZONE '{zone.key}'")  # a naive time of :since means the same


def _mysql(engine: Engine, _patience: Patience, _zone: ZoneInfo) -> None:
    @event.listens_for(engine, "connect")
    def _read_only(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")


_PREPARE: Final[dict[str, Callable[[Engine, Patience, ZoneInfo], None]]] = {
    "postgresql": _postgres,
    "mysql": _mysql,
    "mariadb": _mysql,
}
