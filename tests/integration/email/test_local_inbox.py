"""From the messenger over a real SMTP dialogue into the local inbox, and back out of its folder."""

import email
import smtplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

import pytest

from marketing.channels.base import Accepted, Failed
from marketing.channels.email.adapter import EmailMessenger
from marketing.channels.email.local_inbox import MAX_MESSAGE_BYTES, LocalInbox, find, read_inbox
from marketing.domain.content import OutboundEmail, WholeBody
from marketing.domain.types import EmailType
from tests.support.mail import messenger_of, smtp

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
URL = "https://siar.example/u/" + "t" * 277
MAIL = OutboundEmail(
    key="1",
    email_type=EmailType.NEWSLETTER,
    message_id="<1@siar.example>",
    sender_name="Dinas Koperasi – Blitar",
    sender_address="warta@siar.example",
    recipient_name="Siti",
    recipient_address="siti@pembeli.example",
    subject="Warta – Maret",
    body=WholeBody("<p>.</p>\n.\n<p>é</p>", ".\n..\né"),
    unsubscribe_url=URL,
)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[LocalInbox]:
    box = LocalInbox(tmp_path / "inbox", "127.0.0.1", 0)
    box.start()
    yield box
    box.stop()


@pytest.fixture
def folder(inbox: LocalInbox, tmp_path: Path) -> Path:
    return tmp_path / "inbox"


@pytest.fixture
def messenger(inbox: LocalInbox) -> Iterator[EmailMessenger]:
    messenger = messenger_of(smtp(inbox.port, clock=lambda: NOW))
    yield messenger
    messenger.close()


def test_a_mail_arrives_as_it_left(messenger: EmailMessenger, folder: Path) -> None:
    (outcome,) = messenger.send([MAIL])
    assert isinstance(outcome, Accepted)
    path = find(folder, MAIL.message_id)
    assert path == folder / f"{sha256(MAIL.message_id.encode()).hexdigest()}.eml"
    assert [(mail.message_id, mail.path) for mail in read_inbox(folder)] == [(MAIL.message_id, path)]
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message["Subject"] == MAIL.subject
    assert f"\r\nList-Unsubscribe: <{URL}>\r\n".encode() in path.read_bytes()
    for kind, sent in (("plain", MAIL.text), ("html", MAIL.html)):
        body = message.get_body((kind,))
        assert body is not None
        assert body.get_content().replace("\r\n", "\n").rstrip("\n") == sent


def test_a_thousand_mails_over_one_connection(messenger: EmailMessenger, folder: Path) -> None:
    batch = [replace(MAIL, key=str(n), message_id=f"<{n}@siar.example>") for n in range(1000)]
    outcomes = list(messenger.send(batch))
    assert [outcome.key for outcome in outcomes] == [mail.key for mail in batch]
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert {mail.message_id for mail in read_inbox(folder)} == {mail.message_id for mail in batch}
    assert not list(folder.glob("*.part"))


def test_a_repeat_stands_beside_the_first(messenger: EmailMessenger, folder: Path) -> None:
    for subject in ("satu", "dua", "tiga"):
        list(messenger.send([replace(MAIL, subject=subject)]))
    stem = sha256(MAIL.message_id.encode()).hexdigest()
    assert {path.name for path in folder.iterdir()} == {f"{stem}.eml", f"{stem}.2.eml", f"{stem}.3.eml"}
    assert [mail.message_id for mail in read_inbox(folder)] == [MAIL.message_id] * 3
    first = find(folder, MAIL.message_id)
    assert first is not None
    assert b"Subject: satu" in first.read_bytes()


def test_an_address_outside_ascii_arrives(messenger: EmailMessenger, folder: Path) -> None:
    (outcome,) = messenger.send([replace(MAIL, recipient_address="jürgen@a.example")])
    assert isinstance(outcome, Accepted)
    (received,) = read_inbox(folder)
    assert "To: Siti <jürgen@a.example>\r\n".encode() in received.path.read_bytes()


def test_a_message_id_cannot_name_a_file_elsewhere(inbox: LocalInbox, folder: Path) -> None:
    with smtplib.SMTP("127.0.0.1", inbox.port, timeout=5) as client:
        client.sendmail("a@b.example", ["c@d.example"], b"Message-ID: <../../x@y>\r\n\r\nx\r\n")
        client.sendmail("a@b.example", ["c@d.example"], b"Subject: tanpa\r\n\r\nx\r\n")
    assert len(list(read_inbox(folder))) == 2
    assert {mail.message_id for mail in read_inbox(folder)} == {"<../../x@y>", ""}
    assert [path.name for path in folder.parent.iterdir()] == ["inbox"]


def test_too_big_is_not_even_offered_and_the_next_goes_through(messenger: EmailMessenger) -> None:
    refused, taken = messenger.send(
        [replace(MAIL, body=WholeBody("x" * MAX_MESSAGE_BYTES, "x")), replace(MAIL, key="2")]
    )
    assert refused == Failed(MAIL.key, "too_large", "")
    assert isinstance(taken, Accepted)


def test_a_full_disk_defers(messenger: EmailMessenger, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: Path, _data: bytes) -> int:
        raise OSError(28, "no space")

    monkeypatch.setattr(Path, "write_bytes", full)
    (outcome,) = messenger.send([MAIL])
    assert getattr(outcome, "reason", "") == "smtp_452"
    assert not list(read_inbox(folder))


def test_only_this_computer_may_reach_it(tmp_path: Path) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "mail.example", ""):
        with pytest.raises(ValueError, match="loopback"):
            LocalInbox(tmp_path, host, 0)


def test_it_stops_with_clients_connected_and_starts_again(tmp_path: Path) -> None:
    box = LocalInbox(tmp_path, "localhost", 0)
    box.start()
    client = smtplib.SMTP("127.0.0.1", box.port, timeout=5)
    box.stop()
    with pytest.raises(OSError):
        client.noop()
    client.close()
    box.start()
    with pytest.raises(RuntimeError):
        box.start()
    with smtplib.SMTP("127.0.0.1", box.port, timeout=5) as again:
        assert again.noop()[0] == 250
    box.stop()
    box.stop()


def test_a_taken_port_is_said_at_once(inbox: LocalInbox, tmp_path: Path) -> None:
    with pytest.raises(OSError):
        LocalInbox(tmp_path, "127.0.0.1", inbox.port).start()


def test_an_inbox_that_never_was_is_empty(tmp_path: Path) -> None:
    assert list(read_inbox(tmp_path / "none")) == []
    assert find(tmp_path / "none", "<1@a>") is None
