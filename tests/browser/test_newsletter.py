"""Writing a newsletter in Chromium: blocks are added, moved and taken out in place, and kept as they stand."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from marketing.domain.types import Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("demo")]


def test_blocks_are_arranged_in_place_and_kept(
    sign_in: Callable[[Role], Page], shoot: Callable[[Page, str], None]
) -> None:
    page = sign_in(Role.MARKETER)
    page.goto(page.url.replace("/beranda", "/kampanye/susun").split("?")[0])
    parts = page.locator("[data-blocks]")
    expect(parts).not_to_have_attribute("open", "")
    page.get_by_label("Sosialisasi UMKM").check()
    expect(parts).to_have_attribute("open", "")
    page.get_by_label("Buletin", exact=True).check()
    page.get_by_label("Nama kampanye").fill("Buletin dari peramban")
    page.get_by_label("Judul", exact=True).fill("Edisi peramban")
    page.get_by_label("Teks", exact=True).fill("Halo.")
    page.get_by_role("button", name="Artikel", exact=True).click()
    expect(page.get_by_label("Judul artikel")).to_be_focused()
    page.keyboard.type("Pertama")
    page.get_by_role("button", name="Acara", exact=True).click()
    expect(page.get_by_label("Nama acara atau pemberitahuan")).to_be_focused()
    page.keyboard.type("Pasar")
    page.get_by_role("button", name="Artikel", exact=True).click()
    page.keyboard.type("Kedua")
    blocks = page.locator("[data-block-list] [data-block]")
    expect(blocks).to_have_count(3)
    blocks.nth(2).get_by_role("button", name="Naikkan").click()
    expect(blocks.nth(1).get_by_label("Judul artikel")).to_have_value("Kedua")
    blocks.nth(2).get_by_role("button", name="Hapus").click()
    expect(blocks).to_have_count(2)
    expect(blocks.nth(1).get_by_role("button", name="Turunkan")).to_be_disabled()
    assert page.url.endswith("/kampanye/susun"), "nothing was asked of the server"
    shoot(page, "susun-buletin")
    page.get_by_role("button", name="Simpan draf", exact=True).last.click()
    expect(page.get_by_text("Draf tersimpan.")).to_be_visible()
    titles = page.locator("[data-block-list]").get_by_label("Judul artikel")
    expect(titles).to_have_count(2)
    expect(titles.nth(0)).to_have_value("Pertama")
    expect(titles.nth(1)).to_have_value("Kedua")
    page.get_by_label("Kabar pasar dari katalog sendiri").select_option("baru")
    page.get_by_role("button", name="Hitung dan tambahkan").click()
    expect(page.get_by_text("Sumber: Katalog")).to_be_visible()
    page.goto(page.url.partition("#")[0])
    result = Axe().run(page).response
    assert len(result["passes"]) > 15
    assert [fault["id"] for fault in result["violations"] if fault["impact"] in ("serious", "critical")] == []
