"""The engine's own INSERT, which knows ON CONFLICT; the plain one of SQLAlchemy does not."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from marketing.db.base import Base


def engine_insert(session: Session, model: type[Base]) -> Any:
    """Return an INSERT into the model's table for the engine of this session."""
    return (insert_postgresql if session.get_bind().dialect.name == "postgresql" else insert_sqlite)(model)
