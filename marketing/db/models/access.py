"""Keys of other programs, and what was answered once so that a repeat changes nothing."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from marketing.db.base import Base, RowId


class ApiKey(Base):
    """A key of one program of the Daerah: its first letters to find it by, the rest only as a hash."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    name: Mapped[str]
    prefix: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str]
    scopes: Mapped[list[Any]]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    last_used_on: Mapped[date | None] = mapped_column(Date())
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class Answered(Base):
    """What one message or request was answered; `asker` says whose names these are.

    Both hashes are keyed, so neither an address in a name nor the body of a request can be guessed from them.
    """

    __tablename__ = "answered"
    __table_args__ = (Index("ix_answered_at", "at"),)

    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), primary_key=True)
    asker: Mapped[str] = mapped_column(primary_key=True)
    name_hash: Mapped[str] = mapped_column(primary_key=True)
    content_hash: Mapped[str]
    answer: Mapped[dict[str, Any]]
    at: Mapped[datetime]
