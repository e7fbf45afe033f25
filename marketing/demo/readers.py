"""The demo's readers: open mails that really arrived, follow a link, and one of them leaves by one click."""

import email
import email.policy
import re
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from operator import itemgetter
from pathlib import Path

import httpx
from sqlalchemy import func, select

from marketing.bootstrap import App
from marketing.db.models import Event
from marketing.domain.events import EventType

BROWSER = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
READERS = 25
_CLICK = re.compile(r'href="([^"]+/k/[^"]+)"')
_PIXEL = re.compile(r'src="([^"]+/b/[^"]+)"')


def read_and_click(app: App, tenant_id: str) -> None:
    """Let a few readers of this tenant's marketing mails open and click, once per data folder; one unsubscribes."""
    with app.database.read() as session:
        seen = (
            select(func.count()).select_from(Event).where(Event.tenant_id == tenant_id, Event.type == EventType.CLICKED)
        )
        if session.scalar(seen):
            return
    mails = _marketing_mails(app.settings.inbox_dir, tenant_id)
    with httpx.Client(headers={"User-Agent": BROWSER}, follow_redirects=True, timeout=10) as browser:
        for html, _one_click in mails:
            for address in [*_PIXEL.findall(html)[:1], *_CLICK.findall(html)[:1]]:
                browser.get(address.replace("&amp;", "&")).raise_for_status()
        for _html, one_click in mails[:1]:
            browser.post(one_click, data={"List-Unsubscribe": "One-Click"}).raise_for_status()


def _marketing_mails(folder: Path, tenant_id: str) -> list[tuple[str, str]]:
    """Return page and one-click address of the first mails that can be left; only theirs of the hundreds are taken apart."""
    heads = BytesHeaderParser(policy=email.policy.default)
    left_by: dict[Path, str] = {}
    for path in folder.glob("*.eml"):
        with path.open("rb") as file:
            head = heads.parse(file)
        leave = str(head["List-Unsubscribe"] or "")
        if leave and f".{tenant_id}." in str(head["List-ID"]):
            left_by[path] = leave.strip("<> ").split(">")[0]
    return [(_page(path), leave) for path, leave in sorted(left_by.items(), key=itemgetter(1))[:READERS]]


def _page(path: Path) -> str:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("html",))
    assert body is not None, "every mail of ours has a page"
    return str(body.get_content())
