"""Writes one `OutboundEmail` as RFC 5322/MIME bytes; pure, the same input gives the same bytes.

The header section is written here and not by `email.message`, for two reasons: with its usual line length it breaks
List-Unsubscribe at column 78, which Gmail then does not recognise, and with a line length of 998 it writes encoded
words far beyond the 75 characters of RFC 2047. Here URLs stay on one line and encoded words stay short. What all messages
of a campaign say alike is checked and written once.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Final, NamedTuple

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
_FORBIDDEN_HALVES = re.compile("[\ud800-\udfff]")
_NAME_ROOM: Final = len("List-Unsubscribe: <>")  # the longest of those whose length anyone else decides
_PLAIN_LIMIT = 900  # printable ASCII up to here fits one line with its header name
_SURELY_SHORT = 230  # characters: in four octets each, and with the longest header name, still within MAX_LINE
_BOUNDARY: Final = "=_siar"  # "=_" never occurs in quoted-printable, so no body can end its part early
_MIME: Final = f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{_BOUNDARY}"\r\n\r\n'
_PART: Final = (
    f"--{_BOUNDARY}\r\n"
    "Content-Type: text/{kind}; charset=utf-8\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
)
_PLAIN_PART, _HTML_PART, _END = _PART.format(kind="plain"), _PART.format(kind="html"), f"--{_BOUNDARY}--\r\n"


class BadMessageError(ValueError):
    """A field cannot be written safely; `field` names it, its value is never repeated."""

    def __init__(self, field: str) -> None:
        super().__init__(f"unsafe or unusable value in {field}")
        self.field = field


class _Shared(NamedTuple):
    """The lines that all messages of a campaign have in common, and those of them that a provider does not write itself."""

    sender: str
    about: str
    list_lines: str
    extra: Mapping[str, str]


class _Own(NamedTuple):
    """The values that only this message has; `leave` is empty where there is nothing to leave."""

    recipient: str
    message_id: str
    leave: str


def build_mime(email: OutboundEmail, *, date: datetime) -> bytes:
    """Return the message as it goes over the wire; BadMessageError names the field that cannot be written."""
    shared, own = _checked(email)
    try:
        text, html = email.body.encoded()
    except UnicodeEncodeError as error:
        raise BadMessageError("text" if _FORBIDDEN_HALVES.search(email.text) else "html") from error
    leave = f"List-Unsubscribe: {own.leave}\r\n" if own.leave else ""
    head = (
        f"{shared.sender}To: {own.recipient}\r\n{shared.about}Date: {_written(date.replace(microsecond=0))}\r\n"
        f"Message-ID: {own.message_id}\r\n{leave}{shared.list_lines}{_MIME}"
    )
    return "".join([head, _PLAIN_PART, *text, _HTML_PART, *html, _END]).encode()


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
    shared, own = _checked(email)
    leave = {"List-Unsubscribe": own.leave} if own.leave else {}
    return {"Message-ID": own.message_id, **leave, **shared.extra}


def _checked(email: OutboundEmail) -> tuple[_Shared, _Own]:
    shared = _shared(
        email.email_type,
        email.sender_name,
        email.sender_address,
        email.reply_to,
        email.subject,
        email.list_id,
        email.list_name,
        email.feedback_id,
    )
    recipient = _mailbox("recipient", email.recipient_name, email.recipient_address)
    own = _Own(
        _short("recipient_name", recipient),
        _short("message_id", _matching("message_id", email.message_id, _MESSAGE_ID)),
        # Marketing without a way out must not leave the house (RFC 8058; UU 27/2022 Ps. 9): a missing URL is refused.
        ""
        if email.email_type is EmailType.TRANSACTIONAL
        else f"<{_short('unsubscribe_url', _matching('unsubscribe_url', email.unsubscribe_url, _URL))}>",
    )
    return shared, own


@lru_cache(maxsize=1_000)
def _shared(  # noqa: PLR0917  what it depends on, and nothing else
    email_type: EmailType,
    sender_name: str,
    sender_address: str,
    reply_to: str,
    subject: str,
    list_id: str,
    list_name: str,
    feedback_id: str,
) -> _Shared:
    sender = _mailbox("sender", sender_name, sender_address)
    about = (
        ("reply_to", "Reply-To", reply_to and wire_address("reply_to", reply_to)),
        ("subject", "Subject", _unstructured("subject", subject)),
    )
    extra = {
        name: _short(field, value)
        for field, name, value in _list_headers(email_type, list_id, list_name, feedback_id)
        if value
    }
    return _Shared(
        sender=f"From: {_short('sender_name', sender)}\r\n",
        about="".join(f"{name}: {_short(field, value)}\r\n" for field, name, value in about if value),
        list_lines="".join(f"{name}: {value}\r\n" for name, value in extra.items()),
        extra=extra,
    )


def _list_headers(
    email_type: EmailType, list_id: str, list_name: str, feedback_id: str
) -> Iterator[tuple[str, str, str]]:
    if email_type is EmailType.TRANSACTIONAL:
        # RFC 3834: no automatic answer to this one. A receipt is not a list; offering to leave it would mislead.
        yield "email_type", "Auto-Submitted", "auto-generated"
        return
    yield "unsubscribe_url", "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    if list_id:
        # With a phrase that people can read, as Google's subscription guideline asks (answer/15263077).
        _refuse_controls("list_name", list_name)
        yield "list_id", "List-ID", _with_phrase(list_name, f"<{_matching('list_id', list_id, _TOKEN)}>")
    if feedback_id:
        yield "feedback_id", "Feedback-ID", _matching("feedback_id", feedback_id, _TOKEN)


@lru_cache(maxsize=8)
def _written(date: datetime) -> str:
    return format_datetime(date)


def _short(field: str, value: str) -> str:
    """Return the value of a header when no line of it is too long."""
    if len(value) > _SURELY_SHORT and any(len(line.encode()) > MAX_LINE - _NAME_ROOM for line in value.split("\r\n")):
        raise BadMessageError(field)
    return value


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
