"""Who is written to in a round: people made once, orders made anew, and what past rounds left taken away."""

import secrets
from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from benchmarks.people import UNWILLING, add_people
from marketing.campaigns.automation_service import switch_on
from marketing.db.base import Base
from marketing.db.models import Campaign, Contact, Message, Order, OrderEvent, OrderItem, Product
from marketing.domain.types import Role
from tests.support.world import TENANT, World


def add_everyone(world: World, willing: int) -> int:
    """Add people of whom at least so many agreed to promotion, and switch order mail on; returns how many did."""
    agreed = add_people(world, willing * UNWILLING // (UNWILLING - 1) + UNWILLING)
    with world.app.database.write() as session:
        switch_on(session, slug="transaksi", approver=world.staff(Role.APPROVER), now=world.clock())
    return agreed


def place_orders(session: Session, contacts: Sequence[int], product_id: int, world: World) -> list[int]:
    """Let each of these people order one thing, approved now; returns the orders."""
    now, product = world.clock(), session.get_one(Product, product_id)
    made = []
    for contact_id in contacts:
        number = secrets.token_hex(6)
        order = Order(
            tenant_id=TENANT, external_id=f"O-{number}", number=f"SO-{number}", contact_id=contact_id, placed_at=now,
            status="approved", shipping_cost=25_000, total=125_000, complaint=None, content_hash=number,
        )  # fmt: skip
        order.items = [
            OrderItem(
                line=1, product_external_id=product.external_id, product_id=product.id, business_name="Usaha", name="Tenun",
                quantity=1, unit_price=100_000, business_id=product.business_id,
            )
        ]  # fmt: skip
        order.events = [
            OrderEvent(
                tenant_id=TENANT, type="approved", at=now, document_kind="", document_number="", document_url="", courier="",
                tracking_number="",
            )
        ]  # fmt: skip
        made.append(order)
    session.add_all(made)
    session.flush()
    return [order.id for order in made]


def some_contacts(session: Session, number: int) -> Sequence[int]:
    """Return that many people."""
    return session.scalars(
        select(Contact.id).where(Contact.tenant_id == TENANT).order_by(func.random()).limit(number)
    ).all()


def forget_rounds(session: Session, *, before_campaign: int, before_message: int, before_order: int) -> None:
    """Delete what the rounds before the last one left, so that the hundredth is as quick as the first.

    The last round stays: SQLite numbers its rows after the highest that is there, and no number is to come twice.
    """
    old = select(Campaign.id).where(Campaign.id < before_campaign, Campaign.automation.is_(None))
    gone = {"campaign_id": old, "order_id": select(Order.id).where(Order.id < before_order)}
    session.execute(delete(Message).where(Message.id < before_message))
    for table in reversed(Base.metadata.sorted_tables):
        for name, ids in gone.items():
            if name in table.c and table.name != Message.__tablename__:
                session.execute(delete(table).where(table.c[name].in_(ids)))
    session.execute(delete(Order).where(Order.id < before_order))
    session.execute(delete(Campaign).where(Campaign.id.in_(old)))
