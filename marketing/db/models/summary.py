"""What is left of messages that have had their time: numbers, no people."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from marketing.db.base import Base, RowId, text_enum
from marketing.domain.message import MessageState


class MessageSummary(Base):
    """How many messages of a campaign and a month ended in a state for a reason, written as their rows are removed.

    A campaign's ledger is the sum of its rows and of these, so that it balances at every moment.
    """

    __tablename__ = "message_summary"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True, autoincrement=False)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[MessageState] = mapped_column(text_enum(MessageState), primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(RowId)
