"""People we may address, what they allowed, and whom we must leave alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketing.db.base import Base, RowId, text_enum
from marketing.domain.consent import ConsentState
from marketing.domain.types import BuyerKind, ChannelName, Purpose


class Contact(Base):
    """A person; addresses are rows of their own."""

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


class ConsentRecord(Base):
    """One line of the consent ledger; append-only by trigger on both engines. State is the fold of these lines."""

    __tablename__ = "consent_event"
    __table_args__ = (Index("ix_consent_event_contact", "contact_id", "purpose", "id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    purpose: Mapped[Purpose] = mapped_column(text_enum(Purpose))
    state: Mapped[ConsentState] = mapped_column(text_enum(ConsentState))
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    wording_version: Mapped[str]
    source: Mapped[str]
    evidence: Mapped[dict[str, Any]]
    seal: Mapped[str]


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
    at: Mapped[datetime]
