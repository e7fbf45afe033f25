"""Messages to people, posts to the public, and the tasks that only a person can do."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketing.db.base import Base, RowId, text_enum
from marketing.domain.message import MessageState
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName

QUEUED = text("state IN ('queued', 'deferred')")
SENDING = text("state = 'sending'")
OF_ORDER = text("order_id IS NOT NULL")


class Message(Base):
    """One message to one contact on one channel; the row is the outbox and the ledger line.

    Unique on campaign, contact, channel and `trigger` (the order event that caused it; empty for a campaign).
    `consent_event_id` is the ledger line that allowed it, decided anew at sending; a contract needs none. `handed_over_at` is
    written just before the provider is called: until then a withdrawal still stops a message that is `sending`. `order_id` is
    the order that it tells of; deferred without an hour means that it waits for a condition, which `reason` names.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("campaign_id", "contact_id", "channel", "trigger"),
        Index("ix_message_ledger", "campaign_id", "state", "reason"),
        Index("ix_message_queued", "campaign_id", "id", sqlite_where=QUEUED, postgresql_where=QUEUED),
        Index("ix_message_in_doubt", "lease_until", sqlite_where=SENDING, postgresql_where=SENDING),
        Index("ix_message_order", "order_id", sqlite_where=OF_ORDER, postgresql_where=OF_ORDER),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    version: Mapped[int]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    address_id: Mapped[int | None] = mapped_column(ForeignKey("address.id"))
    channel: Mapped[ChannelName] = mapped_column(text_enum(ChannelName))
    trigger: Mapped[str] = mapped_column(default="")
    state: Mapped[MessageState] = mapped_column(text_enum(MessageState))
    reason: Mapped[str] = mapped_column(default="")
    article: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(default="")
    context: Mapped[dict[str, Any]]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order.id"))
    consent_event_id: Mapped[int | None] = mapped_column(ForeignKey("consent_event.id"))
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)
    provider_id: Mapped[str | None]
    queued_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class Post(Base):
    """One thing published to many on one account of a channel; found again by its marker.

    `note` is what was prepared at the provider, `submitted_at` is written just before the one irreversible call: only a post
    that has it may be in doubt. `tries` counts the look-ups since. Without an hour (`not_before`), an unconfirmed post waits
    for a person.
    """

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("campaign_id", "channel", "account", "marker"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    version: Mapped[int]
    channel: Mapped[ChannelName] = mapped_column(text_enum(ChannelName))
    account: Mapped[str]
    marker: Mapped[str] = mapped_column(index=True)
    state: Mapped[PostState] = mapped_column(text_enum(PostState))
    reason: Mapped[str] = mapped_column(default="")
    content: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[datetime | None]
    handle: Mapped[str | None]
    permalink: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    queued_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class ShareTask(Base):
    """Something only a person can finish: post in the WhatsApp group, complete in TikTok, delete by hand."""

    __tablename__ = "share_task"
    __table_args__ = (UniqueConstraint("post_id", "kind"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    kind: Mapped[str]
    instruction: Mapped[str]
    created_at: Mapped[datetime]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    done_at: Mapped[datetime | None]
