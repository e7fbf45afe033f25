"""Accounts at providers, and the listings that stand at a marketplace through them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketing.db.base import Base, RowId, text_enum
from marketing.domain.account import AccountState
from marketing.domain.listing import ListingState
from marketing.domain.types import ChannelName


class ChannelAccount(Base):
    """One account at one provider: of the Dinas, or of one business. Credentials are sealed, never shown.

    `listings_version` names the state of the catalogue that the listings were last compared with, `listings_due` when
    they change by the clock alone (a sale begins or ends); `report` is what the last rounds did, in numbers and sentences.
    `person_id` is who finishes by hand what this account cannot do by itself.
    """

    __tablename__ = "channel_account"
    __table_args__ = (UniqueConstraint("tenant_id", "provider", "remote_id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    channel: Mapped[ChannelName] = mapped_column(text_enum(ChannelName))
    provider: Mapped[str]
    remote_id: Mapped[str]
    name: Mapped[str]
    business_id: Mapped[int | None] = mapped_column(ForeignKey("business.id"))
    state: Mapped[AccountState] = mapped_column(text_enum(AccountState))
    state_reason: Mapped[str] = mapped_column(default="")
    sealed_credentials: Mapped[str]
    settings: Mapped[dict[str, Any]]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    access_expires_at: Mapped[datetime | None]
    refresh_expires_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    orders_until: Mapped[datetime | None]
    listings_version: Mapped[str] = mapped_column(default="")
    listings_due: Mapped[datetime | None]
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class MarketplaceListing(Base):
    """One product at one marketplace account; `content_hash` and `remote_id` say what stands there as far as we know.

    `refused_hash` begins what was refused last: it is not offered again until the product differs from it.
    """

    __tablename__ = "marketplace_listing"
    __table_args__ = (
        UniqueConstraint("account_id", "product_id"),
        UniqueConstraint("account_id", "sku"),
        Index("ix_marketplace_listing_state", "account_id", "state", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    sku: Mapped[str]
    state: Mapped[ListingState] = mapped_column(text_enum(ListingState))
    reason: Mapped[str] = mapped_column(default="")
    remote_id: Mapped[str | None]
    permalink: Mapped[str | None]
    content_hash: Mapped[str] = mapped_column(default="")
    refused_hash: Mapped[str] = mapped_column(default="")
    price: Mapped[int | None] = mapped_column(RowId)
    stock: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
