"""Ranges are written after their messages, from what really stands there: a row that was left out is in no count."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, insert, literal, select
from sqlalchemy.orm import Session

from marketing.db.base import UTCDateTime
from marketing.db.models import Campaign, Message, MessageRange
from marketing.domain.message import OPEN, MessageState


def write_ranges(session: Session, campaign: Campaign, range_ids: Sequence[int], *, month: int, now: datetime) -> int:
    """Write the ranges that messages of one month were just planned in; return how many messages those are.

    The ids come from `next_ids`. A range that nothing was planned in does not come to be; one in which nothing is left to do
    is settled at once.
    """
    at = literal(now, UTCDateTime())
    leaves = case(
        (Message.state == MessageState.QUEUED, at), (Message.state == MessageState.DEFERRED, Message.not_before)
    )
    still_open = func.sum(case((Message.state.in_(sorted(OPEN)), 1), else_=0))
    each = (
        select(
            Message.range_id,
            literal(campaign.tenant_id),
            literal(campaign.id),
            literal(month),
            func.count(),
            func.min(leaves, type_=UTCDateTime()),
            case((still_open == 0, at)),
        )
        .where(Message.campaign_id == campaign.id, Message.range_id.in_(range_ids), Message.month == month)
        .group_by(Message.range_id)
    )
    columns = ("id", "tenant_id", "campaign_id", "month", "size", "due_at", "settled_at")
    statement = insert(MessageRange).from_select(columns, each, include_defaults=False)
    return sum(session.scalars(statement.returning(MessageRange.size)))
