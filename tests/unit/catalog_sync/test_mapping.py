"""Records to rows: texts made harmless, the NIK a keyed hash, the content hash stable."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.contract import Business, Kind, Product, parse
from catalog_sync.diff import Counts, Known, compare, content_hash
from catalog_sync.mapping import RowValues, business_values, product_values
from marketing.domain.privacy import MASK, looks_like_nik, without_nik

NIK = "5302014506900001"
KEY = b"k" * 32


def business(**change: Any) -> RowValues:
    record = parse(
        Kind.BUSINESS,
        {"id": "U-1", "role": "umkm", "name": "Tenun", "owner_nik": NIK, "owner_nik_verified": True, **change},
    )
    assert isinstance(record, Business)
    return business_values(record, tenant_id="tts", signing_key=KEY)


def product(**change: Any) -> RowValues:
    record = parse(
        Kind.PRODUCT, {"id": "P-1", "business_id": "U-1", "category": "kerajinan", "name": "Sal", "price": 1, **change}
    )
    assert isinstance(record, Product)
    return product_values(record)


def test_the_nik_leaves_only_as_keyed_hash() -> None:
    spread = {
        "address": f"Jalan 1 (NIK {NIK})",
        "catatan": {"nik": NIK, "isi": ["milik " + NIK], "nomor": int(NIK), "berjarak": "5302 0145 0690 0001"},
        "website": f"https://x.example/{NIK}",
        NIK: 1,
    }
    row = business(**spread)
    assert row.values["nik_hash"]
    assert row.values["nik_verified"] is True
    told = json.dumps(row.values)
    assert NIK not in told
    assert "5302 0145 0690 0001" not in told
    assert "nik" not in row.values["extra"]["catatan"]
    assert business().values["nik_hash"] == business(owner_nik="5302 0145 0690 0001").values["nik_hash"]


def test_the_hash_of_a_nik_belongs_to_one_tenant() -> None:
    record = parse(Kind.BUSINESS, {"id": "U-1", "role": "umkm", "owner_nik": NIK})
    assert isinstance(record, Business)
    here, there = (business_values(record, tenant_id=name, signing_key=KEY).values for name in ("tts", "blitar"))
    assert here["nik_hash"] != there["nik_hash"]


@pytest.mark.parametrize(
    "nik", [None, "", "123", "5302010000900001", "5302013513900001", "5302017206900001", "5302014506900000"]
)
def test_a_nik_that_cannot_be_one_counts_as_none(nik: str | None) -> None:
    row = business(owner_nik=nik)
    assert row.values["nik_hash"] is None
    assert row.values["nik_verified"] is False


def test_other_long_numbers_are_left_alone() -> None:
    kept = {"teknik_tenun": "ikat", "resi": "1234567890123456", "halal": "ID53110000123456789", "n": 3.5, "b": True}
    assert without_nik(kept) == kept
    assert not looks_like_nik("1234567890123456")
    for name in ("owner_nik", "nik", "NIK", "ownerNik", "no_ktp", "nomorKTP", "nik2", "no_kk"):
        assert without_nik({name: "x"}) == {}
    assert without_nik({"a": NIK}) == {"a": MASK}


def test_texts_are_made_harmless_and_only_web_addresses_are_links() -> None:
    row = product(
        name="Sal \u202emerah\u202c\r\nBcc: x",
        description="Satu\r\nDua\u200b",
        how_to_order={"url": "javascript:alert(1)", "whatsapp": "62 812-0000-0001", "text": None},
    )
    assert row.values["name"] == "Sal merah Bcc: x"
    assert row.values["description"] == "Satu\nDua"
    assert row.values["how_to_order"] == {"text": "", "url": "", "whatsapp": "+6281200000001"}
    assert (
        business(website="javascript:1", marketplace_urls=["data:x", "https://toko.example/a"]).values["website"] == ""
    )


def test_notes_and_unknown_fields_are_kept_aside() -> None:
    row = product(
        warna="merah",
        halal={"status": None, "lembaga": "LPPOM"},
        verification={"status": "rejected", "note": "Foto buram."},
    )
    assert row.values["extra"] == {"warna": "merah", "halal": {"lembaga": "LPPOM"}, "verification_note": "Foto buram."}
    assert row.values["halal_status"] == "unknown"


def test_the_hash_ignores_updated_at_and_the_zone_of_a_time() -> None:
    sale = {"price": 1, "starts": "2026-12-01T00:00:00+08:00", "ends": "2026-12-31T23:59:59+08:00"}
    same = {"price": 1, "starts": "2026-11-30T16:00:00Z", "ends": "2026-12-31T15:59:59Z"}
    first = product(sale=sale, updated_at="2026-08-01T09:00:00+08:00")
    assert first.content_hash == product(sale=same, updated_at="2026-09-01T09:00:00+08:00").content_hash
    assert first.content_hash == first.belonging_to(5).content_hash


@pytest.mark.parametrize(
    "change",
    [
        {"price": 2},
        {"business_id": "U-2"},
        {"images": [{"url": "https://x.example/1.jpg"}]},
        {"halal": {"status": "not_halal"}},
        {"verification": {"status": "revoked"}},
        {"baru": 1},
    ],
)
def test_the_hash_tells_every_change(change: dict[str, Any]) -> None:
    assert product(**change).content_hash != product().content_hash


VALUES = st.dictionaries(st.text(), st.none() | st.integers() | st.text() | st.lists(st.integers()), min_size=2)


@given(VALUES, st.randoms())
def test_the_hash_is_stable_under_the_order_of_keys(values: dict[str, Any], random: Any) -> None:
    keys = list(values)
    random.shuffle(keys)
    assert content_hash({key: values[key] for key in keys}) == content_hash(values)


def test_a_page_is_sorted_by_what_we_know() -> None:
    known = {"a": Known(1, "x"), "b": Known(2, "x"), "c": Known(3, "x", deleted=True)}
    diff = compare({"a": "x", "b": "y", "c": "x", "d": "z"}, known)
    assert (diff.new, diff.changed, diff.unchanged) == (("d",), ("b", "c"), ("a",))
    assert diff.counts + Counts(deleted=1) == Counts(1, 2, 1, 1)
