"""What one change in the catalogue does to our rows, and what a second look at the same catalogue does not."""

import pytest
from sqlalchemy import func, select

from catalog_sync.diff import Counts
from marketing.db.models import Business, GateDecision, Order, OrderEvent, OrderItem, Product, SetAside, SyncRun
from marketing.errors import CatalogError
from tests.integration.catalog_sync.conftest import NIK, Catalogue, business, order, product


def row(catalogue: Catalogue, external_id: str = "P-1") -> Product:
    with catalogue.database.read() as session:
        return session.scalars(select(Product).where(Product.external_id == external_id)).one()


def decisions(catalogue: Catalogue) -> int:
    with catalogue.database.read() as session:
        return session.scalar(select(func.count()).select_from(GateDecision)) or 0


def test_one_changed_product_is_one_changed_product(catalogue: Catalogue) -> None:
    first = catalogue.pull()
    assert (first.new, first.promotable, first.held) == (2, 1, {"TTS 10(1)c": 1})
    catalogue.products[0]["price"] = 400_000
    second = catalogue.pull()
    assert (second.new, second.changed, second.unchanged) == (0, 1, 1)
    assert (row(catalogue).price, row(catalogue).catalog_version) == (400_000, 2)
    assert decisions(catalogue) == 2  # the answer is the same, so no new decision
    assert row(catalogue, "P-2").catalog_version == 1


def test_a_revoked_product_is_held_and_a_cured_one_let_go(catalogue: Catalogue) -> None:
    catalogue.pull()
    catalogue.products[0]["verification"]["status"] = "revoked"
    catalogue.products[1]["price"] = 1_000
    result = catalogue.pull()
    assert result.promotable == 1
    assert not row(catalogue).promotable
    assert row(catalogue, "P-2").promotable
    assert decisions(catalogue) == 4
    assert catalogue.pull().changed == 0
    assert decisions(catalogue) == 4


def test_a_change_of_the_business_alone_rules_its_products(catalogue: Catalogue) -> None:
    catalogue.pull()
    catalogue.businesses[0]["nib"] = None
    result = catalogue.pull()
    assert result.by_kind["business"] == Counts(changed=1)
    assert (result.changed, result.promotable) == (0, 0)
    assert result.held == {"TTS 10(1)a": 2, "TTS 10(1)c": 1}


def test_updated_at_alone_changes_nothing(catalogue: Catalogue) -> None:
    catalogue.pull()
    catalogue.products[0]["updated_at"] = "2026-11-21T00:00:00Z"
    assert catalogue.pull().changed == 0


def test_a_deleted_product_goes_and_may_come_back(catalogue: Catalogue) -> None:
    catalogue.pull()
    gone = catalogue.products.pop(0)
    catalogue.deleted = {"products": ["P-1", "P-404", 7, None, "P-1"]}
    result = catalogue.pull()
    assert (result.deleted, result.total, result.promotable) == (1, 1, 0)
    assert row(catalogue).deleted_at
    assert not row(catalogue).promotable
    assert catalogue.pull().deleted == 0
    catalogue.products.append(gone)
    back = catalogue.pull()  # still on the list of deletions, but listed: it is there
    assert (back.changed, back.deleted, back.total, back.promotable) == (1, 0, 2, 1)
    assert row(catalogue).deleted_at is None
    assert catalogue.pull().changed == 0


def test_a_deleted_business_takes_its_products_along(catalogue: Catalogue) -> None:
    catalogue.pull()
    catalogue.businesses, catalogue.products = [], []
    catalogue.deleted = {"businesses": ["U-1"]}
    result = catalogue.pull()
    assert result.by_kind["business"].deleted == 1
    assert (result.deleted, result.total, result.promotable) == (2, 0, 0)
    catalogue.products = [product("P-3")]
    assert [one.external_id for one in catalogue.pull().set_aside] == ["P-3"]


def test_missing_from_a_page_is_not_deleted(catalogue: Catalogue) -> None:
    catalogue.pull()
    catalogue.products.pop()
    result = catalogue.pull()
    assert (result.deleted, result.total) == (0, 2)


