"""Where a Daerah's products come from: the systems an operator has connected."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from marketing.db.base import Base


class CatalogSource(Base):
    """One catalogue of one tenant: how to read it, how often, and what the last pulls left for the next.

    `location` is for people to read; the whole address, which may hold a password, is sealed together with the token.
    `memory` belongs to the source itself (found columns, ETags); `newest` is the newest `updated_at` it has told;
    `not_before` is when it is due again.
    """

    __tablename__ = "catalog_source"

    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    format: Mapped[str]
    location: Mapped[str]
    sealed_access: Mapped[str]
    mapping: Mapped[dict[str, Any]]
    memory: Mapped[dict[str, Any]]
    minutes: Mapped[int | None]
    newest: Mapped[datetime | None]
    full_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    created_at: Mapped[datetime]
