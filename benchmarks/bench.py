"""What every measurement gets: how much to do, a folder of its own, and empty migrated databases of both engines."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from marketing.db.migrate import migrate
from marketing.db.session import Database
from tests.support.postgres import PostgresCluster

Size = Literal["small", "full"]
Amount = TypeVar("Amount")
ENGINES = ("sqlite", "postgresql")


@dataclass(slots=True)
class Bench:
    """One run of the command."""

    size: Size
    folder: Path
    _cluster: PostgresCluster | None = field(default=None)
    _made: int = field(default=0)

    def amount(self, small: Amount, full: Amount) -> Amount:
        """Return how much to do in this run."""
        return small if self.size == "small" else full

    def say(self, text: str) -> None:
        """Tell the person who waits; standard output belongs to the JSON."""
        print(text, file=sys.stderr, flush=True)

    def new_folder(self) -> Path:
        """Return an empty folder."""
        self._made += 1
        folder = self.folder / str(self._made)
        folder.mkdir()
        return folder

    def new_url(self, engine: str) -> str:
        """Return the address of an empty, migrated database."""
        if engine == "sqlite":
            url = f"sqlite:///{self.new_folder() / 'siar.sqlite3'}"
            database = Database(url)
            migrate(database)
            database.close()
            return url
        if self._cluster is None:
            self.say("PostgreSQL starts")
            self._cluster = PostgresCluster(self.new_folder())
        return self._cluster.new_database()

    @contextmanager
    def database(self, engine: str) -> Iterator[Database]:
        """Open an empty, migrated database."""
        database = Database(self.new_url(engine))
        try:
            yield database
        finally:
            database.close()

    def close(self) -> None:
        """Stop the server, if one was needed."""
        if self._cluster is not None:
            self._cluster.stop()
