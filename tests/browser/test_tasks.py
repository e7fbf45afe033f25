"""A WhatsApp share on a phone, from Beranda to the name and time under it: with a finger, without a script, seen by axe."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from marketing.domain.types import Role
from tests.browser.conftest import AGENT, Open, keep, overhang
from tests.support.demo import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("demo")]
PHONE = {"width": 360, "height": 640}
TASK = re.compile(r"^Bagikan ke grup")
Shoot = Callable[[Page, str], None]


@pytest.fixture
def snap() -> Shoot:
    """Refuse sideways scrolling, and keep what the phone shows where SIAR_SHOTS names a folder."""

    def take(page: Page, name: str) -> None:
        page.wait_for_load_state()
        keep(page, f"{name}-layar")
        keep(page, name, full_page=True)
        assert (found := overhang(page)) <= 0, f"{name} scrolls sideways by {found} px"

    return take


def entered(page: Page, site: Site, role: Role, tenant: str = "tts") -> None:
    login = site.login_of(role, tenant)
    page.get_by_label("Alamat surel").fill(login.email)
    page.get_by_label("Kata sandi").fill(login.password)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url("**/beranda*")


def screenshot() -> dict[str, Any]:
    """A screenshot as a phone would make it."""
    out = BytesIO()
    Image.new("RGB", (1080, 2340), "#0b141a").save(out, "PNG")
    return {"name": "Screenshot_20261122.png", "mimeType": "image/png", "buffer": out.getvalue()}


def found_task(page: Page) -> None:
    """Go from Beranda to the first task of a group, as a thumb does."""
    page.get_by_role("navigation", name="Menu bawah").get_by_role("link", name="Tugas").click()
    page.get_by_role("main").get_by_role("link", name=TASK).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TASK)


def test_a_share_from_beranda_to_its_confirmation_on_a_phone(site: Site, open_page: Open, snap: Shoot) -> None:
    page = open_page("/masuk", viewport=PHONE, has_touch=True, is_mobile=True, permissions=["clipboard-write"])
    entered(page, site, Role.MARKETER)
    expect(page.get_by_role("main")).to_contain_text("siap dibagikan")
    page.get_by_role("navigation", name="Menu bawah").get_by_role("link", name="Tugas").click()
    snap(page, "tugas-daftar")
    found_task(page)
    snap(page, "tugas-1-belum-diambil")
    page.get_by_role("button", name="Saya kerjakan").click()
    expect(page.get_by_role("status")).to_contain_text("milik Anda")
    snap(page, "tugas-2-langkah")

    opener = page.get_by_role("link", name="Buka WhatsApp")
    address = opener.get_attribute("href") or ""
    assert address.startswith("https://wa.me/?text=")
    said = parse_qs(urlsplit(address).query)["text"][0]
    page.get_by_text("Teksnya tidak terisi?").click()
    expect(page.get_by_label("Teks kiriman")).to_have_value(said)
    page.get_by_role("button", name="Salin teks").click()
    expect(page.get_by_role("button", name="Tersalin")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Simpan gambar").click()
    with Image.open(download.value.path()) as picture:
        assert picture.format == "JPEG"
        assert min(picture.size) >= 1080
    snap(page, "tugas-3-siap-ditandai")
    assert_tall_enough(page)


def assert_tall_enough(page: Page) -> None:
    """Everything that a thumb presses in the steps is as tall as a thumb."""
    for target in page.locator("main .how").locator("a, button, summary, input[type=file]").all():
        if target.is_visible():
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= 44, target.inner_text()


def test_a_wrong_picture_is_told_beside_its_field_and_the_right_one_ends_the_task(
    site: Site, open_page: Open, snap: Shoot
) -> None:
    page = open_page("/masuk", viewport=PHONE, has_touch=True, is_mobile=True, tolerates=(422,))
    entered(page, site, Role.MARKETER)
    found_task(page)
    done = page.get_by_role("button", name="Sudah saya bagikan")
    proof = page.get_by_label("Tangkapan layar")
    proof.set_input_files([{"name": "dokumen.png", "mimeType": "image/png", "buffer": b"<html>"}])
    done.click()
    expect(proof).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#bukti-salah")).to_contain_text("tidak dapat dipakai")
    expect(proof).to_be_in_viewport()
    expect(page.get_by_role("alert")).to_contain_text("Belum tercatat")
    snap(page, "tugas-4-gambar-salah")
    proof.set_input_files([screenshot()])
    done.click()
    expect(page.get_by_role("status")).to_contain_text("sudah dibagikan")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"Dibagikan oleh .+, \d+ \w+ \d{4} \d\d\.\d\d WITA\."))
    expect(page.get_by_alt_text("Tangkapan layar sebagai bukti")).to_be_visible()
    snap(page, "tugas-5-selesai")
    page.get_by_role("main").get_by_role("link", name="Rincian kiriman").click()
    expect(page.get_by_role("main")).to_contain_text("Terbit")


def test_the_task_works_without_a_script(site: Site, open_page: Open, snap: Shoot) -> None:
    page = open_page("/masuk", viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=False)
    entered(page, site, Role.APPROVER, "blitar")
    found_task(page)
    page.locator("summary", has_text="Teksnya tidak terisi?").click()
    text = page.get_by_label("Teks kiriman")
    expect(text).to_be_visible()
    assert text.input_value()
    expect(page.get_by_role("button", name="Salin teks")).to_have_count(0)
    page.locator("summary", has_text="Anda di komputer?").click()
    expect(page.locator("img.kit-code")).to_be_visible()
    snap(page, "tugas-6-tanpa-skrip")
    page.get_by_role("button", name="Sudah saya bagikan").click()
    expect(page.get_by_role("main")).to_contain_text("Dibagikan oleh")


def test_axe_finds_nothing_in_light_and_dark(chromium: Browser, site: Site) -> None:
    """Only for axe's injection the policy is set aside."""
    context = chromium.new_context(
        user_agent=AGENT, locale="id-ID", viewport=PHONE, reduced_motion="reduce", bypass_csp=True
    )
    try:
        page = context.new_page()
        page.goto(site.url)
        entered(page, site, Role.MARKETER)
        page.goto(f"{site.url}/tugas")
        links = page.get_by_role("main").locator(".task strong a").all()
        for address in ["/tugas", "/tugas/petugas", *(link.get_attribute("href") or "" for link in links)]:
            page.goto(site.url + address)
            for more in page.locator("main details").all():
                more.evaluate("node => { node.open = true }")
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                result = Axe().run(page).response
                assert len(result["passes"]) > 12, f"axe-core looked at nothing on {address}"
                assert result["violations"] == [], (address, scheme, [one["id"] for one in result["violations"]])
    finally:
        context.close()
