"""The catalogue as last pulled, what the gate said of it, and the record of each pull."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketing.db.base import Base, RowId, text_enum
from marketing.domain.product import Category, HalalStatus, VerificationStatus
from marketing.domain.search_text import searched

LOST = text("lost_at IS NOT NULL")


def _folded(*columns: str) -> Callable[[DefaultExecutionContext], str]:
    """Return a default that folds a row's own words; a change of the words has to bring its own."""

    def words(context: DefaultExecutionContext) -> str:
        row = context.get_current_parameters()  # type: ignore[no-untyped-call]  # SQLAlchemy does not type it
        return searched(*(str(row.get(column) or "") for column in columns))

    return words


class Business(Base):
    """An UMKM or penyedia. The NIK is kept only as a keyed hash, to find the same owner again."""

    __tablename__ = "business"
    __table_args__ = (UniqueConstraint("tenant_id", "source", "external_id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    source: Mapped[str]
    external_id: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    scale: Mapped[str | None]
    nib: Mapped[str]
    is_binaan: Mapped[bool]
    domicile_region: Mapped[str]
    domicile_kecamatan: Mapped[str]
    nik_hash: Mapped[str | None]
    nik_verified: Mapped[bool]
    address: Mapped[str]
    phone: Mapped[str]
    email: Mapped[str]
    website: Mapped[str]
    marketplace_urls: Mapped[list[Any]]
    joined_group: Mapped[str]
    verification_status: Mapped[VerificationStatus] = mapped_column(text_enum(VerificationStatus))
    verified_by: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    extra: Mapped[dict[str, Any]]
    search_text: Mapped[str] = mapped_column(default=_folded("name", "domicile_kecamatan", "joined_group"))
    raw_hash: Mapped[str] = mapped_column(default="")
    content_hash: Mapped[str]
    catalog_version: Mapped[int]
    synced_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class Product(Base):
    """One good or service. `promotable` is the latest gate decision, kept here so that lists stay cheap.

    `lost_at` is when it last lost its standing, empty while it may be promoted and for what never could: recall reads it.
    """

    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint("tenant_id", "source", "external_id"),
        Index("ix_product_promotable", "tenant_id", "promotable", "id"),
        # the newest of the gallery, and how many of each category, without a look at the rows
        Index("ix_product_shown", "tenant_id", "promotable", "deleted_at", "catalog_updated_at", "id"),
        Index("ix_product_category", "tenant_id", "promotable", "deleted_at", "category", "business_id"),
        Index("ix_product_lost", "tenant_id", "lost_at", sqlite_where=LOST, postgresql_where=LOST),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    source: Mapped[str]
    external_id: Mapped[str]
    business_id: Mapped[int] = mapped_column(ForeignKey("business.id"), index=True)
    kind: Mapped[str]
    category: Mapped[Category] = mapped_column(text_enum(Category))
    name: Mapped[str]
    description: Mapped[str]
    price: Mapped[int | None] = mapped_column(RowId)
    unit: Mapped[str]
    weight_gram: Mapped[int | None]
    stock: Mapped[int | None]
    min_order: Mapped[int]
    how_to_order: Mapped[dict[str, Any]]
    permits: Mapped[list[Any]]
    halal_status: Mapped[HalalStatus] = mapped_column(text_enum(HalalStatus))
    halal_number: Mapped[str]
    sale: Mapped[dict[str, Any] | None]
    bundle_of: Mapped[list[Any]]
    verification_status: Mapped[VerificationStatus] = mapped_column(text_enum(VerificationStatus))
    verified_by: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    extra: Mapped[dict[str, Any]]
    search_text: Mapped[str] = mapped_column(default=_folded("name", "category", "description"))
    raw_hash: Mapped[str] = mapped_column(default="")
    content_hash: Mapped[str]
    catalog_version: Mapped[int]
    catalog_updated_at: Mapped[datetime | None]
    synced_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    promotable: Mapped[bool] = mapped_column(default=False)
    lost_at: Mapped[datetime | None]
    business: Mapped[Business] = relationship()
    images: Mapped[list["ProductImage"]] = relationship(order_by="ProductImage.position", cascade="all, delete-orphan")


class ProductImage(Base):
    """A picture of a product; `sha256` names our own re-encoded copy, `error` says why there is none."""

    __tablename__ = "product_image"

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    alt: Mapped[str]
    sha256: Mapped[str | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    error: Mapped[str | None]


class GateDecision(Base):
    """What the gate said at one moment, with the facts and rule version it looked at; the latest per product rules."""

    __tablename__ = "gate_decision"
    __table_args__ = (Index("ix_gate_decision_latest", "product_id", "id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    decided_at: Mapped[datetime]
    rule_version: Mapped[str]
    catalog_version: Mapped[int]
    promotable: Mapped[bool]
    facts: Mapped[dict[str, Any]]
    reasons: Mapped[list[Any]]


class SyncRun(Base):
    """One pull of one source: when, how it ended, the numbers, and where a killed one can go on."""

    __tablename__ = "sync_run"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    source: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    state: Mapped[str]
    counts: Mapped[dict[str, Any]]
    error: Mapped[str | None]
    resume: Mapped[str] = mapped_column(default="")
    since: Mapped[datetime | None]


class SetAside(Base):
    """A record that failed validation: kept with its reason, never a reason to stop the rest."""

    __tablename__ = "set_aside"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    sync_run_id: Mapped[int] = mapped_column(ForeignKey("sync_run.id"), index=True)
    kind: Mapped[str]
    external_id: Mapped[str]
    reason: Mapped[str]
    excerpt: Mapped[str]
