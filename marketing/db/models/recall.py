"""What stands in public because of a product, and the record of every withdrawal."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketing.db.base import Base, RowId, text_enum
from marketing.domain.types import ChannelName
from marketing.domain.withdrawal import WithdrawalState

OPEN = text("state = 'open'")


class PostProduct(Base):
    """A post names this product; written before the post leaves."""

    __tablename__ = "post_product"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True, index=True)


class Withdrawal(Base):
    """One product taken off one place: why (code, citation, words), since when, and how it ended.

    `place` is `galeri`, `pos:<id>` or `lokapasar:<id>`, so one loss of standing (`lost_at`) is recorded once a place.
    """

    __tablename__ = "withdrawal"
    __table_args__ = (
        UniqueConstraint("product_id", "place", "lost_at"),
        Index("ix_withdrawal_open", "tenant_id", "next_try_at", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    place: Mapped[str]
    channel: Mapped[ChannelName] = mapped_column(text_enum(ChannelName))
    code: Mapped[str]
    citation: Mapped[str]
    text: Mapped[str]
    lost_at: Mapped[datetime]
    state: Mapped[WithdrawalState] = mapped_column(text_enum(WithdrawalState))
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    detail: Mapped[str] = mapped_column(default="")
