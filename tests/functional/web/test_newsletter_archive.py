"""The public archive: sent issues for everybody, nothing of a recipient, held products gone, withdrawn with a reason."""

import re

import feedparser
import pytest
from sqlalchemy import update

from marketing.db.models import Product
from marketing.domain.types import Purpose, Role
from tests.functional.web.newsletters import FEED, SITE, newsletter, number_in, published
from tests.functional.web.visits import Enter, Visit
from tests.support.feed_schemas import check_rss
from tests.support.world import World, add_contact, add_product


@pytest.fixture
def world(small_world: World) -> World:
    """What the engines read differently is asked of both (test_newsletter_archive_rows.py)."""
    return small_world


@pytest.fixture(name="reader")
def _reader(enter: Enter) -> Visit:
    return enter(signed_in=False)


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


def test_the_archive_speaks_the_language_of_its_reader_and_keeps_the_words(
    enter: Enter, reader: Visit, world: World
) -> None:
    _campaign, path = published(enter, world)
    reader.client.cookies.set("siar_bahasa", "en")
    page = reader.page(path)
    assert "Memotret dengan ponsel" in page
    assert "12 December 2026" in page
