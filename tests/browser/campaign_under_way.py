"""A campaign that two people bring on its way; while it waits for its hour, other tests look at other pages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from marketing.domain.types import Role

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


@dataclass(frozen=True)
class UnderWay:
    """An approved campaign: its page, and its hour."""

    address: str
    due: datetime


def bring_under_way(sign_in: Callable[[Role], Page], shoot: Callable[[Page, str], None]) -> UnderWay:
    """Compose, submit and approve, as a marketer and an approver do."""
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
    return UnderWay(address, due)
