"""A running demo and a Chromium to look at it with."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from marketing.demo.people import Login
from marketing.demo.run import demo_settings, running_demo
from marketing.domain.types import Role
from marketing.settings import Settings

# A person's browser: the headless one calls itself a machine and is counted as one.
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 800}
Open = Callable[..., Page]


@dataclass(frozen=True)
class Site:
    """The demo's address, its people, and how it is set up."""

    url: str
    logins: list[Login]
    settings: Settings

    @property
    def inbox(self) -> Path:
        """The folder in which its mails arrive."""
        return self.settings.inbox_dir

    def login_of(self, role: Role, tenant: str = "tts") -> Login:
        return next(login for login in self.logins if login.role is role and login.tenant_id == tenant)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The whole demo, standing while the browser tests run."""
    folder = tmp_path_factory.mktemp("browser")
    with (
        demo_settings(Settings(data_dir=folder, log_level="WARNING"), once=True) as settings,
        running_demo(settings) as (installation, result),
    ):
        assert result.balanced
        yield Site(installation.settings.public_url, result.logins, installation.settings)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; skipped where none is installed."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium tidak terpasang (apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def sign_in(chromium: Browser, site: Site) -> Iterator[Callable[[Role], Page]]:
    """Return a page on which a person of this role is signed in; errors on any page fail the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_as(role: Role) -> Page:
        context = chromium.new_context(
            user_agent=AGENT, locale="id-ID", viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        login = site.login_of(role)
        page.goto(site.url)
        page.get_by_label("Alamat surel").fill(login.email)
        page.get_by_label("Kata sandi").fill(login.password)
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_url("**/beranda*")
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[Open]:
    """Open a page in a fresh browser; what the browser complains of fails the test, but for the statuses it `tolerates`."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_one(path: str, *, tolerates: tuple[int, ...] = (), **more: Any) -> Page:
        context = chromium.new_context(
            **{"user_agent": AGENT, "locale": "id-ID", "viewport": DESK, "reduced_motion": "reduce", **more}
        )
        contexts.append(context)
        page = context.new_page()

        def complain(text: str) -> None:
            if not any(f"status of {status}" in text for status in tolerates):
                problems.append(text)

        page.on("pageerror", lambda error: complain(str(error)))
        page.on("console", lambda message: complain(message.text) if message.type == "error" else None)
        page.goto(f"{site.url}{path}")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def shoot(tmp_path: Path) -> Callable[[Page, str], None]:
    """Keep a picture of a page at 1280 and 360 px (in SIAR_SHOTS where set) and refuse sideways scrolling."""
    folder = Path(os.environ.get("SIAR_SHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        for width, height in ((360, 800), (1280, 900)):
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
            overhang = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overhang <= 0, f"{name} scrolls sideways by {overhang} px at {width} px"

    return take
