"""A person subscribes, confirms, chooses, leaves and asks for data: once with a mouse, once by keyboard alone, seen by axe."""

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Protocol

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import AGENT, Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 800}
Open = Callable[..., Page]


@pytest.fixture(name="open_page")
def _open_page(chromium: Browser, site: Site) -> Iterator[Open]:
    """Open a page in a fresh browser; what the browser complains of fails the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(path: str, **more: Any) -> Page:
        context = chromium.new_context(**{"user_agent": AGENT, "locale": "id-ID", "viewport": DESK, **more})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.goto(f"{site.url}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    # a form that is asked again answers 422, which the browser reports as an error
    assert [problem for problem in problems if "422" not in problem] == []


class Hands(Protocol):
    """How a person works a page."""

    def write(self, field: Locator, text: str) -> None: ...
    def press(self, target: Locator) -> None: ...
    def pick(self, option: Locator) -> None: ...


class Mouse:
    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def press(self, target: Locator) -> None:
        target.click()

    def pick(self, option: Locator) -> None:
        option.check()


class Keyboard:
    """Tab, arrows, space and enter; nothing else."""

    def write(self, field: Locator, text: str) -> None:
        self._reach(field)
        field.page.keyboard.type(text)

    def press(self, target: Locator) -> None:
        self._reach(target)
        is_box = target.evaluate("node => node.type === 'checkbox'")
        target.page.keyboard.press("Space" if is_box else "Enter")

    def pick(self, option: Locator) -> None:
        group = option.get_attribute("name")
        self._reach(option.page.locator(f"input[name='{group}']:checked"))
        for _step in range(5):
            if option.is_checked():
                return
            option.page.keyboard.press("ArrowDown")
        raise AssertionError("the arrows do not reach the choice")

    def _reach(self, target: Locator) -> None:
        for _step in range(150):
            if target.evaluate("node => node === document.activeElement"):
                return
            target.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")


def mails_to(inbox: Path, address: str) -> list[EmailMessage]:
    found = (message_from_bytes(path.read_bytes(), policy=policy.default) for path in inbox.glob("*.eml"))
    return [mail for mail in found if isinstance(mail, EmailMessage) and address in str(mail["To"])]


def mail_to(page: Page, inbox: Path, address: str) -> str:
    """Return the text of the first mail to this address; it comes through a worker and real SMTP."""
    for _try in range(150):
        for mail in mails_to(inbox, address):
            body = mail.get_body(("plain",))
            assert body is not None
            return str(body.get_content())
        page.wait_for_timeout(200)
    raise AssertionError("no mail came")


def link_in(text: str, letter: str) -> str:
    found = re.search(rf"https?://[^/\s]+(/{letter}/\S+)", text)
    assert found, text
    return found[1]


TOO_QUICK_MS = 3_500  # the form refuses whoever sends it within three seconds


def subscribe(page: Page, hands: Hands, address: str) -> None:
    """Fill in and send the form; whoever is too quick for it sends once more."""
    hands.write(page.get_by_label("Alamat surel"), address)
    hands.write(page.get_by_role("textbox", name=re.compile("^Nama")), "Maria Nomleni")
    hands.press(page.get_by_role("checkbox", name="Promosi produk UMKM"))
    done = page.get_by_role("heading", name="Periksa kotak surat Anda")
    page.wait_for_timeout(TOO_QUICK_MS)  # asking again and again would meet the limit on a quick machine
    for _try in range(3):
        with page.expect_navigation():
            hands.press(page.get_by_role("button", name="Kirim surat konfirmasi"))
        if done.is_visible():
            return
        expect(page.get_by_role("checkbox", name="Promosi produk UMKM")).to_be_checked()
        page.wait_for_timeout(1000)
    raise AssertionError("the form was never taken")


@pytest.mark.parametrize(("hands", "size"), [(Mouse(), PHONE), (Keyboard(), DESK)], ids=["mouse", "keyboard"])
def test_from_the_form_to_the_last_wish(open_page: Open, site: Site, hands: Hands, size: dict[str, int]) -> None:
    address = f"maria.{type(hands).__name__.lower()}@surel.example"
    page = open_page("/langganan/tts", viewport=size, java_script_enabled=True)
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    subscribe(page, hands, address)

    page.goto(site.url + link_in(mail_to(page, site.inbox, address), "d"))
    hands.press(page.get_by_role("button", name="Ya, saya setuju"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Langganan Anda berlaku")

    hands.press(page.get_by_role("link", name="Atur pilihan Anda"))
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
    hands.press(page.get_by_role("button", name="Minta salinan data saya"))
    expect(page.get_by_role("status")).to_contain_text("salinan data")
    hands.press(page.locator("summary", has_text="Hapus data saya"))
    hands.press(page.get_by_role("button", name="Ya, hapus data saya"))
    expect(page.get_by_role("status")).to_contain_text("penghapusan")


@pytest.fixture(name="paths")
def _paths(open_page: Open, site: Site) -> dict[str, str]:
    """Find one page of each kind by the links of real mails."""
    page = open_page("/langganan/tts")
    address = "lusia@surel.example"
    subscribe(page, Mouse(), address)
    confirm = link_in(mail_to(page, site.inbox, address), "d")
    marketing = next(
        str(body.get_content())
        for path in sorted(site.inbox.glob("*.eml"))
        if (mail := message_from_bytes(path.read_bytes(), policy=policy.default))["List-Unsubscribe"]
        and isinstance(mail, EmailMessage)
        and (body := mail.get_body(("plain",))) is not None
    )
    return {
        "formulir": "/langganan/tts",
        "formulir-blitar": "/langganan/blitar",
        "bingkai": "/langganan/tts/bingkai",
        "poster": "/langganan/tts/poster",
        "konfirmasi": confirm,
        "mengapa": link_in(marketing, "m"),
        "pilihan": link_in(marketing, "p"),
        "berhenti": link_in(marketing, "u"),
    }


def test_no_page_has_a_serious_fault_for_people_who_need_assistance(open_page: Open, paths: dict[str, str]) -> None:
    """axe-core in light, dark and on a phone; only for its injection the policy is set aside."""
    faults: list[str] = []
    for scheme, size in (("light", DESK), ("dark", PHONE)):
        page = open_page("/galeri", color_scheme=scheme, viewport=size, bypass_csp=True)
        for name, path in paths.items():
            page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + path)
            result = Axe().run(page).response
            assert len(result["passes"]) > 12, f"axe-core looked at nothing on {name}"
            faults += [
                f"{name} {scheme} {size['width']}: {fault['id']} {node['target']}"
                for fault in result["violations"]
                if fault["impact"] in ("serious", "critical")
                for node in fault["nodes"]
            ]
    assert faults == []


def test_every_page_fits_a_phone_and_a_desk(
    open_page: Open, site: Site, paths: dict[str, str], shoot: Callable[[Page, str], None]
) -> None:
    page = open_page("/langganan/tts")
    for name, path in paths.items():
        page.goto(site.url + path)
        shoot(page, f"orang-{name}")


def test_leaving_needs_neither_script_nor_password(open_page: Open, site: Site, paths: dict[str, str]) -> None:
    page = open_page(paths["mengapa"], java_script_enabled=False, viewport=PHONE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Mengapa Anda menerima surel ini")
    page.get_by_role("link", name="Berhenti menerima surel").click()
    page.get_by_role("button", name=re.compile("^Hanya jenis ini")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anda sudah berhenti")
    page.get_by_role("link", name="Berubah pikiran").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pilihan Anda")


@pytest.fixture(name="other_site")
def _other_site() -> Iterator[Callable[[str], str]]:
    """Serve one page under another name of this machine, and return its address."""
    pages: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(pages[-1])

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()

    def serve(body: str) -> str:
        pages.append(body.encode())
        return f"http://localhost:{server.server_address[1]}/situs-lain"

    yield serve
    server.shutdown()
    server.server_close()


def test_the_form_works_in_a_frame_of_another_site(
    open_page: Open, site: Site, other_site: Callable[[str], str], paths: dict[str, str]
) -> None:
    address = "bingkai@surel.example"
    page = open_page(paths["bingkai"])
    page.goto(other_site(f'<!doctype html><title>x</title><iframe src="{page.url}" title="f" height="900"></iframe>'))
    frame = page.frame_locator("iframe")
    frame.get_by_label("Alamat surel").fill(address)
    frame.get_by_role("checkbox", name="Buletin UMKM").check()
    page.wait_for_timeout(TOO_QUICK_MS)
    for _try in range(3):
        frame.get_by_role("button", name="Kirim surat konfirmasi").click()
        page.wait_for_timeout(1000)
        if frame.get_by_role("heading", name="Periksa kotak surat Anda").is_visible():
            break
    expect(frame.get_by_role("heading", name="Periksa kotak surat Anda")).to_be_visible()
    assert link_in(mail_to(page, site.inbox, address), "d")
