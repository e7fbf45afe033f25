"""The public gallery as people meet it: on a desk and a phone, light and dark, by keyboard, without a script."""

import os
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from marketing.domain.types import Role
from tests.browser.conftest import DESK, PHONE, Open, Visitors

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("demo")]


@pytest.fixture(name="paths", scope="module")
def _paths(finders: Visitors) -> dict[str, str]:
    """Find one page of each kind by following links; the offer's address stands beside the post."""
    office = finders.sign_in(Role.MARKETER)
    office.goto(office.url.replace("/beranda", "/kotak-keluar/kiriman").split("?")[0])
    office.get_by_role("row").filter(has_text="Situs web").filter(has_text="Terbit").first.get_by_role(
        "link"
    ).first.click()
    offer = re.search(r"/galeri/tts/promo/[^\"?<\s]+", office.content())
    assert offer
    page = finders.open("/galeri/tts/cari?q=tenun")

    def first(pattern: str) -> str:
        hrefs = page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        return next(href for href in hrefs if re.search(pattern, href or ""))

    product = first(r"/produk/\d+$")
    page.goto(page.url.split("/galeri")[0] + product)
    business = first(r"/usaha/\d+$")
    page.goto(page.url.split("/galeri")[0] + "/galeri/tts/buletin")
    issue = first(r"/buletin/[\w-]+$")
    return {
        "all": "/galeri",
        "home": "/galeri/tts",
        "blitar": "/galeri/blitar",
        "search": "/galeri/tts/cari?q=tenun",
        "nothing": "/galeri/tts/cari?q=zzzz",
        "category": "/galeri/tts/kategori/makanan_olahan",
        "product": product,
        "business": business,
        "offer": offer[0],
        "archive": "/galeri/tts/buletin",
        "issue": issue,
        "lost": "/galeri/tts/produk/0",
    }


def test_no_page_has_a_serious_fault_for_people_who_need_assistance(open_page: Open, paths: dict[str, str]) -> None:
    """axe-core on every page, light on a desk and dark on a phone; only for its injection the policy is set aside.

    Colours hang on the scheme and sizes on the screen: the two other pairs would show nothing that these do not.
    """
    faults: list[str] = []
    for scheme, size in (("light", DESK), ("dark", PHONE)):
        page = open_page("/galeri", tolerates=(404,), color_scheme=scheme, viewport=size, bypass_csp=True)
        for name, path in paths.items():
            page.goto(page.url.split("/galeri")[0] + path)
            result = Axe().run(page).response
            assert len(result["passes"]) > 15, f"axe-core looked at nothing on {name}"
            faults += [
                f"{name} {scheme} {size['width']}: {fault['id']} {node['target']}"
                for fault in result["violations"]
                if fault["impact"] in ("serious", "critical")
                for node in fault["nodes"]
            ]
    assert faults == []


def test_every_page_fits_a_phone_and_a_desk(
    open_page: Open, paths: dict[str, str], shoot: Callable[[Page, str], None]
) -> None:
    for scheme in (
        ("light", "dark") if "SIAR_SHOTS" in os.environ else ("light",)
    ):  # dark is as large, and for who looks
        page = open_page("/galeri", tolerates=(404,), color_scheme=scheme)
        for name, path in paths.items():
            page.goto(page.url.split("/galeri")[0] + path)
            page.locator("img").evaluate_all("images => images.forEach(image => { image.loading = 'eager'; })")
            page.wait_for_load_state("networkidle")
            shoot(page, f"galeri-{name}-{scheme}")


def test_a_buyer_finds_a_product_without_any_script(open_page: Open) -> None:
    page = open_page("/galeri/tts", java_script_enabled=False, viewport=PHONE)
    page.get_by_role("searchbox").fill("tenun")
    page.get_by_role("button", name="Cari").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hasil untuk “tenun”")
    page.get_by_role("combobox", name="Urutan").select_option("termurah")
    page.get_by_role("button", name="Terapkan").click()
    expect(page).to_have_url(re.compile("urut=termurah"))
    card = page.get_by_role("listitem").filter(has=page.locator(".product-link")).first
    name = card.locator(".product-link").inner_text()
    card.locator(".product-link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    for part in ("Informasi produk", "Informasi pelaku usaha", "Cara memesan"):
        expect(page.get_by_role("region", name=part)).to_be_visible()
    order = page.get_by_role("link", name="Pesan lewat WhatsApp").first
    assert (order.get_attribute("href") or "").startswith("https://wa.me/62")
    expect(page.get_by_label("Alamat halaman ini")).to_have_value(page.url)
    expect(page.get_by_role("button", name="Salin alamat")).to_have_count(0)  # it would do nothing
    page.get_by_role("region", name="Informasi pelaku usaha").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/usaha/\d+$"))


def test_the_keyboard_reaches_the_content_first(open_page: Open) -> None:
    page = open_page("/galeri/tts")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("kopi")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=kopi"))


def test_data_for_machines_is_no_script_to_the_policy(open_page: Open, paths: dict[str, str]) -> None:
    """The page's own policy stands here: a refusal would be an error on the console, which fails the test."""
    page = open_page(paths["product"])
    data = page.locator("script[type='application/ld+json']")
    expect(data).to_have_count(1)
    assert "schema.org" in (data.text_content() or "")
    assert page.evaluate("document.cookie") == ""
    assert page.context.cookies() == []


def test_a_reader_may_have_the_page_in_english(open_page: Open, paths: dict[str, str]) -> None:
    page = open_page(paths["product"])
    address = page.url
    page.get_by_role("button", name="Read this page in English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url == address
    page.get_by_role("button", name="Baca halaman ini dalam Bahasa Indonesia").click()
    expect(page.locator("html")).to_have_attribute("lang", "id")


def test_a_second_picture_comes_into_view_without_a_script(open_page: Open) -> None:
    page = open_page("/galeri/tts/kategori/fesyen", java_script_enabled=False)
    addresses = page.locator(".product-link").evaluate_all("links => links.map(link => link.href)")
    for address in addresses:
        page.goto(address)
        if page.locator("#gambar-2").count():
            break
    expect(page.locator("#gambar-2")).not_to_be_in_viewport()
    page.get_by_role("link", name="Gambar 2").click()
    expect(page.locator("#gambar-2")).to_be_in_viewport()
