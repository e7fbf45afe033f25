"""A WooCommerce shop over real HTTP, pulled into a real database: paging, changes, the bin, refusals, bad answers."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from catalog_sync.contract import Kind
from catalog_sync.service import SyncResult, sync
from catalog_sync.sources import http_page
from catalog_sync.sources.base import CatalogSource, SourceFormat, SourceOptions
from catalog_sync.sources.opening import open_source
from catalog_sync.sources.woocommerce import rest
from marketing.db.models import Business, Product
from marketing.db.session import Database
from marketing.errors import CatalogError
from marketing.tenants.profile import profile_of
from tests.integration.catalog_sync.conftest import KEY, NOW
from tests.support.woocommerce import API, TOKEN, Reply, WooServer, failure, running_shop, woo_product

CHANGED = datetime(2026, 8, 2, tzinfo=UTC)
BUSINESS = {
    "name": "Tenun Nunkolo",
    "scale": "mikro",
    "nib": "0220123456789",
    "is_binaan": True,
    "domicile_region": "53.02",
    "domicile_kecamatan": "Amanuban Selatan",
    "owner_nik": "5302014506900001",
    "owner_nik_verified": True,
    "address": "Jalan Satu",
    "phone": "+6281200000001",
    "verification": {"status": "verified", "by": "Tim", "at": "2026-08-01T09:00:00+08:00"},
}


@pytest.fixture
def shop() -> Iterator[WooServer]:
    with running_shop() as server:
        server.products = [woo_product(number) for number in (1, 2, 3)]
        yield server


def source_of(shop: WooServer, **options: Any) -> CatalogSource:
    chosen: dict[str, Any] = {"token": TOKEN, "region_code": "53.02", "mapping": {"business": BUSINESS}, **options}
    return open_source(SourceFormat.WOOCOMMERCE, f"{shop.address}/", SourceOptions(**chosen))


def pull(database: Database, source: CatalogSource, since: datetime | None = None, now: datetime = NOW) -> SyncResult:
    return sync(database, source, profile=profile_of("tts"), source_name="toko", signing_key=KEY, now=now, since=since)


def ids(source: CatalogSource, since: datetime | None = None, resume: str = "") -> list[str]:
    pages = source.pages(since, resume=resume)
    return [record["id"] for page in pages for record in page.records.get(Kind.PRODUCT, ())]


def standing(database: Database) -> dict[str, bool]:
    with database.read() as session:
        return {row.external_id: row.promotable for row in session.scalars(select(Product)) if not row.deleted_at}


def test_a_shop_is_pulled_through_the_gate_and_a_second_time_nothing_changes(
    database: Database, shop: WooServer
) -> None:
    first = pull(database, source_of(shop))
    assert (first.new, first.promotable, first.set_aside) == (3, 3, [])
    second = pull(database, source_of(shop), now=NOW + timedelta(hours=1))
    assert (second.new, second.changed, second.unchanged, second.deleted) == (0, 0, 3, 0)
    with database.read() as session:
        business = session.scalars(select(Business)).one()
        assert (business.external_id, business.name, business.website) == ("toko", "Tenun Nunkolo", shop.address)


def test_what_is_deleted_hidden_or_revoked_in_the_shop_is_gone_or_held(database: Database, shop: WooServer) -> None:
    pull(database, source_of(shop))
    shop.products[0]["status"] = "draft"
    shop.products[1]["meta_data"][1]["value"] = "dicabut"
    del shop.products[2]
    result = pull(database, source_of(shop), now=NOW + timedelta(hours=1))
    assert (result.deleted, result.promotable) == (1, 0)
    assert standing(database) == {"1": False, "2": False}


def test_changes_alone_are_asked_for_and_the_bin_is_emptied_here_too(database: Database, shop: WooServer) -> None:
    pull(database, source_of(shop))
    late = {"date_modified_gmt": "2026-08-03T00:00:00", "date_modified": "2026-08-03T08:00:00"}
    shop.products[0].update(late, regular_price="400000")
    shop.products[1].update(late, status="trash")
    result = pull(database, source_of(shop), since=CHANGED, now=NOW + timedelta(hours=1))
    assert (result.changed, result.unchanged, result.deleted) == (1, 0, 1)
    assert standing(database) == {"1": True, "3": True}  # the one that did not change is still there
    asked = [query for path, query in shop.asked if path == f"{API}products" and "modified_after" in query]
    assert {(one["modified_after"], one["dates_are_gmt"]) for one in asked} == {("2026-08-01T23:59:59", "true")}
    assert [one["status"] for one in asked] == ["any", "trash"]


def test_pages_of_a_hundred_are_read_to_the_last(shop: WooServer) -> None:
    shop.products = [woo_product(number) for number in range(1, 251)]
    source = source_of(shop)
    assert ids(source) == [str(number) for number in range(1, 251)]
    assert source.snapshot
    assert shop.pages() == ["1", "2", "3"]
    assert {query["per_page"] for path, query in shop.asked if path == f"{API}products"} == {"100"}


def test_without_paging_headers_a_short_page_is_the_last(shop: WooServer) -> None:
    shop.products = [woo_product(number) for number in range(1, 201)]
    answered = shop.RequestHandlerClass._listing  # type: ignore[attr-defined]

    class Bare(shop.RequestHandlerClass):  # type: ignore[misc,name-defined]
        def _listing(self, rows: Any, query: Any) -> Reply:
            status, _headers, body = answered(self, rows, query)
            return status, {}, body

    shop.RequestHandlerClass = Bare
    source = source_of(shop)
    assert len(ids(source)) == 200
    assert (shop.pages(), source.snapshot) == (["1", "2", "3"], True)


def test_a_product_deleted_while_the_pages_are_read_hides_no_other(shop: WooServer) -> None:
    shop.products = [woo_product(number) for number in range(1, 251)]

    def served(path: str, query: dict[str, str]) -> None:
        if query.get("page") == "1" and len(shop.products) == 250:
            del shop.products[5]  # 101 moves to page one, which was read already

    shop.served = served
    source = source_of(shop)
    assert sorted(map(int, ids(source))) == list(range(1, 251))
    assert source.snapshot
    assert shop.pages() == ["1", "2", "1", "2", "3"]


def test_a_listing_that_shows_less_than_it_counts_deletes_nothing(database: Database, shop: WooServer) -> None:
    pull(database, source_of(shop))

    def scripted(path: str, query: dict[str, str]) -> Reply | None:
        return (200, {"X-WP-Total": "3", "X-WP-TotalPages": "1"}, b"[]") if path == f"{API}products" else None

    shop.scripted = scripted
    result = pull(database, source_of(shop), now=NOW + timedelta(hours=1))
    assert (result.deleted, len(standing(database))) == (0, 3)


def test_a_shop_that_counts_up_and_down_comes_to_an_end(shop: WooServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "PAGE_LIMIT", 20)
    totals = iter(range(10_000))

    def scripted(path: str, query: dict[str, str]) -> Reply | None:
        if path != f"{API}products":
            return None
        total = 5_000 - next(totals) % 2
        return 200, {"X-WP-Total": str(total), "X-WP-TotalPages": "900"}, b"[{}]"

    shop.scripted = scripted
    with pytest.raises(CatalogError, match="tidak berakhir sesudah 20 halaman"):
        ids(source_of(shop))


def test_a_killed_pull_goes_on_one_page_before_where_it_was(shop: WooServer) -> None:
    shop.products = [woo_product(number) for number in range(1, 351)]
    pages = source_of(shop).pages(None)
    assert [next(pages).resume for _ in range(2)] == ["2", "3"]
    shop.asked.clear()
    assert ids(source_of(shop), resume="3")[0] == "101"
    assert shop.pages() == ["2", "3", "4"]
    assert ids(source_of(shop), resume="entah")[0] == "1"


def test_variations_are_asked_for_only_where_a_reduction_hides_the_price(shop: WooServer) -> None:
    variable = {"type": "variable", "regular_price": "", "manage_stock": False}
    shop.products = [
        woo_product(1, **variable, price="90000", on_sale=True),
        woo_product(2, **variable, price="80000"),
    ]
    shop.variations[1] = [
        woo_product(10, regular_price="120000", sale_price="90000"),
        woo_product(11, regular_price="x"),
    ]

    def prices(**mapping: Any) -> list[tuple[int | None, int | None]]:
        pages = source_of(shop, mapping=mapping).pages(None)
        return [(one["price"], one["stock"]) for page in pages for one in page.records.get(Kind.PRODUCT, ())]

    assert prices() == [(90_000, 24), (80_000, None)]
    assert [path for path, _query in shop.asked if "variations" in path] == [f"{API}products/1/variations"]
    assert prices(variations=True) == [(90_000, 24), (None, 0)]


def test_facts_of_a_business_on_one_product_survive_a_pull_of_changes(database: Database, shop: WooServer) -> None:
    named = {"attributes": [{"name": "UMKM", "options": ["Kopi Mollo"]}]}
    shop.products = [woo_product(number, **named) for number in (1, 2)]
    shop.products[0]["meta_data"].append({"key": "siar_business_nib", "value": "0220123456789"})
    source = source_of(shop)
    pull(database, source)
    assert source.memory == {"businesses": ["usaha-kopi-mollo"]}
    shop.products[1].update(date_modified_gmt="2026-08-03T00:00:00", name="Baru")
    again = source_of(shop, memory=source.memory)
    pull(database, again, since=CHANGED, now=NOW + timedelta(hours=1))
    assert again.memory == source.memory
    with database.read() as session:
        assert session.scalars(select(Business.nib)).all() == ["0220123456789"]
        assert {row.name for row in session.scalars(select(Product))} == {"Selendang 1", "Baru"}


@pytest.mark.parametrize(
    ("reply", "said", "wait"),
    [
        (failure(401, "woocommerce_rest_cannot_view"), "menolak kunci API (401)", None),
        (failure(401, "woocommerce_rest_authentication_error"), "tidak mengenal kunci API ini", None),
        (failure(403, "woocommerce_rest_cannot_view"), "menolak kunci API (403)", None),
        (failure(404, "rest_no_route"), "permalink", None),
        (failure(429, "too_many", **{"Retry-After": "120"}), "meminta jeda 120 detik (429)", timedelta(minutes=2)),
        (
            (503, {"Retry-After": "Sun, 22 Nov 2026 02:00:00 GMT", "Date": "Sun, 22 Nov 2026 01:00:00 GMT"}, b"<html>"),
            "sedang bermasalah (503)",
            timedelta(hours=1),
        ),
        (failure(500, "internal_server_error"), "sedang bermasalah (500)", None),
        (failure(400, "rest_invalid_param"), "menjawab 400", None),
        ((302, {"Location": "http://127.0.0.1:1/"}, b""), "mengalihkan ke alamat lain (302)", None),
        ((200, {}, b"<!doctype html><title>Perawatan</title>"), "halaman web, bukan JSON", None),
        ((200, {}, b'[{"id":1'), "bukan JSON", None),
        ((200, {}, b"[" * 100_000), "bersarang terlalu dalam", None),
        ((200, {}, b'{"code":"x"}'), "tidak menjawab dengan daftar", None),
    ],
)
def test_a_refusing_or_broken_shop_is_one_sentence(
    shop: WooServer, reply: Reply, said: str, wait: timedelta | None
) -> None:
    shop.scripted = lambda path, query: reply if path == f"{API}products" else None
    with pytest.raises(CatalogError) as caught:
        ids(source_of(shop))
    assert said in str(caught.value)
    assert "pesan" not in str(caught.value)  # a server's own words are not repeated
    assert caught.value.retry_after == wait
    assert shop.pages() == ["1"]


def test_a_shop_without_end_or_without_answer_is_given_up(shop: WooServer) -> None:
    given_up = threading.Event()

    def slow(path: str, query: dict[str, str]) -> Reply | None:
        given_up.wait(10)
        return None

    shop.scripted = slow
    with pytest.raises(CatalogError, match="tidak menjawab dalam"):
        ids(source_of(shop, timeout=0.2))
    given_up.set()
    shop.scripted = lambda path, query: (
        (200, {}, b" " * (http_page.PAGE_BYTES + 1)) if path == f"{API}products" else None
    )
    with pytest.raises(CatalogError, match="lebih besar dari 64 MB"):
        ids(source_of(shop))


def test_wrong_keys_and_another_currency_end_before_anything_is_taken(database: Database, shop: WooServer) -> None:
    with pytest.raises(CatalogError, match="menolak kunci API"):
        pull(database, source_of(shop, token="ck_x:cs_y"))
    shop.currency = "USD"
    with pytest.raises(CatalogError, match="rupiah"):
        pull(database, source_of(shop))
    assert standing(database) == {}
    assert len(ids(source_of(shop, mapping={"currency": "idr"}))) == 3  # an operator may say what the keys may not ask


def test_keys_travel_in_no_address_and_to_no_stranger(shop: WooServer) -> None:
    ids(source_of(shop))
    assert not any(secret in f"{path}{query}" for path, query in shop.asked for secret in TOKEN.split(":"))
    for address in (
        *("http://toko.example", "https://", "https://a:b@toko.example", "http://10.0.0.1"),
        *("http://127.0.0.1.toko.example", "https://a\tb"),
    ):
        with pytest.raises(CatalogError):
            open_source(SourceFormat.WOOCOMMERCE, address, SourceOptions(token=TOKEN))
    for token in ("", "ck_1", "ck_1:", ":cs", "ck_é:cs", "ck:c\ns"):
        with pytest.raises(CatalogError, match="ck_…:cs_…"):
            source_of(shop, token=token)


@pytest.mark.parametrize("tail", ["", "/", "/wp-json/wc/v3", "/wp-json/wc/v3/", "/wp-json/", "/?x=1#y"])
def test_an_address_is_taken_however_it_was_copied(shop: WooServer, tail: str) -> None:
    source = open_source(SourceFormat.WOOCOMMERCE, shop.address + tail, SourceOptions(token=TOKEN))
    assert len(ids(source)) == 3
    assert source.picture_hosts == {shop.address.removeprefix("http://")}


def test_hostile_rows_are_told_and_cost_nobody_else(database: Database, shop: WooServer) -> None:
    bad: list[Any] = [
        {"status": "any"},
        woo_product(0),
        woo_product(5, regular_price="1.500"),
        woo_product(6, name="x" * 400),
        woo_product(7, type="grouped"),
        woo_product(1, name="lain"),
        woo_product(8, description="<script>alert(1)</script><p>Baik</p>"),
    ]
    shop.products += bad
    result = pull(database, source_of(shop))
    assert result.new == 4
    assert sorted((one.kind, one.external_id) for one in result.set_aside) == [
        *(("product", ""), ("product", ""), ("product", ""), ("product", "5"), ("product", "6"))
    ]
    with database.read() as session:
        texts = {row.external_id: row.description for row in session.scalars(select(Product))}
    assert "script" not in texts["8"]


def test_ten_thousand_products_take_a_hundred_questions(shop: WooServer) -> None:
    shop.products = [woo_product(number) for number in range(1, 10_001)]
    assert len(ids(source_of(shop))) == 10_000
    assert len(shop.asked) == 101  # and the currency


def test_the_export_of_a_shop_is_pulled_as_a_snapshot(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "wc-product-export.csv"
    defaults = {"order_text": "Pesan lewat WhatsApp.", "shop_url": "https://toko.example/"}
    heading = "ID,Tipe,SKU,Nama,Telah Terbit,Deskripsi,Tersedia?,Stok,Harga normal,Kategori,Gambar-gambar,Meta:siar_verification_status\n"
    row = ",simple,,Selendang,1,Tenun tangan.,1,3,350000,Kain,https://toko.example/1.jpg,terverifikasi\n"

    def pulled(*numbers: int) -> SyncResult:
        path.write_text("\ufeff" + heading + "".join(f"{number}{row}" for number in numbers), "utf-8")
        options = SourceOptions(region_code="53.02", mapping={"business": BUSINESS, "unit": "lembar", **defaults})
        return pull(database, open_source(SourceFormat.WOOCOMMERCE, str(path), options))

    first = pulled(1, 2, 3)
    assert (first.new, first.promotable) == (3, 3)
    result = pulled(1, 3)
    assert (result.unchanged, result.deleted) == (2, 1)
    assert standing(database) == {"1": True, "3": True}
    with database.read() as session:
        links = [row.how_to_order["url"] for row in session.scalars(select(Product).order_by(Product.external_id))]
    assert links[0] == "https://toko.example/?p=1"
