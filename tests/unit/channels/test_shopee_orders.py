"""Shopee's orders in the contract's shape: what is kept, what is not, and windows of fifteen days."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.contract.models import Order
from marketing.channels.marketplace.order_record import page
from marketing.channels.marketplace.shopee.orders import WINDOW, first_cursor, next_cursor, order_record, window

AT = 1_790_000_000
RAW: dict[str, Any] = {
    "order_sn": "261120ABCDEF",
    "currency": "IDR",
    "order_status": "SHIPPED",
    "create_time": AT,
    "update_time": AT + 900,
    "pay_time": AT + 60,
    "pickup_done_time": AT + 600,
    "shipping_carrier": "J&T Express",
    "estimated_shipping_fee": Decimal("9000.0"),
    "total_amount": Decimal("39000.0"),
    "buyer_username": "mama_yuli",
    "recipient_address": {"name": "Yuli", "phone": "62812", "full_address": "Jl. Rahasia 1"},
    "message_to_seller": "tolong cepat",
    "item_list": [
        {
            "item_id": 5,
            "item_name": "Keripik\x00 Pisang",
            "item_sku": "tts-P-1",
            "model_sku": "",
            "model_quantity_purchased": 2,
            "model_original_price": 17_000,
            "model_discounted_price": Decimal("15000.0"),
        }
    ],
}


def ours(sku: str) -> str | None:
    return sku.removeprefix("tts-") if sku.startswith("tts-") else None


def test_an_order_has_the_contracts_shape_and_nothing_of_the_buyer() -> None:
    found = order_record(RAW, ours)
    assert found is not None
    Order.model_validate_json(json.dumps(found))
    assert (found["id"], found["number"], found["status"]) == ("shopee:261120ABCDEF", "261120ABCDEF", "shipped")
    assert (found["total"], found["shipping_cost"]) == (39_000, 9_000)
    assert found["items"] == [{"product_id": "P-1", "name": "Keripik Pisang", "quantity": 2, "unit_price": 15_000}]
    assert [event["type"] for event in found["events"]] == ["paid", "shipped"]
    assert found["events"][1]["courier"] == "J&T Express"
    text = json.dumps(found)
    for private in ("mama_yuli", "Yuli", "62812", "Rahasia", "cepat"):
        assert private not in text


@pytest.mark.parametrize(
    ("status", "kind", "events"),
    [
        ("UNPAID", "pending", ["paid", "shipped"]),
        ("COMPLETED", "completed", ["paid", "shipped", "delivered"]),
        ("CANCELLED", "cancelled", ["paid", "shipped", "cancelled"]),
        ("BARU_SEKALI", "baru_sekali", ["paid", "shipped"]),
    ],
)
def test_each_status_has_its_word(status: str, kind: str, events: list[str]) -> None:
    found = order_record({**RAW, "order_status": status}, ours)
    assert found is not None
    Order.model_validate_json(json.dumps(found))
    assert found["status"] == kind
    assert [event["type"] for event in found["events"]] == events


def test_an_unpaid_order_is_goods_and_shipping() -> None:
    raw = {**RAW, "total_amount": None, "pay_time": None, "pickup_done_time": 0}
    found = order_record(raw, ours)
    assert found is not None
    assert (found["total"], found["events"]) == (39_000, [])


def test_a_bundle_deals_zero_price_falls_back_to_the_original() -> None:
    raw = {**RAW, "item_list": [{**RAW["item_list"][0], "model_discounted_price": 0}]}
    found = order_record(raw, ours)
    assert found is not None
    assert found["items"][0]["unit_price"] == 17_000


def test_what_is_not_ours_is_not_kept_unless_it_came_along() -> None:
    foreign = {**RAW["item_list"][0], "item_sku": "punya-sendiri", "item_id": 9}
    assert order_record({**RAW, "item_list": [foreign]}, ours) is None
    mixed = order_record({**RAW, "item_list": [foreign, RAW["item_list"][0]]}, ours)
    assert mixed is not None
    assert [item["product_id"] for item in mixed["items"]] == ["shopee:9", "P-1"]


BROKEN: list[dict[str, Any]] = [
    {"item_list": None},
    {"item_list": ["x"]},
    {"create_time": None},
    {"create_time": "kemarin"},
    {"create_time": AT * 1000},
    {"total_amount": "banyak"},
    {"total_amount": Decimal("0.5")},
    {"total_amount": Decimal("Infinity")},
    {"currency": "VND"},
    {"order_status": None, "item_list": [{"item_sku": "tts-P-1", "model_quantity_purchased": 0}]},
]


@pytest.mark.parametrize("wrong", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_order_costs_only_itself(wrong: dict[str, Any]) -> None:
    found = page([RAW, {**RAW, **wrong}, RAW], lambda raw: order_record(raw, ours), lambda raw: raw["order_sn"], None)
    assert len(found.orders) == 2
    (aside,) = found.set_aside
    assert aside.order_id == "261120ABCDEF"
    assert aside.reason


@given(st.integers(0, 200 * 86_400), st.integers(1, 100 * 86_400))
def test_windows_cover_the_whole_time_without_gap_and_none_is_longer_than_15_days(start: int, length: int) -> None:
    since = datetime.fromtimestamp(AT + start, UTC)
    until = since + timedelta(seconds=length)
    cursor: str | None = first_cursor(since)
    at = since
    while cursor is not None:
        begin, end, inner = window(cursor, until)
        assert (begin, inner) == (at, "")
        assert timedelta(0) < end - begin <= WINDOW
        at, cursor = end, next_cursor(begin, end, until, more=False, inner="")
    assert at == until


def test_a_page_inside_a_window_keeps_shopees_own_cursor() -> None:
    since = datetime.fromtimestamp(AT, UTC)
    cursor = next_cursor(since, since + WINDOW, since + WINDOW * 2, more=True, inner="50:x")
    assert cursor is not None
    assert window(cursor, since + WINDOW * 2) == (since, since + WINDOW, "50:x")


@pytest.mark.parametrize("cursor", ["x", "-1:", "99999999999:", "¹:", "1e9:"])
def test_a_cursor_that_is_not_ours_is_a_value_error(cursor: str) -> None:
    with pytest.raises(ValueError):
        window(cursor, datetime.fromtimestamp(AT, UTC))
