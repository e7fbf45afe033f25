"""The sample catalogues: deterministic, large enough, sound where they claim to be, broken where they say so."""

import json
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from marketing.sample.generator import Manifest, generate

ANCHOR = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
BASE = "http://127.0.0.1:8801"
TENANTS = ("tts", "blitar")
FLOORS = {
    "tts": {"businesses": 60, "products": 200, "buyers": 300, "orders": 1_300},
    "blitar": {"businesses": 40, "products": 120, "buyers": 200, "orders": 900},
}
CODES = {
    "tts": {"TTS 1(6)", "TTS 10(1)a", "TTS 10(1)b", "TTS 10(1)c", "TTS 10(1)d", "TTS 10(1)e", "TTS 10(2)"},
    "blitar": {f"Blitar {part}" for part in ("6(2)b", "8(1)", "8(2)", "8(3)", "9(1)a", "9(1)b", "9(1)c")},
}

Record = dict[str, Any]


class Written:
    """One generated catalogue, read back from its files."""

    def __init__(self, tenant: str, folder: Path) -> None:
        self.manifest: Manifest = generate(tenant, seed=7, anchor=ANCHOR, base_url=BASE, out=folder)
        self.folder = folder
        self.all = {feed: self._read(feed) for feed in ("businesses", "products", "orders", "buyers")}
        hurt = Counter(one.feed for one in self.manifest.hostile if one.file == f"{one.feed}.json")
        # Hostile records stand at the end of their list.
        self.sound = {feed: records[: len(records) - hurt[feed]] for feed, records in self.all.items()}
        self.businesses = {business["id"]: business for business in self.sound["businesses"]}
        self.products = {product["id"]: product for product in self.sound["products"]}

    def _read(self, feed: str) -> list[Record]:
        page = json.loads((self.folder / f"{feed}.json").read_text(encoding="utf-8"))
        assert page["schema"] == "siar-catalog/1"
        records: list[Record] = page[feed]
        return records


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Written]:
    return {tenant: Written(tenant, tmp_path_factory.mktemp(tenant)) for tenant in TENANTS}


@pytest.fixture(params=TENANTS)
def written(request: pytest.FixtureRequest, both: dict[str, Written]) -> Written:
    return both[request.param]


def test_same_seed_and_anchor_give_the_same_bytes_in_whatever_zone_it_stands(
    both: dict[str, Written], tmp_path: Path
) -> None:
    first = both["blitar"].folder
    generate("blitar", seed=7, anchor=datetime.fromisoformat("2026-11-22T11:00:00+09:00"), base_url=BASE, out=tmp_path)
    files = sorted(path.relative_to(first) for path in first.rglob("*.*"))
    assert len(files) > 100
    for path in files:
        assert (first / path).read_bytes() == (tmp_path / path).read_bytes(), path


def test_another_seed_gives_another_catalogue(both: dict[str, Written], tmp_path: Path) -> None:
    generate("blitar", seed=4, anchor=ANCHOR, base_url=BASE, out=tmp_path)
    assert (both["blitar"].folder / "products.json").read_bytes() != (tmp_path / "products.json").read_bytes()


def test_unknown_tenant_and_naive_anchor_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        generate("bandung", seed=1, anchor=ANCHOR, base_url=BASE, out=tmp_path)
    with pytest.raises(ValueError):
        generate("tts", seed=1, anchor=ANCHOR.replace(tzinfo=None), base_url=BASE, out=tmp_path)
    assert not list(tmp_path.iterdir())


def test_there_is_enough_of_everything(written: Written) -> None:
    for feed, floor in FLOORS[written.manifest.tenant].items():
        assert len(written.sound[feed]) == written.manifest.counts[feed] >= floor


def test_ids_are_unique_but_for_the_planned_duplicate(written: Written) -> None:
    for feed, records in written.all.items():
        twice = [identity for identity, count in Counter(record.get("id") for record in records).items() if count > 1]
        planned = [one.record_id for one in written.manifest.hostile if one.kind == "duplicate_id" and one.feed == feed]
        assert twice == planned


