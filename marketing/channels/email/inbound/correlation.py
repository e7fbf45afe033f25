"""Which message of ours a mail may be about: from where it was sent to and from the headers it gives back, never from addresses in its text."""

import re
from collections.abc import Iterator
from email.message import Message
from typing import Final

from marketing.channels.email.inbound.arf import report_fields
from marketing.channels.email.inbound.parts import content, headers, walk
from marketing.channels.email.verp import reference_of

_TOLD_TO: Final = ("X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
_ANSWERS: Final = ("In-Reply-To", "References")
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.+_-]{3,64}@[A-Za-z0-9.-]{1,253}")
_MESSAGE_ID: Final = re.compile(r"<([0-9a-z]{1,13}\.[A-Za-z0-9_-]{22})@[A-Za-z0-9.-]{1,253}>")
_LEAVING: Final = re.compile(r"https?://[^\s<>\"]{1,200}/u/([0-9a-z-]{1,40}[A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])")
_RETURNED: Final = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
_INLINE: Final = re.compile(r"(?im)^[ >]*(?:message-id|return-path|list-unsubscribe):")
_MOST: Final = 20


def references(mail: Message) -> tuple[str, ...]:
    """Return candidates for a message's reference: first the address that this came to, then what the mail gives back of ours."""
    found = [*_from_addresses(mail), *_from_returned(mail), *_from_answer(mail)]
    return tuple(dict.fromkeys(found))[:_MOST]


def unsubscribe_tokens(mail: Message) -> tuple[str, ...]:
    """Return the tokens of our one-click addresses in the headers given back; complaints often hide everything else."""
    found = [token for text in _returned_headers(mail, "List-Unsubscribe") for token in _LEAVING.findall(text)]
    return tuple(dict.fromkeys(found))[:_MOST]


def _from_addresses(mail: Message) -> Iterator[str]:
    told = [text for name in _TOLD_TO for text in headers(mail, name)]
    for text in [*told, *report_fields(mail, "Original-Mail-From"), *_returned_headers(mail, "Return-Path")]:
        for address in _ADDRESS.findall(text):
            reference = reference_of(address)
            if reference is not None:
                yield reference


def _from_returned(mail: Message) -> Iterator[str]:
    for text in _returned_headers(mail, "Message-ID"):
        yield from _MESSAGE_ID.findall(text)


def _from_answer(mail: Message) -> Iterator[str]:
    for name in _ANSWERS:
        for text in headers(mail, name):
            yield from _MESSAGE_ID.findall(text)


def _returned_headers(mail: Message, name: str) -> list[str]:
    """Return a header of the message that a report gives back: as a part, as a text of headers, or quoted in the notice."""
    found: list[str] = []
    for part in walk(mail):
        if part is mail and not part.is_multipart():
            found += _quoted(content(part), name)
        elif part.get_content_type() in _RETURNED:
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
            found += headers(inner, name) if isinstance(inner, Message) else _quoted(content(part), name)
        elif part.get_content_type() == "text/plain" and _INLINE.search(text := content(part)):
            found += _quoted(text, name)
    return found


def _quoted(text: str, name: str) -> list[str]:
    """Return a header that stands in a text, with its folded lines."""
    pattern = re.compile(
        rf"(?im)^[ >]{{0,8}}{re.escape(name)}:([^\r\n]{{0,1000}}(?:\r?\n[ \t>]+[^\r\n]{{0,1000}}){{0,5}})"
    )
    return [found[1] for found in pattern.finditer(text)][:_MOST]
