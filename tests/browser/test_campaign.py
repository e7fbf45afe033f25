"""The main job as people do it: compose, approve, go out at its hour, read the mail, click, and see the click counted."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from marketing.domain.types import Role
from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("browser")]
NAME = "Tenun untuk hari raya"
SUBJECT = "Tenun Amanuban untuk hari raya"
WANTED = {"Surel", "Situs web", "Facebook", "Grup WhatsApp"}


def next_minute() -> datetime:
    """A whole minute that is far enough ahead for two people, as they would choose it: 40 to 100 seconds."""
    ahead = datetime.now(ZoneInfo("Asia/Makassar")) + timedelta(seconds=100)
    return ahead.replace(second=0, microsecond=0)


def compose(page: Page) -> None:
    page.get_by_role("link", name="Kampanye").first.click()
    page.get_by_role("link", name="Susun kampanye").first.click()
    page.get_by_label("Nama kampanye").fill(NAME)
    page.get_by_role("radio", name="Promosi", exact=True).check()
    for number in range(3):
        page.locator("input[name=produk]").nth(number).check()
    page.get_by_label("Judul", exact=True).fill(SUBJECT)
    page.get_by_label("Teks", exact=True).fill("Tiga tenun baru dari SoE.\n\nSemua ditenun tangan.")
    page.get_by_label("Subjek surel").fill(SUBJECT)
    for box in page.locator("input[name=kanal]").all():
        label = box.locator("xpath=ancestor::label").inner_text()
        box.set_checked(any(label.startswith(wanted) for wanted in WANTED))
    page.locator("input[name=penerima]").first.check()
    expect(page.locator("[data-audience-count] output")).to_be_visible()


def test_a_campaign_from_brief_to_click(
    site: Site, sign_in: Callable[[Role], Page], shoot: Callable[[Page, str], None]
) -> None:
    marketer = sign_in(Role.MARKETER)
    shoot(marketer, "beranda")
    compose(marketer)
    due = next_minute()
    marketer.get_by_label("Tanggal").fill(due.strftime("%Y-%m-%d"))
    marketer.get_by_label("Jam (WITA)").fill(due.strftime("%H:%M"))
    shoot(marketer, "susun")
    marketer.get_by_role("button", name="Kirim untuk disetujui").click()
    expect(marketer.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(marketer.get_by_role("main")).to_contain_text("Menunggu persetujuan")
    expect(marketer.get_by_role("button", name="Setujui")).to_have_count(0)
    address = marketer.url.split("?")[0]

    approver = sign_in(Role.APPROVER)
    shoot(approver, "beranda-penyetuju")
    approver.goto(address)
    shoot(approver, "kampanye-menunggu")
    approver.get_by_role("button", name="Setujui", exact=True).click()
    # on a slow machine its minute may have come already
    expect(approver.locator(".title-line .chip")).to_have_text(re.compile("Terjadwal|Sedang dikirim|Selesai dikirim"))

    marketer.goto(address)
    expect(marketer.locator(".title-line .chip")).to_have_text("Selesai dikirim", timeout=150_000)
    assert datetime.now(ZoneInfo("Asia/Makassar")) >= due
    shoot(marketer, "kampanye-selesai")

    opened = read_mail(marketer, site)
    assert opened.url.startswith(f"{site.url}/galeri/tts/produk/")
    shoot(opened, "publik-produk")
    marketer.goto(address)
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
