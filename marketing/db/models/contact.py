"""People we may address, what they allowed, and whom we must leave alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketing.db.base import Base, RowId, text_enum
from marketing.domain.consent import ConsentState
from marketing.domain.types import BuyerKind, ChannelName, Purpose


class Contact(Base):
    """A person; addresses are rows of their own.

    `restricted_at` stops everything but what a contract needs (UU 27/2022 Ps. 41); `paused_until` and `weekly_limit` are the
    person's own wishes; `merged_into` leads from a duplicate to the contact that goes on.
    """

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("tenant_id", "source", "external_id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    source: Mapped[str]
    external_id: Mapped[str]
    name: Mapped[str]
    kind: Mapped[BuyerKind] = mapped_column(text_enum(BuyerKind))
    locale: Mapped[str]
    zone: Mapped[str]
    preferences: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    restricted_at: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    weekly_limit: Mapped[int | None]
    kecamatan: Mapped[str] = mapped_column(default="")
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    addresses: Mapped[list["Address"]] = relationship(lazy="selectin")


class Address(Base):
    """One address of one contact on one channel; `hash` is keyed and meets the suppression list."""

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("tenant_id", "channel", "normalised"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    channel: Mapped[ChannelName] = mapped_column(text_enum(ChannelName))
    normalised: Mapped[str]
    hash: Mapped[str] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]


class ConsentRecord(Base):
    """One line of the consent ledger; append-only by trigger on both engines. State is the fold of these lines.

    `seal_form` says what the seal covers: 1 the decision alone, 2 everything that is kept of the line.
    """

    __tablename__ = "consent_event"
    __table_args__ = (
        Index("ix_consent_event_contact", "contact_id", "purpose", "id"),
        Index("ix_consent_event_tenant_id", "tenant_id", "id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    purpose: Mapped[Purpose] = mapped_column(text_enum(Purpose))
    state: Mapped[ConsentState] = mapped_column(text_enum(ConsentState))
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    wording_version: Mapped[str]
    source: Mapped[str]
    evidence: Mapped[dict[str, Any]]
    channel: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    wording_hash: Mapped[str] = mapped_column(default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    seal: Mapped[str]
    seal_form: Mapped[int] = mapped_column(default=1)


class ConsentWording(Base):
    """What a person was shown when asked, word for word; a published version never changes (UU 27/2022 Ps. 21, 22)."""

    __tablename__ = "consent_wording"

    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(text_enum(Purpose), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    hash: Mapped[str]
    valid_from: Mapped[datetime]


class Subscription(Base):
    """Somebody asked to be written to and has not confirmed yet; nothing but the confirmation may be sent there.

    The token stands here as a hash; once confirmed, expired or forgotten the address is emptied.
    """

    __tablename__ = "subscription"
    __table_args__ = (Index("ix_subscription_address", "tenant_id", "address_hash"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    address: Mapped[str]
    address_hash: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    purposes: Mapped[list[Any]]
    topics: Mapped[list[Any]]
    wording_version: Mapped[str]
    language: Mapped[str]
    source: Mapped[str]
    evidence: Mapped[dict[str, Any]]
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    mailed_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))


class ConsentNow(Base):
    """The fold of the ledger per contact and purpose, written in the same transaction as the line it follows."""

    __tablename__ = "consent_now"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(text_enum(Purpose), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    state: Mapped[ConsentState] = mapped_column(text_enum(ConsentState))
    at: Mapped[datetime]
    event_id: Mapped[int] = mapped_column(ForeignKey("consent_event.id"))


class Suppression(Base):
    """A standing never-send; keeps only the keyed hash, so it survives erasure."""

    __tablename__ = "suppression"
    __table_args__ = (UniqueConstraint("tenant_id", "channel", "address_hash"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    channel: Mapped[ChannelName] = mapped_column(text_enum(ChannelName))
    address_hash: Mapped[str]
    reason: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
