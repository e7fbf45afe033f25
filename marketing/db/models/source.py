"""Where a Daerah's products come from: the systems an operator has connected."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from marketing.db.base import Base


class CatalogSource(Base):
    """One catalogue of one tenant: how to read it, how often, and what the last pulls left for the next.

    `memory` belongs to the source itself (found columns, ETags); `newest` is the newest `updated_at` it has told.
    """

    __tablename__ = "catalog_source"

    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    format: Mapped[str]
    location: Mapped[str]
    sealed_token: Mapped[str] = mapped_column(default="")
    mapping: Mapped[dict[str, Any]]
    memory: Mapped[dict[str, Any]]
    minutes: Mapped[int | None]
    newest: Mapped[datetime | None]
    full_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    created_at: Mapped[datetime]
