"""A newer version finds every row again: no migration makes a table anew while others point into it."""

from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, MetaData, func, insert, select, text

from marketing.db.migrate import alembic_config, migrate
from marketing.db.session import Database

BEFORE = "0016"
"""From here on; what stands below was migrated on empty tables only."""


def filled(connection: Connection) -> dict[str, int]:
    """Give every table a row, each pointing at the first row of those it names; return how many each has."""
    tables = MetaData()
    tables.reflect(connection)
    for table in tables.sorted_tables:
        if table.name != "alembic_version":
            row = {column.name: _value(column) for column in table.columns if not column.nullable}
            connection.execute(insert(table).values(row))
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables.sorted_tables
    }


def _value(column: Any) -> object:
    kind = str(column.type).upper()
    if "INT" in kind or "BOOL" in kind or "NUMERIC" in kind or "FLOAT" in kind:
        return 1
    if "DATE" in kind:
        return text("'2026-01-01 00:00:00'")
    if "JSON" in kind:
        return {}
    return b"x" if "BLOB" in kind else "x"


def test_every_row_is_still_there_after_the_newest_migrations(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'siar.sqlite3'}")
    config = alembic_config()
    with database.engine.execution_options(siar_write=True).connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))  # tables that point at each other
        before = filled(connection)
    assert len(before) > 40
    migrate(database)
    with database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        tables = MetaData()
        tables.reflect(connection)
        after = {
            name: connection.scalar(select(func.count()).select_from(tables.tables[name]))
            for name in before
            if name in tables.tables
        }
    database.close()
    assert after == before
