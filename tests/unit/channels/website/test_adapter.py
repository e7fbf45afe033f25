from pathlib import Path

import pytest

from marketing.channels.base import Failed, Published
from marketing.channels.website.adapter import WebsitePublisher
from marketing.domain.content import OutboundPost

POST = OutboundPost("k1", "tts", "panen-2026", "Panen raya", "Jambu mete baru panen.", "")


@pytest.fixture
def site(tmp_path: Path) -> WebsitePublisher:
    return WebsitePublisher(tmp_path / "situs", "https://umkm.ttskab.example/")


def test_a_post_stands_at_its_promotion_page(site: WebsitePublisher, tmp_path: Path) -> None:
    outcome = site.submit(POST, "")
    assert outcome == Published("k1", "tts.panen-2026", "https://umkm.ttskab.example/galeri/tts/promo/panen-2026")
    assert (tmp_path / "situs/tts/promo/panen-2026.json").is_file()


def test_a_recalled_post_does_not_come_back(site: WebsitePublisher) -> None:
    site.submit(POST, "")
    assert site.withdraw("tts.panen-2026")
    outcome = site.prepare(POST, "")
    assert isinstance(outcome, Failed)
    assert outcome.reason == "withdrawn"
