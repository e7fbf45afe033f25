"""Purchase history as the two personal automations read it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketing.db.models import ConsentNow, Contact, Order, OrderItem, Product
from marketing.domain.consent import ConsentState
from marketing.domain.types import Purpose

CANCELLED = ("cancelled", "refunded")


@dataclass(slots=True)
class History:
    """What one person bought: times per product, of which businesses, and when last."""

    last_order: datetime | None = None
    bought: dict[int, int] = field(default_factory=dict)
    sellers: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every product that passed the gate, and in groups, each in the order of its ids."""

    products: frozenset[int]
    by_seller: Mapping[int, Sequence[int]]
    by_category: Mapping[str, Sequence[int]]


def purchase_histories(session: Session, tenant_id: str) -> dict[int, History]:
    """Return every buyer's history by contact id; cancelled and refunded orders do not count."""
    query = (
        select(Order.contact_id, OrderItem.product_id, Product.business_id, func.count(), func.max(Order.placed_at))
        .join(OrderItem, OrderItem.order_id == Order.id)
        .outerjoin(Product, Product.id == OrderItem.product_id)
        .where(Order.tenant_id == tenant_id, Order.contact_id.is_not(None), Order.status.not_in(CANCELLED))
        .group_by(Order.contact_id, OrderItem.product_id, Product.business_id)
    )
    histories: dict[int, History] = defaultdict(History)
    for contact_id, product_id, seller_id, times, last in session.execute(query):
        if contact_id is None:
            continue
        history = histories[contact_id]
        history.last_order = max(history.last_order or last, last)
        if product_id is not None:
            history.bought[product_id] = times
            history.sellers.add(seller_id)
    return dict(histories)


def topics_of_willing(session: Session, tenant_id: str) -> Mapping[int, tuple[str, ...]]:
    """Return everybody who agreed that products are chosen from orders and topics, with the topics they asked for.

    Of anybody else neither may be used, in no kind of mail: the other purposes name neither (UU 27/2022 Ps. 28).
    """
    query = (
        select(Contact.id, Contact.preferences)
        .join(ConsentNow, ConsentNow.contact_id == Contact.id)
        .where(
            Contact.tenant_id == tenant_id,
            ConsentNow.purpose == Purpose.PERSONALISED,
            ConsentNow.state == ConsentState.GIVEN,
        )
    )
    return {contact_id: tuple(preferences.get("categories", ())) for contact_id, preferences in session.execute(query)}


def promotable_shelf(session: Session, tenant_id: str) -> Shelf:
    """Return the products that passed the gate at its last decision."""
    by_seller: dict[int, list[int]] = defaultdict(list)
    by_category: dict[str, list[int]] = defaultdict(list)
    query = (
        select(Product.id, Product.business_id, Product.category)
        .where(Product.tenant_id == tenant_id, Product.promotable, Product.deleted_at.is_(None))
        .order_by(Product.id)
    )
    rows = session.execute(query).all()
    for row_id, seller_id, category in rows:
        by_seller[seller_id].append(row_id)
        by_category[category].append(row_id)
    return Shelf(frozenset(row.id for row in rows), by_seller, by_category)
