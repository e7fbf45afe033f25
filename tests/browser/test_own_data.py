"""From the form to the last mail: a person subscribes, chooses, leaves, takes a copy and is erased, and no file brings them back."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from marketing.contacts.addresses import address_hash
from marketing.domain.types import Role
from marketing.settings import Settings
from tests.browser.conftest import DESK, Open
from tests.browser.hands import Hands, Keyboard, link_in, mail_to, mails_to, subscribe
from tests.support.demo import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("demo")]
NAME = "Maria Nomleni"


def dumped(settings: Settings) -> str:
    """The whole database as SQL, in small letters."""
    database = sqlite3.connect(f"file:{settings.data_dir / 'siar.sqlite3'}?mode=ro", uri=True)
    try:
        return "\n".join(database.iterdump()).lower()
    finally:
        database.close()


def confirmed(page: Page, site: Site, hands: Hands, address: str) -> None:
    """Subscribe, confirm by the link of the mail, and go on to the choices."""
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    subscribe(page, hands, address)
    page.goto(site.url + link_in(mail_to(page, site.inbox, address), "d"))
    hands.press(page.get_by_role("button", name="Ya, saya setuju"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Langganan Anda berlaku")
    hands.press(page.get_by_role("link", name="Atur pilihan Anda"))


def chosen(page: Page, hands: Hands) -> None:
    """Change what comes and how often, then leave it all."""
    promotion, newsletter = (
        page.get_by_role("checkbox", name=re.compile(f"^{name}")) for name in ("Promosi produk UMKM", "Buletin UMKM")
    )
    expect(promotion).to_be_checked()
    expect(newsletter).not_to_be_checked()
    hands.press(newsletter)
    hands.pick(page.get_by_label("Paling banyak seminggu sekali"))
    hands.press(page.get_by_role("button", name="Simpan pilihan"))
    expect(page.get_by_role("status")).to_contain_text("Tersimpan")
    page.reload()
    expect(newsletter).to_be_checked()
    expect(page.get_by_label("Paling banyak seminggu sekali")).to_be_checked()
    hands.press(page.get_by_role("button", name="Berhenti dari semua"))
    expect(page.get_by_role("status")).to_contain_text("berhenti dari semua")
    expect(promotion).not_to_be_checked()


def copied(page: Page, site: Site, hands: Hands, address: str) -> None:
    """Ask for the copy, take it on the link in the mailbox, and come back to the choices."""
    hands.press(page.get_by_role("button", name="Minta salinan data saya"))
    expect(page.get_by_role("status")).to_contain_text("tautan ke alamat surel Anda")
    page.goto(site.url + link_in(mail_to(page, site.inbox, address, "Salinan data Anda"), "s"))
    with page.expect_download() as download:
        hands.press(page.get_by_role("button", name="Unduh untuk dibaca (HTML)"))
    told = Path(download.value.path()).read_text("utf-8")
    assert address in told
    assert NAME in told
    hands.press(page.get_by_role("link", name="Kembali ke pilihan Anda"))


def erased(page: Page, site: Site, hands: Hands, address: str) -> None:
    """Ask for the erasure and confirm it on the link in the mailbox."""
    hands.press(page.locator("summary", has_text="Hapus data saya"))
    hands.press(page.get_by_role("button", name="Ya, hapus data saya"))
    expect(page.get_by_role("status")).to_contain_text("tautan ke alamat surel Anda")
    page.goto(site.url + link_in(mail_to(page, site.inbox, address, "Konfirmasi penghapusan"), "s"))
    hands.press(page.get_by_role("button", name="Hapus data saya untuk selamanya"))
    # it answers when the confirmation has left by real SMTP, from a process that has written no mail before
    expect(page.get_by_role("heading", level=1)).to_have_text("Data Anda sudah dihapus", timeout=20_000)


def refused_again(office: Page, site: Site, address: str, folder: Path) -> None:
    """Import a file with the erased address beside a new one, and read why the first stays out."""
    file = folder / "kontak-lama.csv"
    file.write_text(f"Nama;Surel\n{NAME};{address}\nOrang baru;baru.{address}\n", "utf-8")
    office.goto(f"{site.url}/kontak/impor")
    office.get_by_label("Berkas kontak").set_input_files(file)
    office.get_by_role("button", name="Unggah dan periksa").click()
    office.get_by_role("button", name="Hitung dulu").click()
    office.get_by_role("button", name="Mulai impor").click(timeout=20_000)
    expect(office.get_by_role("link", name="Unduh baris bermasalah")).to_be_visible(timeout=20_000)
    with office.expect_download() as download:
        office.get_by_role("link", name="Unduh baris bermasalah").click()
    rows = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert len(rows) == 2, rows  # the heading, and the one who was erased
    assert "dihapus" in rows[1]


def test_from_the_form_to_the_last_mail_by_keyboard_alone(
    open_page: Open, sign_in: Callable[[Role], Page], site: Site, tmp_path: Path
) -> None:
    hands = Keyboard()
    address = "maria@surel.example"
    page = open_page("/langganan/tts", viewport=DESK, tolerates=(422,))
    confirmed(page, site, hands, address)
    chosen(page, hands)
    copied(page, site, hands, address)
    before = dumped(site.settings)
    assert address in before
    assert NAME.lower() in before
    erased(page, site, hands, address)
    assert [str(mail["Subject"]) for mail in mails_to(site.inbox, address)] == ["Permintaan Anda: Menghapus data"]
    if isinstance(hands, Keyboard):
        refused_again(sign_in(Role.MARKETER), site, address, tmp_path)
    after = dumped(site.settings).replace(f"baru.{address}", "")
    assert address not in after
    assert NAME.lower() not in after
    assert address_hash(site.settings.signing_key, "tts", address) in after
