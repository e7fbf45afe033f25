"""A Chromium, and people who look at the running demo with it."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from marketing.domain.types import Role
from tests.browser.campaign_under_way import UnderWay, bring_under_way
from tests.support.demo import Site

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


@dataclass
class Visitors:
    """Browsers of their own that look at the demo; what a page complains of is kept."""

    chromium: Browser
    site: Site
    problems: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, path: str, *, tolerates: tuple[int, ...] = (), **more: Any) -> Page:
        """Open a page in a fresh browser; statuses that it `tolerates` are no complaints."""
        context = self.chromium.new_context(
            **{"user_agent": AGENT, "locale": "id-ID", "viewport": DESK, "reduced_motion": "reduce", **more}
        )
        self._contexts.append(context)
        page = context.new_page()

        def complain(text: str) -> None:
            if not any(f"status of {status}" in text for status in tolerates):
                self.problems.append(text)

        page.on("pageerror", lambda error: complain(str(error)))
        page.on("console", lambda message: complain(message.text) if message.type == "error" else None)
        page.goto(f"{self.site.url}{path}")
        return page

    def sign_in(self, role: Role) -> Page:
        """Return a page on which a person of this role is signed in; each signs in once and keeps the cookies."""
        if known := self.site.sessions.get(role):
            return self.open("/beranda", storage_state=known)
        page, login = self.open("/"), self.site.login_of(role)
        page.get_by_label("Alamat surel").fill(login.email)
        page.get_by_label("Kata sandi").fill(login.password)
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_url("**/beranda*")
        self.site.sessions[role] = page.context.storage_state()
        return page

    def leave(self) -> None:
        """Close every browser; AssertionError when a page complained."""
        for context in self._contexts:
            context.close()
        assert self.problems == []


@pytest.fixture
def visitors(chromium: Browser, site: Site) -> Iterator[Visitors]:
    """Browsers of one test; errors on any page fail it."""
    visitors = Visitors(chromium, site)
    yield visitors
    visitors.leave()


@pytest.fixture(scope="module")
def finders(chromium: Browser, site: Site) -> Iterator[Visitors]:
    """The same for what all tests of a module share."""
    visitors = Visitors(chromium, site)
    yield visitors
    visitors.leave()


@pytest.fixture
def sign_in(visitors: Visitors) -> Callable[[Role], Page]:
    return visitors.sign_in


@pytest.fixture
def open_page(visitors: Visitors) -> Open:
    return visitors.open


@pytest.fixture(scope="session")
def under_way(chromium: Browser, site: Site, shoot: Callable[[Page, str], None]) -> UnderWay:
    """A campaign on its way, brought there by the first test that asks."""
    visitors = Visitors(chromium, site)
    found = bring_under_way(visitors.sign_in, shoot)
    visitors.leave()
    return found


@pytest.fixture(scope="session")
def shoot() -> Callable[[Page, str], None]:
    """Refuse sideways scrolling at 1280 and 360 px, and keep a picture of both where SIAR_SHOTS names a folder."""

    def take(page: Page, name: str) -> None:
        page.wait_for_load_state()
        for width, height in ((360, 800), (1280, 900)):
            page.set_viewport_size({"width": width, "height": height})
            keep(page, f"{name}-{width}", full_page=True)
            assert (found := overhang(page)) <= 0, f"{name} scrolls sideways by {found} px at {width} px"

    return take


def keep(page: Page, name: str, *, full_page: bool = False) -> None:
    """Keep a picture for who looks, in the folder that SIAR_SHOTS names."""
    if folder := os.environ.get("SIAR_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=full_page)


def overhang(page: Page) -> int:
    """Return by how many px a page scrolls sideways."""
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found
