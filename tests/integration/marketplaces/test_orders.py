"""Orders of a shop become our order records: once each, with our products, without the buyer, and never lost."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from marketing.channels.marketplace.port import Provider
from marketing.db.models import Contact, Order, OrderEvent, OrderItem
from marketing.demo.simulators.server import Fault
from marketing.domain.account import AccountState
from tests.support.market import Killed, Market

PERSONAL = {"buyer_username": "siti_rahasia", "recipient_address": {"name": "Siti Rahasia", "phone": "62811"}}
LIST_PATH = {Provider.SHOPEE: "get_order_list", Provider.TIKTOK_SHOP: "orders/search"}


def place(market: Market, number: str, sku: str = "tts-P-1", **changes: Any) -> dict[str, Any]:
    """Let somebody buy two pieces now."""
    now = int(market.world.clock().timestamp())
    if market.provider is Provider.SHOPEE:
        item = {
            "item_id": 1, "item_name": "Tenun", "item_sku": sku, "model_sku": "", "model_quantity_purchased": 2,
            "model_discounted_price": 100_000, "model_original_price": 100_000,
        }  # fmt: skip
        order = {
            "order_sn": number, "currency": "IDR", "order_status": "READY_TO_SHIP", "create_time": now, "update_time": now,
            "pay_time": now, "item_list": [item], "total_amount": 215_000, "estimated_shipping_fee": 15_000, **PERSONAL,
        }  # fmt: skip
    else:
        line = {"product_id": "1", "product_name": "Tenun", "seller_sku": sku, "sale_price": "100000"}
        order = {
            "id": number, "status": "AWAITING_SHIPMENT", "create_time": now, "update_time": now, "paid_time": now,
            "line_items": [line, dict(line)], **PERSONAL,
            "payment": {"currency": "IDR", "total_amount": "215000", "shipping_fee": "15000"},
        }  # fmt: skip
    order |= changes
    market.server.orders.append(order)
    return order


def stored(market: Market) -> dict[str, Order]:
    with market.world.app.database.read() as session:
        return {row.external_id: row for row in session.scalars(select(Order))}


def key(market: Market, number: str) -> str:
    return f"{market.provider}:{number}"


def happened(market: Market) -> list[tuple[str, datetime]]:
    with market.world.app.database.read() as session:
        return [(row.type, row.at) for row in session.scalars(select(OrderEvent).order_by(OrderEvent.at))]


def move(market: Market, order: dict[str, Any], status: tuple[str, str], **changes: Any) -> None:
    now = int(market.world.clock().timestamp())
    shopee = market.provider is Provider.SHOPEE
    order |= {"update_time": now, "order_status" if shopee else "status": status[0 if shopee else 1], **changes}


def test_an_order_is_taken_once_with_our_product_and_without_the_buyer(market: Market) -> None:
    product = market.product(1)
    market.round()
    place(market, "2611220001")
    market.forward(seconds=1)
    assert market.parts.orders.run("tts")[market.account_id].new == 1
    with market.world.app.database.read() as session:
        order = session.scalars(select(Order)).one()
        item = session.scalars(select(OrderItem)).one()
        assert (order.external_id, order.status, order.total) == (key(market, "2611220001"), "paid", 215_000)
        assert order.contact_id is None
        assert (item.product_id, item.product_external_id, item.business_name) == (product, "P-1", "Usaha 1")
        assert (item.quantity, item.unit_price) == (2, 100_000)
        assert session.scalar(select(func.count()).select_from(Contact)) == 0
    assert [kind for kind, _at in happened(market)] == ["paid"]
    again = market.parts.orders.run("tts")[market.account_id]
    assert (again.new, again.changed) == (0, 0)
    assert len(stored(market)) == 1


def test_a_change_of_status_is_taken_and_events_happen_once(market: Market) -> None:
    market.product(1)
    market.round()
    order = place(market, "1")
    market.forward(minutes=5)
    market.parts.orders.run("tts")
    market.forward(hours=1)
    now = int(market.world.clock().timestamp())
    move(
        market,
        order,
        ("TO_CONFIRM_RECEIVE", "DELIVERED"),
        delivery_time=now,
        pickup_done_time=now - 60,
        rts_time=now - 60,
    )
    market.forward(seconds=1)
    assert market.parts.orders.run("tts")[market.account_id].changed == 1
    first = happened(market)
    assert [kind for kind, _at in first] == ["paid", "shipped", "delivered"]
    market.forward(hours=1)
    move(market, order, ("COMPLETED", "COMPLETED"))
    market.forward(seconds=1)
    market.parts.orders.run("tts")
    assert stored(market)[key(market, "1")].status == "completed"
    assert happened(market) == first, "Shopee dates delivery by the last change, which moves; the first moment stays"


def test_the_mark_moves_on_only_after_a_window_is_stored(market: Market) -> None:
    market.product(1)
    market.round()
    for number in range(120):  # three pages
        place(market, str(number))
    market.forward(seconds=1)
    market.server.break_next(LIST_PATH[market.provider], Fault.SERVER_ERROR)
    broken = market.parts.orders.run("tts")[market.account_id]
    assert broken.problem
    assert market.account().orders_until is None
    assert market.account().not_before == market.world.clock() + timedelta(minutes=5)
    market.forward(minutes=6)
    done = market.parts.orders.run("tts")[market.account_id]
    assert (done.new, done.problem) == (120, "")
    assert market.account().orders_until == market.world.clock()


def test_a_kill_at_any_step_loses_no_order_and_doubles_none(small_market: Market) -> None:
    market = small_market
    market.product(1)
    market.round()
    step, killed = 0, True
    while killed:
        step += 1
        place(market, f"A{step}")
        market.forward(seconds=1)
        market.tap.again(at=step)
        try:
            with market.tap.commits(market.world):
                market.parts.orders.run("tts")
            killed = False
        except Killed:
            pass
        market.tap.again()
        market.parts.orders.run("tts")
        assert len(stored(market)) == step
    assert step > 6
    assert len(happened(market)) == step


def test_a_long_silence_is_made_good_in_windows_of_fifteen_days(small_market: Market) -> None:
    market = small_market
    market.product(1)
    market.round()
    place(market, "alt")
    market.forward(seconds=1)
    market.parts.orders.run("tts")
    for day in (14, 29, 40):
        market.forward(days=day)
        place(market, f"T{day}")
        market.connect()
    market.forward(seconds=1)
    done = market.parts.orders.run("tts")[market.account_id]
    assert (done.problem, done.new) == ("", 3)


def test_an_order_indexed_late_is_found_by_the_overlap(market: Market) -> None:
    market.product(1)
    market.round()
    before = market.world.clock()
    market.forward(minutes=10)
    market.parts.orders.run("tts")
    place(market, "lambat", update_time=int(before.timestamp()) + 1)
    market.forward(minutes=5)
    assert market.parts.orders.run("tts")[market.account_id].new == 1


def test_what_cannot_be_read_is_set_aside_in_sight_and_costs_only_itself(
    market: Market, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    market.product(1)
    market.round()
    order = place(market, "rusak")
    good = dict(order)
    if market.provider is Provider.SHOPEE:
        order["currency"] = "MYR"
    else:
        order["payment"] = {**order["payment"], "currency": "MYR"}
    place(market, "baik")
    place(market, "asing", sku="toko-lain-1")
    market.forward(seconds=1)
    done = market.parts.orders.run("tts")[market.account_id]
    assert (done.new, done.foreign, list(done.aside)) == (1, 1, ["rusak"])
    shown = market.account().report["orders"]
    assert (shown["taken"], shown["aside"]) == (1, {"rusak": "mata uang MYR"})
    printed = capsys.readouterr()
    written = printed.out + printed.err + caplog.text  # where it goes depends on who configured logging in this process
    assert "orders set aside" in written
    for word in ("rusak", "Siti", "62811", "siti_rahasia"):
        assert word not in written
    market.server.orders[0] = good
    market.parts.orders.run("tts")
    assert market.account().report["orders"]["aside"] == {}, "once it can be read it is no longer shown"


def test_an_order_for_a_product_uploaded_by_file_is_ours_by_its_sku(market: Market) -> None:
    product = market.product(1)
    place(market, "berkas")
    market.forward(seconds=1)
    market.parts.orders.run("tts")
    with market.world.app.database.read() as session:
        assert session.scalars(select(OrderItem.product_id)).one() == product


def test_two_catalogues_that_name_products_alike_are_kept_apart(small_market: Market) -> None:
    from sqlalchemy import update

    from marketing.channels.marketplace.listing import sku_of
    from marketing.db.models import Business, Product

    market = small_market
    first, second = market.product(1), market.product(2)
    with market.world.app.database.write() as session:
        owner = session.get_one(Product, second).business_id
        session.execute(update(Business).where(Business.id == owner).values(source="kedua"))
        session.execute(update(Product).where(Product.id == second).values(source="kedua", external_id="P-1"))
    market.round()
    place(market, "satu")
    place(market, "dua", sku=sku_of("tts", "P-1", "kedua"))
    market.forward(seconds=1)
    market.parts.orders.run("tts")
    with market.world.app.database.read() as session:
        assert set(session.scalars(select(OrderItem.product_id))) == {first, second}


def test_a_closed_door_is_noted_and_nothing_is_asked_any_more(small_market: Market) -> None:
    market = small_market
    market.server.break_next(LIST_PATH[market.provider], Fault.PERMISSION)
    assert market.parts.orders.run("tts")[market.account_id].problem
    assert market.account().state is AccountState.PAUSED
    assert market.parts.orders.run("tts") == {}
