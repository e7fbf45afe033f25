"""Which statements are sent, which column is which field, and what a cell becomes; no database is asked."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.contract import Kind, SetAside, parse
from catalog_sync.sources.base import SourceOptions
from catalog_sync.sources.sql import open_source
from catalog_sync.sources.sql.columns import Target, assigned, targets
from catalog_sync.sources.sql.rows import RowReader
from catalog_sync.sources.sql.statement import asks_since, question
from catalog_sync.sources.sql.values import value_of
from marketing.errors import CatalogError
from marketing.tabular.cells import UnreadableError

ZONE = ZoneInfo("Asia/Makassar")
NAIVE = datetime.fromisoformat("2026-08-01 09:00")
LONG_AGO = datetime.fromisoformat("1900-01-01 00:00")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM produk",
        "  select 1 ;  ",
        "-- satu\n/* dua */ (SELECT 1)",
        "WITH x AS (SELECT 1 AS id) SELECT * FROM x",
        "SELECT harga::numeric, '12:30', 'a--b' FROM produk",
    ],
)
def test_one_question_is_accepted(query: str) -> None:
    assert not asks_since(question(query, "products"))


@pytest.mark.parametrize(
    "query",
    [
        "",
        None,
        5,
        ["SELECT 1"],
        "DELETE FROM produk",
        "UPDATE produk SET harga = 1",
        "SELECT 1; DELETE FROM produk",
        "SELECT 1;;",
        "SELECT ';' FROM produk",
        "/* ; */ SELECT 1; COMMIT",
        "COMMIT",
        "PRAGMA query_only = OFF",
        "ATTACH 'x' AS y",
        "EXPLAIN ANALYZE SELECT 1",
        "COPY produk TO PROGRAM 'sh'",
        "-- SELECT 1",
        "/* SELECT 1 */ DROP TABLE produk",
        "SELECTED",
        "SELECT :sandi",
        "SELECT 1 \x00",
        "SELECT " + "1," * 20_000 + "1",
    ],
)
def test_anything_else_is_refused_before_it_is_sent(query: object) -> None:
    with pytest.raises(CatalogError, match="Kueri “products” tidak diterima"):
        question(query, "products")


def test_since_is_the_only_parameter() -> None:
    assert asks_since(question("SELECT id FROM produk WHERE updated_at > :since", "products"))


def test_columns_are_known_by_the_contracts_names_and_by_indonesian_ones() -> None:
    columns = [
        *(
            "id_produk",
            "Nama_Produk",
            "harga",
            "verification_status",
            "how_to_order.text",
            "HALAL_NUMBER",
            "sale_price",
        ),
        *(
            "permit_pirt",
            "permit_pirt_expires",
            "image_url_1",
            "foto",
            "kata_sandi",
            "harga_modal",
            "status",
            "berat_kg",
        ),
    ]
    found = {columns[at]: target.path for at, target in assigned(Kind.PRODUCT, columns, {}, "products").items()}
    assert found == {
        "id_produk": "id",
        "Nama_Produk": "name",
        "harga": "price",
        "verification_status": "verification.status",
        "how_to_order.text": "how_to_order.text",
        "HALAL_NUMBER": "halal.number",
        "sale_price": "sale.price",
        "permit_pirt": "permits.PIRT",
        "permit_pirt_expires": "permits.PIRT.expires",
        "image_url_1": "images",
        "foto": "images",
    }
    owner = assigned(Kind.BUSINESS, ["id", "nama_usaha", "nik", "kecamatan", "password"], {}, "businesses")
    assert [target.path for target in owner.values()] == ["id", "name", "owner_nik", "domicile_kecamatan"]


def test_every_field_of_the_contract_can_be_named() -> None:
    for kind in Kind:
        paths = list(targets(kind))
        names = [path.replace(".", "_").lower() for path in paths]
        assert [target.path for target in assigned(kind, names, {}, kind.feed).values()] == paths


def test_the_operators_word_comes_first_and_the_surer_name_second() -> None:
    columns = ["kode", "id", "harga", "tarif"]
    found = assigned(Kind.PRODUCT, columns, {"tarif": "price", "kode": None}, "products")
    assert {columns[at]: target.path for at, target in found.items()} == {"id": "id", "tarif": "price"}
    for given_, said in (({"tarf": "price"}, "tidak ada kolom tarf"), ({"tarif": "ongkos"}, "ongkos bukan kolom")):
        with pytest.raises(CatalogError, match=said):
            assigned(Kind.PRODUCT, columns, given_, "products")
    with pytest.raises(CatalogError, match="dua kali"):
        assigned(Kind.PRODUCT, ["id", "id"], {}, "products")


def read(path: str, cell: Any) -> Any:
    return value_of(cell, targets(Kind.PRODUCT)[path], ZONE)


@pytest.mark.parametrize(
    ("path", "cell", "value"),
    [
        ("id", 7, "7"),
        ("id", Decimal("7.0"), "7"),
        ("id", UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ("name", b"Kain", "Kain"),
        ("name", memoryview(b"Kain"), "Kain"),
        ("name", "  ", None),
        ("name", None, None),
        ("name", time(12, 30), "12:30:00"),
        ("name", timedelta(1), "1 day, 0:00:00"),
        ("price", Decimal("15000.00"), 15_000),
        ("price", 15_000.0, 15_000),
        ("price", "Rp 15.000", 15_000),
        ("stock", "habis", 0),
        ("stock", "ada", None),
        ("stock", "12 pcs", 12),
        ("weight_gram", "1,5 kg", 1_500),
        ("verification.status", "Terverifikasi", "verified"),
        ("halal.status", "Tidak halal", "not_halal"),
        ("verification.at", NAIVE, "2026-08-01T09:00:00+08:00"),
        ("verification.at", datetime(2026, 8, 1, 1, tzinfo=UTC), "2026-08-01T01:00:00+00:00"),
        ("verification.at", "2026-08-01 09:00:00.5+08", "2026-08-01T09:00:00.500000+08:00"),
        ("verification.at", date(2026, 8, 1), "2026-08-01T00:00:00+08:00"),
        ("verification.at", LONG_AGO, "1899-12-31T16:02:24+00:00"),  # local mean time has seconds, RFC 3339 has none
        ("permits.PIRT.expires", datetime(2029, 12, 31, 20, tzinfo=timezone(timedelta())), "2030-01-01"),
        ("permits.PIRT.expires", "2029-12-31 00:00:00", "2029-12-31"),
        ("images", "a.jpg | https://x/1,2.jpg, https://x/3.jpg\nb.jpg", ["a.jpg", "https://x/1,2.jpg", "https://x/3.jpg", "b.jpg"]),
        ("images", '[{"url": "a.jpg"}]', [{"url": "a.jpg"}]),
        ("images", '{"url": "a.jpg"}', [{"url": "a.jpg"}]),
        ("images", ["a.jpg"], ["a.jpg"]),
    ],
)  # fmt: skip
def test_a_cell_becomes_what_the_field_holds(path: str, cell: Any, value: Any) -> None:
    assert read(path, cell) == value


@pytest.mark.parametrize(
    ("path", "cell"),
    [
        ("price", 15_000.5),
        ("price", Decimal("NaN")),
        ("price", float("inf")),
        ("price", "50,000"),
        ("price", "gratis"),
        ("stock", "sedikit"),
        ("verification.at", "kemarin"),
        ("verification.at", "infinity"),
        ("verification.status", "aktif"),
        ("images", "[rusak"),
    ],
)
def test_a_cell_that_could_be_misread_is_refused_without_being_repeated(path: str, cell: Any) -> None:
    with pytest.raises(UnreadableError):
        read(path, cell)


Cells = (
    st.none() | st.text() | st.integers() | st.floats() | st.binary() | st.decimals() | st.datetimes() | st.dates()
    | st.booleans() | st.uuids() | st.lists(st.text()) | st.dictionaries(st.text(), st.text()) | st.times()
)  # fmt: skip


@given(st.sampled_from(list(Kind)), st.lists(Cells, min_size=40, max_size=40))
def test_no_cell_breaks_more_than_its_row(kind: Kind, cells: list[Any]) -> None:
    fields = dict(enumerate(targets(kind).values()))
    found = RowReader(kind, fields, ZONE).record([*cells, *cells], 1)
    if not isinstance(found, SetAside):
        parse(kind, found)


def reader(*paths: str, base: str = "") -> RowReader:
    return RowReader(Kind.PRODUCT, dict(enumerate(targets(Kind.PRODUCT)[path] for path in paths)), ZONE, base)


def test_a_row_that_cannot_be_read_names_itself_and_its_place() -> None:
    aside = reader("id", "name", "price").record([5.0, "Kain\u202e 5302014506900001", "50,000"], 12)
    assert isinstance(aside, SetAside)
    assert (aside.external_id, aside.excerpt) == ("5", "Kain [NIK disamarkan]")
    assert aside.reason.endswith("(baris ke-12 kueri products).")


def test_a_lost_verification_is_heard_although_the_row_is_unreadable() -> None:
    record = reader("id", "business_id", "price", "verification.status").record(["1", "U", "50,000", "Dicabut"], 1)
    assert isinstance(record, dict)
    assert record["verification"] == {"status": "revoked"}
    assert isinstance(parse(Kind.PRODUCT, record), SetAside)


def test_a_category_nobody_knows_may_be_food() -> None:
    known = reader("id", "category", "name").record(["1", "Kain Tenun", "Selendang"], 1)
    assert isinstance(known, dict)
    assert known["category"] == "fesyen"
    assert isinstance(reader("id", "category", "name").record(["1", "Rempah", "Paket"], 1), SetAside)


def test_pictures_are_found_from_where_the_operator_says() -> None:
    record = reader("id", "category", "images", base="https://toko.example/foto/").record(
        ["1", "fesyen", "a.jpg|https://lain.example/b.jpg"], 1
    )
    assert isinstance(record, dict)
    assert [one["url"] for one in record["images"]] == ["https://toko.example/foto/a.jpg", "https://lain.example/b.jpg"]


def test_permits_come_from_their_own_columns() -> None:
    record = reader("id", "category", "permits.PIRT", "permits.PIRT.expires", "permits.SNI").record(
        ["1", "minuman", "2065302010123-29", date(2029, 12, 31), None], 1
    )
    assert isinstance(record, dict)
    assert record["permits"] == [{"type": "PIRT", "number": "2065302010123-29", "expires": "2029-12-31"}]


@pytest.mark.parametrize(
    "mapping",
    [
        {"produk": "SELECT 1"},
        {"products": {"sql": "SELECT 1"}},
        {"products": {"query": "SELECT 1", "columns": "id"}},
        {"deleted": {"products": "SELECT 1"}},
        {"products": "SELECT 1", "deleted": "SELECT 1"},
        {"products": "SELECT 1", "deleted": {"produk": "SELECT 1"}},
        {"picture_base": "gambar/"},
        {"picture_base": "file:///gambar/"},
        {"picture_base": "http://[::1/"},
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_at_once(mapping: dict[str, Any]) -> None:
    with pytest.raises(CatalogError, match="Pemetaan"):
        open_source("x.sqlite3", SourceOptions(mapping=mapping))


def test_the_picture_base_is_a_place_the_operator_configured() -> None:
    source = open_source("x.sqlite3", SourceOptions(mapping={"picture_base": "http://10.0.0.5:8080/foto/"}))
    assert source.picture_hosts == {"10.0.0.5:8080"}
    assert open_source("x.sqlite3", SourceOptions()).picture_hosts == frozenset()


def test_types_are_taken_from_the_contract_itself() -> None:
    assert value_of("ya", Target("is_binaan", targets(Kind.BUSINESS)["is_binaan"].type), ZONE) is True
    assert value_of(0, targets(Kind.BUSINESS)["is_binaan"], ZONE) is False
    assert value_of("5302", targets(Kind.BUSINESS)["owner_nik"], ZONE) == "5302"
