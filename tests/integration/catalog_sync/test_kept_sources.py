"""A kept source: its secrets sealed, pages that did not change not sent again, changes alone asked for, pauses honoured."""

import hashlib
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from catalog_sync import saved_sources
from catalog_sync.saved_sources import SourceSpec
from catalog_sync.sources.base import SourceFormat
from marketing.db.models import CatalogSource, Product
from marketing.errors import CatalogError, NotFoundError, SettingsError
from tests.integration.catalog_sync.conftest import business, product
from tests.support.world import TENANT, World


class Shop(ThreadingHTTPServer):
    """A catalogue that speaks the contract with ETags, `updated_since` and pauses, two products a page."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.records: dict[str, list[Any]] = {
            "businesses": [business(updated_at="2026-11-01T00:00:00+00:00")],
            "products": [],
        }
        self.pause: dict[str, str] = {}
        self.asked: list[tuple[str, dict[str, str], int]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def statuses(self) -> list[int]:
        statuses = [status for _feed, _query, status in self.asked]
        self.asked.clear()
        return statuses

    def page(self, feed: str, query: dict[str, str]) -> bytes:
        records = self.records.get(feed, [])
        if since := query.get("updated_since"):
            start = datetime.fromisoformat(since)
            records = [one for one in records if datetime.fromisoformat(one["updated_at"]) >= start]
        first = int(query.get("cursor", "0"))
        more = first + 2 < len(records)
        body = {"schema": "siar-catalog/1", feed: records[first : first + 2]}
        return json.dumps({**body, "next_cursor": str(first + 2) if more else None}).encode()


class _Handler(BaseHTTPRequestHandler):
    server: Shop

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[-1] for key, values in parse_qs(url.query).items()}
        body = self.server.page(url.path[1:], query)
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        status = 429 if self.server.pause else 304 if self.headers.get("If-None-Match") == etag else 200
        self.server.asked.append((url.path[1:], query, status))
        self.send_response(status)
        sent = body if status == 200 else b""
        for name, value in {"ETag": etag, "Content-Length": str(len(sent)), **self.server.pause}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is http.server's
        """Say nothing."""


@pytest.fixture
def shop() -> Iterator[Shop]:
    server = Shop()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    server.records["products"] = [product(f"P-{n}", updated_at=f"2026-11-0{n + 1}T00:00:00+00:00") for n in range(5)]
    yield server
    server.shutdown()
    server.server_close()


def spec(shop: Shop, **more: Any) -> SourceSpec:
    return SourceSpec("toko", SourceFormat.CONTRACT, f"{shop.address}?kunci=rahasia", token="sangat rahasia", **more)


def kept(world: World) -> CatalogSource:
    with world.app.database.read() as session:
        return session.get_one(CatalogSource, (TENANT, "toko"))


def test_pages_that_did_not_change_are_not_sent_again(world: World, shop: Shop) -> None:
    assert world.app.catalog.pull(TENANT, spec(shop)).new == 5
    assert shop.statuses() == [200] * 6  # businesses, three of products, buyers, orders
    assert world.app.catalog.pull(TENANT, spec(shop)).changed == 0
    assert shop.statuses() == [304] * 6
    shop.records["products"][2]["price"] = 1_000
    assert world.app.catalog.pull(TENANT, spec(shop)).changed == 1
    assert shop.statuses() == [200 if number == 2 else 304 for number in range(6)]


def test_a_record_that_was_set_aside_is_looked_at_again(world: World, shop: Shop) -> None:
    orphan = product("P-7", business_id="U-2", updated_at="2026-11-01T00:00:00+00:00")
    shop.records["products"].append(orphan)
    assert len(world.app.catalog.pull(TENANT, spec(shop)).set_aside) == 1
    shop.statuses()
    shop.records["businesses"].append(business("U-2"))
    assert world.app.catalog.pull(TENANT, spec(shop)).new == 1, "its page did not change, its business did"


def test_changes_alone_are_asked_for_and_everything_once_a_day(world: World, shop: Shop) -> None:
    world.app.catalog.pull(TENANT, spec(shop))
    shop.asked.clear()
    world.clock.forward(hours=1)
    shop.records["products"][4] |= {"price": 9_000, "updated_at": world.clock().isoformat()}
    result = world.app.catalog.pull(TENANT, spec(shop), incremental=True)
    assert (result.changed, result.unchanged, result.complete) == (1, 0, False)
    since = {query["updated_since"] for _feed, query, _status in shop.asked if "updated_since" in query}
    assert since == {"2026-11-04T23:50:00+00:00"}, "ten minutes before the newest record it had told of"
    world.clock.forward(hours=24)
    shop.asked.clear()
    assert world.app.catalog.pull(TENANT, spec(shop), incremental=True).complete
    assert not [query for _feed, query, _status in shop.asked if "updated_since" in query]


def test_a_pause_the_catalogue_asks_for_is_kept(world: World, shop: Shop) -> None:
    world.app.catalog.pull(TENANT, spec(shop, minutes=5))
    shop.pause = {"Retry-After": "3600"}
    with pytest.raises(CatalogError, match="3600 detik") as caught:
        world.app.catalog.pull_due(TENANT, "toko")
    assert caught.value.retry_after == timedelta(hours=1)
    assert kept(world).not_before == world.clock() + timedelta(hours=1)
    with world.app.database.write() as session:
        assert list(saved_sources.take_due(session, world.clock() + timedelta(minutes=59))) == []
        assert list(saved_sources.take_due(session, world.clock() + timedelta(minutes=61))) == [(TENANT, "toko")]


def test_a_source_is_due_once_in_its_minutes(world: World, shop: Shop) -> None:
    world.app.catalog.pull(TENANT, spec(shop, minutes=5))
    for minutes, due in ((0, True), (1, False), (4, False), (6, True), (7, False)):
        with world.app.database.write() as session:
            found = list(saved_sources.take_due(session, world.clock() + timedelta(minutes=minutes)))
        assert bool(found) is due, minutes


def test_no_secret_of_a_source_lies_open(world: World, shop: Shop) -> None:
    secret = SourceSpec("toko", SourceFormat.CONTRACT, shop.address, token="sangat rahasia", mapping={"a": "b"})
    world.app.catalog.pull(TENANT, secret)
    row = kept(world)
    open_text = json.dumps([row.location, row.sealed_access, row.mapping, row.memory])
    assert "rahasia" not in open_text
    assert "rahasia" not in repr(secret)
    assert world.app.catalog.spec(TENANT, "toko") == secret
    assert saved_sources.shown("postgresql://u:p@db/siar?sslkey=x") == "postgresql://db/siar"


def test_another_address_forgets_what_the_old_one_told(world: World, shop: Shop) -> None:
    world.app.catalog.pull(TENANT, SourceSpec("toko", SourceFormat.CONTRACT, shop.address))
    assert kept(world).newest
    other = SourceSpec("toko", SourceFormat.CONTRACT, f"{shop.address}/")
    with world.app.database.write() as session:
        saved_sources.keep(session, TENANT, other, world.app.catalog.sealer, world.clock())
    assert (kept(world).newest, kept(world).full_at, kept(world).memory) == (None, None, {})


def test_a_forgotten_source_leaves_its_products(world: World, shop: Shop) -> None:
    world.app.catalog.pull(TENANT, spec(shop))
    with world.app.database.write() as session:
        saved_sources.forget(session, TENANT, "toko")
    with world.app.database.read() as session:
        assert len(session.scalars(select(Product.id)).all()) == 5
    with pytest.raises(SettingsError, match="toko"):
        world.app.catalog.spec(TENANT, "toko")
    with world.app.database.write() as session, pytest.raises(NotFoundError):
        saved_sources.forget(session, TENANT, "toko")


def test_which_source_is_meant_without_a_name(world: World, shop: Shop) -> None:
    with pytest.raises(SettingsError, match="belum diatur"):
        world.app.catalog.configured(TENANT)
    world.app.catalog.pull(TENANT, spec(shop))
    assert world.app.catalog.configured(TENANT).name == "toko"
    world.app.catalog.pull(TENANT, SourceSpec("kedua", SourceFormat.CONTRACT, shop.address))
    with pytest.raises(SettingsError, match="kedua, toko"):
        world.app.catalog.configured(TENANT)
