"""What goes to Shopee, before it goes: fields, lengths, attributes, channels; and Shopee's own document as a checker."""

import json
import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.channels.marketplace.errors import Refused
from marketing.channels.marketplace.port import Attribute, Choice, Prepared
from marketing.channels.marketplace.shopee.payload import (
    Limits,
    add_body,
    fill_attributes,
    misfit,
    read_limits,
    usable_channels,
)
from tests.conformance.marketplace_suite import jpeg, listing

SPEC = Path(os.environ.get("SIAR_SPECS", "")) / "shopee-v2-add_item.json"
KINDS: dict[str, Any] = {
    "int32": int,
    "int64": int,
    "int": int,
    "timestamp": int,
    "float": (int, float),
    "string": str,
    "boolean": bool,
    "object": dict,
    "object[]": list,
    "string[]": list,
    "int32[]": list,
}
PREPARED = Prepared(
    "101234",
    ("id-1", "id-2"),
    ("8003",),
    (5, 120),
    (20, 3_000),
    (Attribute("4990", "0", "Nusa Tenggara Timur"),),
    (30, 20, 10),
    "00",
)
TREE = [
    {
        "attribute_id": 1,
        "name": "Jenis Kemasan",
        "mandatory": True,
        "attribute_value_list": [{"value_id": 7, "name": "Plastik"}],
        "attribute_info": {"input_type": 1},
    },
    {"attribute_id": 2, "name": "Asal", "mandatory": True, "attribute_info": {"input_type": 3}},
    {"attribute_id": 3, "name": "Rasa", "mandatory": False, "attribute_info": {"input_type": 3}},
]


def checked(given_body: dict[str, Any], params: list[dict[str, Any]], at: str = "") -> list[str]:
    """Return what Shopee's document says against a body: unknown names and wrong types."""
    known = {param["name"]: param for param in params}
    wrong: list[str] = []
    for name, value in given_body.items():
        param = known.get(name)
        if param is None:
            wrong.append(f"{at}{name}: unknown")
        elif not isinstance(value, KINDS[param["type"]]) or (isinstance(value, bool) and param["type"] != "boolean"):
            wrong.append(f"{at}{name}: {value!r} is no {param['type']}")
        elif param.get("children"):
            for entry in value if isinstance(value, list) else [value]:
                wrong += checked(entry, param["children"], f"{at}{name}.")
    return wrong


@pytest.mark.skipif(not SPEC.is_file(), reason="SIAR_SPECS names no folder with Shopee's document")
def test_the_body_fits_shopees_own_document() -> None:
    params = json.loads(SPEC.read_text("utf-8"))["params"]["request_params"]
    body = add_body(listing(), PREPARED, 15_000)
    assert checked(body, params) == []
    assert set(body) >= {
        "original_price",
        "description",
        "weight",
        "item_name",
        "logistic_info",
        "category_id",
        "image",
    }
    assert checked({**body, "weight": "255 gram", "judul": "x"}, params), "the checker can fail"


def test_the_body_says_what_the_listing_says() -> None:
    body = add_body(listing(), PREPARED, 14_000)
    assert body["item_sku"] == "tts-P-1"
    assert (body["original_price"], body["weight"], body["seller_stock"]) == (14_000, 0.255, [{"stock": 12}])
    assert body["brand"] == {"brand_id": 0, "original_brand_name": "NoBrand"}
    assert (body["condition"], body["item_status"], body["item_dangerous"]) == ("NEW", "NORMAL", 0)
    assert body["dimension"] == {"package_length": 30, "package_width": 20, "package_height": 10}


@given(st.text(max_size=400), st.text(max_size=6_000), st.text(max_size=80))
def test_title_and_description_stay_within_the_limits_whatever_is_written(title: str, text: str, business: str) -> None:
    item = listing(title=title, description=text, business=business, closing="")
    body = add_body(item, PREPARED, 15_000)
    assert 5 <= len(body["item_name"]) <= 120
    assert 20 <= len(body["description"]) <= 3_000


