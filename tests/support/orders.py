"""Orders of a small, known world: who bought what, and what happened to it."""

from collections.abc import Sequence
from datetime import datetime

from marketing.bootstrap import App
from marketing.campaigns.automation_service import switch_on
from marketing.db.models import Order, OrderEvent, OrderItem, Product
from marketing.domain.types import Role
from tests.support.world import TENANT, World


def add_order(
    app: App, number: int, contact_id: int | None, *, products: Sequence[int] = (), placed_at: datetime | None = None,
    status: str = "paid", events: Sequence[str] = (),
) -> int:  # fmt: skip
    """Add an order of these products with these events, all of them now."""
    now = app.clock()
    with app.database.write() as session:
        order = Order(
            tenant_id=TENANT, external_id=f"O-{number}", number=f"SO-{number}", contact_id=contact_id, placed_at=placed_at or now,
            status=status, shipping_cost=25_000, total=125_000, complaint=None, content_hash="",
        )  # fmt: skip
        order.items = [
            OrderItem(
                line=line, product_external_id=f"P-{product}", product_id=product, business_name="Usaha", name="Tenun", quantity=1,
                unit_price=100_000, business_id=session.get_one(Product, product).business_id,
            )
            for line, product in enumerate(products, 1)
        ]  # fmt: skip
        session.add(order)
        session.flush()
        order_id = order.id
    for event in events:
        add_event(app, order_id, event)
    return order_id


def add_event(app: App, order_id: int, kind: str, *, at: datetime | None = None) -> None:
    """Let something happen to an order, now unless it says when."""
    with app.database.write() as session:
        session.add(
            OrderEvent(
                tenant_id=TENANT, order_id=order_id, type=kind, at=at or app.clock(), document_kind="bukti_pembayaran",
                document_number="BP-1", document_url="", courier="Kurir Timor", tracking_number="RESI-1",
            )
        )  # fmt: skip


def enable(world: World, *slugs: str) -> None:
    """Switch automations on under the approver's name."""
    with world.app.database.write() as session:
        for slug in slugs:
            switch_on(session, slug=slug, approver=world.staff(Role.APPROVER), now=world.clock())


def run_automation(world: World, slug: str) -> None:
    """Do what the workers would: run the automation, then whatever it asked for."""
    start = len(world.tasks.asked)
    world.app.automations.run(TENANT, slug)
    for task, ids in world.tasks.asked[start:]:
        assert task.value.startswith("delivery.deliver"), task
        while world.app.pipeline.deliver(int(ids["campaign_id"]), batches=3):
            pass
    world.app.sweeper.sweep()
