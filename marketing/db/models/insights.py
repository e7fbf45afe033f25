"""How far posts reached: what providers said and when, and when they are asked again."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketing.db.base import Base, RowId, text_enum
from marketing.domain.insights import MeasuringState, Metric

AWAITED = text("due_at IS NOT NULL")


class PostMeasuring(Base):
    """One post whose figures are asked for; a post without such a row has not been asked for yet.

    `asked_at` is when the provider last answered, `due_at` when it is asked again: empty once it was asked often enough, or
    cannot be asked (`reason` says why, and for a post that is gone since when nobody finds it).
    """

    __tablename__ = "post_measuring"
    __table_args__ = (
        Index("ix_post_measuring_due", "tenant_id", "due_at", sqlite_where=AWAITED, postgresql_where=AWAITED),
    )

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"))
    state: Mapped[MeasuringState] = mapped_column(text_enum(MeasuringState))
    reason: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class PostFigure(Base):
    """What a provider said of one post at one moment: the count since it was published. What it did not give has no row."""

    __tablename__ = "post_figure"
    __table_args__ = (UniqueConstraint("post_id", "metric", "at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    metric: Mapped[Metric] = mapped_column(text_enum(Metric))
    number: Mapped[int] = mapped_column(RowId)
    at: Mapped[datetime]
