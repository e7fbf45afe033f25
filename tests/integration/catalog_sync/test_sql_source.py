"""A shop's own database, SQLite and PostgreSQL: read as it is, and in no way changed."""

import hashlib
import logging
import sqlite3
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from catalog_sync.contract import Kind
from catalog_sync.sources.base import CatalogSource, SourceOptions
from catalog_sync.sources.sql import open_source
from marketing.errors import CatalogError
from tests.support.postgres import PostgresCluster

COLUMNS = "id integer, usaha_id text, nama_produk text, kategori text, harga numeric, updated_at timestamp"
Open = Callable[..., CatalogSource]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A shop's database with two products, writable for the test."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'toko.sqlite3'}"
    else:
        cluster: PostgresCluster = request.getfixturevalue("postgres")
        url = cluster.new_database()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE usaha (id text, nama text)"))
        connection.execute(text("INSERT INTO usaha VALUES ('U-1', 'Tenun')"))
        connection.execute(text(f"CREATE TABLE produk ({COLUMNS})"))
        for number, moment in ((1, "2026-08-01 09:00:00"), (2, "2026-11-21 09:00:00")):
            values = {
                "id": number,
                "moment": datetime.fromisoformat(moment) if request.param == "postgresql" else moment,
            }
            insert = "INSERT INTO produk VALUES (:id, 'U-1', 'Kain', 'fesyen', 15000, :moment)"
            connection.execute(text(insert), values)
    yield engine
    engine.dispose()


def opened(shop: Engine, **options: Any) -> CatalogSource:
    url = shop.url.render_as_string(hide_password=False)
    return open_source(url, SourceOptions(region_code="53.02", **options))


def ids(source: CatalogSource, since: datetime | None = None) -> list[str]:
    return [raw["id"] for page in source.pages(since) for raw in page.records.get(Kind.PRODUCT, ())]


def test_tables_are_found_by_name_and_a_view_for_siar_comes_first(shop: Engine) -> None:
    source = opened(shop)
    assert ids(source) == ["1", "2"]
    assert source.snapshot
    with shop.begin() as connection:
        connection.execute(text("CREATE VIEW siar_products AS SELECT * FROM produk WHERE id = 2"))
    assert ids(opened(shop)) == ["2"]


