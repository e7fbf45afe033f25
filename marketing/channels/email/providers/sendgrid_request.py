"""From finished e-mails to the bodies of SendGrid's v3 mail/send; pure.

Mails from one stencil go out in one call: the stencil once with tags in its holes, and for each person what these stand for
(`stencil_tags`); a mail in one piece goes alone. Limits by Twilio's OpenAPI of 22 Jan 2026 and its pages "Limitations" and "Errors" (read 22 Nov 2026): 1,000
personalizations, 10,000 bytes of substitutions in each, 30 MB in all, no address twice.
No personal data in categories and custom arguments: SendGrid keeps them for long and shows them to its staff.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from marketing.channels.base import Failed
from marketing.channels.email.inbound.sendgrid import REFERENCE
from marketing.channels.email.mime import BadMessageError, extra_headers, wire_address
from marketing.channels.email.providers.stencil_tags import tagged
from marketing.domain.content import OutboundEmail
from marketing.domain.stencil import FilledBody, Stencil
from marketing.domain.types import Purpose

MAX_PERSONALIZATIONS: Final = 1_000
MAX_SUBSTITUTION_BYTES: Final = 10_000
MAX_REQUEST_BYTES: Final = 30_000_000
_HEADROOM: Final = 100_000  # what surrounds content and personalizations
_PERSON_BYTES: Final = 3_000  # address, name, subject, headers and reference of one person at most
_ESCAPED_ASCII: Final = 2  # octets of JSON for a printable character at worst: a backslash before it
_ESCAPED: Final = 12  # and for any other: two halves of backslash, u and four digits each
_UNWRITABLE: Final = re.compile("[\x00\ud800-\udfff]")
_OFF: Final = {"enable": False}
_TRACKING: Final[Mapping[str, Any]] = {
    # We count clicks and openings ourselves; twice would rewrite our links and add a second List-Unsubscribe.
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": _OFF,
    "subscription_tracking": _OFF,
    "ganalytics": _OFF,
}


@dataclass(frozen=True, slots=True)
class SendGridOptions:
    """What an account says about every call: `asm` is the suppression group for each purpose, if any.

    `send_at` (seconds since 1970) and `batch_id` go together: only what waits at SendGrid can be cancelled there.
    """

    sandbox: bool = False
    asm: Mapping[Purpose, int] = field(default_factory=dict)
    batch_id: str = ""
    send_at: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One request and the messages in it, in the order of its personalizations; the body stays out of the repr."""

    emails: tuple[OutboundEmail, ...] = field(repr=False)
    body: Mapping[str, Any] = field(repr=False)


def refusal(email: OutboundEmail) -> Failed | None:
    """Return why an e-mail cannot be handed to SendGrid at all; SendGrid's client checks neither line ends nor controls."""
    try:
        extra_headers(email)
        recipient = wire_address("recipient_address", email.recipient_address)
    except BadMessageError as error:
        return Failed(email.key, "bad_message", error.field)
    if not email.subject.strip():
        return Failed(email.key, "bad_message", "subject")
    if fault := _fault(email):
        return Failed(email.key, *fault)
    if not recipient.isascii():
        return Failed(email.key, "smtputf8_unsupported", "")
    return None


def _fault(email: OutboundEmail) -> tuple[str, str] | None:
    """Return reason and detail of what is wrong with the body; words that a stencil takes are printable and few."""
    body = email.body
    if isinstance(body, FilledBody):
        return _stencil_fault(body.stencil)
    return _content_fault(body.html, body.text)


@lru_cache(maxsize=128)
def _stencil_fault(stencil: Stencil) -> tuple[str, str] | None:
    return _content_fault("".join(stencil.html.literals), "".join(stencil.text.literals))


def _content_fault(html: str, text: str) -> tuple[str, str] | None:
    for field_name, content, needed in (("html", html, True), ("text", text, False)):
        if _UNWRITABLE.search(content) or (needed and not content.strip()):
            return "bad_message", field_name
    return ("too_large", "") if len(json.dumps([html, text])) > MAX_REQUEST_BYTES - _HEADROOM else None


def calls_for(emails: Sequence[OutboundEmail], options: SendGridOptions) -> Iterator[Call]:
    """Yield the calls for e-mails that `refusal` lets pass; each e-mail stands in exactly one of them."""
    waiting: dict[tuple[object, ...], list[OutboundEmail]] = {}
    for email in emails:
        waiting.setdefault(_common(email), []).append(email)
    for alike in waiting.values():
        left = alike
        while left:
            group = _Group(left[0])
            rest = [email for email in left[1:] if not group.add(email)] if group.tags is not None else left[1:]
            yield Call(tuple(group.emails), _body(group, options))
            left = rest


