"""What about orders waits for a person, and what was done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketing.db.models import Business, Order, OrderAlert, User
from marketing.domain.orders.alert import AlertKind

LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """One alert with its order and business; nothing about the buyer."""

    id: int
    kind: AlertKind
    what: str
    reason: str
    order: str
    business: str
    phone: str
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str
    outcome: str
    note: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of a kind waits, with a few of the names."""

    number: int
    names: tuple[str, ...]


def list_alerts(
    session: Session, tenant_id: str, *, closed: bool, now: datetime, offset: int, limit: int
) -> tuple[Sequence[AlertFacts], int]:
    """Return one page of alerts that wait, the oldest first; or of those that ended lately, the newest first."""
    where: list[ColumnElement[bool]] = [OrderAlert.tenant_id == tenant_id]
    if closed:
        where.append(OrderAlert.closed_at >= now - LATELY)
    else:
        where.append(OrderAlert.closed_at.is_(None))
    total = session.scalar(select(func.count()).select_from(OrderAlert).where(*where)) or 0
    query = (
        select(OrderAlert, Order.number, Order.external_id, Business.name, Business.phone, User.name)
        .join(Order, Order.id == OrderAlert.order_id)
        .outerjoin(Business, Business.id == OrderAlert.business_id)
        .outerjoin(User, User.id == OrderAlert.closed_by)
        .where(*where)
        .order_by(OrderAlert.closed_at.desc() if closed else OrderAlert.id, OrderAlert.id)
    )
    rows = session.execute(query.offset(offset).limit(limit))
    found = [
        AlertFacts(
            id=row.id,
            kind=AlertKind(row.kind),
            what=row.what,
            reason=row.reason,
            order=number or external_id,
            business=business or "",
            phone=phone or "",
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            closed_by=user or "",
            outcome=row.outcome,
            note=row.note,
        )
        for row, number, external_id, business, phone, user in rows
    ]
    return found, total


def alerts_waiting(session: Session, tenant_id: str) -> int:
    """Return how many alerts wait."""
    query = select(func.count()).where(OrderAlert.tenant_id == tenant_id, OrderAlert.closed_at.is_(None))
    return session.scalar(query) or 0


def waiting_by_kind(session: Session, tenant_id: str) -> dict[AlertKind, Waiting]:
    """Return what waits: held shipments by order, businesses to be told by name."""
    found: dict[AlertKind, Waiting] = {}
    for kind, name in ((AlertKind.NOT_PAID, Order.number), (AlertKind.UNREACHABLE, Business.name)):
        where = (
            OrderAlert.tenant_id == tenant_id,
            OrderAlert.kind == kind,
            OrderAlert.closed_at.is_(None),
        )
        query = select(name, func.min(OrderAlert.id)).join(Order, Order.id == OrderAlert.order_id)
        query = query.outerjoin(Business, Business.id == OrderAlert.business_id).where(*where)
        names = [row[0] for row in session.execute(query.group_by(name).order_by(func.min(OrderAlert.id)))]
        if names:
            found[kind] = Waiting(len(names), tuple(names[:3]))
    return found
