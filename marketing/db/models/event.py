"""What came back: links people may follow, engagement events, and the exposure each business got."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketing.db.base import Base, RowId, text_enum
from marketing.domain.events import EventType
from marketing.domain.types import ChannelName

OF_SOMEBODY = text("contact_id IS NOT NULL")


class Link(Base):
    """A destination that messages of a campaign point to; the address in the mail carries only its number."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("campaign_id", "url"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    url: Mapped[str]
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))


class Event(Base):
    """A delivery or engagement event; `event_id` makes the same one arriving twice count once.

    What happened with a post (`post_id`) belongs to nobody. `contact_id` is empty unless the person agreed to be tracked (UU 27/2022 Ps. 20(2)a); `machine` marks hits by software.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_campaign", "campaign_id", "type", "machine"),
        # who clicked, and when; most events belong to nobody
        Index("ix_event_contact", "contact_id", "type", "at", sqlite_where=OF_SOMEBODY, postgresql_where=OF_SOMEBODY),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    event_id: Mapped[str] = mapped_column(unique=True)
    type: Mapped[EventType] = mapped_column(text_enum(EventType))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    message_id: Mapped[int | None] = mapped_column(RowId, index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("link.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    machine: Mapped[bool]
    at: Mapped[datetime]


class Exposure(Base):
    """One placement of one business's product before an audience."""

    __tablename__ = "exposure"
    __table_args__ = (
        UniqueConstraint("campaign_id", "channel", "product_id"),
        Index("ix_exposure_product", "tenant_id", "product_id", "at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    channel: Mapped[ChannelName] = mapped_column(text_enum(ChannelName))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    business_id: Mapped[int] = mapped_column(ForeignKey("business.id"))
    audience: Mapped[int]
    position: Mapped[int]
    at: Mapped[datetime]