def test_a_long_description_keeps_maker_and_permit() -> None:
    closing = "Dapur Mama Yuli, P-IRT 2065302010123-29"
    body = add_body(listing(description=f"{'panjang ' * 900}\n\n{closing}", closing=closing), PREPARED, 15_000)
    assert body["description"].endswith(closing)


def test_limits_come_from_shopee_and_nonsense_keeps_the_fallback() -> None:
    found = read_limits(
        {
            "price_limit": {"min_limit": Decimal("5.5"), "max_limit": "10000000.0"},
            "item_image_count_limit": {"min_limit": 0, "max_limit": 99},
            "dimension_limit": {"dimension_mandatory": True},
            "gtin_limit": {"gtin_validation_rule": "Flexible"},
        }
    )
    assert (found.price, found.pictures, found.parcel_required, found.gtin) == (
        (5, 10_000_000),
        (1, 8),
        True,
        "Flexible",
    )
    nonsense = {"price_limit": {"min_limit": "mahal", "max_limit": None}, "stock_limit": [], "gtin_limit": "x"}
    assert read_limits(nonsense) == Limits()


@pytest.mark.parametrize(
    ("limits", "choice", "word"),
    [
        (Limits(price=(20_000, 90_000)), Choice(), "Rp20000"),
        (Limits(stock=(0, 10)), Choice(), "Stok"),
        (Limits(parcel_required=True), Choice(), "ukuran paket"),
        (Limits(gtin="Mandatory"), Choice(), "GTIN"),
        (Limits(pictures=(3, 8)), Choice(), "sedikitnya 3"),
    ],
)
def test_what_shopee_would_refuse_is_said_in_a_sentence(limits: Limits, choice: Choice, word: str) -> None:
    found = misfit(listing(), 15_000, [jpeg()], choice, limits)
    assert found is not None
    assert word in found.detail
    assert misfit(listing(), 15_000, [jpeg()], Choice(parcel_cm=(1, 1, 1)), Limits(parcel_required=True)) is None


def test_mandatory_attributes_without_a_value_are_named() -> None:
    found = fill_attributes(TREE, Choice(attributes={"rasa": "Manis", "Jenis kemasan": "Kaca"}))
    assert isinstance(found, Refused)
    assert "Jenis Kemasan, Asal" in found.detail
    filled = fill_attributes(TREE, Choice(attributes={"jenis kemasan ": "plastik", "ASAL": "Soe"}))
    assert filled == (Attribute("1", "7", "Plastik"), Attribute("2", "0", "Soe"))


def test_only_enabled_checkout_channels_that_carry_the_weight_are_switched_on() -> None:
    channels: list[dict[str, Any]] = [
        {"logistics_channel_id": 1, "enabled": True, "mask_channel_id": 0},
        {"logistics_channel_id": 2, "enabled": False, "mask_channel_id": 0},
        {"logistics_channel_id": 3, "enabled": True, "mask_channel_id": 1},
        {"logistics_channel_id": 4, "enabled": True, "weight_limit": {"item_max_weight": Decimal("0.2")}},
        {"logistics_channel_id": 5, "enabled": True, "weight_limit": {"item_min_weight": 10}},
        {"logistics_channel_id": 6, "enabled": True, "fee_type": "CUSTOM_PRICE"},
        {"logistics_channel_id": None, "enabled": True},
        {"logistics_channel_id": 7, "enabled": True, "weight_limit": {"item_max_weight": 0, "item_min_weight": None}},
    ]
    assert usable_channels(channels, 255) == ("1", "7")


def test_an_update_carries_neither_price_nor_stock() -> None:
    body = add_body(listing(), replace(PREPARED, gtin="", attributes=(), parcel_cm=None), 1)
    assert not {"gtin_code", "attribute_list", "dimension"} & set(body)
