"""One WooCommerce product to one record of the contract: prices, sales, stock, permits, verification, owners."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.contract import Kind, Product, SetAside, parse
from catalog_sync.sources.base import SourceOptions
from catalog_sync.sources.woocommerce.amounts import UnreadableError, count, grams, rupiah
from catalog_sync.sources.woocommerce.answers import item_of
from catalog_sync.sources.woocommerce.businesses import Businesses, Shop, owner_id
from catalog_sync.sources.woocommerce.facts import day, facts_of, halal, permits, verification
from catalog_sync.sources.woocommerce.options import ShopOptions, shop_options
from catalog_sync.sources.woocommerce.records import product_record
from catalog_sync.sources.woocommerce.variations import with_variations
from marketing.errors import CatalogError
from tests.support.woocommerce import woo_product


def options(**mapping: Any) -> ShopOptions:
    return shop_options(SourceOptions(region_code="53.02", mapping=mapping))


def record(change: dict[str, Any] | None = None, **mapping: Any) -> Product:
    raw = product_record(item_of(woo_product(7, **(change or {}))), "toko", options(**mapping))
    assert not isinstance(raw, SetAside), raw
    found = parse(Kind.PRODUCT, raw)
    assert isinstance(found, Product), found
    return found


@given(st.integers(0, 10**15 - 1), st.sampled_from(["", ".0", ".00", ",00", ".0000"]))
def test_a_whole_price_is_read_to_the_rupiah(amount: int, tail: str) -> None:
    assert rupiah(f"{amount}{tail}") == amount


@given(st.text(max_size=12) | st.from_regex(r"[0-9]{1,6}[.,][0-9]{1,5}", fullmatch=True))
def test_no_text_is_ever_read_as_another_amount(text: str) -> None:
    try:
        found = rupiah(text)
    except UnreadableError:
        return
    if found is None:
        assert not text.strip()
    else:
        assert Decimal(text.strip().replace(",", ".")) == found


@pytest.mark.parametrize("text", ["50.000", "50,000", "350000.50", "Rp 5", "-1", "1e5", "٣٥", "1.000.000", "9" * 16])
def test_a_price_that_could_mean_something_else_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        rupiah(text)


def test_weights_and_counts() -> None:
    assert [grams("0.3", "kg"), grams("0,3", "KG"), grams("250", "gram"), grams("1", "lbs"), grams("2", "oz")] == [
        *(300, 300, 250, 454, 57)
    ]
    assert [grams("", "kg"), grams("berat", "kg"), grams("1", "stone"), grams("-1", "kg"), grams("9" * 12, "kg")] == [
        None
    ] * 5
    assert [count("12"), count("2.5"), count("-3"), count(""), count("parent")] == [12, 2, -3, None, None]


def test_a_complete_product_is_taken_over_whole() -> None:
    found = record()
    assert (found.id, found.business_id, found.category, found.price) == ("7", "toko", "fesyen", 350_000)
    assert (found.weight_gram, found.stock, found.sale) == (300, 12, None)
    assert found.how_to_order
    assert found.how_to_order.url == "https://toko.example/produk/selendang-7/"
    assert found.images
    assert found.images[0].alt == "Selendang"
    assert found.verification
    assert found.verification.status == "verified"
    assert found.updated_at
    assert found.updated_at.isoformat() == "2026-08-01T01:00:00+00:00"
    assert found.model_extra == {}


@pytest.mark.parametrize(
    ("starts", "ends", "price", "sale"),
    [
        ("2026-12-01T00:00:00", "2026-12-31T16:59:59", 350_000, 300_000),
        (None, None, 300_000, None),  # without any date it is simply the price
        (None, "2026-12-31T16:59:59", 350_000, None),  # never too low after it ended
        ("2026-12-01T00:00:00", None, 350_000, None),
    ],
)
def test_a_reduction_is_told_only_with_both_its_dates(
    starts: str | None, ends: str | None, price: int, sale: int | None
) -> None:
    change = {"sale_price": "300000", "date_on_sale_from_gmt": starts, "date_on_sale_to_gmt": ends}
    found = record(change)
    assert (found.price, found.sale.price if found.sale else None) == (price, sale)


def test_a_sale_that_is_no_reduction_is_none() -> None:
    dates = {"date_on_sale_from_gmt": "2026-12-01T00:00:00", "date_on_sale_to_gmt": "2026-12-31T00:00:00"}
    assert record({"sale_price": "350000", **dates}).sale is None
    assert record({"regular_price": "", "sale_price": "", "price": ""}).price is None


@pytest.mark.parametrize(
    ("change", "stock"),
    [
        ({"stock_status": "outofstock", "stock_quantity": 5}, 0),
        ({"stock_status": "onbackorder", "stock_quantity": -2}, 0),
        ({"manage_stock": False, "stock_quantity": None}, None),
        ({"stock_quantity": -4}, 0),
        ({"stock_quantity": None}, 0),
        ({"stock_quantity": 2.9}, 2),
        ({"stock_status": None}, 0),
    ],
)
def test_stock_is_what_is_there_now(change: dict[str, Any], stock: int | None) -> None:
    assert record(change).stock == stock


@pytest.mark.parametrize("status", ["draft", "pending", "private", "future", ""])
def test_what_the_shop_does_not_publish_is_not_verified(status: str) -> None:
    found = record({"status": status}).verification
    assert found
    assert found.status == "pending"
    assert "Belum diterbitkan" in (found.note or "")


def test_hidden_is_pending_and_a_revocation_stays_one() -> None:
    found = record({"catalog_visibility": "hidden"}, verified_by="Tim").verification
    assert found
    assert found.status == "pending"
    revoked = [{"key": "_siar_verification_status", "value": "dicabut"}]
    for change in ({}, {"status": "draft"}, {"catalog_visibility": "hidden"}):
        found = record({"meta_data": revoked, **change}, verified_by="Tim").verification
        assert found
        assert found.status == "revoked"


def test_published_is_verified_only_when_the_operator_says_who_checks() -> None:
    assert record({"meta_data": []}).verification is None
    found = record({"meta_data": []}, verified_by="Tim Pengelola").verification
    assert found
    assert (found.status, found.by, found.at) == ("verified", "Tim Pengelola", None)
    assert verification({"verification_status": "entahlah"}) == {"status": "pending"}


def test_permits_and_halal_from_attributes_however_they_are_spelled() -> None:
    attributes = [
        {"name": "No. P-IRT", "options": ["2065302010123-29"]},
        {"name": "Masa berlaku", "options": ["31 Desember 2029"]},
        {"name": "Izin Edar", "options": ["BPOM RI ML 123456789012"]},
        {"name": "Sertifikat Halal", "options": ["ID53110000123456789"]},
        {"name": "Satuan", "options": ["bungkus"]},
        {"name": "Nomor WA", "options": ["0812-3456-7890"]},
        {"name": "Warna", "options": ["Merah", "Biru"]},
    ]
    found = record({"meta_data": [], "attributes": attributes, "categories": [{"name": "Keripik", "slug": "keripik"}]})
    assert [(one.type, one.number, str(one.expires)) for one in found.permits or ()] == [
        ("PIRT", "2065302010123-29", "2029-12-31"),
        ("BPOM_ML", "BPOM RI ML 123456789012", "None"),
    ]
    assert found.halal
    assert (found.halal.status, found.halal.number) == ("certified", "ID53110000123456789")
    assert (found.unit, found.category, found.kind) == ("bungkus", "makanan_olahan", "goods")
    assert found.how_to_order
    assert found.how_to_order.whatsapp == "0812-3456-7890"


def test_meta_wins_over_attributes() -> None:
    facts = facts_of([("PIRT", "1")], [("siar_pirt", "2"), ("_siar_unit", "kg"), ("siar_x y", "3"), ("pirt", "4")])
    assert facts == {"pirt": "2", "unit": "kg"}


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({}, None),
        ({"halal": "Ya"}, {"status": "unknown"}),  # a claim is no certificate
        ({"halal": "1"}, {"status": "unknown"}),
        ({"halal": "ID531"}, {"status": "certified", "number": "ID531"}),
        ({"halal": "Tidak halal"}, {"status": "not_halal"}),
        ({"halal_status": "not_required"}, {"status": "not_required"}),
        ({"halal_status": "certified"}, {"status": "unknown"}),
        ({"halal_status": "not_halal", "halal_number": "ID531"}, {"status": "not_halal"}),
    ],
)
def test_halal_needs_its_number(facts: dict[str, str], answer: dict[str, str] | None) -> None:
    assert halal(facts) == answer


def test_days_as_people_write_them_and_others_left_to_the_contract() -> None:
    assert [day(text) for text in ("31-12-2029", "1/2/2029", "7 Agu 2029", "2029-12-31")] == [
        *("2029-12-31", "2029-02-01", "2029-08-07", "2029-12-31")
    ]
    assert permits({"pirt": "1", "pirt_expires": "tahun depan"})[0]["expires"] == "tahun depan"
    raw = product_record(
        item_of(
            woo_product(7, meta_data=[{"key": "siar_sni", "value": "1"}, {"key": "siar_sni_expires", "value": "x"}])
        ),
        "toko",
        options(),
    )
    assert isinstance(parse(Kind.PRODUCT, raw), SetAside)


def test_external_products_lead_to_their_own_shop_and_bundles_name_their_parts() -> None:
    found = record({"type": "external", "external_url": "https://lokapasar.example/x"})
    assert found.how_to_order
    assert found.how_to_order.url == "https://lokapasar.example/x"
    found = record(
        {"type": "bundle", "bundled_items": [{"product_id": 8, "quantity_default": 2}, {"product_id": None}]}
    )
    assert [(part.product_id, part.quantity) for part in found.bundle_of or ()] == [("8", 2)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"type": "grouped"}, "Produk kelompok"),
        ({"regular_price": "50.000"}, "dua jumlah"),
        ({"sale_price": "299.5"}, "pecahan rupiah"),
        ({"regular_price": "murah"}, "bukan bilangan"),
    ],
)
def test_what_cannot_be_read_is_set_aside_with_its_reason(change: dict[str, Any], reason: str) -> None:
    found = product_record(item_of(woo_product(7, name="Kain \ud800 5302014506900001", **change)), "toko", options())
    assert isinstance(found, SetAside)
    assert reason in found.reason
    assert "5302014506900001" not in found.excerpt
    assert '"7"' in found.excerpt
    found.excerpt.encode()


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"status": "draft"}, "pending"),
        ({"meta_data": [{"key": "siar_verification_status", "value": "revoked"}]}, "revoked"),
        ({"meta_data": [{"key": "siar_verification_status", "value": "verified"}]}, None),
    ],
)
def test_an_unreadable_product_still_says_that_it_lost_its_verification(
    change: dict[str, Any], lost: str | None
) -> None:
    unreadable = woo_product(7, regular_price="murah", **change)
    found = product_record(item_of(unreadable), "toko", options(verified_by="Tim Dinas"))
    assert isinstance(found, SetAside)
    assert found.lost == lost


def test_a_hostile_answer_is_a_record_with_little_in_it() -> None:
    junk: list[Any] = [None, True, 5, 1e999, "x" * 30_000, [], [[]], {}, {"a": {}}, [None, 3, {"src": 1, "key": []}]]
    for value in junk:
        item = item_of(dict.fromkeys(woo_product(1), value))
        assert product_record(item, "toko", options())
    assert [item_of({"id": value}).id for value in (0, "0", -1, True, None, "7x", 1.5)] == [""] * 7


def test_a_long_page_of_a_page_builder_gives_way_to_the_short_text() -> None:
    assert record({"description": "x" * 20_001, "short_description": "pendek"}).description == "pendek"
    assert len(record({"description": "x" * 20_001}).description or "") == 20_000


def test_what_woocommerce_has_no_field_for_may_be_set_for_the_whole_shop() -> None:
    found = record({"meta_data": [], "permalink": ""}, unit="buah", order_text="Datang.", shop_url="https://t.example/")
    assert found.how_to_order
    assert (found.unit, found.how_to_order.text, found.how_to_order.url) == (
        "buah",
        "Datang.",
        "https://t.example/?p=7",
    )
    assert record({}, unit="buah").unit == "lembar"
    assert record({"meta_data": []}).unit is None  # never made up


def test_a_category_of_the_operators_wins_over_words() -> None:
    change = {"categories": [{"name": "Kain &amp; Tenun", "slug": "kain-tenun"}]}
    assert record(change, categories={"Kain-Tenun": "kerajinan"}).category == "kerajinan"
    assert record(change, categories={"kain & tenun": "lainnya"}).category == "lainnya"
    assert record({"categories": []}).category == "lainnya"
    service = record({"categories": [{"name": "Jasa Rias", "slug": "jasa-rias"}], "virtual": True})
    assert (service.kind, record({"virtual": True}).kind) == ("service", "goods")


def test_variations_become_one_product_at_the_lowest_normal_price() -> None:
    rows = [
        woo_product(8, regular_price="120000", sale_price="90000", date_on_sale_to_gmt="2027-01-01T00:00:00"),
        woo_product(9, regular_price="150000", stock_quantity=3),
        woo_product(10, regular_price="80000", stock_status="outofstock"),
        woo_product(11, regular_price="10000", status="private"),
        woo_product(12, regular_price="9.000"),
    ]
    parent = item_of(woo_product(7, type="variable", regular_price="", price="90000", manage_stock=False))
    whole = with_variations(parent, [item_of(row, parent="7") for row in rows])
    assert product_record(whole, "toko", options()) == {
        **product_record(whole, "toko", options()),  # type: ignore[dict-item]
        "price": 120_000,
        "stock": 27,
        "price_highest": 150_000,
    }
    none = with_variations(parent, [])
    assert (none.regular_price, none.stock_status) == ("", "outofstock")


def test_variations_without_a_count_of_their_own_share_that_of_the_product() -> None:
    rows = [item_of(woo_product(n, manage_stock="parent", stock_quantity=None), parent="7") for n in (8, 9)]
    counted = with_variations(item_of(woo_product(7, type="variable", stock_quantity=5)), rows)
    assert (counted.manage_stock, counted.stock_quantity) == (True, "5")
    free = with_variations(item_of(woo_product(7, type="variable", manage_stock=False)), rows)
    assert (free.manage_stock, free.stock_status) == (False, "instock")


def test_owners_from_vendor_meta_attribute_and_the_shop_itself() -> None:
    dokan = {
        "store": {
            "id": 4,
            "name": "budi",
            "shop_name": "Tenun &amp; Budi",
            "url": "https://x",
            "address": {"city": "Soe"},
        }
    }
    meta = {
        "meta_data": [
            {"key": "siar_business_id", "value": "U-9"},
            {"key": "siar_business_nib", "value": "0220123456789"},
        ]
    }
    attribute = {"attributes": [{"name": "Nama UMKM", "options": ["Kopi Mollo!"]}]}
    items = [item_of(woo_product(n, **change)) for n, change in enumerate([dokan, meta, attribute, {}], 1)]
    chosen = options(business={"scale": "mikro"}, businesses={"U-9": {"name": "Sembilan"}})
    assert [owner_id(item, chosen) for item in items] == ["vendor-4", "U-9", "usaha-kopi-mollo", "toko"]
    book = Businesses(chosen, Shop("Galeri", "https://toko.example"))
    told = {one["id"]: one for one in book.met(items)}
    assert (told["vendor-4"]["name"], told["vendor-4"]["address"]) == ("Tenun & Budi", "Soe")
    assert (told["U-9"]["nib"], told["U-9"]["name"]) == ("0220123456789", "Sembilan")
    assert told["usaha-kopi-mollo"]["name"] == "Kopi Mollo!"
    assert told["toko"] == {
        "id": "toko",
        "role": "umkm",
        "name": "Galeri",
        "website": "https://toko.example",
        "scale": "mikro",
    }
    assert book.met(items) == []
    assert book.from_products == {"U-9", "usaha-kopi-mollo"}
    assert all(not isinstance(parse(Kind.BUSINESS, one), SetAside) for one in told.values())


@pytest.mark.parametrize(
    "mapping",
    [
        {"currency": "USD"},
        {"currency": 5},
        {"timezone": "Mars/Olympus"},
        {"timezone": "../../etc/passwd"},
        {"categories": {"x": "emas"}},
        {"categories": []},
        {"business": "x"},
        {"businesses": {"x": 1}},
        {"variations": "ya"},
    ],
)
def test_settings_that_do_not_fit_are_refused_in_words(mapping: dict[str, Any]) -> None:
    with pytest.raises(CatalogError):
        options(**mapping)
