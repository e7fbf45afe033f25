"""A hostile mail taken apart within limits: bytes, parts, headers and lines are all bounded before anything looks at them."""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Final

MAX_BYTES: Final = 256 * 1024
"""Octets that are looked at: reports stand at the beginning of a mail, what follows is the returned message."""
MAX_LINE: Final = 1_000  # octets; RFC 5322 2.1.1 allows 998
MAX_MULTIPARTS: Final = 12
MAX_PARTS: Final = 60
MAX_HEADER: Final = 4_000
"""Characters of one header that are looked at."""
MAX_HEADERS: Final = 40
"""How many headers of one name are looked at."""
_LONG_LINE: Final = re.compile(rb"([^\r\n]{%d})[^\r\n]+" % MAX_LINE)
_MULTIPART: Final = re.compile(rb"multipart/", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]{0,2000}>")


class UnreadableError(ValueError):
    """The mail is built so that reading it would cost more than it can tell."""


def opened(raw: bytes) -> Message:
    """Return the mail as parts; UnreadableError for what is nested without end."""
    head = _LONG_LINE.sub(rb"\1", raw[:MAX_BYTES])
    if len(_MULTIPART.findall(head)) > MAX_MULTIPARTS:
        raise UnreadableError("nested too deep")
    try:
        return BytesParser(policy=compat32).parsebytes(head)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError) as error:  # the parser on broken MIME
        raise UnreadableError("not a mail") from error


def walk(mail: Message) -> Iterator[Message]:
    """Yield the parts, the outermost first, up to a bounded number."""
    for number, part in enumerate(mail.walk()):
        if number >= MAX_PARTS:
            return
        yield part


def headers(mail: Message, name: str) -> list[str]:
    """Return the values of a header as text, each on one line; octets outside ASCII are read as UTF-8 (RFC 6532)."""
    found = [str(value) for key, value in mail.raw_items() if key.lower() == name.lower()]
    return [_utf8(value)[:MAX_HEADER].replace("\r", "").replace("\n", "") for value in found[:MAX_HEADERS]]


def header(mail: Message, name: str) -> str:
    """Return the first value of a header, empty without one."""
    return next(iter(headers(mail, name)), "")


def content(part: Message) -> str:
    """Return the text of a part whatever it claims about its encoding; empty for one made of parts."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return ""
    try:
        decoded = part.get_payload(decode=True)
    except (ValueError, LookupError):
        decoded = None
    if not isinstance(decoded, bytes):
        return _utf8(str(payload))
    charset = part.get_content_charset("utf-8")
    try:
        return decoded[:MAX_BYTES].decode(charset, "replace")
    except (LookupError, ValueError):
        return decoded[:MAX_BYTES].decode("utf-8", "replace")


def readable(mail: Message) -> str:
    """Return what a person wrote or a server said: the first text part that says something, its markup taken off."""
    for part in walk(mail):
        if part.get_content_maintype() == "text":
            text = content(part)
            if part.get_content_subtype() == "html":
                text = _TAG.sub("\n", text)
            if text.strip():
                return text[: 16 * MAX_HEADER]
        elif part.get_content_maintype() == "message":
            break  # what follows was written by somebody else
    return ""


def _utf8(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
