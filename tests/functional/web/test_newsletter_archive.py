"""The public archive: sent issues for everybody, nothing of a recipient, held products gone, withdrawn with a reason."""

import re

import feedparser
import pytest
from lxml import etree
from sqlalchemy import update

from marketing.db.models import Product, WithdrawnIssue
from marketing.domain.types import Purpose, Role
from tests.functional.web.newsletters import newsletter, number_in
from tests.functional.web.visits import Enter, Visit
from tests.support.feed_schemas import check_rss
from tests.support.world import TENANT, World, add_contact, add_product

ARCHIVE = f"/galeri/{TENANT}/buletin"
FEED = f"{ARCHIVE}/umpan.rss"
SITE = "https://siar.example"


@pytest.fixture(name="reader")
def _reader(enter: Enter) -> Visit:
    return enter(signed_in=False)


def published(enter: Enter, world: World, *products: int, **changes: str) -> tuple[int, str]:
    """Send a newsletter; return its number and the path of its page."""
    place = enter(Role.MARKETER).act("/kampanye/susun", {**newsletter(*products, **changes), "aksi": "ajukan"})
    campaign = number_in(place)
    enter(Role.APPROVER).act(f"/kampanye/{campaign}/setujui", {"versi": "1"})
    world.run(campaign)
    return campaign, f"{ARCHIVE}/{world.campaign(campaign).slug}"


def test_an_issue_is_read_by_everybody_without_a_trace_of_its_recipients(
    enter: Enter, reader: Visit, world: World
) -> None:
    add_contact(world.app, 1, Purpose.NEWSLETTER)
    product = add_product(world.app, 1)
    link = {"blok-1-tautan": "https://oss.example/nib", "blok-1-gambar": str(product)}
    _campaign, path = published(enter, world, product, **link)
    assert world.outbox.sent
    answer = reader.get(path)
    page = answer.text
    for text in ("Memotret dengan ponsel", "Rp38.000", "Pantauan Pasar Inpres SoE", "Alun-alun SoE", "Tenun 1"):
        assert text in page
    assert 'href="https://oss.example/nib"' in page
    assert f'<link rel="canonical" href="{SITE}{path}">' in page
    assert f'type="application/rss+xml" title="RSS: Buletin Kab. Timor Tengah Selatan" href="{FEED}"' in page
    assert f'src="/gambar/{"a" * 64}' in page
    for personal in ("Orang 1", "orang1@", "/k/", "/b/", "/u/", "/w/", "/m/", "utm_"):
        assert personal not in page, personal
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers
    assert " style=" not in page
    anchors = set(re.findall(r'href="#([^"]+)"', page)) - {"isi"}
    assert anchors
    assert anchors <= set(re.findall(r'id="([^"]+)"', page))


def test_only_what_was_sent_and_meant_for_it_stands_there(enter: Enter, reader: Visit, world: World) -> None:
    assert "Belum ada edisi" in reader.page(ARCHIVE)
    assert 'href="/langganan/tts"' in reader.page(ARCHIVE)
    assert FEED not in reader.page(f"/galeri/{TENANT}")
    _campaign, path = published(enter, world, judul="Edisi terbuka")
    _other, hidden = published(enter, world, judul="Edisi tertutup", arsip="")
    waiting = newsletter(judul="Edisi yang menunggu", tanggal="2026-12-01")
    draft = number_in(enter(Role.MARKETER).act("/kampanye/susun", {**waiting, "aksi": "ajukan"}))
    page = reader.page(ARCHIVE)
    assert "Edisi terbuka" in page
    for title in ("Edisi tertutup", "Edisi yang menunggu"):
        assert title not in page
    assert reader.get(hidden).status_code == 404
    assert reader.get(f"{ARCHIVE}/{world.campaign(draft).slug}").status_code == 404
    assert reader.get(path.replace("/tts/", "/blitar/")).status_code == 404
    assert reader.get(f"{ARCHIVE}/%00").status_code == 404
    assert reader.get(f"{ARCHIVE}?halaman=2").status_code == 404
    home = reader.page(f"/galeri/{TENANT}")
    assert "Edisi terbuka" in home
    assert f'href="{FEED}"' in home


def test_a_product_that_is_held_is_gone_from_the_issue_with_its_picture(
    enter: Enter, reader: Visit, world: World
) -> None:
    first, second = add_product(world.app, 1), add_product(world.app, 2)
    _campaign, path = published(enter, world, first, second, **{"blok-1-gambar": str(first)})
    assert "letter-picture" in reader.page(path)
    with world.app.database.write() as session:
        session.execute(update(Product).where(Product.id == first).values(stock=0))
    page = reader.page(path)
    assert "letter-picture" not in page
    assert "Tenun 1" not in page
    assert "Tenun 2" in page


