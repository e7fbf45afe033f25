"""The consent ledger as somebody with the database in hand would reach it: behind the back of its triggers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, text

from marketing.db.session import Database
from marketing.domain.consent import ConsentEvent, ConsentState, LedgerLine
from marketing.domain.types import Purpose
from tests.support.world import START

SQLITE_TRIGGERS = ("no_update", "no_delete", "no_replace")


@contextmanager
def behind(database: Database, table: str = "consent_event") -> Iterator[Connection]:
    """Hand out a connection on which the table can be changed, and put its triggers back afterwards."""
    with database.engine.connect() as connection:
        if database.engine.dialect.name == "postgresql":
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
            yield connection
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))
        else:
            names = [f"{table}_{name}" for name in SQLITE_TRIGGERS]
            query = text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name")
            made = [str(connection.scalar(query, {"name": name})) for name in names]
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            for name in names:
                connection.execute(text(f"DROP TRIGGER {name}"))
            yield connection
            for statement in made:
                connection.exec_driver_sql(statement)
        connection.commit()


def lines(
    contact_ids: Sequence[int], purposes: Sequence[Purpose] = (Purpose.NEWSLETTER,), number: int = 1
) -> list[LedgerLine]:
    """Return consents given on the shipped text, `number` times over for each person and purpose."""
    return [
        LedgerLine(
            contact_id,
            ConsentEvent(purpose, ConsentState.GIVEN, START, "2026-1", "formulir", language="id"),
            {"n": one},
        )
        for one in range(number)
        for contact_id in contact_ids
        for purpose in purposes
    ]
