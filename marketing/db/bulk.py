"""Many rows in one go, the shortest way each engine knows: COPY and arrays on PostgreSQL, one prepared INSERT on SQLite."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Connection, Dialect, Integer, String, Table, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketing.db.base import Base
from marketing.db.insert import engine_insert

SAMPLE: Final = 1_000
"""Entries of an index that SQLite looks at for its figures."""
_TEXTS: Final = ARRAY(String())
_NUMBERS: Final = ARRAY(BigInteger())


def insert_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns; IntegrityError when one is refused, and then none of them is there.

    Columns that the rows do not name get what the table says, never a default of the model.
    """
    if rows:
        connection, table = session.connection(), model.metadata.tables[model.__tablename__]
        (_copy if connection.dialect.name == "postgresql" else _insert)(connection, table, rows)


def insert_where_free(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Insert as `insert_rows` does; where a row's place is taken it is left out, and then the answer is False."""
    try:
        with session.connection().begin_nested():
            insert_rows(session, model, rows)
    except IntegrityError:
        session.execute(engine_insert(session, model).on_conflict_do_nothing(), list(rows))
        return False
    return True


def next_ids(session: Session, model: type[Base], number: int) -> Iterator[int]:
    """Return ids for rows to be inserted, rising; on SQLite, where one writes at a time, those after the last row's."""
    table = model.metadata.tables[model.__tablename__]
    if session.get_bind().dialect.name == "postgresql":
        taken = select(func.nextval(f"{table.name}_id_seq")).select_from(func.generate_series(1, number))
        return iter(sorted(session.scalars(taken)))
    first = (session.scalar(select(func.max(table.c.id))) or 0) + 1
    return iter(range(first, first + number))


def among(
    session: Session, column: InstrumentedAttribute[Any], values: Collection[str] | Collection[int]
) -> ColumnElement[bool]:
    """Return the condition that a column of texts or whole numbers has one of the values, however many.

    They travel as one parameter: a statement with thousands of them takes longer to write and to read than to answer.
    """
    if session.get_bind().dialect.name == "postgresql":
        kind = _NUMBERS if isinstance(column.type, Integer) else _TEXTS
        return column == func.any(bindparam(None, list(values), kind))
    each = func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(select(each.c.value))


def storing(connection: Connection, column: InstrumentedAttribute[Any]) -> Callable[[Any], Any]:
    """Return what turns values of a column into what the driver takes, each distinct one once: for statements run for many rows."""
    convert = _converter(column.type, connection.dialect)
    return (lambda value: value) if convert is None else cache(convert)


def refresh_statistics(session: Session, *models: type[Base]) -> None:
    """Let the engine count anew what tables hold, as after many rows: with old figures it reads a table once per row.

    PostgreSQL would do so by itself a minute later, SQLite never; both look at samples, so that it takes a second at most.
    """
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        connection.exec_driver_sql(f"PRAGMA analysis_limit={SAMPLE}")
    for model in models:
        connection.exec_driver_sql(f'ANALYZE "{model.__tablename__}"')


def _copy(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    statement = f"COPY {_into(table, rows)} FROM STDIN"
    cursor: Any = connection.connection.cursor()
    driver: Any = connection.dialect.loaded_dbapi
    try:
        with cursor.copy(statement) as copy:
            for row in _tuples(table, rows, connection.dialect):
                copy.write_row(row)
    except driver.Error as error:
        raise DBAPIError.instance(statement, None, error, driver.Error, dialect=connection.dialect) from error


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    marks = ", ".join("?" * len(rows[0]))
    statement = f"INSERT INTO {_into(table, rows)} VALUES ({marks})"  # noqa: S608  names of our own tables
    connection.exec_driver_sql(statement, list(_tuples(table, rows, connection.dialect)))


def _into(table: Table, rows: Sequence[Mapping[str, Any]]) -> str:
    columns = ", ".join(f'"{name}"' for name in rows[0])
    return f'"{table.name}" ({columns})'


def _tuples(table: Table, rows: Sequence[Mapping[str, Any]], dialect: Dialect) -> Iterable[tuple[Any, ...]]:
    return zip(*(_values(table.c[name].type, name, rows, dialect) for name in rows[0]), strict=True)


def _values(kind: Any, name: str, rows: Sequence[Mapping[str, Any]], dialect: Dialect) -> Iterable[Any]:
    """Return what a column holds in each row, as the driver takes it."""
    convert = _converter(kind, dialect)
    given = (row[name] for row in rows)
    return given if convert is None else map(convert, given)


def _converter(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return what turns a value of a type into what the driver takes, None where it takes it as it is."""
    convert: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return convert
