"""The main job, second half: the approved campaign goes out at its hour, is read, and its click is counted."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from marketing.domain.types import Role
from tests.browser.campaign_under_way import SUBJECT, UnderWay
from tests.support.demo import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("demo")]


def test_a_campaign_goes_out_at_its_hour_and_comes_back_as_a_click(
    site: Site, under_way: UnderWay, sign_in: Callable[[Role], Page], shoot: Callable[[Page, str], None]
) -> None:
    marketer = sign_in(Role.MARKETER)
    marketer.goto(under_way.address)
    expect(marketer.locator(".title-line .chip")).to_have_text("Selesai dikirim", timeout=150_000)
    assert datetime.now(ZoneInfo("Asia/Makassar")) >= under_way.due
    shoot(marketer, "kampanye-selesai")

    opened = read_mail(marketer, site)
    assert opened.url.startswith(f"{site.url}/galeri/tts/produk/")
    shoot(opened, "publik-produk")
    marketer.goto(under_way.address)
    expect(marketer.locator(".stat", has_text="Klik").first.locator(".stat-figure")).to_have_text("1")


def read_mail(page: Page, site: Site) -> Page:
    """Open a mail of the campaign in Kotak keluar and follow a product's link."""
    page.goto(f"{site.url}/kotak-keluar/surat")
    row = page.locator("tr, li, article").filter(has=page.get_by_text(SUBJECT)).filter(has_text="Diterima server").first
    row.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SUBJECT)
    letter = page.frame_locator("iframe")
    expect(
        letter.get_by_text("Mengapa Anda menerima ini").or_(letter.get_by_text("Anda menerima surel ini karena"))
    ).to_be_visible()
    with page.context.expect_page() as popup:
        letter.locator("a[href*='/k/']").nth(1).click()  # the first leads to the gallery, the next to a product
    opened = popup.value
    opened.wait_for_load_state()
    return opened