class _Group:
    """E-mails that may share a call; grows as long as every limit is kept."""

    def __init__(self, first: OutboundEmail) -> None:
        body = first.body
        self.emails: list[OutboundEmail] = []
        self.personalizations: list[dict[str, Any]] = []
        self.tags = tagged(body, first.subject, first.reply_to) if isinstance(body, FilledBody) else None
        self._addresses: set[str] = set()
        self._bytes = _HEADROOM
        if self.tags is not None:
            self.html, self.text = self.tags.html, self.tags.text
            self._bytes += len(json.dumps([self.html, self.text]))
            if self.add(first):
                return
            self.tags = None  # more of its own than one may have: it goes alone, in one piece
        self.html, self.text = body.html, body.text
        self._take(first, {})

    def add(self, email: OutboundEmail) -> bool:
        """Take one more in, if its own part is small enough and nobody is written to twice."""
        body = email.body
        if self.tags is None or not isinstance(body, FilledBody) or len(self.emails) == MAX_PERSONALIZATIONS:
            return False
        if email.recipient_address.lower() in self._addresses:
            return False
        if not self.tags.takes(body, email.subject, email.reply_to):
            return False
        own = self.tags.own(body)
        octets, written = _measured(own)
        if octets > MAX_SUBSTITUTION_BYTES or self._bytes + _PERSON_BYTES + written > MAX_REQUEST_BYTES:
            return False
        self._bytes += _PERSON_BYTES + written
        self._take(email, own)
        return True

    def _take(self, email: OutboundEmail, own: Mapping[str, str]) -> None:
        self.emails.append(email)
        self._addresses.add(email.recipient_address.lower())
        self.personalizations.append(_personalization(email, own))


def _measured(own: Mapping[str, str]) -> tuple[int, int]:
    """Return how many octets substitutions are, and at most how many they become in JSON: printable characters all of them."""
    said = "".join([*own, *own.values()])
    around = len(own) * len('"":"",')
    if said.isascii():
        return len(said), around + _ESCAPED_ASCII * len(said)
    return len(said.encode()), around + _ESCAPED * len(said)


def _body(group: _Group, options: SendGridOptions) -> dict[str, Any]:
    first = group.emails[0]
    content = [{"type": "text/html", "value": group.html}]
    if group.text.strip():
        content.insert(0, {"type": "text/plain", "value": group.text})
    body: dict[str, Any] = {
        "personalizations": group.personalizations,
        "from": _mailbox(first.sender_name, wire_address("sender_address", first.sender_address)),
        "subject": first.subject,
        "content": content,
        "categories": _categories(first),
        "tracking_settings": _TRACKING,
        "mail_settings": {"sandbox_mode": {"enable": options.sandbox}},
    }
    if first.reply_to:
        body["reply_to"] = {"email": wire_address("reply_to", first.reply_to)}
    if first.purpose and (group_id := options.asm.get(first.purpose)):
        body["asm"] = {"group_id": group_id}
    if options.batch_id and options.send_at:
        body |= {"batch_id": options.batch_id, "send_at": options.send_at}
    return body


def _personalization(email: OutboundEmail, substitutions: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "to": [_mailbox(email.recipient_name, wire_address("recipient_address", email.recipient_address))],
        "subject": email.subject,
        "headers": extra_headers(email),
        "custom_args": {REFERENCE: email.reference},
    }
    if substitutions:
        found["substitutions"] = dict(substitutions)
    return found


def _mailbox(name: str, address: str) -> dict[str, str]:
    if not name:
        return {"email": address}
    if any(char in name for char in ',;<>@"'):  # SendGrid reads a bare comma or semicolon as the end of the name
        name = '"' + name.replace("\\", "").replace('"', "'") + '"'
    return {"email": address, "name": name}


def _categories(email: OutboundEmail) -> list[str]:
    known = (email.tenant, email.email_type.value, f"kampanye-{email.campaign}" if email.campaign else "")
    return [name for name in known if name]


def _common(email: OutboundEmail) -> tuple[object, ...]:
    """Return what the mails of one call must have in common."""
    return (
        email.body.stencil if isinstance(email.body, FilledBody) else email.key,
        email.sender_name,
        email.sender_address,
        email.reply_to,
        email.tenant,
        email.email_type,
        email.campaign,
    )


def halves(call: Call, options: SendGridOptions) -> Iterator[Call]:
    """Yield the calls for the first and the second half of a refused call."""
    middle = len(call.emails) // 2
    for part in (call.emails[:middle], call.emails[middle:]):
        yield from calls_for(part, options)


def without(call: Call, keys: frozenset[str], options: SendGridOptions) -> Iterator[Call]:
    """Yield the calls for those that are not at fault."""
    yield from calls_for([email for email in call.emails if email.key not in keys], options)