def test_every_time_carries_the_offset_of_the_zone_and_nothing_lies_ahead(written: Written) -> None:
    offset = {"tts": "+08:00", "blitar": "+07:00"}[written.manifest.tenant]
    for records in written.sound.values():
        for record in records:
            assert record["updated_at"].endswith(offset)
            assert datetime.fromisoformat(record["updated_at"]) <= ANCHOR


def test_references_hold(written: Written) -> None:
    buyers = {buyer["id"] for buyer in written.sound["buyers"]}
    for product in written.products.values():
        assert product["business_id"] in written.businesses
        assert all(part["product_id"] in written.products for part in product["bundle_of"])
    for order in written.sound["orders"]:
        assert order["buyer_id"] in buyers
        for item in order["items"]:
            assert written.products[item["product_id"]]["business_id"] == item["business_id"]


def test_totals_add_up_in_whole_rupiah(written: Written) -> None:
    for order in written.sound["orders"]:
        sums = [item["quantity"] * item["unit_price"] for item in order["items"]]
        assert order["total"] == sum(sums) + order["shipping_cost"]
        assert isinstance(order["total"], int)
        assert all(one > 0 for one in sums)


def test_events_run_forward_and_shipping_follows_payment_but_once(written: Written) -> None:
    unpaid = []
    for order in written.sound["orders"]:
        moments = [datetime.fromisoformat(event["at"]) for event in order["events"]]
        assert moments == sorted(moments)
        assert datetime.fromisoformat(order["placed_at"]) <= moments[0]
        kinds = [event["type"] for event in order["events"]]
        assert order["status"] == kinds[-1]
        if "shipped" in kinds and "paid" not in kinds:
            unpaid.append(order["id"])
    assert unpaid == [written.manifest.shipped_unpaid]


def test_mails_of_the_last_two_days_are_due(written: Written) -> None:
    since = ANCHOR - timedelta(hours=48)
    due = Counter(
        kind
        for order in written.sound["orders"]
        for kind in {event["type"] for event in order["events"] if datetime.fromisoformat(event["at"]) >= since}
    )
    assert min(due["approved"], due["paid"], due["shipped"]) >= 5


def test_some_buyers_return_and_some_have_gone_quiet(written: Written) -> None:
    last: dict[str, str] = {}
    count: Counter[str] = Counter()
    for order in written.sound["orders"]:
        count[order["buyer_id"]] += 1
        last[order["buyer_id"]] = max(last.get(order["buyer_id"], ""), order["placed_at"])
    quiet = [buyer for buyer, at in last.items() if datetime.fromisoformat(at) < ANCHOR - timedelta(days=120)]
    assert len(quiet) >= 25
    assert sum(1 for times in count.values() if times >= 5) >= 25


def test_buyers_are_as_mixed_as_people_are(written: Written) -> None:
    buyers = written.sound["buyers"]
    assert len({buyer["kind"] for buyer in buyers}) == 6
    addresses = [buyer["email"] for buyer in buyers if buyer["email"]]
    assert len(addresses) <= len(buyers) - 5
    assert len(set(addresses)) == len({address.lower() for address in addresses}) + 1
    assert all(address.lower().endswith(".example") for address in addresses)
    assert any(not re.fullmatch(r"[^@\s]+@[^@\s]+", address) for address in addresses)
    entries = [entry for buyer in buyers for entry in buyer["consents"]]
    assert {entry["purpose"] for entry in entries} == {
        "promotional", "newsletter", "retention", "personalised", "engagement_tracking", "whatsapp_marketing",
    }  # fmt: skip
    assert {entry["source"] for entry in entries} == {"checkout", "formulir", "pameran"}
    assert sum(1 for entry in entries if not entry.get("at")) == 5
    assert any(entry["state"] == "withdrawn" for entry in entries)
    assert any(not buyer["consents"] for buyer in buyers)


def test_complaints_are_complete_and_incomplete(written: Written) -> None:
    complaints = [order["complaint"] for order in written.sound["orders"] if order["complaint"]]
    assert {len(complaint["documents"]) for complaint in complaints} >= {3, 4}


# --- fitness, by rough rules of our own, not those of the product -------------------------------------------------


