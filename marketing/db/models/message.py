"""Messages to people, posts to the public, and the tasks that only a person can do."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from marketing.db.base import Base, RowId, text_enum
from marketing.domain.message import MessageState, month_of
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName

OF_ORDER = text("order_id IS NOT NULL")
STILL_OPEN = text("settled_at IS NULL")
UNCOUNTED = text("tally IS NULL")


def _month_of_queueing(context: DefaultExecutionContext) -> int:
    return month_of(context.get_current_parameters()["queued_at"])  # type: ignore[no-untyped-call]  # SQLAlchemy does not type it


class MessageRange(Base):
    """Messages of one campaign that were planned together, at most a thousand: what a worker leases.

    `due_at` is when something in it may leave, empty where nothing can by itself; `settled_at` is empty while a message of it
    is open. The lease says who has it in hand; it is renewed while work goes on, and whoever takes a range whose lease ran out
    finds in the messages themselves what was on its way. `tally` is how many of its messages stand where, as "state|reason";
    empty where it must be counted anew (marketing.delivery.tallying).
    """

    __tablename__ = "message_range"
    __table_args__ = (
        Index("ix_message_range_open", "campaign_id", "id", sqlite_where=STILL_OPEN, postgresql_where=STILL_OPEN),
        Index("ix_message_range_settled", "campaign_id", "settled_at"),
        Index("ix_message_range_uncounted", "id", sqlite_where=UNCOUNTED, postgresql_where=UNCOUNTED),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    month: Mapped[int]
    size: Mapped[int]
    due_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    tally: Mapped[dict[str, Any] | None]


class Message(Base):
    """One message to one contact on one channel; the row is the outbox and the ledger line.

    Unique on campaign, contact, channel, `trigger` (the order event that caused it; empty for a campaign) and `month` (yyyymm,
    which follows from what caused it, so that no month lets the same thing happen again). Rows stand in a partition by month on
    PostgreSQL; nothing points into them or out of them by a foreign key, and what changes while sending is in no index.
    `range_id` is the range it was planned in, empty where it has been settled since before there were ranges.
    `consent_event_id` is the ledger line that allowed it, decided anew at sending; a contract needs none. `handed_over_at` is
    written just before the provider is called: until then a withdrawal still stops a message that is `sending`. `order_id` is
    the order that it tells of; deferred without an hour means that it waits for a condition, which `reason` names.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("contact_id", "campaign_id", "channel", "trigger", "month"),
        Index("ix_message_range", "campaign_id", "range_id"),
        Index("ix_message_order", "order_id", sqlite_where=OF_ORDER, postgresql_where=OF_ORDER),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str]
    campaign_id: Mapped[int] = mapped_column(RowId)
    range_id: Mapped[int | None] = mapped_column(RowId)
    month: Mapped[int] = mapped_column(default=_month_of_queueing)
    version: Mapped[int]
    contact_id: Mapped[int] = mapped_column(RowId)
    address_id: Mapped[int | None] = mapped_column(RowId)
    channel: Mapped[ChannelName] = mapped_column(text_enum(ChannelName))
    trigger: Mapped[str] = mapped_column(default="")
    state: Mapped[MessageState] = mapped_column(text_enum(MessageState))
    reason: Mapped[str] = mapped_column(default="")
    article: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(default="")
    context: Mapped[dict[str, Any]]
    order_id: Mapped[int | None] = mapped_column(RowId)
    consent_event_id: Mapped[int | None] = mapped_column(RowId)
    lease_owner: Mapped[str | None]
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
    """Something only a person can finish: post in the WhatsApp group, complete in TikTok, look whether it stands, delete.

    `assignee_id` is whose it is, empty where it is the whole office's; `remind_at` is when they are reminded (next), `proof`
    the name of a picture in the folder of proofs. Done without `done_by` means that it is void.
    """

    __tablename__ = "share_task"
    __table_args__ = (UniqueConstraint("post_id", "kind"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    kind: Mapped[str]
    instruction: Mapped[str]
    created_at: Mapped[datetime]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    remind_at: Mapped[datetime | None]
    reminded: Mapped[int] = mapped_column(default=0)
    proof: Mapped[str] = mapped_column(default="")
    done_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    done_at: Mapped[datetime | None]
