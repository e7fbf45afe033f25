"""Which row of the file named an address first: kept on disk, so that a file of any length needs the same memory.

The number of the row stands beside each key, so that rows read again after a kill do not meet themselves as duplicates.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

PART: Final = 500
CACHE_KB: Final = 32 * 1024


class SeenRows:
    """A table of keys in a file of its own; nothing in it can be read as an address."""

    def __init__(self, path: Path) -> None:
        """Open the file, or begin a new one."""
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{CACHE_KB}"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("CREATE TABLE IF NOT EXISTS seen (key INTEGER PRIMARY KEY, row INTEGER) WITHOUT ROWID")

    def first(self, keys: Iterable[tuple[str, int]]) -> Mapping[str, int]:
        """Return the first row of each key, that of these (in their order) where nobody had it before."""
        given = list(keys)
        numbers = {name: _number(name) for name, _row in given}
        self._connection.execute("BEGIN")
        self._connection.executemany(
            "INSERT OR IGNORE INTO seen VALUES (?, ?)", [(numbers[name], row) for name, row in given]
        )
        self._connection.execute("COMMIT")
        rows: dict[int, int] = {}
        rest = iter(numbers.values())
        while part := list(islice(rest, PART)):
            marks = ",".join("?" * len(part))
            rows.update(self._connection.execute(f"SELECT key, row FROM seen WHERE key IN ({marks})", part))  # noqa: S608  question marks only
        return {name: rows[number] for name, number in numbers.items()}

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _number(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
