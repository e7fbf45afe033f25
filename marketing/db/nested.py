"""A row of another table as one JSON value in a row, so that one query brings a person with all that belongs to them.

Unlike joins, several of these do not multiply each other's rows, and PostgreSQL looks each of them up by index even in the
minute after a large import, when without statistics it would read whole tables to join them.
"""

from typing import Any, Final

from sqlalchemy import JSON, ColumnElement, Enum, String, func, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

_Value = ColumnElement[Any] | InstrumentedAttribute[Any]
_AS_JSON: Final = JSON()


def array(session: Session, *values: _Value) -> ColumnElement[Any]:
    """Return values as one list; words of a vocabulary come as text, moments must not be among them."""
    make = func.json_build_array if _on_server(session) else func.json_array
    texts = (type_coerce(value, String) if isinstance(value.type, Enum) else value for value in values)
    return make(*texts, type_=_AS_JSON)


def _on_server(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
