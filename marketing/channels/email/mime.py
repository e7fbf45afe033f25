"""Writes one `OutboundEmail` as RFC 5322/MIME bytes; pure, the same input gives the same bytes.

The header section is written here and not by `email.message`, for two reasons: with its usual line length it breaks
List-Unsubscribe at column 78, which Gmail then does not recognise, and with a line length of 998 it writes encoded
words far beyond the 75 characters of RFC 2047. Here URLs stay on one line and encoded words stay short.
"""

import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import Final

import idna

from marketing.domain.content import OutboundEmail
from marketing.domain.types import EmailType

MAX_LINE: Final = 998  # octets without CRLF, RFC 5322 2.1.1

# Controls, lone surrogates and the two Unicode line ends; CR, LF or NUL in a header value would start a new header.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ADDRESS = re.compile(r'[^\s<>()\[\],;:\\"@]+@[^\s<>()\[\],;:\\"@]+')
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")
_URL = re.compile(r"https?://[!-;=?-~]+")
_TOKEN = re.compile(r"[!-;=?-~]+")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+( [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_WORD_BYTES = 39  # base64 of 39 octets and "=?utf-8?b?…?=" leave room for the longest header name in 76 columns
_WRITTEN_BY_PROVIDERS = frozenset({"From", "To", "Reply-To", "Subject", "Date"})
_SOME_DATE = datetime(2000, 1, 1, tzinfo=UTC)
_PLAIN_LIMIT = 900  # printable ASCII up to here fits one line with its header name


class BadMessageError(ValueError):
    """A field cannot be written safely; `field` names it, its value is never repeated."""

    def __init__(self, field: str) -> None:
        super().__init__(f"unsafe or unusable value in {field}")
        self.field = field


def build_mime(email: OutboundEmail, *, date: datetime) -> bytes:
    """Return the message as it goes over the wire; BadMessageError names the field that cannot be written."""
    boundary = "=_" + sha256(email.message_id.encode("utf-8", "replace")).hexdigest()[:32]
    head = "".join(f"{name}: {value}\r\n" for name, value in _headers(email, date))
    head += f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{boundary}"\r\n'
    parts = (("plain", "text", email.text), ("html", "html", email.html))
    # "=_" never occurs in quoted-printable, so no body can end its part early.
    body = b"".join(
        f"--{boundary}\r\n"
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n".encode("ascii")
        + _quoted_printable(field, content)
        for subtype, field, content in parts
    )
    return head.encode() + b"\r\n" + body + f"--{boundary}--\r\n".encode("ascii")


def wire_address(field: str, address: str) -> str:
    """Return the address with its domain in ASCII; a local part outside ASCII stays and asks for SMTPUTF8."""
    _refuse_controls(field, address)
    if not _ADDRESS.fullmatch(address):
        raise BadMessageError(field)
    local, _at, domain = address.partition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except idna.IDNAError as error:
        raise BadMessageError(field) from error


def extra_headers(email: OutboundEmail) -> dict[str, str]:
    """Return the headers beyond who, to whom, what about and when, for a provider that writes those itself.

    Every field is checked as if it were written here; BadMessageError names the one that cannot be.
    """
    return {name: value for name, value in _headers(email, _SOME_DATE) if name not in _WRITTEN_BY_PROVIDERS}


def _headers(email: OutboundEmail, date: datetime) -> Iterator[tuple[str, str]]:
    for field, name, value in (
        ("sender_name", "From", _mailbox("sender", email.sender_name, email.sender_address)),
        ("recipient_name", "To", _mailbox("recipient", email.recipient_name, email.recipient_address)),
        ("reply_to", "Reply-To", email.reply_to and wire_address("reply_to", email.reply_to)),
        ("subject", "Subject", _unstructured("subject", email.subject)),
        ("date", "Date", format_datetime(date)),
        ("message_id", "Message-ID", _matching("message_id", email.message_id, _MESSAGE_ID)),
        *_list_headers(email),
    ):
        if value:
            if any(len(line.encode()) > MAX_LINE for line in f"{name}: {value}".split("\r\n")):
                raise BadMessageError(field)
            yield name, value


def _list_headers(email: OutboundEmail) -> Iterator[tuple[str, str, str]]:
    if email.email_type is EmailType.TRANSACTIONAL:
        # RFC 3834: no automatic answer to this one. A receipt is not a list; offering to leave it would mislead.
        yield "email_type", "Auto-Submitted", "auto-generated"
        return
    # Marketing without a way out must not leave the house (RFC 8058; UU 27/2022 Ps. 9): a missing URL is refused.
    url = _matching("unsubscribe_url", email.unsubscribe_url, _URL)
    yield "unsubscribe_url", "List-Unsubscribe", f"<{url}>"
    yield "unsubscribe_url", "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    if email.list_id:
        # With a phrase that people can read, as Google's subscription guideline asks (answer/15263077).
        _refuse_controls("list_name", email.list_name)
        yield "list_id", "List-ID", _with_phrase(email.list_name, f"<{_matching('list_id', email.list_id, _TOKEN)}>")
    if email.feedback_id:
        yield "feedback_id", "Feedback-ID", _matching("feedback_id", email.feedback_id, _TOKEN)


def _matching(field: str, value: str, pattern: re.Pattern[str]) -> str:
    if not pattern.fullmatch(value):
        raise BadMessageError(field)
    return value


def _refuse_controls(field: str, value: str) -> None:
    if _FORBIDDEN.search(value):
        raise BadMessageError(field)


def _mailbox(who: str, name: str, address: str) -> str:
    _refuse_controls(f"{who}_name", name)
    wire = wire_address(f"{who}_address", address)
    return _with_phrase(name, f"<{wire}>") if name else wire


def _with_phrase(name: str, inner: str) -> str:
    """Return what stands in angle brackets with a name for people before it (RFC 5322 3.2.5, RFC 2919)."""
    if not name:
        return inner
    if len(name) > _PLAIN_LIMIT - len(inner) or not name.isascii() or "=?" in name:
        return f"{_encoded_words(name)}\r\n {inner}"
    if not _ATOMS.fullmatch(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} {inner}"


def _unstructured(field: str, text: str) -> str:
    _refuse_controls(field, text)
    plain = text.isascii() and len(text) <= _PLAIN_LIMIT and text == text.strip() and "=?" not in text
    return text if plain else _encoded_words(text)


def _encoded_words(text: str) -> str:
    """Return RFC 2047 words, each holding whole characters, one on a line."""
    chunks = [b""]
    for char in text:
        octets = char.encode()
        if len(chunks[-1]) + len(octets) > _WORD_BYTES:
            chunks.append(b"")
        chunks[-1] += octets
    return "\r\n ".join(f"=?utf-8?b?{b64encode(chunk).decode('ascii')}?=" for chunk in chunks)


def _quoted_printable(field: str, content: str) -> bytes:
    try:
        octets = content.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n").encode()
    except UnicodeEncodeError as error:
        raise BadMessageError(field) from error
    # b2a_qp breaks long lines in the style of the first line end it sees, so there must be one.
    return b2a_qp(octets if octets.endswith(b"\r\n") else octets + b"\r\n", istext=True)
