"""The same checks for every catalogue format, in every way it can be reached; a new one stands in the table below."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog_sync.sources.base import SourceFormat
from marketing.db.session import Database
from tests.conformance import source_contract, source_feed, source_sheet, source_shop, source_sql
from tests.conformance import source_suite as suite
from tests.conftest import copied
from tests.support.postgres import PostgresCluster

BENCHES: dict[str, type[suite.Bench]] = {
    "contract-folder": source_contract.ContractFolder,
    "contract-http": source_contract.ContractServer,
    "woocommerce-csv": source_shop.ShopExport,
    "woocommerce-rest": source_shop.ShopServer,
    "spreadsheet-csv": source_sheet.SheetCsv,
    "spreadsheet-xlsx": source_sheet.SheetXlsx,
    "sql-sqlite": source_sql.SqliteFile,
    "sql-postgresql": source_sql.Postgres,
    "merchant-rss-file": source_feed.RssFile,
    "merchant-atom-file": source_feed.AtomFile,
    "merchant-rss-http": source_feed.RssServer,
}


@pytest.fixture(
    params=[pytest.param(name, marks=pytest.mark.postgres if name == "sql-postgresql" else ()) for name in BENCHES]
)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[suite.Bench]:
    def new_postgres() -> str:
        cluster: PostgresCluster = request.getfixturevalue("postgres")
        return cluster.new_database()

    folder = tmp_path / "sumber"
    folder.mkdir()
    bench = BENCHES[request.param](folder, new_postgres)
    yield bench
    bench.close()


@pytest.fixture
def store(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    database = copied(sqlite_template, tmp_path)
    yield database
    database.close()


def test_every_format_has_a_bench() -> None:
    assert {bench.format for bench in BENCHES.values()} == set(SourceFormat)


def test_the_same_catalogue_is_read(bench: suite.Bench) -> None:
    suite.check_the_same_catalogue_is_read(bench)


def test_businesses_come_before_their_products(bench: suite.Bench) -> None:
    suite.check_businesses_come_before_their_products(bench)


def test_nothing_is_new_twice(bench: suite.Bench, store: Database) -> None:
    suite.check_nothing_is_new_twice(bench, store)


def test_a_change_is_noticed(bench: suite.Bench, store: Database) -> None:
    suite.check_a_change_is_noticed(bench, store)


def test_a_removed_product_leaves(bench: suite.Bench, store: Database) -> None:
    suite.check_a_removed_product_leaves(bench, store)


def test_an_unreadable_product_costs_only_itself(bench: suite.Bench, store: Database) -> None:
    suite.check_an_unreadable_product_costs_only_itself(bench, store)


def test_prices_are_read_or_refused_never_guessed(bench: suite.Bench) -> None:
    suite.check_prices(bench)


def test_pages_are_small_and_go_on_after_a_kill(bench: suite.Bench) -> None:
    suite.check_pages_are_small_and_go_on(bench)


def test_an_empty_catalogue_deletes_nothing(bench: suite.Bench, store: Database) -> None:
    suite.check_an_empty_catalogue_deletes_nothing(bench, store)


def test_hostile_texts_come_out_harmless(bench: suite.Bench, store: Database) -> None:
    suite.check_hostile_texts_come_out_harmless(bench, store)


def test_no_nik_gets_out(bench: suite.Bench, store: Database) -> None:
    suite.check_no_nik_gets_out(bench, store)


def test_what_is_no_catalogue_is_one_sentence(bench: suite.Bench) -> None:
    suite.check_what_is_no_catalogue_is_one_sentence(bench)
