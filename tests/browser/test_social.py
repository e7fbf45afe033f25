"""Media sosial in Chromium: owners agree on the providers' own pages, wide and on a phone, seen by axe."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from sqlalchemy import update

from marketing.accounts.tenants import ensure_tenants
from marketing.bootstrap import App, build_app
from marketing.db.migrate import migrate
from marketing.db.models import ChannelAccount
from marketing.demo.simulators import telegram
from marketing.demo.simulators.graph import GraphServer
from marketing.demo.simulators.telegram import TelegramServer
from marketing.demo.simulators.tiktok import TikTokServer
from marketing.domain.account import AccountState
from marketing.domain.types import Role
from marketing.installation import free_port
from marketing.settings import Settings
from marketing.web.app import create_app
from tests.browser.conftest import AGENT
from tests.browser.test_contacts import WCAG
from tests.support.networks import settings_of
from tests.support.world import add_user

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("demo")]


@dataclass(frozen=True)
class Office:
    """A Siar of its own before simulators; its address is the machine's, so TikTok wants a proof of who left."""

    app: App
    url: str
    tiktok: TikTokServer


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with ExitStack() as stack:
        servers = tiktok_server, graph_server, telegram_server = TikTokServer(), GraphServer(), TelegramServer()
        for server in servers:
            stack.enter_context(server)
            server.held = None
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        tiktok_server.consent.registered.add(f"{url}/kanal/media-sosial/tiktok/kembali")
        graph_server.consent.registered.add(f"{url}/kanal/media-sosial/meta/kembali")
        settings = Settings(
            data_dir=tmp_path / "data",
            public_url=url,
            broker_url="memory://",
            **settings_of(tiktok_server, graph_server, telegram_server),
        )
        app = build_app(settings)
        stack.callback(app.close)
        migrate(app.database)
        with app.database.write() as session:
            ensure_tenants(session, app.clock())
        add_user(app, Role.OPERATOR, "operator@dinas.example")
        server = uvicorn.Server(uvicorn.Config(create_app(app), port=port, log_level="warning"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            thread.join(0.05)
        yield Office(app, url, tiktok_server)
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def page(chromium: Browser, office: Office) -> Iterator[Page]:
    context = chromium.new_context(user_agent=AGENT, locale="id-ID", reduced_motion="reduce")
    page = context.new_page()
    problems: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        if message.type == "error" and message.location["url"].startswith(office.url):  # simulators have no icon
            problems.append(message.text)

    page.on("console", complain)
    page.goto(office.url)
    page.get_by_label("Alamat surel").fill("operator@dinas.example")
    page.get_by_label("Kata sandi").fill("kata sandi panjang")
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url("**/beranda*")
    yield page
    context.close()
    assert problems == []


def sound(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    assert found.violations_count == 0, found.generate_report()


def test_every_network_is_connected_with_a_browser_and_again_after_it_was_lost(
    office: Office, page: Page, shoot: Callable[[Page, str], None]
) -> None:
    page.get_by_role("link", name="Kanal").first.click()
    page.get_by_role("link", name="Media sosial").click()
    shoot(page, "media-sosial-kosong")
    sound(page)
    page.get_by_role("link", name="Hubungkan Facebook dan Instagram").click()
    shoot(page, "media-sosial-meta")
    sound(page)
    page.get_by_role("link", name="Lanjutkan dengan Facebook dan Instagram").click()
    page.get_by_role("button", name="Setuju").click()
    page.wait_for_url("**/pilih")
    shoot(page, "media-sosial-pilih")
    sound(page)
    page.get_by_role("button", name="Hubungkan yang dipilih").click()
    expect(page.get_by_role("status")).to_contain_text("Akun terhubung")
    page.get_by_role("link", name="Hubungkan TikTok").click()
    page.get_by_label("Siapa yang dapat melihat").select_option("PUBLIC_TO_EVERYONE")
    page.get_by_role("button", name="Pakai pilihan ini").click()
    shoot(page, "media-sosial-tiktok")
    sound(page)
    page.get_by_role("link", name="langsung terbit: Semua orang").click()
    assert "code_challenge=" in page.url
    page.get_by_role("button", name="Setuju").click()
    page.wait_for_url("**/media-sosial?kabar=*")
    page.get_by_role("link", name="Hubungkan Telegram").click()
    page.get_by_label("Token bot").fill(telegram.TOKEN)
    page.get_by_label("Saluran atau grup").fill("@umkm_tts")
    shoot(page, "media-sosial-telegram")
    sound(page)
    page.get_by_role("button", name="Periksa dan hubungkan").click()
    expect(page.get_by_role("heading", name="UMKM TTS").first).to_be_visible()
    _lose_facebook(office)
    page.goto(f"{office.url}/beranda")
    shoot(page, "beranda-hubungkan-ulang")
    sound(page)
    page.get_by_role("link", name="Hubungkan ulang").click()
    page.get_by_role("link", name="Hanya Facebook").click()
    page.get_by_role("button", name="Tolak").click()
    expect(page.get_by_text("Izin tidak diberikan")).to_be_visible()
    shoot(page, "media-sosial")
    sound(page)


def _lose_facebook(office: Office) -> None:
    reason = "Sandi akunnya diganti. Hubungkan ulang akunnya. (meta_190_460)"
    lost = update(ChannelAccount).where(ChannelAccount.provider == "facebook_page")
    with office.app.database.write() as session:
        session.execute(lost.values(state=AccountState.RECONNECT, state_reason=reason))
