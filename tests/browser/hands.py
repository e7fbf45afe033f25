"""How the tests of people work a page, with a mouse or by keyboard alone, and read what came into the mailbox."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Locator, Page, expect


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
    """Return the mails to this address; of the hundreds of others none is taken apart."""
    contents = (path.read_bytes() for path in inbox.glob("*.eml"))
    found = (message_from_bytes(one, policy=policy.default) for one in contents if address.encode() in one)
    return [mail for mail in found if isinstance(mail, EmailMessage) and address in str(mail["To"])]


def mail_to(page: Page, inbox: Path, address: str, subject: str = "") -> str:
    """Return the text of the first mail to this address about this; it comes through a worker and real SMTP."""
    for _try in range(150):
        for mail in mails_to(inbox, address):
            body = mail.get_body(("plain",))
            assert body is not None
            if subject in str(mail["Subject"]):
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
