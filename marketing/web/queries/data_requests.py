"""Requests on data as their pages read them, and the facts of the audit log that a breach letter begins with."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketing.db.models import AuditEntry, Contact, DataRequest
from marketing.domain.data_rights import OPEN

TOLD = 12
"""Kinds of acts that the letter names at most."""


def list_requests(
    session: Session, tenant_id: str, *, closed: bool, offset: int, limit: int
) -> tuple[Sequence[tuple[DataRequest, str]], int]:
    """Return one page with the people's names, and how many there are: open ones by their hour, closed ones newest first."""
    state = DataRequest.state.not_in(OPEN) if closed else DataRequest.state.in_(OPEN)
    query = select(DataRequest, Contact.name).outerjoin(Contact, Contact.id == DataRequest.contact_id)
    query = query.where(DataRequest.tenant_id == tenant_id, state)
    order = (DataRequest.id.desc(),) if closed else (DataRequest.due_at, DataRequest.id)
    rows = session.execute(query.order_by(*order).offset(offset).limit(limit))
    total = select(func.count()).select_from(DataRequest).where(DataRequest.tenant_id == tenant_id, state)
    return [(row, name or "") for row, name in rows], session.scalars(total).one()


def overdue(session: Session, tenant_id: str, now: datetime) -> int:
    """Return how many requests are past their hour."""
    query = select(func.count()).select_from(DataRequest)
    late = (DataRequest.tenant_id == tenant_id, DataRequest.state.in_(OPEN), DataRequest.due_at < now)
    return session.scalars(query.where(*late)).one()


def acts_between(
    session: Session, tenant_id: str, since: datetime, until: datetime
) -> Sequence[tuple[str, int, datetime]]:
    """Return which acts the audit log holds of a time, how often each, and when last; the most frequent first."""
    number = func.count()
    query = (
        select(AuditEntry.action, number, func.max(AuditEntry.at, type_=AuditEntry.at.type))
        .where(AuditEntry.tenant_id == tenant_id, AuditEntry.at >= since, AuditEntry.at <= until)
        .group_by(AuditEntry.action)
        .order_by(number.desc(), AuditEntry.action)
        .limit(TOLD)
    )
    return [(action, count, last) for action, count, last in session.execute(query)]
