"""Domains that mail is sent from, and the templates an office changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketing.db.base import Base, RowId, text_enum
from marketing.domain.types import EmailType


class MailDomain(Base):
    """A domain in a From of this office: how old its traffic is, and what the DNS said of it last.

    `warm_up_from` is when bulk mail began; its hourly cap grows from there. Empty: the domain has sent for long.
    """

    __tablename__ = "mail_domain"
    __table_args__ = (UniqueConstraint("tenant_id", "domain"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    domain: Mapped[str]
    warm_up_from: Mapped[datetime | None]
    findings: Mapped[list[Any]] = mapped_column(default=list)
    examined_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class DkimSigningKey(Base):
    """A key that signs mail of a domain. `active_from` is empty until its record is published; the newest active one signs."""

    __tablename__ = "dkim_signing_key"
    __table_args__ = (UniqueConstraint("domain_id", "selector"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    domain_id: Mapped[int] = mapped_column(ForeignKey("mail_domain.id"))
    selector: Mapped[str]
    sealed_key: Mapped[str]
    record: Mapped[str]
    created_at: Mapped[datetime]
    active_from: Mapped[datetime | None]


class MailTemplateVersion(Base):
    """One version of a template that an office changed; never changed itself. An empty source means the shipped one."""

    __tablename__ = "mail_template_version"
    __table_args__ = (UniqueConstraint("tenant_id", "email_type", "variant", "number"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"))
    email_type: Mapped[EmailType] = mapped_column(text_enum(EmailType))
    variant: Mapped[str]
    number: Mapped[int]
    mjml: Mapped[str]
    text: Mapped[str]
    note: Mapped[str]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
