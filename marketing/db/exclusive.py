"""One process at a time for what must not run twice: the lock dies with its process, so a kill leaves nothing locked.

A lease in a table would have to run out first; here a pull that was killed can be started again at once.
"""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from marketing.db.session import Database


@contextmanager
def exclusively(database: Database, name: str) -> Iterator[bool]:
    """Hold the lock of this name over the block; False when another process or thread holds it.

    PostgreSQL: a session-level advisory lock on a connection of its own. SQLite: a file lock beside the database.
    """
    if database.engine.dialect.name == "postgresql":
        with _advisory(database, name) as taken:
            yield taken
    else:
        with _file(database, name) as taken:
            yield taken


@contextmanager
def _advisory(database: Database, name: str) -> Iterator[bool]:
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        taken = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}))
        try:
            yield taken
        finally:
            if taken:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})


@contextmanager
def _file(database: Database, name: str) -> Iterator[bool]:
    place = Path(database.engine.url.database or "siar.sqlite3")
    path = place.with_name(f".{place.name}.{hashlib.sha256(name.encode()).hexdigest()[:16]}.lock")
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True  # closing the file lets go