def test_a_product_waits_for_its_business(catalogue: Catalogue) -> None:
    catalogue.businesses[0]["role"] = "pedagang"
    first = catalogue.pull()
    assert first.total == 0
    assert [(one.kind, one.external_id) for one in first.set_aside] == [
        ("business", "U-1"),
        ("product", "P-1"),
        ("product", "P-2"),
    ]
    catalogue.businesses[0]["role"] = "umkm"
    second = catalogue.pull()
    assert (second.new, second.set_aside) == (2, [])


def test_set_aside_records_are_kept_with_their_run(catalogue: Catalogue) -> None:
    catalogue.products.append({"id": "P-3", "name": f"Sal {NIK}"})
    result = catalogue.pull()
    with catalogue.database.read() as session:
        kept = session.scalars(select(SetAside)).one()
        assert (kept.sync_run_id, kept.kind, kept.external_id) == (result.run_id, "product", "P-3")
        assert "business_id: belum diisi; category: belum diisi." in kept.reason
        assert NIK not in kept.excerpt
    for _ in range(21):
        last = catalogue.pull()
    with catalogue.database.read() as session:
        runs = set(session.scalars(select(SetAside.sync_run_id)))
        assert last.run_id in runs
        assert result.run_id not in runs
        assert session.get(SyncRun, result.run_id)


def test_the_first_of_two_with_one_id_stays(catalogue: Catalogue) -> None:
    catalogue.products.append(product("P-1", name="Kedua"))
    catalogue.businesses.append(business("U-1", name="Kedua"))
    result = catalogue.pull()
    assert [(one.kind, one.external_id) for one in result.set_aside] == [("business", "U-1"), ("product", "P-1")]
    assert row(catalogue).name == "Selendang P-1"
    with catalogue.database.read() as session:
        assert session.scalars(select(Business.name)).all() == ["Tenun U-1"]


def test_a_catalogue_of_another_daerah_is_refused_before_anything_is_written(catalogue: Catalogue) -> None:
    catalogue.region = "35.72"
    with pytest.raises(CatalogError, match=r"untuk wilayah 35\.72, bukan 53\.02"):
        catalogue.pull()
    with catalogue.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Business)) == 0
        assert session.scalars(select(SyncRun.state)).all() == ["failed"]


def test_an_order_twice_is_one_order_and_its_events_add_up(catalogue: Catalogue) -> None:
    catalogue.pull()
    first = catalogue.orders[0]["events"][0]
    shipped = {
        "type": "shipped",
        "at": "2026-11-21T08:00:00+08:00",
        "courier": "JNE",
        "tracking_number": "5302014506900001",
    }
    catalogue.orders[0].update(
        status="shipped",
        events=[{**first, "at": "2026-11-20T03:00:00Z"}, shipped, shipped],  # the same moment in another zone
        complaint={"opened_at": "2026-11-21T09:00:00+08:00", "text": "Sobek.", "documents": [{"kind": "foto_produk"}]},
    )
    assert catalogue.pull().by_kind["order"] == Counts(changed=1)
    catalogue.orders[0]["events"] = [shipped]  # forgotten by the catalogue, not by us
    catalogue.pull()
    catalogue.orders = []
    catalogue.deleted = {"orders": ["O-1"]}
    catalogue.pull()
    with catalogue.database.read() as session:
        kept = session.scalars(select(Order)).one()
        assert [event.type for event in kept.events] == ["paid", "shipped"]
        assert kept.events[1].tracking_number == "5302014506900001"  # sixteen digits, and a courier's
        assert kept.complaint
        assert kept.complaint["documents"] == [{"kind": "foto_produk", "number": "", "url": ""}]
        assert kept.contact_id
        assert [(item.business_name, item.product_id is not None) for item in kept.items] == [("Tenun U-1", True)]


def test_an_order_without_complaint_has_none_in_the_database(catalogue: Catalogue) -> None:
    catalogue.orders.append(order("O-2", items=[], events=[], buyer_id="B-404"))
    catalogue.pull()
    with catalogue.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Order).where(Order.complaint.is_(None))) == 2
        assert session.scalar(select(func.count()).select_from(Product).where(Product.sale.is_(None))) == 2
        assert session.scalar(select(func.count()).select_from(OrderItem)) == 1
        assert session.scalar(select(func.count()).select_from(OrderEvent)) == 1
