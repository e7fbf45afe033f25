"""Orders from the catalogue; they drive order mail, retention and personal choice."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketing.db.base import Base, RowId

COMPLAINT = text("complaint_changed_at IS NOT NULL")
OPEN = text("closed_at IS NULL")


class Order(Base):
    """One order of one buyer; sums in whole rupiah.

    `complaint_changed_at` is when the complaint came to stand as it does, as far as Siar could see: the first time the hour it
    was opened, later the pull that brought the change.
    """

    __tablename__ = "order"
    __table_args__ = (
        UniqueConstraint("tenant_id", "external_id"),
        Index("ix_order_contact", "contact_id", "placed_at", "tenant_id", "status"),  # all that counting orders asks for
        Index("ix_order_complaint", "tenant_id", "complaint_changed_at", sqlite_where=COMPLAINT, postgresql_where=COMPLAINT),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    external_id: Mapped[str]
    number: Mapped[str]
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    placed_at: Mapped[datetime]
    status: Mapped[str]
    shipping_cost: Mapped[int] = mapped_column(RowId)
    total: Mapped[int] = mapped_column(RowId)
    complaint: Mapped[dict[str, Any] | None]
    complaint_changed_at: Mapped[datetime | None]
    content_hash: Mapped[str]
    items: Mapped[list["OrderItem"]] = relationship(order_by="OrderItem.line", cascade="all, delete-orphan")
    events: Mapped[list["OrderEvent"]] = relationship(order_by="OrderEvent.at", cascade="all, delete-orphan")


class OrderItem(Base):
    """One line of an order as it was bought; `business_id` is who sells it, also where the product is not in the catalogue."""

    __tablename__ = "order_item"

    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    product_external_id: Mapped[str]
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"), index=True)
    business_id: Mapped[int | None] = mapped_column(ForeignKey("business.id"), index=True)
    business_name: Mapped[str]
    name: Mapped[str]
    quantity: Mapped[int]
    unit_price: Mapped[int] = mapped_column(RowId)


class OrderEvent(Base):
    """Something that happened to an order, with its document (Blitar Ps. 1(19)–(21)); once per order, type and time."""

    __tablename__ = "order_event"
    __table_args__ = (UniqueConstraint("order_id", "type", "at"), Index("ix_order_event_recent", "tenant_id", "at"))

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"))
    type: Mapped[str]
    at: Mapped[datetime]
    document_kind: Mapped[str]
    document_number: Mapped[str]
    document_url: Mapped[str]
    courier: Mapped[str]
    tracking_number: Mapped[str]


class OrderLooked(Base):
    """That order mail of a variant looked at an order in this state: while it stands so, there is nothing new to tell."""

    __tablename__ = "order_looked"

    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), primary_key=True)
    variant: Mapped[str] = mapped_column(primary_key=True)
    content_hash: Mapped[str]
    at: Mapped[datetime]


class OrderAlert(Base):
    """Something about an order that waits for a person: a shipment before payment, or a business that no mail reaches.

    `key` names the fact, so that it is told once, `what` the variant of the mail; `outcome` says how it ended, `note` is the
    person's reason.
    """

    __tablename__ = "order_alert"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        Index("ix_order_alert_open", "tenant_id", "kind", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    key: Mapped[str]
    kind: Mapped[str]
    what: Mapped[str] = mapped_column(default="")
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), index=True)
    business_id: Mapped[int | None] = mapped_column(ForeignKey("business.id"))
    reason: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    outcome: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
