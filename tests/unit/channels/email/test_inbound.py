"""What a mail that comes back is, and which message of ours it is about."""

from datetime import UTC, datetime

import pytest

from marketing.channels.email.inbound.reading import read_inbound
from marketing.channels.email.inbound.report import InboundKind
from marketing.channels.email.writing import MailWriter, PlainDomains
from marketing.domain.bounce import BounceClass
from marketing.domain.content import OutboundEmail, WholeBody
from marketing.domain.links import LinkPurpose
from marketing.domain.stop_words import StopScope
from marketing.domain.types import EmailType
from tests.unit.channels.email.inbound_mails import (
    DOMAIN,
    LEAVE,
    MESSAGE_ID,
    REFERENCE,
    RETURNED,
    ROW,
    SIGNER,
    VERP,
    answer,
    complaint,
    failed,
    report,
)

HIDDEN = "Message-ID: <disembunyikan@lain.example>\nSubject: x\n"
ABUSE = "Feedback-Type: abuse\nUser-Agent: Surat/1.0\nVersion: 1\n"


def test_a_report_names_the_message_the_address_and_the_class() -> None:
    read = read_inbound(report(failed("5.1.1", said="550 5.1.1 <orang@tujuan.example>: User unknown")))
    assert read.kind is InboundKind.BOUNCE
    assert SIGNER.referred(read.references[0]) == ROW
    failure = read.failure_for("Orang@tujuan.example")
    assert failure is not None
    assert (failure.verdict.bounce, failure.verdict.status) == (BounceClass.HARD, "5.1.1")
    assert failure.text == "smtp; 550 5.1.1 <…>: User unknown"


@pytest.mark.parametrize(
    ("raw", "left"),
    [
        (report(failed("5.1.1"), returned=HIDDEN), "the address it came to"),
        (report(failed("5.1.1"), to="bounce@dinas.example"), "the headers given back"),
        (report(failed("5.1.1"), to="x@y.example", returned=f"Message-ID: {MESSAGE_ID}\n"), "its Message-ID"),
        (report(failed("5.1.1"), to="x@y.example", returned=f"Return-Path: <{VERP.upper()}>\n"), "its return path"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_trace_of_ours_is_enough(raw: bytes, left: str) -> None:
    assert [SIGNER.referred(one) for one in read_inbound(raw).references] == [ROW]


def test_without_a_trace_of_ours_nothing_is_guessed_from_addresses() -> None:
    read = read_inbound(report(failed("5.1.1"), to="bounce@dinas.example", returned=HIDDEN))
    assert read.kind is InboundKind.BOUNCE
    assert (read.references, read.unsubscribe_tokens) == ((), ())


def test_a_trace_that_was_made_up_is_of_no_message() -> None:
    made_up = VERP.replace("+", "+1", 1)
    read = read_inbound(report(failed("5.1.1"), to=made_up, returned=f"Message-ID: <9.{'A' * 22}@x.example>\n"))
    assert len(read.references) == 2
    assert [SIGNER.referred(one) for one in read.references] == [None, None]


def test_the_text_of_a_notice_is_no_trace_unless_it_is_a_header_given_back() -> None:
    said = f"550 blocked, see {MESSAGE_ID} and {VERP}"
    assert read_inbound(report(failed("5.1.1", said=said), to="x@y.example", returned=HIDDEN)).references == ()


@pytest.mark.parametrize(("action", "status"), [("failed", "4.4.7"), ("delayed", "5.1.1"), ("delayed", "4.2.2")])
def test_what_may_pass_is_soft_whatever_the_report_calls_it(action: str, status: str) -> None:
    failure = read_inbound(report(failed(status, action=action))).failure_for("orang@tujuan.example")
    assert failure is not None
    assert failure.verdict.bounce is BounceClass.SOFT


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_no_bounce(action: str) -> None:
    read = read_inbound(report(failed("2.0.0", action=action)))
    assert (read.kind, read.failures) == (InboundKind.AUTO_REPLY, ())


def test_of_several_recipients_ours_counts_and_else_the_mildest_word() -> None:
    groups = failed("5.1.1", address="lain@tujuan.example") + "\n" + failed("4.2.2", address="orang@tujuan.example")
    read = read_inbound(report(groups))
    found = [read.failure_for(one) for one in ("lain@tujuan.example", "orang@tujuan.example", "x@y.z")]
    classes = [failure.verdict.bounce for failure in found if failure is not None]
    assert classes == [BounceClass.HARD, BounceClass.SOFT, BounceClass.SOFT]


@pytest.mark.parametrize("written", ["utf-8; bùdi@tujuan.example", r"utf-8; b\x{F9}di@tujuan.example"])
def test_addresses_outside_ascii_are_read(written: str) -> None:
    groups = f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: {written}\nAction: failed\nStatus: 5.1.1\n"
    read = read_inbound(report(groups, kind="message/global-delivery-status"))  # RFC 6533
    assert [(one.address, one.verdict.bounce) for one in read.failures] == [("bùdi@tujuan.example", BounceClass.HARD)]


@pytest.mark.parametrize("kind", ["abuse", "fraud", "virus", "other", "Abuse ", "what-comes-tomorrow"])
def test_a_feedback_report_is_a_complaint(kind: str) -> None:
    read = read_inbound(complaint(f"Feedback-Type: {kind}\nUser-Agent: Surat/1.0\nVersion: 1\n"))
    assert read.kind is InboundKind.COMPLAINT
    assert SIGNER.referred(read.references[0]) == ROW


def test_a_complaint_that_hides_the_person_still_names_the_message_by_its_way_out() -> None:
    read = read_inbound(complaint(ABUSE, returned=f"To: [redacted]\nList-Unsubscribe: <{LEAVE}>, <mailto:x@y.z>\n"))
    assert read.references == ()
    assert read.unsubscribe_tokens == (LEAVE.rsplit("/", 1)[1],)


def test_a_complaint_names_the_message_by_its_return_path() -> None:
    read = read_inbound(complaint(f"{ABUSE}Original-Mail-From: <{VERP}>\n", returned=HIDDEN))
    assert read.references == (REFERENCE,)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("opt-out", InboundKind.LEAVING),
        ("not-spam", InboundKind.AUTO_REPLY),
        ("auth-failure", InboundKind.AUTO_REPLY),
    ],
)
def test_other_feedback_is_no_complaint(kind: str, expected: InboundKind) -> None:
    assert read_inbound(complaint(f"Feedback-Type: {kind}\nVersion: 1\nUser-Agent: x\n")).kind is expected


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: auto-replied\n",  # RFC 3834 5
        "Auto-Submitted: auto-generated (cuti)\n",
        "X-Autoreply: yes\n",
        "X-Autorespond: cuti\n",
        "Precedence: auto_reply\n",
        "Precedence: junk\n",
        "X-Mail-Autoreply: x\n",
        "Return-Path: <>\n",
    ],
)
def test_what_no_person_wrote_is_ignored_even_where_it_says_stop(headers: str) -> None:
    assert read_inbound(answer("STOP", headers=headers)).kind is InboundKind.AUTO_REPLY


