"""The mails of the demo as they arrived by real SMTP: whole, lawful, to the right people, and easy to leave."""

import email
import email.policy
import json
from collections import defaultdict
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from marketing.bootstrap import build_app
from marketing.settings import Settings
from marketing.web.app import create_app
from tests.support.demo import Played

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("demo")]
MARKETING = ("promotional", "newsletter", "retention", "personalised")


def arrived(folder: Path) -> dict[tuple[str, str], list[EmailMessage]]:
    """Return the received mails by tenant and type; the type is read from the mail, not from our database."""
    found: dict[tuple[str, str], list[EmailMessage]] = defaultdict(list)
    for path in sorted((folder / "kotak-surat").glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        assert not message.defects
        tenant = "tts" if "ttskab" in str(message["From"]) else "blitar"
        kind = str(message["Feedback-ID"]).split(":")[1] if message["Feedback-ID"] else "transactional"
        found[tenant, kind].append(message)
    return found


@pytest.fixture(scope="module")
def mails(embedded: Played) -> dict[tuple[str, str], list[EmailMessage]]:
    return arrived(embedded.folder)


def bodies(message: EmailMessage) -> tuple[str, str]:
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    assert html is not None
    assert text is not None
    return html.get_content(), text.get_content()


def test_all_five_types_arrived_in_both_daerah(mails: dict[tuple[str, str], list[EmailMessage]]) -> None:
    assert set(mails) == {(tenant, kind) for tenant in ("tts", "blitar") for kind in (*MARKETING, "transactional")}


def test_every_mail_is_whole_and_has_the_headers_of_its_type(mails: dict[tuple[str, str], list[EmailMessage]]) -> None:
    for (tenant, kind), messages in mails.items():
        for message in messages:
            html, text = bodies(message)
            assert message.get_content_type() == "multipart/alternative"
            assert '<html lang="id"' in html or '<html lang="en"' in html  # each reader's own
            assert len(html) < 100_000
            assert len(text) > 200
            assert "{{" not in html + text
            assert "{%" not in html + text
            assert message["Message-ID"]
            assert message["Date"]
            if kind == "transactional":
                assert message["Auto-Submitted"] == "auto-generated"
                assert message["List-Unsubscribe"] is None
                assert "notifikasi" in message["From"]
                continue
            assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            assert str(message["List-Unsubscribe"]).startswith("<http")
            assert f"{kind}.{tenant}." in str(message["List-ID"])
            assert "kabar" in message["From"]
            assert "Anda menerima surel ini karena" in text or "You receive this e-mail because" in text
            assert "/u/" in html
            assert "/u/" in text


def test_no_marketing_mail_reached_a_person_without_consent(
    embedded: Played, mails: dict[tuple[str, str], list[EmailMessage]]
) -> None:
    """Judged from the catalogue's own file, by rules written anew here."""
    for tenant in ("tts", "blitar"):
        page = json.loads((embedded.folder / "contoh" / tenant / "buyers.json").read_text("utf-8"))
        allowed: dict[str, set[str]] = {kind: set() for kind in MARKETING}
        for buyer in page["buyers"]:
            for kind in MARKETING:
                if last_state(buyer, kind) == "given" and buyer.get("email"):
                    allowed[kind].add(buyer["email"].strip().casefold())
        for kind in MARKETING:
            reached = {str(message["To"].addresses[0].addr_spec).casefold() for message in mails[tenant, kind]}
            assert reached
            assert reached <= allowed[kind], (tenant, kind, reached - allowed[kind])


def last_state(buyer: dict[str, Any], kind: str) -> str:
    lines = [line for line in buyer.get("consents", []) if line.get("purpose") == kind]
    sound = [
        line
        for line in lines
        if line.get("at") and "T" in str(line["at"]) and line.get("wording_version") and line.get("source")
    ]
    # a line that counts for nothing must not hide a withdrawal that stands
    sound += [line for line in lines if line.get("state") == "withdrawn" and line not in sound and line.get("at")]
    return str(max(sound, key=lambda line: str(line["at"]))["state"]) if sound else "none"


@pytest.mark.parametrize("tenant", ["tts", "blitar"])
@pytest.mark.parametrize("kind", MARKETING)
def test_one_click_from_the_received_mail_works_and_is_immediate(
    embedded: Played, mails: dict[tuple[str, str], list[EmailMessage]], tenant: str, kind: str
) -> None:
    message = mails[tenant, kind][-1]
    address = str(message["List-Unsubscribe"]).strip("<>")
    app = build_app(Settings(data_dir=embedded.folder, public_url=address.split("/u/")[0]))
    with TestClient(create_app(app), base_url="http://127.0.0.1") as browser:
        path = "/u/" + address.split("/u/")[1]
        assert browser.get(path).status_code == 200
        assert consent_now(app, message, kind) == "given"
        assert browser.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        assert consent_now(app, message, kind) == "withdrawn"
        page = browser.get("/w/" + bodies(message)[0].split("/w/")[1].split('"')[0])
        assert page.status_code == 200
    app.close()


def consent_now(app: Any, message: EmailMessage, kind: str) -> str:
    from sqlalchemy import func, select

    from marketing.db.models import Address, ConsentNow

    address = str(message["To"].addresses[0].addr_spec).casefold()
    with app.database.read() as session:
        query = select(ConsentNow.state).join(Address, Address.contact_id == ConsentNow.contact_id)
        return str(session.scalar(query.where(func.lower(Address.normalised) == address, ConsentNow.purpose == kind)))
