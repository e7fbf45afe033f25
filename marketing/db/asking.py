"""A statement sent to PostgreSQL now, whose answer is heard later: what this thread does meanwhile costs no waiting.

Below SQLAlchemy and psycopg's cursors, on psycopg's own wrapper of libpq ("Asynchronous Command Processing", PostgreSQL 34.4), which
needs neither threads nor an event loop. Each statement is a transaction of its own.
"""

import re
import select
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from psycopg import Error, OperationalError
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

_NAME: Final = re.compile(r"(?<!:):([a-z_]+)")
_PREPARED: Final = "siar_prepared"
_DONE: Final = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})


class UnheardError(Exception):
    """The statement was not answered, or not taken: whether it was done is not known. Its cause tells why."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement as libpq takes it: with numbers for the names of its values."""

    words: bytes
    names: tuple[str, ...]


class Asking:
    """One statement at a time over a connection of its own; used by one thread, and closed by it."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine of PostgreSQL that begins no transactions by itself; the first statement takes a connection from its pool."""
        self._engine = engine
        self._connection: Connection | None = None
        self._owed = False

    def ask(self, words: str, values: Mapping[str, Any]) -> None:
        """Send a statement with `:name` for each value; UnheardError when that cannot be done. `hear` comes before the next."""
        try:
            line, statement = self._line(), _numbered(words)
            given = [_written(values[name]) for name in statement.names]
            line.send_query_prepared(self._name_of(statement), given)
            self._owed = True
            while line.flush():
                _wait(line.socket, select.POLLIN | select.POLLOUT)
                line.consume_input()
        except (Error, SQLAlchemyError) as error:
            self._drop()
            raise UnheardError from error

    def hear(self) -> Sequence[bytes | None]:
        """Return the first row of the answer, empty where there is none, each value as text; UnheardError when nothing is answered."""
        if not self._owed:
            raise UnheardError
        line, row = self._line(), list[bytes | None]()
        try:
            while True:
                while line.is_busy():
                    _wait(line.socket, select.POLLIN)
                    line.consume_input()
                if (result := line.get_result()) is None:
                    self._owed = False
                    return row
                if result.status not in _DONE:
                    raise error_from_result(result)
                row = [result.get_value(0, column) for column in range(result.nfields)] if result.ntuples else []
        except Error as error:
            self._drop()
            raise UnheardError from error

    def close(self) -> None:
        """Give the connection back; one on which an answer is still owed is closed for good."""
        if self._connection is not None:
            if self._owed:
                self._connection.invalidate()
            self._connection.close()
        self._connection, self._owed = None, False

    def _line(self) -> Any:
        """Return libpq's connection."""
        if self._connection is None:
            self._connection = self._engine.connect()
        driver: Any = self._connection.connection.driver_connection
        return driver.pgconn

    def _name_of(self, statement: _Statement) -> bytes:
        """Return the name under which this connection knows the statement; it is planned once."""
        assert self._connection is not None, "asked only after `_line`"
        known: dict[bytes, bytes] = self._connection.connection.info.setdefault(_PREPARED, {})
        name = known.get(statement.words)
        if name is None:
            name = f"siar_{len(known)}".encode()
            result = self._line().prepare(name, statement.words)
            if result.status not in _DONE:
                raise error_from_result(result)
            known[statement.words] = name
        return name

    def _drop(self) -> None:
        """Close the connection for good: nobody knows in what state it is."""
        self._owed = True
        self.close()


@cache
def _numbered(words: str) -> _Statement:
    names = tuple(dict.fromkeys(_NAME.findall(words)))
    numbers = {name: f"${number}" for number, name in enumerate(names, start=1)}
    return _Statement(_NAME.sub(lambda found: numbers[found.group(1)], words).encode(), names)


def _written(value: object) -> bytes | None:
    """Return a value as PostgreSQL reads it from text."""
    match value:
        case None:
            return None
        case bool():
            return b"t" if value else b"f"
        case datetime():
            return value.isoformat().encode()
        case _:
            return str(value).encode()


def _wait(socket: int, events: int) -> None:
    if socket < 0:
        raise OperationalError("the connection is closed")
    poll = select.poll()
    poll.register(socket, events)
    poll.poll()
