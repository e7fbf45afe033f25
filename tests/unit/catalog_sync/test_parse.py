"""One raw record in, one checked record or a reason out, whatever the record is."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_sync.contract import Kind, Product, SetAside, parse
from catalog_sync.contract.parse import split_consents

NIK = "5302014506900001"
PRODUCT: dict[str, Any] = {
    "id": "P-001",
    "business_id": "U-001",
    "kind": "goods",
    "category": "kerajinan",
    "name": "Selendang",
    "price": 350_000,
    "updated_at": "2026-08-01T09:00:00+08:00",
}
BUSINESS: dict[str, Any] = {"id": "U-001", "name": "Tenun", "role": "umkm", "owner_nik": NIK}
BUYER: dict[str, Any] = {"id": "B-1", "name": "Rahasia", "email": "rahasia@kotak.example", "kind": "masyarakat"}
ORDER: dict[str, Any] = {
    "id": "O-1",
    "placed_at": "2026-08-01T09:00:00+08:00",
    "items": [{"product_id": "P-001", "quantity": 2, "unit_price": 350_000}],
    "total": 700_000,
}


def nested(depth: int) -> dict[str, Any]:
    outer: dict[str, Any] = {}
    inner = outer
    for _ in range(depth):
        inner["a"] = {}
        inner = inner["a"]
    return outer


def refused(kind: Kind, raw: Any) -> SetAside:
    found = parse(kind, raw)
    assert isinstance(found, SetAside)
    return found


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"price": "seratus ribu"}, "price: harus bilangan bulat"),
        ({"price": 350_000.0}, "price: harus bilangan bulat"),
        ({"price": True}, "price: harus bilangan bulat"),
        ({"price": 10**400}, "price: di luar batas"),
        ({"price": float("inf")}, "bilangan yang tidak sah"),
        ({"stock": 2**31}, "stock: di luar batas"),
        ({"weight_gram": -1}, "weight_gram: di luar batas"),
        ({"id": None}, "id: harus berupa teks"),
        ({"id": 7}, "id: harus berupa teks"),
        ({"id": "  "}, "id: kosong"),
        ({"id": "P\n1"}, "id: memuat karakter"),
        ({"id": "P" * 101}, "id: lebih dari 100 huruf"),
        ({"name": "n" * 301}, "name: lebih dari 300 huruf"),
        ({"description": "d" * 10_485_760}, "description: lebih dari 20.000 huruf"),
        ({"category": "mobil"}, "category: tidak dikenal; pilihan: makanan_olahan, minuman"),
        ({"kind": "barang"}, "kind: tidak dikenal"),
        ({"halal": {"status": "ya"}}, "halal.status: tidak dikenal"),
        ({"permits": [{"type": "SIUP"}]}, "permits.0.type: tidak dikenal"),
        ({"permits": [{"type": "PIRT", "expires": "31/12/2029"}]}, "permits.0.expires: bukan tanggal"),
        ({"permits": [{"type": "PIRT", "expires": "2029-02-30"}]}, "permits.0.expires: bukan tanggal"),
        ({"permits": [{"type": "PIRT", "expires": 20291231}]}, "permits.0.expires: bukan tanggal"),
        ({"updated_at": "2026-08-01T09:00:00"}, "updated_at: bukan waktu RFC 3339"),
        ({"updated_at": "2026-08-01"}, "updated_at: bukan waktu RFC 3339"),
        ({"updated_at": 1_785_000_000}, "updated_at: bukan waktu RFC 3339"),
        ({"updated_at": "0001-01-01T00:00:00+14:00"}, "updated_at: bukan waktu RFC 3339"),
        ({"updated_at": "9999-12-31T23:59:59-12:00"}, "updated_at: bukan waktu RFC 3339"),
        (
            {"sale": {"price": 1, "starts": "2026-12-02T00:00:00Z", "ends": "2026-12-01T00:00:00Z"}},
            "sale: awal diskon sesudah akhirnya",
        ),
        ({"images": "satu.jpg"}, "images: harus berupa daftar"),
        ({"images": ["satu.jpg"]}, "images.0: harus berupa objek"),
        ({"images": [{"url": "x"}] * 31}, "images: lebih dari 30 isi"),
        ({"name": "Sal \udcff rusak"}, "huruf rusak"),
        ({"note": {"deep": ["\ud800"]}}, "huruf rusak"),
        ({"\udcff": 1}, "huruf rusak"),
        ({"name": "a\x00b"}, "NUL"),
        ({"note": nested(500)}, "bersarang terlalu dalam"),
        ({"note": nested(50_000)}, "ersarang terlalu dalam"),
        ({"note": "x" * 70_000}, "lebih dari 64 KB"),
    ],
)
def test_a_bad_product_is_set_aside_with_its_reason(change: dict[str, Any], reason: str) -> None:
    found = refused(Kind.PRODUCT, {**PRODUCT, **change})
    assert reason in found.reason
    assert len(found.reason) < 400
    assert len(found.excerpt) <= 300
    found.reason.encode()
    found.excerpt.encode()


def test_what_is_missing_is_no_error_here_because_the_gate_names_it() -> None:
    bare = parse(Kind.PRODUCT, {"id": "007", "business_id": "01", "category": "jasa", "name": None, "sale": None})
    assert isinstance(bare, Product)
    assert (bare.id, bare.business_id, bare.price, bare.name) == ("007", "01", None, None)


def test_times_keep_their_offset_and_dates_are_dates() -> None:
    raw = {
        **PRODUCT,
        "permits": [{"type": "PIRT", "number": "2", "expires": "2029-12-31"}],
        "updated_at": "2026-08-01t01:00:00z",
    }
    found = parse(Kind.PRODUCT, raw)
    assert isinstance(found, Product)
    assert found.permits
    assert found.permits[0].expires == date(2029, 12, 31)
    assert found.updated_at == datetime(2026, 8, 1, 1, tzinfo=UTC)


def test_a_text_that_spells_an_escape_is_no_nul() -> None:
    assert isinstance(parse(Kind.PRODUCT, {**PRODUCT, "name": "a\\u0000b"}), Product)


def test_unknown_fields_are_kept_aside() -> None:
    found = parse(Kind.PRODUCT, {**PRODUCT, "warna": ["merah"], "halal": {"status": "unknown", "lembaga": "LPPOM"}})
    assert isinstance(found, Product)
    assert found.model_extra == {"warna": ["merah"]}
    assert found.halal
    assert found.halal.model_extra == {"lembaga": "LPPOM"}


@pytest.mark.parametrize("raw", [None, 1, "P-1", [], [PRODUCT], True, 1.5])
def test_what_is_no_object_is_set_aside(raw: Any) -> None:
    for kind in Kind:
        assert refused(kind, raw) == SetAside(kind, "", "Rekaman harus berupa objek.")


def test_reasons_and_excerpts_repeat_no_personal_data() -> None:
    business = refused(
        Kind.BUSINESS, {**BUSINESS, "role": NIK, "name": f"Tenun {NIK}", "nib": [NIK], "owner_name": "Rahasia"}
    )
    buyer = refused(Kind.BUYER, {**BUYER, "kind": "rahasia@kotak.example"})
    order = refused(Kind.ORDER, {**ORDER, "buyer_id": 5, "note": "rahasia"})
    for found in (business, buyer, order):
        told = f"{found.reason}{found.excerpt}".lower()
        assert "rahasia" not in told
        assert NIK not in told
    assert buyer.excerpt == order.excerpt == ""


def test_a_nik_is_no_identifier_of_a_person() -> None:
    for kind, raw in ((Kind.BUSINESS, {**BUSINESS, "id": NIK}), (Kind.BUYER, {**BUYER, "id": NIK})):
        found = refused(kind, raw)
        assert "NIK" in found.reason
        assert NIK not in f"{found.external_id}{found.excerpt}"


def test_a_malformed_consent_costs_the_line_and_not_the_person() -> None:
    sound = {
        "purpose": "newsletter",
        "state": "given",
        "at": "2026-08-01T09:00:00+08:00",
        "wording_version": "1",
        "source": "checkout",
    }
    lines = [
        sound,
        {**sound, "at": None},
        {**sound, "purpose": "semua"},
        {**sound, "source": ""},
        "ya",
        {**sound, "state": "none"},
    ]
    raw, aside = split_consents({**BUYER, "consents": lines})
    assert raw["consents"] == [sound]
    assert [(one.kind, one.external_id) for one in aside] == [("consent", "B-1")] * 5
    assert not isinstance(parse(Kind.BUYER, raw), SetAside)
    for odd in (None, [], {"consents": 3}, {"consents": ["\udcff"]}):
        assert split_consents(odd) == (odd, [])


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.sampled_from([NIK, "2026-08-01T09:00:00+08:00"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters()), inner, max_size=4),
    max_leaves=12,
)
TEMPLATES = {Kind.PRODUCT: PRODUCT, Kind.BUSINESS: BUSINESS, Kind.BUYER: BUYER, Kind.ORDER: ORDER}


@given(kind=st.sampled_from(list(Kind)), raw=JSON)
def test_no_json_value_ever_crashes(kind: Kind, raw: Any) -> None:
    found = parse(kind, raw)
    assert isinstance(found, SetAside)
    assert found.reason


@settings(max_examples=200)
@given(kind=st.sampled_from(list(Kind)), data=st.data(), value=JSON)
def test_no_value_in_any_field_ever_crashes(kind: Kind, data: st.DataObject, value: Any) -> None:
    from catalog_sync.contract.parse import MODELS

    field = data.draw(st.sampled_from([*MODELS[kind].model_fields, "lainnya"]))
    raw, _aside = split_consents({**TEMPLATES[kind], field: value})
    found = parse(kind, raw)
    if isinstance(found, SetAside):
        assert found.reason.endswith(".")
        assert NIK not in found.reason + found.excerpt + found.external_id
        (found.reason + found.excerpt + found.external_id).encode()
