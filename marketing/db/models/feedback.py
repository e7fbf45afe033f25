"""What came back about messages: the detail of delivery events, incoming mails already dealt with, and breakers that fell."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketing.db.base import Base, RowId, text_enum
from marketing.domain.bounce import BounceClass
from marketing.domain.breakers import BreakerKind, BreakerLevel
from marketing.domain.feedback import FeedbackKind, FeedbackSource


class MailFeedback(Base):
    """The detail of one delivery event, whose id it shares. `address_hash` is keyed; `detail` holds no address."""

    __tablename__ = "mail_feedback"
    __table_args__ = (
        Index("ix_mail_feedback_campaign", "campaign_id", "kind", "bounce", "at"),
        Index("ix_mail_feedback_address", "tenant_id", "address_hash", "at"),
        Index("ix_mail_feedback_kind", "tenant_id", "kind", "at"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True, autoincrement=False)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    message_id: Mapped[int] = mapped_column(RowId, index=True)
    kind: Mapped[FeedbackKind] = mapped_column(text_enum(FeedbackKind))
    bounce: Mapped[BounceClass] = mapped_column(text_enum(BounceClass))
    status: Mapped[str]
    detail: Mapped[str]
    source: Mapped[FeedbackSource] = mapped_column(text_enum(FeedbackSource))
    address_hash: Mapped[str]
    at: Mapped[datetime]
    received_at: Mapped[datetime]


class RawFeedback(Base):
    """What a provider sent, without what names a person; kept for a month, to look at when a reading is in doubt."""

    __tablename__ = "raw_feedback"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True, autoincrement=False)
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime] = mapped_column(index=True)


class InboundMail(Base):
    """One incoming mail that was dealt with, by the hash of its bytes: seen again, it does nothing again."""

    __tablename__ = "inbound_mail"
    __table_args__ = (UniqueConstraint("account_id", "hash"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    hash: Mapped[str]
    kind: Mapped[str]
    outcome: Mapped[str]
    message_id: Mapped[int | None] = mapped_column(RowId, index=True)
    received_at: Mapped[datetime] = mapped_column(index=True)


class MailBreaker(Base):
    """A threshold that was passed: what was seen, and who let it go on and why. Without a campaign it holds the whole Daerah."""

    __tablename__ = "mail_breaker"
    __table_args__ = (Index("ix_mail_breaker_standing", "tenant_id", "lifted_at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    kind: Mapped[BreakerKind] = mapped_column(text_enum(BreakerKind))
    level: Mapped[BreakerLevel] = mapped_column(text_enum(BreakerLevel))
    bad: Mapped[int]
    sent: Mapped[int]
    tripped_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    lift_reason: Mapped[str] = mapped_column(default="")
