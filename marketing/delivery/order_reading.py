"""Read orders as the mails about them see them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from marketing.db.models import Order, OrderEvent
from marketing.domain.orders.complaint import Complaint, document_of
from marketing.domain.orders.facts import Happening, OrderedLine, OrderFacts

MANY = 500


class Telling(Protocol):
    """A message, as far as it tells of an order."""

    @property
    def id(self) -> int:
        """Its row."""
        ...

    @property
    def order_id(self) -> int | None:
        """The order it tells of."""
        ...

    @property
    def context(self) -> Mapping[str, Any]:
        """What it says of it."""
        ...


def load_orders(session: Session, order_ids: Collection[int]) -> Mapping[int, OrderFacts]:
    """Return the orders by row id, as they stand now."""
    found: dict[int, OrderFacts] = {}
    wanted = sorted(order_ids)
    for start in range(0, len(wanted), MANY):
        query = select(Order).where(Order.id.in_(wanted[start : start + MANY]))
        for row in session.scalars(query.options(selectinload(Order.items), selectinload(Order.events))):
            found[row.id] = _facts(row)
    return found


def overtaken_by_events(session: Session, messages: Sequence[Telling]) -> set[int]:
    """Return the order mails among these whose order is off by now; a complaint goes on whatever became of the order."""
    good_news = {
        message.id: message.order_id
        for message in messages
        if message.order_id is not None and "complaint" not in message.context
    }
    if not good_news:
        return set()
    orders = load_orders(session, set(good_news.values()))
    return {message_id for message_id, order_id in good_news.items() if orders[order_id].off}


def _facts(row: Order) -> OrderFacts:
    return OrderFacts(
        id=row.id,
        number=row.number or row.external_id,
        placed_at=row.placed_at,
        status=row.status.strip().lower(),
        shipping_cost=row.shipping_cost,
        total=row.total,
        lines=tuple(
            OrderedLine(item.name, item.business_id, item.business_name, item.quantity, item.unit_price)
            for item in row.items
        ),
        happenings=tuple(_happening(event) for event in row.events),
        complaint=_complaint(row, row.events),
    )


def _happening(event: OrderEvent) -> Happening:
    return Happening(
        type=event.type,
        at=event.at,
        document_kind=event.document_kind,
        document_number=event.document_number,
        document_url=event.document_url,
        courier=event.courier,
        tracking_number=event.tracking_number,
    )


def _complaint(row: Order, events: Sequence[OrderEvent]) -> Complaint | None:
    """Return the complaint; one that only an event tells of has no documents yet (Blitar Ps. 10(2), (3))."""
    said = row.complaint
    if said is None:
        opened = [event.at for event in events if event.type == "complained"]
        return Complaint(min(opened), "", "open", {}) if opened else None
    documents = {
        document_of(str(one.get("kind", ""))): str(one.get("url") or one.get("number") or "")
        for one in said.get("documents", ())
        if one.get("url") or one.get("number")
    }
    return Complaint(
        opened_at=datetime.fromisoformat(said["opened_at"]),
        text=str(said.get("text", "")),
        status=str(said.get("status", "open")),
        documents=documents,
    )