def _complete(product: Record) -> bool:
    how = product["how_to_order"]
    texts = (product["name"], product["description"], product["unit"], product["images"], product["price"])
    return all(texts) and bool(how["text"] or how["whatsapp"]) and product["stock"] != 0


def _food_in_order(product: Record) -> bool:
    if product["category"] not in {"makanan_olahan", "minuman"}:
        return True
    today = ANCHOR.date()
    shape = {"PIRT": r"\d{13}-\d{2}", "BPOM_MD": r"MD\d{12}"}
    valid = any(
        re.fullmatch(shape.get(permit["type"], "$^"), permit["number"])
        and date.fromisoformat(permit["expires"]) >= today
        for permit in product["permits"]
    )
    halal = product["halal"]
    certified = halal["status"] == "certified" and re.fullmatch(r"ID\d{17}", halal["number"] or "") is not None
    return valid and (certified or halal["status"] == "not_halal")


def _fit(product: Record, business: Record, tenant: str) -> bool:
    checked = product["verification"]["status"] == "verified"
    if not (checked and _complete(product) and _food_in_order(product)):
        return False
    if tenant == "tts":
        return bool(
            product["kind"] == "goods"
            and product["category"] in {"makanan_olahan", "minuman", "kerajinan", "fesyen"}
            and re.fullmatch(r"\d{13}", business["nib"] or "")
            and business["is_binaan"]
            and business["domicile_region"] == "53.02"
            and re.fullmatch(r"5302\d{12}", business["owner_nik"] or "")
            and business["owner_nik_verified"]
        )
    signed = product["verification"]["by"] and product["verification"]["at"]
    at_home = business["role"] == "penyedia" or business["domicile_region"] == "35.72"
    return bool(signed and at_home and business["address"] and business["phone"] and "vape" not in product["name"])


def test_about_three_quarters_are_fit_and_the_manifest_says_which(written: Written) -> None:
    fit = {
        identity
        for identity, product in written.products.items()
        if _fit(product, written.businesses[product["business_id"]], written.manifest.tenant)
    }
    assert 0.65 <= len(fit) / len(written.products) <= 0.85
    assert set(written.products) - fit == set(written.manifest.unfit)


def test_every_reason_occurs_alone_and_in_company(written: Written) -> None:
    unfit = written.manifest.unfit.values()
    assert {code for codes in unfit for code in codes} == CODES[written.manifest.tenant]
    assert {len(codes) for codes in unfit} >= {1, 2, 3}


def test_sales_and_bundles_make_sense(written: Written) -> None:
    sales = [(product["price"], product["sale"]) for product in written.products.values() if product["sale"]]
    assert sales
    for price, sale in sales:
        assert price is None or 0 < sale["price"] < price
        assert datetime.fromisoformat(sale["starts"]) < datetime.fromisoformat(sale["ends"])
    bundles = [product for product in written.products.values() if product["bundle_of"]]
    assert len(bundles) >= 5
    for bundle in bundles:
        parts = [written.products[part["product_id"]] for part in bundle["bundle_of"]]
        assert bundle["price"] < sum(part["price"] for part in parts)


def test_pictures_open_are_small_and_differ(written: Written) -> None:
    named = {image["url"].rsplit("/", 1)[-1] for product in written.products.values() for image in product["images"]}
    assert named <= set(written.manifest.pictures)
    contents = set()
    for name in named:
        path = written.folder / "gambar" / name
        assert path.stat().st_size < 120_000
        contents.add(path.read_bytes())
        with Image.open(path) as picture:
            picture.load()
            assert picture.format == "JPEG"
            assert picture.size == (800, 800)
    assert len(contents) >= 60


def test_hostile_records_are_what_the_manifest_says(written: Written) -> None:
    kinds = {one.kind for one in written.manifest.hostile}
    assert len(kinds) == len(written.manifest.hostile) >= 8
    raw = (written.folder / "rusak" / "products.json").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode()
    assert len(json.loads(raw.decode(errors="replace"))["products"]) == 2
    prices = [record["price"] for record in written.all["products"]]
    assert {"seratus ribu", 9_999_999_999_999} <= set(prices)
    assert any("id" not in record for record in written.all["products"])
    assert max(len(record["description"]) for record in written.all["products"]) >= 10_000_000
