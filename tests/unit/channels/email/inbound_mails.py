"""Incoming mails for tests, about a message of ours: reports, complaints, answers."""

from marketing.channels.email.verp import return_path
from marketing.domain.links import LinkPurpose, LinkSigner

SIGNER = LinkSigner((b"kunci uji",), "https://siar.example")
ROW = 4711
REFERENCE = SIGNER.reference(ROW)
DOMAIN = "promo.dinas.example"
VERP = return_path(REFERENCE, DOMAIN)
MESSAGE_ID = f"<{REFERENCE}@{DOMAIN}>"
LEAVE = SIGNER.url(LinkPurpose.UNSUBSCRIBE, ROW)

RETURNED = f"""\
Return-Path: <{VERP}>
Message-ID: {MESSAGE_ID}
List-Unsubscribe: <{LEAVE}>
From: Dinas <promo@{DOMAIN}>
To: orang@tujuan.example
Subject: Tenun baru
"""


def report(
    groups: str,
    *,
    kind: str = "message/delivery-status",
    to: str = VERP,
    returned: str = RETURNED,
    report_type: str = "delivery-status",
) -> bytes:
    """Return a multipart/report as most servers write it."""
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@tujuan.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={report_type}; boundary="=_batas"

--=_batas
Content-Type: text/plain; charset=utf-8

This is the mail system. STOP. Your message could not be delivered.

--=_batas
Content-Type: {kind}

{groups}
--=_batas
Content-Type: text/rfc822-headers

{returned}
--=_batas--
""".encode()


def failed(status: str, *, action: str = "failed", said: str = "", address: str = "orang@tujuan.example") -> str:
    """Return the two groups of fields of RFC 3464 for one recipient."""
    diagnostic = f"Diagnostic-Code: smtp; {said}\n" if said else ""
    return f"""\
Reporting-MTA: dns; mx.tujuan.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
{diagnostic}"""


def complaint(fields: str, *, to: str = "fbl@dinas.example", returned: str = RETURNED) -> bytes:
    """Return a feedback report."""
    return report(
        fields, kind="message/feedback-report", to=to, returned=returned, report_type="feedback-report"
    ).replace(b"Auto-Submitted: auto-replied\n", b"")


def answer(
    text: str, *, headers: str = "", subject: str = "Re: Tenun baru", sender: str = "orang@tujuan.example"
) -> bytes:
    """Return what a person, or a person's program, answers to our mail."""
    return f"""\
From: Orang <{sender}>
To: promo@{DOMAIN}
Subject: {subject}
In-Reply-To: {MESSAGE_ID}
{headers}Content-Type: text/plain; charset=utf-8

{text}
""".encode()
