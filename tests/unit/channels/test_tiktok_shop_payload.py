"""What goes to TikTok Shop, before it goes: title, HTML, weight, attributes, rules, warehouse."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.channels.marketplace.errors import Refused
from marketing.channels.marketplace.port import Attribute, Change, Choice, Prepared, RemoteId
from marketing.channels.marketplace.tiktok_shop.payload import (
    against_rules,
    description_of,
    fill_attributes,
    misfit,
    product_body,
    stock_body,
    title_of,
    warehouse_of,
)
from tests.conformance.marketplace_suite import PICTURE, jpeg, listing, replace

PREPARED = Prepared("810001", ("tos/1",), ("7000",), (25, 255), (1, 10_000), (Attribute("100", "", "Soe"),))
TAGS = re.compile(r"</?p>")


def test_a_short_name_gains_its_maker_until_it_is_long_enough() -> None:
    assert title_of(listing(title="Keripik Pisang")) == "Keripik Pisang - Dapur Mama Yuli"
    assert title_of(listing(title="Kue", business="")).startswith("Kue - Produk UMKM Indonesia")
    assert title_of(listing(title="Keripik Pisang Cokelat Renyah Asli Soe")) == "Keripik Pisang Cokelat Renyah Asli Soe"


@given(st.text(max_size=600), st.text(max_size=300))
def test_a_title_has_25_to_255_characters_whatever_is_written(title: str, business: str) -> None:
    assert 25 <= len(title_of(listing(title=title, business=business))) <= 255


@given(st.text(max_size=3_000))
def test_a_description_is_escaped_paragraphs_of_at_most_10000_characters(text: str) -> None:
    found = description_of(listing(description=text, closing=""))
    assert 0 < len(found) <= 10_000
    assert not set(TAGS.sub("", found)) & set("<>"), "nothing of the catalogue's text is markup"


def test_ten_thousand_ampersands_are_cut_after_escaping() -> None:
    found = description_of(listing(description="&" * 10_000, closing=""))
    assert 9_000 < len(found) <= 10_000
    assert re.fullmatch("<p>(&amp;)+…</p>", found), "no entity is cut in two"


def test_the_body_says_what_the_listing_says() -> None:
    body = product_body(listing(), PREPARED, 14_000, ("TIKTOK_SHOP", "TOKOPEDIA"))
    (sku,) = body["skus"]
    assert sku["price"] == {"amount": "14000", "currency": "IDR"}
    assert sku["inventory"] == [{"warehouse_id": "7000", "quantity": 12}]
    assert body["package_weight"] == {"value": "0.255", "unit": "KILOGRAM"}
    assert body["listing_platforms"] == ["TIKTOK_SHOP", "TOKOPEDIA"]
    assert body["product_attributes"] == [{"id": "100", "values": [{"name": "Soe"}]}]
    assert "listing_platforms" not in product_body(listing(), PREPARED, 14_000, ())
    assert product_body(listing(), PREPARED, 1, (), RemoteId("5", "6", "7"))["skus"][0]["id"] == "6"
    assert product_body(listing(weight_gram=10), PREPARED, 1, ())["package_weight"]["value"] == "0.01"


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"stock": 0}, "1 dan 99999"),
        ({"stock": 100_000}, "99999"),
        ({"weight_gram": 0}, "berat"),
        ({"kind": "service"}, "jasa"),
        ({"pictures": (replace(PICTURE, width=299),)}, "ke-1"),
        ({"pictures": (replace(PICTURE, height=4_001),)}, "4.000"),
    ],
)
def test_what_tiktok_would_refuse_is_said_in_a_sentence(changes: dict[str, Any], word: str) -> None:
    found = misfit(listing(**changes), [jpeg()])
    assert found is not None
    assert word in found.detail


def test_required_attributes_without_a_value_are_named() -> None:
    attributes: list[dict[str, Any]] = [
        {
            "id": "1",
            "name": "Kemasan",
            "type": "PRODUCT_PROPERTY",
            "is_requried": True,
            "values": [{"id": "9", "name": "Kaca"}],
        },
        {"id": "2", "name": "Asal", "type": "PRODUCT_PROPERTY", "is_required": True, "is_customizable": True},
        {"id": "3", "name": "Warna", "type": "SALES_PROPERTY", "is_requried": True},
    ]
    found = fill_attributes(attributes, Choice(attributes={"Kemasan": "Plastik"}))
    assert isinstance(found, Refused)
    assert "Kemasan, Asal" in found.detail
    filled = fill_attributes(attributes, Choice(attributes={"kemasan": "KACA", "asal": "Soe"}))
    assert filled == (Attribute("1", "9", "Kaca"), Attribute("2", "", "Soe"))


def test_papers_a_size_chart_and_the_parcel_are_asked_for_by_name() -> None:
    papers = {
        "product_certifications": [{"name": "BPOM", "is_required": True}, {"name": "Merek", "is_required": False}]
    }
    found = against_rules(papers, Choice())
    assert found is not None
    assert "BPOM" in found.detail
    assert "Merek" not in found.detail
    assert against_rules({"size_chart": {"is_required": True}}, Choice()) is not None
    parcel = {"package_dimension": {"is_required": True}}
    assert against_rules(parcel, Choice()) is not None
    assert against_rules(parcel, Choice(parcel_cm=(10, 10, 10))) is None
    assert against_rules({"product_certifications": None, "size_chart": []}, Choice()) is None


def test_the_default_open_sales_warehouse_is_taken() -> None:
    houses: list[dict[str, Any]] = [
        {"id": "1", "type": "RETURN_WAREHOUSE", "effect_status": "ENABLED", "is_default": True},
        {"id": "2", "type": "SALES_WAREHOUSE", "effect_status": "RESTRICTED", "is_default": True},
        {"id": "3", "type": "SALES_WAREHOUSE", "effect_status": "ENABLED"},
        {"id": "4", "type": "SALES_WAREHOUSE", "effect_status": "ENABLED", "is_default": True},
    ]
    assert warehouse_of(houses) == "4"
    assert warehouse_of(houses[:2]) == ""


def test_stock_names_its_warehouse_only_where_one_is_known() -> None:
    change = Change(RemoteId("5", "6", "7"), 3, 1)
    assert stock_body(change)["skus"][0]["inventory"] == [{"quantity": 3, "warehouse_id": "7"}]
    assert stock_body(replace(change, remote=RemoteId("5", "6")))["skus"][0]["inventory"] == [{"quantity": 3}]


@pytest.mark.parametrize("text", ["", ".1", "1.2.3.4", "a", "1/2", "1..x", "¹"])
def test_a_remote_id_is_numbers_only(text: str) -> None:
    with pytest.raises(ValueError):
        RemoteId.parse(text)


@pytest.mark.parametrize("text", ["1", "1.2", "1.2.3", "1..3"])
def test_a_remote_id_survives_being_written_down(text: str) -> None:
    assert str(RemoteId.parse(text)) == text
