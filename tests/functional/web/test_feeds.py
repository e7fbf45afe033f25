"""The open feeds as readers ask for them: always of this moment, kept where nothing changed, never of what is held."""

import json
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from sqlalchemy import select, update

from marketing.db.models import Business, Product
from marketing.domain.product import Category, VerificationStatus
from marketing.products.gate import evaluate_gate
from marketing.tenants.profile import profile_of
from tests.functional.web.visits import Enter, Visit
from tests.support.feed_schemas import check
from tests.support.world import START, TENANT, World, add_product

HOME = f"/galeri/{TENANT}"
FORMS = ("rss", "atom", "json")


@pytest.fixture(name="reader")
def _reader(enter: Enter) -> Visit:
    return enter(signed_in=False)


def change(world: World, product_id: int, **values: object) -> None:
    with world.app.database.write() as session:
        session.execute(update(Product).where(Product.id == product_id).values(**values))


def picture(world: World, size: int = 321) -> None:
    folder = world.app.settings.picture_dir
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{'a' * 64}.jpg").write_bytes(b"\xff" * size)


@pytest.mark.parametrize("form", FORMS)
def test_a_feed_is_valid_and_holds_what_may_be_promoted(reader: Visit, world: World, form: str) -> None:
    picture(world)
    add_product(world.app, 1)
    hostile = add_product(world.app, 2, name="<b>Kain</b> ]]> \u202e&amp; \x07")
    change(world, hostile, description="<script>alert(1)</script>")
    add_product(world.app, 3, name="Tertahan", stock=0)
    answer = reader.get(f"{HOME}/umpan.{form}")
    assert check(form, answer.content) == 2
    assert "Tertahan" not in answer.text
    assert "<script" not in answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert "set-cookie" not in answer.headers
    assert "321" in answer.text, "the real size of the picture"
    assert answer.headers["content-type"].startswith(f"application/{'feed+json' if form == 'json' else f'{form}+xml'}")


