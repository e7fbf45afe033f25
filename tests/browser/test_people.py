"""The pages that people meet without signing in: seen by axe, on a desk and a phone, without a script, in another site's frame."""

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Open, Visitors
from tests.browser.hands import TOO_QUICK_MS, Mouse, link_in, mail_to, subscribe
from tests.support.demo import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("demo")]


@pytest.fixture(name="paths", scope="module")
def _paths(finders: Visitors, site: Site) -> dict[str, str]:
    """Find one page of each kind by the links of real mails."""
    page = finders.open("/langganan/tts", tolerates=(422,))
    address = "lusia@surel.example"
    subscribe(page, Mouse(), address)
    confirm = link_in(mail_to(page, site.inbox, address), "d")
    marketing = next(
        str(body.get_content())
        for path in sorted(site.inbox.glob("*.eml"))
        if b"List-Unsubscribe:" in (content := path.read_bytes())
        and (mail := message_from_bytes(content, policy=policy.default))["List-Unsubscribe"]
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
    page = open_page("/langganan/tts", tolerates=(422,))
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
    page = open_page(paths["bingkai"], tolerates=(422,))
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
