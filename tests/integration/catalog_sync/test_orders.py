"""Orders of the catalogue: who sells each line, and since when a complaint stands as it does."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from marketing.db.models import Business, Order, OrderEvent
from tests.integration.catalog_sync.conftest import NOW, Catalogue, business, order, product

OPENED = "2026-11-21T10:00:00+08:00"


def complaint(*papers: str, status: str = "open", opened: str = OPENED) -> dict[str, Any]:
    documents = [{"kind": kind, "url": f"https://k.example/{kind}"} for kind in papers]
    return {"opened_at": opened, "text": "Warnanya lain.", "documents": documents, "status": status}


def since(catalogue: Catalogue) -> datetime | None:
    with catalogue.database.read() as session:
        return session.scalars(select(Order.complaint_changed_at)).one()


def test_each_line_names_its_seller_by_the_order_or_by_the_catalogue(catalogue: Catalogue) -> None:
    catalogue.businesses = [business("U-1"), business("U-2", name="Madu Mutis")]
    catalogue.products = [product("P-1"), product("P-2", business_id="U-2")]
    lines = [
        {"product_id": "P-1", "business_id": "U-1", "name": "A", "quantity": 1, "unit_price": 1},
        {"product_id": "P-2", "name": "B", "quantity": 1, "unit_price": 1},
        {"product_id": "P-9", "business_id": "U-2", "name": "C", "quantity": 1, "unit_price": 1},
        {"product_id": "P-9", "business_id": "U-9", "name": "D", "quantity": 1, "unit_price": 1},
    ]
    catalogue.orders = [order(items=lines)]
    catalogue.pull()
    with catalogue.database.read() as session:
        names = dict(session.execute(select(Business.id, Business.name)).all())
        found = session.scalars(select(Order)).one().items
        assert [(names.get(item.business_id or 0), item.business_name) for item in found] == [
            ("Tenun U-1", "Tenun U-1"),
            ("Madu Mutis", "Madu Mutis"),
            ("Madu Mutis", "Madu Mutis"),
            (None, ""),
        ]


def test_a_complaint_stands_since_it_was_opened_and_then_since_each_change(catalogue: Catalogue) -> None:
    catalogue.orders = [order(complaint=complaint("bukti_pembayaran"))]
    catalogue.pull()
    first = since(catalogue)
    assert first == datetime.fromisoformat(OPENED)
    for hours, said, expected in (
        (1, complaint("bukti_pembayaran"), first),
        (2, complaint("bukti_pembayaran", "foto_produk"), NOW + timedelta(hours=2)),
        (3, complaint("bukti_pembayaran", "foto_produk"), NOW + timedelta(hours=2)),
        (4, complaint("bukti_pembayaran", "foto_produk", status="selesai"), NOW + timedelta(hours=4)),
        (5, None, None),
        (6, complaint("bukti_pembayaran"), NOW + timedelta(hours=6)),
    ):
        catalogue.orders = [order(complaint=said, status=f"{hours}")]
        catalogue.pull(NOW + timedelta(hours=hours))
        assert since(catalogue) == expected, hours


def test_a_complaint_from_the_future_stands_since_now(catalogue: Catalogue) -> None:
    catalogue.orders = [order(complaint=complaint(opened="2026-12-24T10:00:00+08:00"))]
    catalogue.pull()
    assert since(catalogue) == NOW


def test_a_corrected_event_is_changed_in_place_and_one_that_is_left_out_stays(catalogue: Catalogue) -> None:
    shipped = {"type": "shipped", "at": "2026-11-21T08:00:00+08:00", "courier": "Pos", "tracking_number": "A"}
    catalogue.orders = [order(events=[shipped])]
    catalogue.pull()
    catalogue.orders = [order(events=[{**shipped, "tracking_number": "B"}, shipped | {"type": "delivered"}])]
    catalogue.pull()
    catalogue.orders = [order(events=[])]
    catalogue.pull()
    with catalogue.database.read() as session:
        found = session.execute(select(OrderEvent.type, OrderEvent.tracking_number).order_by(OrderEvent.id)).all()
        assert [tuple(row) for row in found] == [("shipped", "B"), ("delivered", "A")]
