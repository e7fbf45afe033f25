from pathlib import Path

import pytest

from marketing.channels.base import Failed, Published
from marketing.channels.website.adapter import WebsitePublisher
from marketing.channels.website.payload import atom, json_feed, rss
from marketing.domain.content import OutboundPost
from tests.unit.channels.website.feed_samples import feed, item

POST = OutboundPost("k1", "tts", "panen-2026", "Panen raya", "Jambu mete baru panen.", "")


@pytest.fixture
def site(tmp_path: Path) -> WebsitePublisher:
    return WebsitePublisher(tmp_path / "situs", "https://umkm.ttskab.example/")


def test_feeds_are_written_as_rendered(site: WebsitePublisher) -> None:
    files = site.write_feeds(feed())
    assert [path.name for path in (files.rss, files.atom, files.json)] == ["rss.xml", "atom.xml", "feed.json"]
    assert files.rss.read_bytes() == rss(feed())
    assert files.atom.read_bytes() == atom(feed())
    assert files.json.read_bytes() == json_feed(feed())
    assert files.rss.parent.name == "tts"


def test_unchanged_feeds_are_left_alone(site: WebsitePublisher) -> None:
    files = site.write_feeds(feed())
    before = [path.stat().st_ino for path in (files.rss, files.atom, files.json)]
    site.write_feeds(feed())
    assert [path.stat().st_ino for path in (files.rss, files.atom, files.json)] == before
    site.write_feeds(feed(item(title="Baru")))
    assert b"Baru" in files.rss.read_bytes()
    assert files.rss.stat().st_ino != before[0], "a change is a new file renamed over the old one"


def test_a_reader_never_sees_half_a_feed(site: WebsitePublisher, monkeypatch: pytest.MonkeyPatch) -> None:
    files = site.write_feeds(feed())

    def power_cut(self: Path, target: Path) -> Path:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "replace", power_cut)
    with pytest.raises(OSError, match="Input/output"):
        site.write_feeds(feed(item(title="Baru")))
    assert files.rss.read_bytes() == rss(feed())
    assert sorted(path.name for path in files.rss.parent.iterdir()) == ["atom.xml", "feed.json", "rss.xml"]


@pytest.mark.parametrize("tenant", ["..", "../x", "a/b", ""])
def test_a_tenant_cannot_leave_the_folder(site: WebsitePublisher, tenant: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        site.write_feeds(feed(tenant=tenant))
    assert list(tmp_path.rglob("*.xml")) == []


def test_a_post_stands_at_its_promotion_page(site: WebsitePublisher, tmp_path: Path) -> None:
    (outcome,) = site.publish([POST])
    assert outcome == Published("k1", "tts.panen-2026", "https://umkm.ttskab.example/tts/promo/panen-2026")
    assert (tmp_path / "situs/tts/promo/panen-2026.json").is_file()


def test_a_recalled_post_does_not_come_back(site: WebsitePublisher) -> None:
    list(site.publish([POST]))
    assert site.withdraw("tts.panen-2026")
    (outcome,) = site.publish([POST])
    assert isinstance(outcome, Failed)
    assert outcome.reason == "withdrawn"
