"""Templates of WhatsApp as Meta keeps them, and what a provider told of its own accord that no message of ours is about."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketing.db.base import Base, RowId, text_enum
from marketing.domain.whatsapp_template import TemplateState


class WhatsAppTemplate(Base):
    """One language of one template of a connected number's business account, as Meta last told it.

    `category` is Meta's word in small letters, which it may change by itself; `previous_category` is what it was before.
    `header` is none, text or image; `buttons` are objects with kind, text, url and whether the url's end is filled.
    `told_at` is the moment of the newest thing told, so that an older webhook changes nothing.
    """

    __tablename__ = "whatsapp_template"
    __table_args__ = (
        UniqueConstraint("account_id", "name", "language"),
        Index("ix_whatsapp_template_state", "tenant_id", "state"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    remote_id: Mapped[str]
    name: Mapped[str]
    language: Mapped[str]
    category: Mapped[str]
    previous_category: Mapped[str] = mapped_column(default="")
    state: Mapped[TemplateState] = mapped_column(text_enum(TemplateState))
    reason: Mapped[str] = mapped_column(default="")
    quality: Mapped[str] = mapped_column(default="")
    header: Mapped[str] = mapped_column(default="none")
    header_text: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    body_count: Mapped[int] = mapped_column(default=0)
    footer: Mapped[str] = mapped_column(default="")
    buttons: Mapped[list[Any]] = mapped_column(default=list)
    sendable: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    told_at: Mapped[datetime]
    synced_at: Mapped[datetime]


class ProviderEvent(Base):
    """Something a provider told by a signed webhook that is kept for a while: dealt with once, or not known to us.

    `key` is the same for the same thing told twice. `payload` holds no number and no name of a person.
    """

    __tablename__ = "provider_event"
    __table_args__ = (UniqueConstraint("provider", "key"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("channel_account.id"))
    provider: Mapped[str]
    key: Mapped[str]
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime] = mapped_column(index=True)
