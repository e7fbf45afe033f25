"""What every measurement gets: how much to do, a folder of its own, and migrated databases of both engines."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from sqlalchemy.engine import make_url

from marketing.db.migrate import migrate
from marketing.db.session import Database
from tests.support.postgres import PostgresCluster

Size = Literal["small", "full"]
Amount = TypeVar("Amount")
ENGINES = ("postgresql", "sqlite")


@dataclass(slots=True)
class Bench:
    """One run of the command. PostgreSQL runs as it ships: what it says is committed is on the disk."""

    size: Size
    folder: Path
    engines: tuple[str, ...] = ENGINES
    _cluster: PostgresCluster | None = field(default=None)
    _cluster_folder: Path | None = field(default=None)
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
        return self._postgres().new_database()

    def copy(self, url: str) -> str:
        """Return the address of a copy of a database that nobody has open."""
        if url.startswith("sqlite"):
            path = self.new_folder() / "siar.sqlite3"
            shutil.copy(make_url(url).database or "", path)
            return f"sqlite:///{path}"
        return self._postgres().new_database(template=make_url(url).database or "")

    def drop(self, url: str) -> None:
        """Remove a database that is not needed any more."""
        if url.startswith("sqlite"):
            shutil.rmtree(Path(make_url(url).database or "").parent)
        else:
            self._postgres().drop(make_url(url).database or "")

    def server_of(self, url: str) -> list[int]:
        """Return the process of the database's server, if it has one."""
        if url.startswith("sqlite") or self._cluster_folder is None:
            return []
        return [int((self._cluster_folder / "postmaster.pid").read_text().splitlines()[0])]

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

    def _postgres(self) -> PostgresCluster:
        if self._cluster is None:
            self.say("PostgreSQL starts")
            self._cluster_folder = self.new_folder()
            self._cluster = PostgresCluster(self._cluster_folder, durable=True)
        return self._cluster
