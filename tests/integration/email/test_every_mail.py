"""Every mail of every Daerah, rendered, sent over real SMTP and read back as a mail program would."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from marketing.channels.base import Accepted
from marketing.channels.email.adapter import EmailMessenger
from marketing.channels.email.local_inbox import LocalInbox, find
from marketing.domain.content import OutboundEmail, WholeBody
from marketing.domain.types import EmailType
from marketing.templates.compiler import RenderedEmail, compile_email
from marketing.templates.registry import TEMPLATES, MailTemplate
from marketing.tenants.profile import TenantProfile, load_profiles
from tests.support.mail import Signing, messenger_of, smtp

NOW = datetime(2026, 11, 22, 8, 5, tzinfo=UTC)
SIGNING = Signing()
LIST_HEADERS = ("List-Unsubscribe", "List-Unsubscribe-Post", "List-ID", "Feedback-ID")


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmailMessenger, Path]]:
    folder = tmp_path_factory.mktemp("inbox")
    server = LocalInbox(folder, "127.0.0.1", 0)
    server.start()
    messenger = messenger_of(smtp(server.port, clock=lambda: NOW, domains=SIGNING))
    yield messenger, folder
    messenger.close()
    server.stop()


def outbound(mail: RenderedEmail, template: MailTemplate, profile: TenantProfile, *, url: str) -> OutboundEmail:
    marketing = template.email_type is not EmailType.TRANSACTIONAL
    return OutboundEmail(
        key="k",
        email_type=template.email_type,
        message_id=f"<{template.variant}.{len(url)}@{profile.id}.example>",
        sender_name=profile.dinas_short,
        sender_address=profile.marketing_sender if marketing else profile.transactional_sender,
        recipient_name="Maria “Mia” Tefa",
        recipient_address="maria@pembeli.example",
        reply_to=profile.email,
        subject=mail.subject,
        body=WholeBody(mail.html, mail.text),
        unsubscribe_url=url if marketing else "",
        list_id=f"promosi.{profile.id}.example" if marketing else "",
        feedback_id=f"k1:{template.email_type}:{profile.id}:siarumkm" if marketing else "",
    )


def read_back(folder: Path, message_id: str) -> tuple[bytes, EmailMessage]:
    path = find(folder, message_id)
    assert path is not None
    raw = path.read_bytes()
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return raw, message


@pytest.mark.parametrize("length", [75, 120, 300])
@pytest.mark.parametrize("profile", load_profiles().values(), ids=lambda profile: profile.id)
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.variant)
def test_arrives_with_both_parts_and_the_headers_of_its_kind(
    template: MailTemplate, profile: TenantProfile, length: int, inbox: tuple[EmailMessenger, Path]
) -> None:
    messenger, folder = inbox
    mail = compile_email(template.email_type, template.variant).render(template.sample(profile))
    url = f"{profile.website}/u/".ljust(length, "a")
    sent = outbound(mail, template, profile, url=url)

    [outcome] = messenger.send([sent])

    assert isinstance(outcome, Accepted)
    raw, got = read_back(folder, sent.message_id)
    assert SIGNING.verifies(raw)
    html, text = got.get_body(("html",)), got.get_body(("plain",))
    assert html is not None
    assert text is not None
    # Mail has its own line ends, and the last one belongs to the boundary (RFC 2046 5.1.1).
    assert html.get_content().replace("\r\n", "\n").rstrip("\n") == mail.html.rstrip("\n")
    assert text.get_content().replace("\r\n", "\n").rstrip("\n") == mail.text.rstrip("\n")
    assert got["Subject"] == mail.subject
    assert got["From"].addresses[0].display_name == profile.dinas_short
    assert got["To"].addresses[0].display_name == "Maria “Mia” Tefa"
    assert got["Reply-To"] == profile.email
    assert got["Date"].datetime == NOW
    if template.email_type is EmailType.TRANSACTIONAL:
        assert got["Auto-Submitted"] == "auto-generated"
        assert not any(got[name] for name in LIST_HEADERS)
    else:
        assert got["Auto-Submitted"] is None
        assert all(len(got.get_all(name)) == 1 for name in LIST_HEADERS)
        assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in raw
        assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
