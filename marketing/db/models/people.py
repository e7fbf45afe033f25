"""Groups of people, files of people, and what people asked of their data."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketing.db.base import Base, RowId


class Segment(Base):
    """A saved condition over people: the checked tree and the text it was written as."""

    __tablename__ = "segment"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    name: Mapped[str]
    text: Mapped[str]
    expression: Mapped[dict[str, Any]]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ImportJob(Base):
    """One file of contacts being read in the background: how far it is, and where the rows that failed are kept."""

    __tablename__ = "import_job"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    file_name: Mapped[str]
    path: Mapped[str]
    mapping: Mapped[dict[str, Any]]
    dry_run: Mapped[bool]
    state: Mapped[str]
    counts: Mapped[dict[str, Any]]
    error: Mapped[str] = mapped_column(default="")
    errors_path: Mapped[str] = mapped_column(default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class DataRequest(Base):
    """What a person asked of their data (UU 27/2022 Ps. 5-13), with the hour by which it must be done.

    `address_hash` finds the request again after the person was erased.
    """

    __tablename__ = "data_request"
    __table_args__ = (Index("ix_data_request_open", "tenant_id", "state", "due_at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    address_hash: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    source: Mapped[str]
    details: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    handled_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str] = mapped_column(default="")
