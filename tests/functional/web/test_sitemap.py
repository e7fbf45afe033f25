"""What search engines are told: every page that may be seen now, none of the others."""

import re
import urllib.robotparser
from datetime import timedelta

import pytest
from lxml import etree
from sqlalchemy import insert, select

from marketing.db.models import Business, Product
from marketing.domain.product import Category, HalalStatus, VerificationStatus
from marketing.domain.types import ChannelName
from marketing.web.building import sitemap as building
from marketing.web.routes import sitemap as routes
from tests.functional.web.visits import Enter, Visit
from tests.support.world import START, TENANT, World, add_product, promotion

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = "https://siar.example"
HOME = f"/galeri/{TENANT}"


@pytest.fixture(name="robot")
def _robot(enter: Enter) -> Visit:
    return enter(signed_in=False)


def locations(content: bytes, root: str) -> list[str]:
    found = etree.fromstring(content)
    assert found.tag == NAMESPACE + root
    for node in found.iterfind(f".//{NAMESPACE}lastmod"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", node.text or "")
    addresses = [node.text or "" for node in found.iterfind(f".//{NAMESPACE}loc")]
    assert len(set(addresses)) == len(addresses)
    return addresses


def test_every_page_that_may_be_seen_is_listed_and_answers(robot: Visit, world: World) -> None:
    product = add_product(world.app, 1)
    held = add_product(world.app, 2, stock=0, promotable=False, category=Category.FESYEN)
    world.run(world.approved(promotion(product, channels=(ChannelName.WEBSITE,))))
    with world.app.database.read() as session:
        own, other = session.scalars(select(Business.id).order_by(Business.id)).all()
    assert locations(robot.get("/sitemap.xml").content, "sitemapindex") == [f"{SITE}{HOME}/sitemap.xml"]
    answer = robot.get(f"{HOME}/sitemap.xml")
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    found = locations(answer.content, "urlset")
    slug = world.campaign(1).slug
    wanted = ("", "/kategori/kerajinan", f"/promo/tts-{slug}", f"/usaha/{own}", f"/produk/{product}")
    assert found == [f"{SITE}{HOME}{path}" for path in wanted]
    assert not any(path in address for address in found for path in (f"/produk/{held}", f"/usaha/{other}", "fesyen"))
    for address in found:
        assert robot.get(address.removeprefix(SITE)).status_code == 200, address
    assert etree.fromstring(answer.content).findtext(f".//{NAMESPACE}lastmod") == f"{START:%Y-%m-%dT%H:%M:%SZ}"


def test_a_daerah_without_products_has_a_sitemap_that_can_be_read(robot: Visit) -> None:
    assert locations(robot.get("/sitemap.xml").content, "sitemapindex") == []
    assert locations(robot.get("/galeri/blitar/sitemap.xml").content, "urlset") == [f"{SITE}/galeri/blitar"]
    assert robot.get("/galeri/tidak-ada/sitemap.xml").status_code == 404
    assert robot.get(f"{HOME}/sitemap-1.xml").status_code == 404


def test_a_large_daerah_has_parts_that_hold_each_page_once(
    robot: Visit, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 11):
        add_product(world.app, number)  # each with its own business: 1 + 1 + 10 + 10 pages
    for module in (building, routes):
        monkeypatch.setattr(module, "MOST", 10)
    parts = [f"{HOME}/sitemap-{number}.xml" for number in (1, 2, 3)]
    for path in ("/sitemap.xml", f"{HOME}/sitemap.xml"):
        assert locations(robot.get(path).content, "sitemapindex") == [SITE + part for part in parts]
    found = [locations(robot.get(part).content, "urlset") for part in parts]
    assert [len(part) for part in found] == [10, 10, 2]
    assert len({address for part in found for address in part}) == 22
    for number in ("0", "4", "-1", "99999999", "x"):
        assert robot.get(f"{HOME}/sitemap-{number}.xml").status_code == 404


def test_robots_may_see_the_gallery_and_nothing_of_the_office(robot: Visit) -> None:
    answer = robot.get("/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert f"Sitemap: {SITE}/sitemap.xml" in answer.text
    rules = urllib.robotparser.RobotFileParser()
    rules.parse(answer.text.splitlines())
    for path in (HOME, f"{HOME}/produk/1", f"{HOME}/umpan.rss", f"/gambar/{'a' * 64}.jpg", "/static/css/siar.css"):
        assert rules.can_fetch("Googlebot", SITE + path), path
    for path in ("/katalog", "/kampanye/1", "/kotak-keluar", "/beranda", "/masuk", "/k/1-2-x", "/u/1-x", "/b/1-x"):
        assert not rules.can_fetch("Googlebot", SITE + path), path


def test_one_hundred_thousand_products_are_listed_in_parts(small_world: World) -> None:
    first = add_product(small_world.app, 1)
    with small_world.app.database.write() as session:
        row = session.get_one(Product, first)
        values = {column.key: getattr(row, column.key) for column in Product.__table__.columns if column.key != "id"}
        values |= {"halal_status": HalalStatus.NOT_REQUIRED, "verification_status": VerificationStatus.VERIFIED}
        rows = [
            {**values, "external_id": f"X-{number}", "synced_at": START + timedelta(seconds=number)}
            for number in range(100_000)
        ]
        session.execute(insert(Product), rows)
    database = small_world.app.database
    with database.read() as session:
        (extent,) = routes.extents(session, [TENANT])
    assert extent.pages == 100_004
    assert len(building.files_of(extent)) == 3
    chunks = building.urlset(routes.places(database, TENANT), SITE)
    sizes = [len(chunk) for chunk in chunks]
    assert max(sizes) < 200_000, "never the whole list at once"
    assert sum(sizes) > 10_000_000
