"""Delivery status notifications: RFC 3464, and RFC 6533 for addresses outside ASCII."""

import re
from collections.abc import Iterator, Mapping
from email.message import Message
from email.parser import Parser
from email.policy import compat32
from typing import Final

from marketing.channels.email.inbound.parts import content, headers, walk
from marketing.channels.email.inbound.report import Failure, redacted
from marketing.domain.bounce import classify

_TYPES: Final = ("message/delivery-status", "message/global-delivery-status")
_NAMES: Final = ("original-recipient", "final-recipient", "x-actual-recipient", "action", "status", "diagnostic-code")
_XTEXT: Final = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")  # RFC 6533 3: utf-8-addr-xtext
_PERMANENT: Final = ("fail", "error")  # OpenSMTPD says "error"
MAX_RECIPIENTS: Final = 100
Fields = Mapping[str, str]


def dsn_failures(mail: Message) -> tuple[Failure, ...]:
    """Return what a report says of each recipient that was not reached; nothing for a mail that is no such report."""
    found: list[Failure] = []
    for part in walk(mail):
        if part.get_content_type() in _TYPES:
            found += [failure for fields in _groups(part) if (failure := _failure(fields)) is not None]
        if len(found) >= MAX_RECIPIENTS:
            break
    return tuple(found[:MAX_RECIPIENTS])


def _failure(fields: Fields) -> Failure | None:
    action, status = fields["action"].lower(), fields["status"]
    permanent, delayed = action.startswith(_PERMANENT), action.startswith("delayed")
    if not action:  # some leave it out; the status says it as well
        permanent, delayed = status.startswith("5"), status.startswith("4")
    if not (permanent or delayed):
        return None  # delivered, relayed, expanded
    address = next(
        (
            found
            for name in ("original-recipient", "final-recipient", "x-actual-recipient")
            if (found := _address(fields[name]))
        ),
        "",
    )
    said = fields["diagnostic-code"]
    verdict = classify(status=status, text=said.partition(";")[2] or said, delayed=delayed)
    return Failure(address, verdict, permanent, redacted(said))


def _address(field: str) -> str:
    """Return the address of `rfc822; user@host`, `utf-8; …` or, as some write it, `<user@host>`."""
    kind, semicolon, rest = field.partition(";")
    text = (rest if semicolon and "@" not in kind else field.partition(";")[0]).strip()
    text = text.partition(" (")[0].strip().strip('<>"').strip()
    if kind.strip().lower() == "utf-8":
        text = _XTEXT.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), text)
    return text if "@" in text else ""


def _groups(part: Message) -> Iterator[Fields]:
    """Yield the groups of fields about recipients; the group about the message has none of theirs and yields no failure."""
    payload = part.get_payload()
    blocks = [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []
    if part.get_content_type() == "message/delivery-status" and blocks:
        read = blocks
    else:  # the parser takes the international kind for a message: its first group is the header, the others are the body
        text = content(blocks[0]) if blocks else content(part)
        own = [blocks[0]] if blocks else []
        read = [*own, *(Parser(policy=compat32).parsestr(block) for block in re.split(r"\r?\n\r?\n", text.strip()))]
    for block in read[: MAX_RECIPIENTS + 1]:
        yield {name: next(iter(headers(block, name)), "").strip() for name in _NAMES}
