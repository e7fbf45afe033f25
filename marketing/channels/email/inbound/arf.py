"""Complaints: feedback reports of RFC 5965, and the bare forwarded message that Microsoft's JMRP sends instead."""

from email.message import Message
from typing import Final

from marketing.channels.email.inbound.parts import content, header, walk
from marketing.channels.email.inbound.report import InboundKind

_REPORT: Final = "message/feedback-report"
# RFC 5965 7.3 and its registry; RFC 6591 auth-failure tells about forgers, not about the reader
_KINDS: Final = {
    "abuse": InboundKind.COMPLAINT,
    "fraud": InboundKind.COMPLAINT,
    "virus": InboundKind.COMPLAINT,
    "other": InboundKind.COMPLAINT,
    "opt-out": InboundKind.LEAVING,
    "opt-out-list": InboundKind.LEAVING,
    "not-spam": InboundKind.AUTO_REPLY,
    "auth-failure": InboundKind.AUTO_REPLY,
    "dmarc": InboundKind.AUTO_REPLY,
}


def feedback_kind(mail: Message) -> InboundKind | None:
    """Return what a feedback report means for us; None for a mail that is none.

    A type we do not know counts as a complaint: the reader's provider bothered to tell.
    """
    for part in walk(mail):
        if part.get_content_type() == _REPORT:
            kind = report_field(part, "Feedback-Type").strip().lower()
            return _KINDS.get(kind, InboundKind.COMPLAINT) if kind else None
        if header(part, "X-HmXmrOriginalRecipient"):
            return InboundKind.COMPLAINT
    return None


def report_fields(mail: Message, name: str) -> list[str]:
    """Return a field of every feedback report in the mail."""
    return [report_field(part, name) for part in walk(mail) if part.get_content_type() == _REPORT]


def report_field(part: Message, name: str) -> str:
    """Return one field of a report; the parser takes its fields for the header of a message, or for a text."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return header(payload[0], name) if payload and isinstance(payload[0], Message) else ""
    lines = (line.partition(":") for line in content(part).splitlines()[:100])
    return next((value.strip() for key, _colon, value in lines if key.strip().lower() == name.lower()), "")
