"""TikTok Shop's and Tokopedia's orders in the contract's shape: one line item is one piece."""

import json
from typing import Any

import pytest

from catalog_sync.contract.models import Order
from marketing.channels.marketplace.order_record import page
from marketing.channels.marketplace.tiktok_shop.orders import order_record

AT = 1_790_000_000
PIECE = {
    "id": "1",
    "seller_sku": "tts-P-1",
    "product_id": "17291",
    "product_name": "Keripik Pisang",
    "sale_price": "15000",
}
RAW: dict[str, Any] = {
    "id": "576684019603311365",
    "status": "DELIVERED",
    "commerce_platform": "TOKOPEDIA",
    "create_time": AT,
    "update_time": AT + 9_000,
    "paid_time": AT + 60,
    "rts_time": AT + 600,
    "collection_time": AT + 700,
    "delivery_time": AT + 8_000,
    "tracking_number": "JX001",
    "shipping_provider": "J&T",
    "buyer_email": "x@pembeli.example",
    "recipient_address": {"name": "Yuli", "phone_number": "(+62)812"},
    "payment": {"currency": "IDR", "sub_total": "47000", "shipping_fee": "9000", "total_amount": "57000"},
    "line_items": [PIECE, {**PIECE, "id": "2"}, {**PIECE, "id": "3", "sale_price": "17000"}],
}


def ours(sku: str) -> str | None:
    return sku.removeprefix("tts-") if sku.startswith("tts-") else None


def test_equal_pieces_are_added_up_and_nothing_of_the_buyer_is_kept() -> None:
    found = order_record(RAW, ours)
    assert found is not None
    Order.model_validate_json(json.dumps(found))
    assert found["id"] == "tiktok_shop:576684019603311365"
    assert [(item["product_id"], item["quantity"], item["unit_price"]) for item in found["items"]] == [
        ("P-1", 2, 15_000),
        ("P-1", 1, 17_000),
    ]
    assert (found["total"], found["shipping_cost"], found["status"]) == (57_000, 9_000, "delivered")
    assert [event["type"] for event in found["events"]] == ["paid", "shipped", "delivered"]
    assert found["events"][1]["tracking_number"] == "JX001"
    assert "Yuli" not in json.dumps(found)
    assert "pembeli.example" not in json.dumps(found)


def test_a_cancelled_order_says_when() -> None:
    found = order_record({**RAW, "status": "CANCELLED", "cancel_time": AT + 30, "delivery_time": 0}, ours)
    assert found is not None
    assert [event["type"] for event in found["events"]] == ["paid", "shipped", "cancelled"]
    running = order_record({**RAW, "cancel_time": AT + 30}, ours)
    assert running is not None
    assert "cancelled" not in [event["type"] for event in running["events"]]


def test_what_is_not_ours_is_not_kept() -> None:
    assert order_record({**RAW, "line_items": [{**PIECE, "seller_sku": ""}]}, ours) is None


BROKEN: list[dict[str, Any]] = [
    {"payment": None},
    {"payment": {"currency": "IDR", "total_amount": "57.5"}},
    {"payment": {"currency": "MYR", "total_amount": "57"}},
    {"line_items": 5},
    {"line_items": [{**PIECE, "sale_price": "Rp15.000"}]},
    {"create_time": 0},
    {"paid_time": "1"},
]


@pytest.mark.parametrize("wrong", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_order_costs_only_itself(wrong: dict[str, Any]) -> None:
    found = page([{**RAW, **wrong}, RAW], lambda raw: order_record(raw, ours), lambda raw: str(raw.get("id")), None)
    assert len(found.orders) == 1
    assert len(found.set_aside) == 1
