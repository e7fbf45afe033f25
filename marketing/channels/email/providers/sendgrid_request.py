"""From finished e-mails to the bodies of SendGrid's v3 mail/send; pure.

Mails of one campaign go out in one call: their common text once, and for each person what differs, as substitutions
(`shared_text`). Limits by Twilio's OpenAPI of 22 Jan 2026 and its pages "Limitations" and "Errors" (read 22 Nov 2026): 1,000
personalizations, 10,000 bytes of substitutions in each, 30 MB in all, no address twice. What does not fit goes alone.
No personal data in categories and custom arguments: SendGrid keeps them for long and shows them to its staff.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from marketing.channels.base import Failed
from marketing.channels.email.inbound.sendgrid import REFERENCE
from marketing.channels.email.mime import BadMessageError, extra_headers, wire_address
from marketing.channels.email.providers.shared_text import SharedText, narrowed, unused_tags
from marketing.domain.content import OutboundEmail
from marketing.domain.types import Purpose

MAX_PERSONALIZATIONS: Final = 1_000
MAX_SUBSTITUTION_BYTES: Final = 10_000
MAX_REQUEST_BYTES: Final = 30_000_000
_HEADROOM: Final = 100_000  # what surrounds content and personalizations
_TAG_BYTES: Final = 15
_PERSON_BYTES: Final = 3_000  # address, name, subject, headers and reference of one person at most
_ESCAPED: Final = 6  # octets of JSON for one octet at worst: backslash, u and four digits
_TRIES: Final = 3  # after so many that share too little with the first of a call, nothing more is compared with it
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
    for field_name, content, needed in (("html", email.html, True), ("text", email.text, False)):
        if _UNWRITABLE.search(content) or (needed and not content.strip()):
            return Failed(email.key, "bad_message", field_name)
    if not recipient.isascii():
        return Failed(email.key, "smtputf8_unsupported", "")
    if _wire_size(email) > MAX_REQUEST_BYTES - _HEADROOM:
        return Failed(email.key, "too_large", "")
    return None


def calls_for(emails: Sequence[OutboundEmail], options: SendGridOptions) -> Iterator[Call]:
    """Yield the calls for e-mails that `refusal` lets pass; each e-mail stands in exactly one of them."""
    waiting: dict[tuple[object, ...], list[OutboundEmail]] = {}
    for email in emails:
        waiting.setdefault(_common(email), []).append(email)
    for alike in waiting.values():
        left, compare = alike, True
        while left:
            group = _Group(left[0])
            rest: list[OutboundEmail] = []
            misses = 0
            for email in left[1:]:
                if compare and misses < _TRIES and group.add(email):
                    continue
                misses += not group.holds(email.recipient_address)
                rest.append(email)
            # Mails that share little (each person has products of their own) are not compared with each other for long.
            compare = compare and len(group.emails) > 1
            yield Call(tuple(group.emails), _body(group, options))
            left = rest


class _Group:
    """E-mails that may share a call; grows as long as every limit is kept."""

    def __init__(self, first: OutboundEmail) -> None:
        self.emails = [first]
        self.html, self.text = SharedText((first.html,)), SharedText((first.text,))
        self._addresses = {first.recipient_address.lower()}
        self._longest = _size(first)
        self._bytes = _wire_size(first) + _PERSON_BYTES

    def holds(self, address: str) -> bool:
        return address.lower() in self._addresses

    def add(self, email: OutboundEmail) -> bool:
        """Take one more in, if everyone's own part stays small enough and nobody is written to twice."""
        if len(self.emails) == MAX_PERSONALIZATIONS or self.holds(email.recipient_address):
            return False
        html, text = narrowed(self.html, email.html), narrowed(self.text, email.text)
        longest = max(self._longest, _size(email))
        common = sum(len(literal.encode()) for shared in (html, text) for literal in shared.literals)
        own = longest - common + _TAG_BYTES * (html.gaps + text.gaps)
        size = self._bytes + _PERSON_BYTES + _ESCAPED * own
        if own > MAX_SUBSTITUTION_BYTES or size > MAX_REQUEST_BYTES - _HEADROOM:
            return False
        self._bytes = size
        self._longest, self.html, self.text = longest, html, text
        self.emails.append(email)
        self._addresses.add(email.recipient_address.lower())
        return True


def _body(group: _Group, options: SendGridOptions) -> dict[str, Any]:
    first = group.emails[0]
    texts = [part for email in group.emails for part in (email.html, email.text, email.subject, email.reply_to)]
    tags = list(islice(unused_tags(texts), group.html.gaps + group.text.gaps))
    html_tags, text_tags = tags[: group.html.gaps], tags[group.html.gaps :]
    content = [{"type": "text/html", "value": group.html.with_tags(html_tags)}]
    if first.text.strip():
        content.insert(0, {"type": "text/plain", "value": group.text.with_tags(text_tags)})
    personalizations = []
    for email in group.emails:
        own = (*(group.html.split(email.html) or ()), *(group.text.split(email.text) or ()))
        personalizations.append(_personalization(email, dict(zip(tags, own, strict=True))))
    body: dict[str, Any] = {
        "personalizations": personalizations,
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
        email.sender_name,
        email.sender_address,
        email.reply_to,
        email.tenant,
        email.email_type,
        email.campaign,
        bool(email.text.strip()),
    )


def _size(email: OutboundEmail) -> int:
    return len(email.html.encode()) + len(email.text.encode())


def _wire_size(email: OutboundEmail) -> int:
    return len(json.dumps([email.html, email.text]))


def halves(call: Call, options: SendGridOptions) -> Iterator[Call]:
    """Yield the calls for the first and the second half of a refused call."""
    middle = len(call.emails) // 2
    for part in (call.emails[:middle], call.emails[middle:]):
        yield from calls_for(part, options)


def without(call: Call, keys: frozenset[str], options: SendGridOptions) -> Iterator[Call]:
    """Yield the calls for those that are not at fault."""
    yield from calls_for([email for email in call.emails if email.key not in keys], options)
