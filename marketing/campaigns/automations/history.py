"""Purchase history as the two personal automations read it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketing.db.models import Order, OrderItem, Product

CANCELLED = ("cancelled", "refunded")


@dataclass(slots=True)
class History:
    """What one person bought: times per product, and when last."""

    last_order: datetime
    bought: dict[int, int] = field(default_factory=dict)


def purchase_histories(session: Session, tenant_id: str) -> Mapping[int, History]:
    """Return every buyer's history by contact id; cancelled and refunded orders do not count."""
    query = (
        select(Order.contact_id, OrderItem.product_id, func.count(), func.max(Order.placed_at))
        .join(OrderItem, OrderItem.order_id == Order.id)
        .where(Order.tenant_id == tenant_id, Order.contact_id.is_not(None), Order.status.not_in(CANCELLED))
        .group_by(Order.contact_id, OrderItem.product_id)
    )
    histories: dict[int, History] = {}
    for contact_id, product_id, times, last in session.execute(query):
        if contact_id is None:
            continue
        history = histories.setdefault(contact_id, History(last))
        history.last_order = max(history.last_order, last)
        if product_id is not None:
            history.bought[product_id] = times
    return histories


def promotable_by_category(session: Session, tenant_id: str) -> Mapping[str, set[int]]:
    """Return the products that passed the gate, by category."""
    found: dict[str, set[int]] = defaultdict(set)
    query = select(Product.id, Product.category).where(
        Product.tenant_id == tenant_id, Product.promotable, Product.deleted_at.is_(None)
    )
    for row_id, category in session.execute(query):
        found[category].add(row_id)
    return found
