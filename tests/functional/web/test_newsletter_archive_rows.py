"""Which issues stand in the archive, on either engine."""

import pytest
from lxml import etree

from marketing.db.models import WithdrawnIssue
from marketing.domain.types import Role
from tests.functional.web.newsletters import ARCHIVE, FEED, SITE, newsletter, number_in, published
from tests.functional.web.visits import Enter, Visit
from tests.support.feed_schemas import check_rss
from tests.support.world import TENANT, World, add_product


@pytest.fixture(name="reader")
def _reader(enter: Enter) -> Visit:
    return enter(signed_in=False)


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
