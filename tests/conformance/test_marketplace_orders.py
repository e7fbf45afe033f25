"""Orders and authorisations of both marketplaces, over HTTP."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from catalog_sync.contract.models import Order
from marketing.channels.marketplace.errors import Later, Reconnect
from marketing.channels.marketplace.port import Credentials, OrderPage, Shop, Tokens
from marketing.channels.marketplace.shopee import auth as shopee_auth
from marketing.channels.marketplace.tiktok_shop import auth as tiktok_auth
from marketing.demo.simulators.server import START, Fault
from tests.conformance import marketplace_suite as suite
from tests.support import shopee, tiktok_shop
from tests.unit.channels.test_shopee_orders import RAW as SHOPEE_ORDER
from tests.unit.channels.test_tiktok_shop_orders import RAW as TIKTOK_ORDER

DAYS = 40


@pytest.fixture(params=sorted(suite.BENCHES))
def bench(request: pytest.FixtureRequest) -> Iterator[suite.Bench]:
    with suite.BENCHES[request.param]() as made:
        yield made


def seed(bench: suite.Bench, number: int) -> None:
    """Give the fake one order for each of `number` moments in the last 40 days."""
    step = DAYS * 86_400 // number
    first = int(bench.now.timestamp()) - DAYS * 86_400
    for index in range(number):
        at: dict[str, Any] = {"create_time": first + index * step, "update_time": first + index * step}
        if bench.codes is shopee:
            plain = {
                key: float(value) if key.endswith(("fee", "amount")) else value for key, value in SHOPEE_ORDER.items()
            }
            items = [{**SHOPEE_ORDER["item_list"][0], "model_discounted_price": 15000.0}]
            bench.server.orders.append({**plain, **at, "item_list": items, "order_sn": f"26{index:06}"})
        else:
            bench.server.orders.append({**TIKTOK_ORDER, **at, "id": f"57{index:06}"})


def read_all(bench: suite.Bench) -> list[str]:
    cursor: str | None = ""
    found: list[str] = []
    while cursor is not None:
        answer = bench.market.orders(bench.now - timedelta(days=DAYS), bench.now, cursor, lambda sku: sku, bench.now)
        assert isinstance(answer, OrderPage), answer
        for order in answer.orders:
            Order.model_validate_json(json.dumps(order))
        found += [order["number"] for order in answer.orders]
        cursor = answer.next_cursor
    return found


def test_every_order_of_forty_days_is_read_once(bench: suite.Bench) -> None:
    seed(bench, 230)
    found = read_all(bench)
    assert len(found) == len(set(found)) == 230


def test_no_orders_is_one_empty_reading(bench: suite.Bench) -> None:
    assert read_all(bench) == []


def test_a_fault_while_reading_orders_is_told_and_reading_goes_on_from_the_cursor(bench: suite.Bench) -> None:
    seed(bench, 60)
    bench.server.break_next("get_order_detail" if bench.codes is shopee else "orders/search", Fault.DROP_ANSWER)
    answer = bench.market.orders(bench.now - timedelta(days=DAYS), bench.now, "", lambda sku: sku, bench.now)
    assert isinstance(answer, Later)
    assert len(read_all(bench)) == 60


def test_shopees_code_becomes_credentials_once() -> None:
    with suite.shopee_bench() as bench:
        application = bench.shop.credentials.application
        found = shopee_auth.exchange(bench.shop.wire, application, "kode-sekali-pakai", shopee.SHOP_ID, START)
        assert isinstance(found, Credentials)
        assert found.usable(START)
        assert not found.usable(START + timedelta(hours=3, minutes=56))
        again = shopee_auth.exchange(bench.shop.wire, application, "kode-sekali-pakai", shopee.SHOP_ID, START)
        assert isinstance(again, Reconnect)
        assert "kode-sekali-pakai" not in repr(again)
        bench.use(found.tokens)
        assert bench.standing() == ()


def test_tiktoks_code_becomes_tokens_once_and_names_its_shops() -> None:
    with suite.tiktok_shop_bench() as bench:
        application = bench.shop.credentials.application
        found = tiktok_auth.exchange(bench.shop.auth_wire, application, "kode-sekali-pakai")
        assert isinstance(found, Tokens)
        assert found.access_expires_at == START + timedelta(hours=4), "the end is a moment, not a length"
        shops = tiktok_auth.shops(bench.shop.wire, application, found, START)
        assert shops == (Shop("7495", "Toko TTS", tiktok_shop.CIPHER),)
        assert tiktok_shop.CIPHER not in repr(shops)
        assert isinstance(tiktok_auth.exchange(bench.shop.auth_wire, application, "kode-sekali-pakai"), Reconnect)


def test_a_refresh_whose_answer_is_lost_is_tried_again_and_then_says_reconnect(bench: suite.Bench) -> None:
    path = "access_token/get" if bench.codes is shopee else "token/refresh"
    bench.server.break_next(path, Fault.DROP_ANSWER)
    lost = bench.market.refresh(bench.now)
    assert isinstance(lost, Later)
    assert isinstance(bench.market.refresh(bench.now), Reconnect), "the token was spent by the answer that was lost"


def test_a_refresh_that_never_arrived_costs_nothing(bench: suite.Bench) -> None:
    path = "access_token/get" if bench.codes is shopee else "token/refresh"
    bench.server.break_next(path, Fault.SERVER_ERROR, Fault.RATE)
    assert isinstance(bench.market.refresh(bench.now), Later)
    assert isinstance(bench.market.refresh(bench.now), Later)
    assert isinstance(bench.market.refresh(bench.now), Tokens)


def test_one_tiktok_intention_sent_twice_makes_one_product() -> None:
    with suite.tiktok_shop_bench() as bench:
        assert bench.created(key="niat-1") == bench.created(key="niat-1")
        assert len(bench.server.on_sale("tts-P-1")) == 1


def test_categories_ask_for_what_is_missing_and_take_what_is_chosen() -> None:
    with suite.shopee_bench() as bench:
        node = {"attribute_id": 4990, "name": "Asal", "mandatory": True, "attribute_info": {"input_type": 3}}
        assert isinstance(bench.server, suite.ShopeeServer)
        bench.server.mandatory = [node]
        found = bench.market.prepare(suite.listing(), [suite.jpeg()], suite.Choice(), START)
        assert isinstance(found, suite.Refused)
        assert "Asal" in found.detail
        prepared = bench.prepared(choice=suite.Choice(attributes={"asal": "Soe"}))
        assert isinstance(bench.market.create(suite.listing(), prepared, "n", START), suite.Created)
        bench.server.channels = []
        found = bench.market.prepare(suite.listing(), [suite.jpeg()], suite.Choice(attributes={"asal": "Soe"}), START)
        assert isinstance(found, suite.Refused)
        assert "jasa kirim" in found.detail


def test_a_category_the_shop_may_not_use_is_refused() -> None:
    with suite.tiktok_shop_bench() as bench:
        assert isinstance(bench.server, suite.TikTokShopServer)
        bench.server.permission = ["INVITE_ONLY"]
        found = bench.market.prepare(suite.listing(), [suite.jpeg()], suite.Choice(), START)
        assert isinstance(found, suite.Refused)
        assert "kategori" in found.detail
        bench.server.permission = ["AVAILABLE"]
        bench.server.warehouses = []
        found = bench.market.prepare(suite.listing(), [suite.jpeg()], suite.Choice(), START)
        assert isinstance(found, suite.Refused)
        assert "gudang" in found.detail


def test_a_picture_the_provider_cannot_read_is_refused() -> None:
    with suite.tiktok_shop_bench() as bench:
        found = bench.market.prepare(suite.listing(), [b"\xff\xd8\xffrusak"], suite.Choice(), START)
        assert isinstance(found, suite.Refused)
        assert "Gambar" in found.detail