def test_the_feed_is_valid_and_names_no_one(enter: Enter, reader: Visit, world: World) -> None:
    empty = reader.get(FEED)
    assert check_rss(empty.content) == 0
    hostile = "Harga <b>turun</b> & ]]> naik"
    _one, first = published(enter, world, judul=hostile)
    world.clock.forward(hours=1)
    _two, second = published(enter, world, judul="Edisi dua", ringkas="<script>alert(1)</script>", tanggal="2026-11-23")
    answer = reader.get(FEED)
    assert check_rss(answer.content) == 1, "the second waits for its day"
    world.clock.forward(days=1)
    world.run(_two)
    answer = reader.get(FEED)
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert check_rss(answer.content) == 2
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    assert [entry.link for entry in feed.entries] == [f"{SITE}{second}", f"{SITE}{first}"]
    assert "<script" not in feed.entries[0].summary
    assert "turun" in feed.entries[1].title
    again = reader.get(FEED, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_an_issue_is_withdrawn_with_a_reason_and_put_back(enter: Enter, reader: Visit, world: World) -> None:
    campaign, path = published(enter, world)
    marketer, manager = enter(Role.MARKETER), enter(Role.MANAGING_TEAM)
    act, back = (f"/kampanye/{campaign}/{name}" for name in ("tarik-edisi", "pasang-edisi"))
    for who in (manager, enter(None), enter(Role.MARKETER, "blitar")):
        assert who.post(act, {"catatan": "Iseng"}).status_code in (403, 404)
        assert who.post(back).status_code in (403, 404)
    for empty in (" ", "x" * 501):
        assert marketer.post(act, {"catatan": empty}).status_code == 422
    assert marketer.post(back).status_code == 403
    assert path in marketer.page(f"/kampanye/{campaign}")
    marketer.act(act, {"catatan": "Harga kemiri <b>keliru</b>."})
    marketer.act(act, {"catatan": "Sekali lagi."})
    assert reader.get(path).status_code == 404
    assert "Tenun baru dari SoE" not in reader.page(ARCHIVE)
    assert check_rss(reader.get(FEED).content) == 0
    page = marketer.page(f"/kampanye/{campaign}")
    assert "Harga kemiri &lt;b&gt;keliru&lt;/b&gt;." in page
    assert "menarik edisi ini dari arsip buletin" in page
    enter(Role.APPROVER).act(back)
    assert reader.get(path).status_code == 200
    with world.app.database.read() as session:
        (row,) = session.query(WithdrawnIssue).all()
        assert (row.reason, row.restored_at is not None) == ("Harga kemiri <b>keliru</b>.", True)
    done = [action for action in world.audited() if action.startswith("newsletter.")]
    assert done == ["newsletter.withdraw", "newsletter.restore"]


def test_a_promotion_is_no_issue(enter: Enter, world: World) -> None:
    product = add_product(world.app, 1)
    place = enter(Role.MARKETER).act(
        "/kampanye/susun", {**newsletter(product, blok="", jenis="promotional"), "aksi": "ajukan"}
    )
    campaign = number_in(place)
    enter(Role.APPROVER).act(f"/kampanye/{campaign}/setujui", {"versi": "1"})
    world.run(campaign)
    answer = enter(Role.MARKETER).post(f"/kampanye/{campaign}/tarik-edisi", {"catatan": "Keliru."})
    assert answer.status_code == 403
    assert "tidak ada di arsip buletin" in answer.text
    assert "Arsip buletin" not in enter(Role.MARKETER).page(f"/kampanye/{campaign}")


def test_search_engines_find_the_archive_and_its_issues(enter: Enter, reader: Visit, world: World) -> None:
    product = add_product(world.app, 1)
    _campaign, path = published(enter, world, product)
    root = etree.fromstring(reader.get(f"/galeri/{TENANT}/sitemap.xml").content)
    found = [node.text for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert f"{SITE}{ARCHIVE}" in found
    assert f"{SITE}{path}" in found
    for address in found:
        assert address
        assert reader.get(address.removeprefix(SITE)).status_code == 200


def test_the_archive_speaks_the_language_of_its_reader_and_keeps_the_words(
    enter: Enter, reader: Visit, world: World
) -> None:
    _campaign, path = published(enter, world)
    reader.client.cookies.set("siar_bahasa", "en")
    page = reader.page(path)
    assert "Memotret dengan ponsel" in page
    assert "12 December 2026" in page
