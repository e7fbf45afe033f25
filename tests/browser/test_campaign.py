"""The main job as people do it, first half: composed and approved; tests/browser/test_sent.py sees it go out and come back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from marketing.domain.types import Role
from tests.browser.campaign_under_way import NAME, UnderWay
from tests.support.demo import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("demo")]


def test_a_campaign_is_composed_by_one_and_approved_by_another(
    under_way: UnderWay, sign_in: Callable[[Role], Page]
) -> None:
    page = sign_in(Role.MARKETER)
    page.goto(under_way.address)
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(page.get_by_role("main")).to_contain_text(under_way.due.strftime("%H.%M"))


PAGES = {
    "katalog": "/katalog",
    "katalog-tertahan": "/katalog?tab=tertahan",
    "kampanye-daftar": "/kampanye",
    "kotak-keluar-surat": "/kotak-keluar/surat",
    "kotak-keluar-kiriman": "/kotak-keluar/kiriman",
}


def test_every_other_page_fits_a_phone_and_a_desk(
    site: Site, sign_in: Callable[[Role], Page], shoot: Callable[[Page, str], None]
) -> None:
    page = sign_in(Role.MARKETER)
    for name, path in PAGES.items():
        answer = page.goto(f"{site.url}{path}")
        assert answer is not None
        assert answer.status == 200, path
        shoot(page, name)
    for channel in ("Facebook", "Grup WhatsApp", "TikTok"):
        page.goto(f"{site.url}/kotak-keluar/kiriman")
        page.get_by_role("row").filter(has_text=channel).first.get_by_role("link").first.click()
        shoot(page, f"kiriman-{channel.lower().replace(' ', '-')}")
