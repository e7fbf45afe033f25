"""How far the life of this database has come: a restored backup is younger than what stands outside of it."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from marketing.db.base import Base, RowId

ONLY = 1
"""The id of the one row."""


class DatabaseLife(Base):
    """One row. `number` only grows, once a second while anything may be sent; a marker outside follows it.

    `lineage` tells one installation from another. `held_at` is when the database was found to be behind a marker:
    until a person lets it go on, no bulk mail leaves; `marker_number` and `marker_at` say how far the lost one had come.
    """

    __tablename__ = "database_life"

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    lineage: Mapped[str]
    number: Mapped[int] = mapped_column(RowId)
    beat_at: Mapped[datetime]
    held_at: Mapped[datetime | None]
    marker_number: Mapped[int | None] = mapped_column(RowId)
    marker_at: Mapped[datetime | None]
