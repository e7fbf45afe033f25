"""Tenants, people who log in, and the record of what they did."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketing.db.base import Base, RowId, text_enum
from marketing.domain.types import Role


class Tenant(Base):
    """A Daerah of this installation; what differs between Daerah lives in its profile.

    `gate_round` names the local day and the rules under which the whole catalogue was last asked (`2026-11-22 tts-…`).
    """

    __tablename__ = "tenant"

    id: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    gate_round: Mapped[str] = mapped_column(default="")


class User(Base):
    """A person who logs in; the password is an Argon2id hash."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    roles: Mapped[list["RoleGrant"]] = relationship(lazy="selectin")


class RoleGrant(Base):
    """One role of one user."""

    __tablename__ = "role_grant"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(text_enum(Role), primary_key=True)


class WebSession(Base):
    """A log-in; the cookie holds the secret, we keep its hash."""

    __tablename__ = "web_session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AuditEntry(Base):
    """Who did what; append-only by trigger, each row sealed with the hash of the one before."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("tenant_id", "number"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    number: Mapped[int]
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[dict[str, Any]]
    seal: Mapped[str]


class JobLease(Base):
    """Who may run a scheduled job now: one leader, taken over when the lease runs out."""

    __tablename__ = "job_lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    until: Mapped[datetime]
