"""The bounce mailbox on a real IMAP server: each mail once, a bad one stops no other, a stranger's changes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import func, select

from marketing.channels.email.inbound.imap import Arrived, Cursor, ImapMailbox, MailboxAddress
from marketing.channels.email.inbound.parts import MAX_BYTES
from marketing.channels.email.verp import return_path
from marketing.channels.errors import TemporaryError
from marketing.db.models import ChannelAccount, ConsentNow, ConsentRecord, InboundMail, MailFeedback, Suppression
from marketing.delivery.feedback import BY_MAIL
from marketing.delivery.mailboxes import Mailboxes
from marketing.domain.account import AccountState
from marketing.domain.consent import ConsentState
from marketing.domain.message import MessageState
from marketing.domain.types import ChannelName, Purpose
from marketing.feedback import mailbox_accounts_of, mailboxes_of
from marketing.mail.domains import return_domain
from tests.support.dovecot import Dovecot
from tests.support.feedback import sent_campaign
from tests.support.world import TENANT, World, messages
from tests.unit.channels.email.inbound_mails import DOMAIN, complaint, failed, report

FORGED = report(failed("5.1.1"), to="pantul+7.aaaaaaaaaaaaaaaaaaaaaaaaaa@x.example", returned="Message-ID: <x@y.z>\n")
BROKEN = b"Content-Type: multipart/mixed; boundary=b\n\n" * 40


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    if not Dovecot.installed():
        pytest.skip("Dovecot tidak terpasang (apt install dovecot-imapd)")
    running = Dovecot(tmp_path_factory.mktemp("imap"))
    yield running
    running.stop()


@pytest.fixture
def address(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> MailboxAddress:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    return server.address


@dataclass
class Office:
    """A Daerah with a bounce mailbox, and mails about its messages."""

    world: World
    mailboxes: Mailboxes
    account_id: int

    def reference(self, message_id: int) -> str:
        return self.world.app.signer.reference(message_id)

    def to(self, message_id: int) -> str:
        return return_path(self.reference(message_id), DOMAIN)

    def bounce(self, message_id: int, status: str, *, action: str = "failed") -> bytes:
        return report(failed(status, action=action), to=self.to(message_id), returned="Subject: x\n")

    def stop(self, message_id: int) -> bytes:
        headers = (
            f"From: orang@surat.example\nTo: promo@{DOMAIN}\nIn-Reply-To: <{self.reference(message_id)}@{DOMAIN}>\n"
        )
        return f"{headers}Subject: Re: Tenun\n\nberhenti\n".encode()

    def read(self) -> dict[str, int]:
        """Read the mailbox; returns how many mails had which outcome so far."""
        self.mailboxes.run(TENANT)
        with self.world.app.database.read() as session:
            query = select(InboundMail.outcome, func.count()).group_by(InboundMail.outcome)
            return dict(session.execute(query).all())

    def account(self) -> ChannelAccount:
        with self.world.app.database.read() as session:
            return session.get_one(ChannelAccount, self.account_id)

    def suppressed(self) -> Sequence[str]:
        with self.world.app.database.read() as session:
            return session.scalars(select(Suppression.reason).order_by(Suppression.reason)).all()


def office_in(world: World, address: MailboxAddress) -> Office:
    account_id = mailbox_accounts_of(world.app).add(TENANT, address)
    return Office(world, mailboxes_of(world.app), account_id)


@pytest.fixture
def office(small_world: World, address: MailboxAddress) -> Office:
    return office_in(small_world, address)


@pytest.fixture
def office_on_both(world: World, address: MailboxAddress) -> Office:
    return office_in(world, address)


def test_what_lies_there_is_understood_and_moved_away(office_on_both: Office, server: Dovecot) -> None:
    office = office_on_both
    _campaign, people = sent_campaign(office.world, 4)
    dead, full, angry, tired = (message.id for message in messages(office.world))
    abuse = "Feedback-Type: abuse\nUser-Agent: x\nVersion: 1\n"
    server.fill(
        [
            office.bounce(dead, "5.1.1"),
            office.bounce(full, "4.2.2"),
            office.bounce(full, "4.2.2", action="delayed"),
            complaint(abuse, returned=f"Message-ID: <{office.reference(angry)}@{DOMAIN}>\n"),
            office.stop(tired),
            b"From: x@y.z\nAuto-Submitted: auto-replied\nSubject: cuti\n\nSTOP\n",
            b"From: orang@surat.example\nSubject: tanya\n\nApakah masih ada?\n",
            b"From: orang@surat.example\nSubject: stop\n\nSTOP\n",
            FORGED,
            BROKEN,
        ]
    )
    outcomes = office.read()
    assert outcomes == {
        "bounce": 3, "complaint": 1, "leaving": 1, "auto_reply": 1, "other": 1, "strange": 2, "unreadable": 1,
    }  # fmt: skip
    assert (server.count("INBOX"), server.count("Siar")) == (4, 6)  # what a person should see stays
    states = [message.state for message in messages(office.world)]
    assert states == [MessageState.BOUNCED, MessageState.BOUNCED, MessageState.COMPLAINED, MessageState.ACCEPTED]
    assert office.suppressed() == ["complaint", "hard_bounce"]
    with office.world.app.database.read() as session:
        left = select(ConsentNow.purpose).where(
            ConsentNow.contact_id == people[3], ConsentNow.state == ConsentState.WITHDRAWN
        )
        assert Purpose.PROMOTIONAL in set(session.scalars(left))
        assert Purpose.WHATSAPP_MARKETING not in set(session.scalars(left))


def test_reading_again_or_getting_the_same_mail_again_changes_nothing(office: Office, server: Dovecot) -> None:
    sent_campaign(office.world, 1)
    (message,) = messages(office.world)
    mail = office.stop(message.id)
    server.fill([mail, mail])
    first = office.read()
    server.add([mail])
    assert office.read() == first == {"leaving": 1}
    with office.world.app.database.read() as session:
        lines = session.scalar(
            select(func.count()).select_from(ConsentRecord).where(ConsentRecord.state == ConsentState.WITHDRAWN)
        )
    assert lines == len(BY_MAIL)
    assert server.count("INBOX") == 0


class Killed(BaseException):
    """The worker was killed."""


@pytest.mark.parametrize("at", ["put_away", "_note"])
def test_a_kill_in_the_middle_loses_nothing_and_doubles_nothing(
    office: Office, server: Dovecot, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    sent_campaign(office.world, 1)
    (message,) = messages(office.world)
    server.fill([office.bounce(message.id, "4.2.2"), office.bounce(message.id, "4.4.7")])

    def killed(*_args: object, **_kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(ImapMailbox if at == "put_away" else Mailboxes, at, killed)
        office.read()
    assert office.read() == {"bounce": 2}
    assert (server.count("INBOX"), server.count("Siar")) == (0, 2)
    with office.world.app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(MailFeedback)) == 2


def test_one_mail_that_breaks_our_own_code_stops_no_other(
    office: Office, server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_campaign(office.world, 2)
    one, two = (message.id for message in messages(office.world))
    server.fill([office.bounce(one, "5.1.1"), office.bounce(two, "5.1.1")])
    real = Mailboxes._report

    def fails(self: Mailboxes, session: object, account: object, read: object, now: object) -> object:
        if office.to(one) in str(read) or office.reference(one) in str(read):
            raise KeyError("bug")
        return real(self, session, account, read, now)  # type: ignore[arg-type]

    monkeypatch.setattr(Mailboxes, "_report", fails)
    assert office.read() == {"bounce": 1, "failed": 1}
    assert [message.state for message in messages(office.world)] == [MessageState.ACCEPTED, MessageState.BOUNCED]
    assert server.count("INBOX") == 1


def test_more_than_a_batch_is_read_in_order(office: Office, server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketing.delivery.mailboxes.BATCH", 3)
    server.fill([f"From: x@y.z\nSubject: {number}\n\ntanya {number}\n".encode() for number in range(8)])
    assert office.read() == {"other": 8}
    cursor = office.account().report["cursor"]
    server.add([b"From: x@y.z\nSubject: baru\n\ntanya baru\n"])
    assert office.read() == {"other": 9}
    assert office.account().report["cursor"]["uid"] == cursor["uid"] + 1


def test_a_mail_of_ten_megabytes_is_read_only_at_its_beginning(address: MailboxAddress, server: Dovecot) -> None:
    server.fill([b"From: x@y.z\nSubject: besar\n\n" + b"x" * 76 + b"\n" * 1 + (b"y" * 76 + b"\n") * 130_000])
    with ImapMailbox(address) as box:
        (mail,) = box.fetch(box.after(Cursor(), 5))
    assert len(mail.raw) <= MAX_BYTES
    assert mail.size > 10_000_000


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"password": "salah"}, "credentials"),
        ({"user": 'lain "x" \\'}, "credentials"),
        ({"port": 1}, "connection"),
        ({"host": "127.0.0.1"}, "tls"),
        ({"folder": "TidakAda"}, "folder"),
    ],
)
def test_a_mailbox_that_does_not_open_says_why(address: MailboxAddress, changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(TemporaryError, match=f"^{problem}$") as caught:
        ImapMailbox(replace(address, **changes))
    assert address.password not in str(caught.value) + repr(address)


def test_a_mailbox_that_is_away_is_on_record_and_tried_again(office: Office, address: MailboxAddress) -> None:
    mailboxes = mailbox_accounts_of(office.world.app)
    mailboxes.add(TENANT, replace(address, port=1))
    office.read()
    assert office.account().report["problem"] == "connection"
    mailboxes.add(TENANT, address)
    office.read()
    assert office.account().report["problem"] == ""


@pytest.mark.parametrize(
    "changes", [{"folder": 'x"\r\nA LOGOUT'}, {"user": "a\r\nb"}, {"host": "imap.example", "tls": "none"}]
)
def test_what_could_end_a_command_or_show_the_password_is_refused(changes: dict[str, str]) -> None:
    usual = {"host": "localhost", "port": 993, "tls": "implicit", "user": "a", "password": "b"}
    with pytest.raises(ValueError, match=r"folder|user|tls"):
        MailboxAddress(**(usual | changes))  # type: ignore[arg-type]


def test_the_kept_row_shows_no_password(office: Office, address: MailboxAddress) -> None:
    account = office.account()
    assert (account.channel, account.provider, account.state) == (ChannelName.EMAIL, "imap", AccountState.ACTIVE)
    assert address.password not in account.sealed_credentials + str(account.settings)
    assert return_domain([account]) == "dinas.example"  # so that mails name a return path that arrives here
    assert Arrived(1, 2, b"rahasia") == Arrived(1, 2, b"rahasia")
