"""Pictures of every e-mail as phones and computers show it: python -m tests.tools.mail_pictures FOLDER [WORD …].

Each variant of each Daerah in both languages, 600 and 375 px wide, light, dark, and without pictures (`polos`). Words narrow
it to names that hold one of them. Nothing is fetched: pictures are drawn here, every other address is refused.
"""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Request, Route, sync_playwright

from marketing.sample.mail_photos import photo_at
from marketing.templates.compiler import compile_email
from tests.support.every_mail import every_mail

WIDTHS = (600, 375)
COUNTS = (1, 2, 7)


@dataclass(frozen=True, slots=True)
class Shown:
    """One e-mail under the name its pictures carry."""

    name: str
    html: str


def shown(words: list[str]) -> Iterator[Shown]:
    """Return every mail whose name holds one of the words, and those that show products also with other numbers of them."""
    for mail in every_mail():
        if words and not any(word in mail.name for word in words):
            continue
        yield Shown(mail.name, mail.email.html)
        context: Any = mail.context
        products = getattr(context, "products", ())
        for count in COUNTS if products else ():
            template = compile_email(mail.email.email_type, mail.name.partition("-")[0], mail.language)
            yield Shown(
                f"{mail.name}-{count}", template.render(replace(context, products=(products * count)[:count])).html
            )


def take(browser: Browser, html: str, folder: Path, name: str) -> None:
    """Write the pictures of one e-mail; raises AssertionError when it scrolls sideways."""
    for width in WIDTHS:
        for scheme, pictures in (("light", True), ("dark", True), ("light", False)):
            page = browser.new_page(viewport={"width": width, "height": 700}, color_scheme=scheme)  # type: ignore[arg-type]
            page.route("**/*", partial(_answer, drawn=pictures))
            page.set_content(html, wait_until="load")
            suffix = scheme if pictures else "polos"
            page.screenshot(path=folder / f"{name}-{width}-{suffix}.jpg", full_page=True, type="jpeg", quality=80)
            overhang = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overhang <= 0, f"{name} scrolls sideways by {overhang} px at {width} px"
            page.close()


def _answer(route: Route, request: Request, *, drawn: bool) -> None:
    url = request.url
    if drawn and "/gambar/" in url:
        route.fulfill(content_type="image/jpeg", body=photo_at(url))
    else:
        route.abort()


def main(folder: Path, words: list[str]) -> None:
    """Write all pictures into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for mail in shown(words):
            take(browser, mail.html, folder, mail.name)
            print(mail.name)  # noqa: T201  a command's output
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