def test_a_reader_that_has_it_gets_304_until_something_changes(reader: Visit, world: World) -> None:
    product = add_product(world.app, 1)
    first = reader.get(f"{HOME}/umpan.rss")
    etag, stamp = first.headers["etag"], first.headers["last-modified"]
    assert not etag.startswith("W/")
    world.clock.forward(hours=5)
    assert reader.get(f"{HOME}/umpan.rss").content == first.content, "time alone changes no byte"
    for headers in (
        {"If-None-Match": etag},
        {"If-None-Match": f'"anderes", W/{etag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": stamp},
        {"If-None-Match": etag, "If-Modified-Since": format_datetime(START - timedelta(days=9), usegmt=True)},
    ):
        again = reader.get(f"{HOME}/umpan.rss", headers=headers)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag), headers
    for headers in (
        {"If-None-Match": '"anderes"', "If-Modified-Since": stamp},
        {"If-Modified-Since": "kemarin"},
        {"If-Modified-Since": "Sat, 01 Jan 0000 00:00:00 GMT"},
    ):
        assert reader.get(f"{HOME}/umpan.rss", headers=headers).status_code == 200, headers
    change(world, product, price=123_000, catalog_updated_at=world.clock(), synced_at=world.clock())
    changed = reader.get(f"{HOME}/umpan.rss", headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert "Rp123.000" in changed.text


def test_a_reader_that_asks_by_date_learns_of_a_withdrawal(reader: Visit, world: World) -> None:
    add_product(world.app, 1)
    gone = add_product(world.app, 2)
    stamp = reader.get(f"{HOME}/umpan.json").headers["last-modified"]
    world.clock.forward(hours=1)
    change(world, gone, verification_status=VerificationStatus.REVOKED)
    answer = reader.get(f"{HOME}/umpan.json", headers={"If-Modified-Since": stamp})
    assert answer.status_code == 200, "revoked and the gate not asked again yet: the feed asks itself"
    assert "Tenun 2" not in answer.text
    assert "last-modified" not in answer.headers
    with world.app.database.write() as session:
        evaluate_gate(session, profile_of(TENANT), world.clock(), [gone])
    answer = reader.get(f"{HOME}/umpan.json", headers={"If-Modified-Since": stamp})
    assert answer.status_code == 200
    assert parsedate_to_datetime(answer.headers["last-modified"]) > parsedate_to_datetime(stamp)


def test_a_sale_changes_price_and_date_at_its_hour(reader: Visit, world: World) -> None:
    starts, ends = START + timedelta(hours=1), START + timedelta(hours=2)
    sale = {"price": 50_000, "starts": starts.isoformat(), "ends": ends.isoformat()}
    change(world, add_product(world.app, 1), sale=sale)
    seen = []
    for _hour in range(3):
        (item,) = json.loads(reader.get(f"{HOME}/umpan.json").content)["items"]
        seen.append((item["_siar"]["price"], item["date_modified"], "semula" in item["content_text"]))
        world.clock.forward(hours=1, minutes=1)
    at = "2026-11-22T0{}:00:00+00:00".format
    assert seen == [(100_000, at(1), False), (50_000, at(2), True), (100_000, at(3), False)]


def test_a_clock_that_runs_ahead_dates_nothing_in_the_future(reader: Visit, world: World) -> None:
    product = add_product(world.app, 1)
    change(world, product, catalog_updated_at=START + timedelta(days=900))
    (item,) = json.loads(reader.get(f"{HOME}/umpan.json").content)["items"]
    assert item["date_modified"] == item["date_published"] == START.isoformat()


def test_one_hundred_newest_and_held_ones_make_room(reader: Visit, world: World) -> None:
    for number in range(1, 131):
        product = add_product(world.app, number)
        change(world, product, catalog_updated_at=START - timedelta(minutes=number))
    names = [item["title"] for item in json.loads(reader.get(f"{HOME}/umpan.json").content)["items"]]
    assert len(names) == 100
    with world.app.database.write() as session:
        first = select(Product.id).order_by(Product.id).limit(50)
        session.execute(update(Product).where(Product.id.in_(first)).values(stock=0))
    names = [item["title"] for item in json.loads(reader.get(f"{HOME}/umpan.json").content)["items"]]
    assert len(names) == 80
    assert "Tenun 50" not in names


@pytest.mark.parametrize("form", FORMS)
def test_feeds_of_a_category_and_of_a_business(reader: Visit, world: World, form: str) -> None:
    add_product(world.app, 1)
    add_product(world.app, 2, category=Category.FESYEN)
    add_product(world.app, 3, name="Jagung & <i>Bose</i>")
    with world.app.database.read() as session:
        business = session.scalars(select(Business).where(Business.external_id == "U-2")).one()
    every = reader.get(f"{HOME}/umpan.{form}")
    fashion = reader.get(f"{HOME}/kategori/fesyen/umpan.{form}")
    own = reader.get(f"{HOME}/usaha/{business.id}/umpan.{form}")
    assert [check(form, answer.content) for answer in (every, fashion, own)] == [3, 1, 1]
    assert "Usaha 2" in own.text
    assert len({answer.headers["etag"] for answer in (every, fashion, own)}) == 3
    empty = reader.get(f"{HOME}/kategori/jasa/umpan.{form}")
    assert check(form, empty.content) == 0, "who subscribed to a category keeps a feed that can be read"


def test_what_does_not_exist_is_not_found(reader: Visit, world: World) -> None:
    add_product(world.app, 1)
    with world.app.database.write() as session:
        business = session.scalars(select(Business)).one()
        address = f"usaha/{business.id}/umpan.rss"
        assert reader.get(f"/galeri/blitar/{address}").status_code == 404, "a business of another Daerah"
        business.verification_status = VerificationStatus.REVOKED
    for path in (
        *(f"{HOME}/{name}" for name in ("umpan.exe", "umpan.", "kategori/tidak-ada/umpan.rss", address)),
        f"{HOME}/usaha/{2**63}/umpan.rss",
        f"{HOME}/usaha/0/umpan.rss",
        "/galeri/tidak-ada/umpan.rss",
        "/tidak-ada/umpan.rss",
        "/tts/umpan.exe",
    ):
        assert reader.get(path).status_code == 404, path


def test_old_addresses_lead_on_and_head_is_answered(reader: Visit, world: World) -> None:
    add_product(world.app, 1)
    for form in FORMS:
        answer = reader.get(f"/tts/umpan.{form}")
        assert (answer.status_code, answer.headers["location"]) == (308, f"{HOME}/umpan.{form}")
        head = reader.client.head(f"{HOME}/umpan.{form}")
        assert head.status_code == 200
        assert head.headers["etag"] == reader.get(f"{HOME}/umpan.{form}").headers["etag"]
        assert reader.client.post(f"{HOME}/umpan.{form}").status_code == 405
