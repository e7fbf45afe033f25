"""The staff's pages of people in Chromium: narrow and wide, seen by axe, and worked without JavaScript."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from marketing.domain.types import Role
from tests.browser.conftest import AGENT
from tests.support.demo import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("demo")]

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


TOO_SMALL = """[...document.querySelectorAll("button:not([aria-hidden]), summary, select, input:not([type=hidden])")]
    .map(one => ({one, box: (one.closest("label") || one).getBoundingClientRect()}))
    .filter(({box}) => box.width > 0 && box.height < 24)
    .map(({one, box}) => `${one.tagName} ${one.name || one.textContent.trim()} ${Math.round(box.height)}`)"""
"""What a finger cannot hit: WCAG 2.2, 2.5.8 asks for 24 px."""


def sound(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    assert found.violations_count == 0, found.generate_report()


def test_people_and_the_list_of_never_send_fit_a_phone_and_are_read_by_everybody(
    sign_in: Callable[[Role], Page], shoot: Callable[[Page, str], None]
) -> None:
    page = sign_in(Role.MARKETER)
    page.get_by_role("link", name="Kontak").first.click()
    shoot(page, "kontak")
    sound(page)
    page.get_by_label("Cari orang").fill("a")
    page.get_by_label("Persetujuan", exact=True).select_option("given")
    page.get_by_role("button", name="Terapkan").click()
    page.locator("tbody tr a").first.click()
    expect(page.get_by_role("heading", name="Pesan, dan mengapa")).to_be_visible()
    shoot(page, "kontak-orang")
    sound(page)
    page.goto(page.url.partition("/kontak/")[0] + "/kontak/daftar-henti")
    page.get_by_label("Surel, nomor telepon, atau @telegram").last.fill("henti@surel.example")
    page.get_by_label("Catatan").fill("diminta di loket")
    page.get_by_role("button", name="Hentikan alamat ini").click()
    shoot(page, "daftar-henti")
    sound(page)


def _uploaded(page: Page, site: Site, folder: Path) -> str:
    """Upload a file with a column that may mean two things, and return the page on which it is explained."""
    file = folder / "kontak.csv"
    file.write_text("Nama;Surel;Kontak\nMaria;maria.baru@surel.example;x\n", "utf-8")
    page.goto(f"{site.url}/kontak/impor")
    page.get_by_label("Berkas kontak").set_input_files(file)
    page.get_by_role("button", name="Unggah dan periksa").click()
    page.wait_for_url("**/kontak/impor/*")
    return page.url.partition("?")[0].removeprefix(site.url)


@pytest.mark.parametrize("role", [Role.MARKETER, Role.MANAGING_TEAM])
def test_every_page_of_people_fits_is_sound_and_has_large_enough_targets(
    sign_in: Callable[[Role], Page], site: Site, shoot: Callable[[Page, str], None], role: Role, tmp_path: Path
) -> None:
    page = sign_in(role)
    if role is Role.MARKETER:
        paths = ["/kontak/impor", _uploaded(page, site, tmp_path), "/kontak/segmen", "/kontak/segmen/susun"]
    else:
        page.goto(f"{site.url}/kontak?tujuan=newsletter&keadaan=given")
        person = str(page.locator("tbody tr a").first.get_attribute("href"))
        paths = ["/kontak?orang=ganda", person, f"{person}/gabung", "/kontak/permintaan", "/kontak/pelanggaran"]
    small: list[str] = []
    for path in paths:
        page.goto(site.url + path)
        shoot(page, f"{role}-{path.strip('/').replace('/', '-').replace('?', '-')}")
        small += [f"{path}: {one}" for one in page.evaluate(TOO_SMALL)]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two words
            sound(page)
    assert small == []


def test_a_withdrawal_is_written_down_without_javascript(chromium: Browser, site: Site) -> None:
    context = chromium.new_context(user_agent=AGENT, locale="id-ID", java_script_enabled=False)
    try:
        page, login = context.new_page(), site.login_of(Role.MARKETER)
        page.goto(site.url)
        page.get_by_label("Alamat surel").fill(login.email)
        page.get_by_label("Kata sandi").fill(login.password)
        page.get_by_role("button", name="Masuk").click()
        page.goto(f"{site.url}/kontak?tujuan=newsletter&keadaan=given")
        page.locator("tbody tr a").first.click()
        page.get_by_label("Buletin UMKM").check()
        page.get_by_label("Bagaimana orang ini memintanya").fill("menelepon ke kantor")
        page.get_by_role("button", name="Catat pencabutan").click()
        expect(page.get_by_text("Pencabutan tercatat atas nama Anda")).to_be_visible()
        expect(page.get_by_text("Catatan: menelepon ke kantor")).to_be_visible()
    finally:
        context.close()