@pytest.mark.parametrize("subject", ["Out of Office: cuti", "Automatic reply: x", "Balasan otomatis", "Di luar kantor"])
def test_subjects_of_programs_are_known(subject: str) -> None:
    assert read_inbound(answer("Saya cuti sampai Senin.", subject=subject)).kind is InboundKind.AUTO_REPLY


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("berhenti", StopScope.CHANNEL),
        ("STOP\n\n-- \nOrang\n\n> Tenun baru dari SoE", StopScope.CHANNEL),
        ("stop semua", StopScope.ALL),
    ],
)
def test_an_answer_that_says_stop_is_one(text: str, scope: StopScope) -> None:
    read = read_inbound(answer(text, headers="Auto-Submitted: no\n"))
    assert (read.kind, read.stop, read.references) == (InboundKind.LEAVING, scope, (REFERENCE,))
    assert read.sender == "orang@tujuan.example"


def test_stop_may_stand_in_the_subject_or_in_markup() -> None:
    assert read_inbound(answer("", subject="unsubscribe")).stop is StopScope.CHANNEL
    html = answer("<html><body><div>Berhenti</div><blockquote>Tenun</blockquote></body></html>")
    assert read_inbound(html.replace(b"text/plain", b"text/html")).stop is StopScope.CHANNEL


def test_what_a_person_writes_is_left_for_a_person() -> None:
    read = read_inbound(answer("Apakah tenunnya masih ada? Jangan berhenti kirim ya."))
    assert (read.kind, read.stop) == (InboundKind.OTHER, None)


def test_stop_in_the_mail_that_is_given_back_is_nobodys_wish() -> None:
    assert read_inbound(report(failed("5.1.1"), returned=RETURNED + "\nSTOP\n")).kind is InboundKind.BOUNCE


class Domains(PlainDomains):
    """An office whose bounces come to a mailbox of its own."""

    def return_domain(self, tenant: str) -> str:
        return DOMAIN


def test_what_we_write_is_recognised_when_it_comes_back() -> None:
    email = OutboundEmail(
        key=str(ROW), email_type=EmailType.PROMOTIONAL, message_id=MESSAGE_ID, sender_name="Dinas",
        sender_address=f"promo@{DOMAIN}", recipient_name="Orang", recipient_address="orang@tujuan.example", subject="Tenun",
        body=WholeBody("<p>Tenun</p>", "Tenun"), unsubscribe_url=LEAVE,
    )  # fmt: skip
    envelope = MailWriter(lambda: datetime(2026, 11, 22, tzinfo=UTC), Domains()).write(email)
    head = envelope.data.decode().partition("\r\n\r\n")[0].replace("\r\n", "\n")
    by_address = read_inbound(report(failed("5.1.1"), to=envelope.sender, returned="Subject: x\n"))
    by_headers = read_inbound(report(failed("5.1.1"), to="x@y.example", returned=head))
    assert [SIGNER.referred(one) for one in by_address.references + by_headers.references] == [ROW, ROW]
    (token,) = by_headers.unsubscribe_tokens
    assert SIGNER.read(LinkPurpose.UNSUBSCRIBE, token) == (ROW,)