@pytest.mark.parametrize(
    "query",
    [
        "WITH x AS (SELECT 9 AS id) DELETE FROM produk",
        "WITH x AS (DELETE FROM produk RETURNING id) SELECT * FROM x",
        "WITH x AS (INSERT INTO produk (id) VALUES (9) RETURNING id) SELECT * FROM x",
        "SELECT id INTO salinan FROM produk",
        "SELECT id FROM produk FOR UPDATE",
        "SELECT set_config('transaction_read_only', 'off', false) AS id",
        "SELECT lo_create(0) AS id",
        "SELECT id FROM tidak_ada",
        "SELECT CAST('rahasia-sekali' AS integer) AS id, nama FROM produk",
    ],
)
def test_nothing_is_written_whatever_the_query_says(shop: Engine, query: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(CatalogError, match="Kueri “products”") as caught:
        ids(opened(shop, mapping={"products": query}))
    assert "rahasia-sekali" not in str(caught.value) + caplog.text
    assert caught.value.__suppress_context__
    with shop.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM produk")) == 2


def test_since_asks_for_changes_in_the_daerahs_own_time(shop: Engine) -> None:
    mapping = {
        "products": "SELECT * FROM produk WHERE updated_at > :since",
        "deleted": {"products": "SELECT id + 100 FROM produk WHERE updated_at > :since"},
    }
    source = opened(shop, mapping=mapping)
    assert not source.snapshot  # what does not come is not gone
    assert ids(source) == ["1", "2"]
    just_before = datetime(2026, 11, 21, 0, 59, tzinfo=UTC)  # 08.59 in Kupang
    assert ids(source, just_before) == ["2"]
    assert ids(source, datetime(2026, 11, 21, 1, 1, tzinfo=UTC)) == []
    pages = list(source.pages(just_before))
    assert [page.deleted for page in pages if page.deleted] == [{Kind.PRODUCT: ["102"]}]


def test_a_row_without_an_id_could_be_any_of_ours(shop: Engine) -> None:
    with shop.begin() as connection:
        connection.execute(
            text("INSERT INTO produk (usaha_id, nama_produk, kategori) VALUES ('U-1', 'Kain', 'fesyen')")
        )
    source = opened(shop)
    assert len(list(source.pages(None))) == 2
    assert not source.snapshot


def test_a_query_without_end_is_ended(shop: Engine) -> None:
    endless = "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT max(id) AS id FROM n"
    with pytest.raises(CatalogError, match="terlalu lama"):
        ids(opened(shop, mapping={"products": endless}, timeout=0.05))


def test_many_rows_flow_in_little_memory(shop: Engine) -> None:
    with shop.begin() as connection:
        many = "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)"
        long = "x" * 500
        connection.execute(
            text(
                f"INSERT INTO produk (id, usaha_id, nama_produk, kategori) {many} SELECT i, 'U-1', '{long}', 'fesyen' FROM n"
            )
            if shop.dialect.name == "postgresql"
            else text(
                f"{many} INSERT INTO produk (id, usaha_id, nama_produk, kategori) SELECT i, 'U-1', '{long}', 'fesyen' FROM n"
            )
        )
    source = opened(shop)
    tracemalloc.start()
    rows = sum(len(page.records.get(Kind.PRODUCT, ())) for page in source.pages(None))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == 29_993
    assert peak < 8_000_000  # the rows alone are 15 MB


def test_one_view_of_all_tables_while_the_shop_goes_on_selling(shop: Engine) -> None:
    if shop.dialect.name == "sqlite":
        with shop.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    pages = opened(shop).pages(None)
    first = next(pages)
    assert [raw["id"] for raw in first.records[Kind.BUSINESS]] == ["U-1"]
    with shop.begin() as connection:
        connection.execute(text("INSERT INTO produk (id, usaha_id, kategori) VALUES (3, 'U-2', 'fesyen')"))
        connection.execute(text("INSERT INTO usaha VALUES ('U-2', 'Baru')"))
    assert [raw["id"] for page in pages for raw in page.records[Kind.PRODUCT]] == ["1", "2"]
    assert ids(opened(shop)) == ["1", "2", "3"]


def test_a_sqlite_file_is_never_made_nor_touched(tmp_path: Path) -> None:
    for location in (f"sqlite:///{tmp_path}/baru.sqlite3", str(tmp_path / "baru.db")):
        with pytest.raises(CatalogError, match="Tidak ada berkas"):
            ids(open_source(location))
    assert list(tmp_path.iterdir()) == []
    file = tmp_path / "toko?mode=rwc#.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE products (id, business_id, category, name, price)")
        connection.execute("INSERT INTO products VALUES (1, 'U', 'fesyen', CAST(x'4bff' AS text), 5)")
    connection.close()
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    assert ids(open_source(str(file))) == ["1"]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.postgres
def test_what_only_postgresql_can_hold(postgres: PostgresCluster) -> None:
    engine = create_engine(postgres.new_database())
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TABLE siar_products (id uuid, business_id text, category text, name text, price numeric(12, 2),"
                " images text[], bundle_of jsonb, permit_pirt text, permit_pirt_expires date, verified_at timestamptz)"
            )
        )
        insert = text(
            "INSERT INTO siar_products VALUES (gen_random_uuid(), 'U', 'fesyen', :name, :price, ARRAY['a.jpg', 'b.jpg'],"
            """ '[{"product_id": "2"}]', '2065302010123-29', :expires, :at)"""
        )
        for name, price, expires, moment in (
            ("baik", Decimal("15000.00"), "2029-12-31", "2026-08-01 09:00+08"),
            ("selamanya", Decimal(5), "infinity", "2026-08-01 09:00+08"),
            ("kapan", Decimal(5), "2029-12-31", "infinity"),
            ("purba", Decimal(5), "2029-12-31", "0044-03-15 12:00+00 BC"),
            ("pecahan", Decimal("0.01"), "2029-12-31", "2026-08-01 09:00+08"),
        ):
            typed = insert.bindparams(name=name, price=price)
            statement = str(typed).replace(":expires", f"'{expires}'").replace(":at", f"'{moment}'")
            connection.execute(text(statement), {"name": name, "price": price})
    pages = list(opened(engine).pages(None))
    engine.dispose()
    records = {raw["name"]: raw for page in pages for raw in page.records[Kind.PRODUCT]}
    assert records["baik"]["price"] == 15_000
    assert records["baik"]["images"] == [{"url": "a.jpg"}, {"url": "b.jpg"}]
    assert records["baik"]["verification"] == {"at": "2026-08-01T09:00:00+08:00"}
    assert set(records) == {"baik", "selamanya"}  # an expiry that is no day is for the contract to refuse
    assert sorted(one.excerpt for page in pages for one in page.set_aside) == ["kapan", "pecahan", "purba"]


def test_no_password_is_ever_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for location in (
        "postgresql://siar:rahasia-sekali@127.0.0.1:1/toko?sslpassword=rahasia-sekali",
        "postgresql+psycopg2://siar:rahasia-sekali@127.0.0.1:1/toko",
        "mysql+pymysql://siar:rahasia-sekali@127.0.0.1/toko",
        "mssql+pyodbc://siar:rahasia-sekali@127.0.0.1/toko",
        "postgresql://siar:rahasia-sekali@[::1/toko",
        "postgresql://siar:rahasia-sekali@127.0.0.1:pintu/toko",
    ):
        with pytest.raises(CatalogError) as caught:
            ids(open_source(location, SourceOptions(timeout=1.0)))
        assert "rahasia-sekali" not in str(caught.value) + repr(caught.value) + caplog.text
