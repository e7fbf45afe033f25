"""From the raw bytes of an incoming mail to what it means; pure, and a clear outcome for whatever arrives."""

import logging
import re
from email.message import Message
from typing import Final

from flufl.bounce import all_failures

from marketing.channels.email.inbound.arf import feedback_kind
from marketing.channels.email.inbound.automatic import is_automatic
from marketing.channels.email.inbound.correlation import references, unsubscribe_tokens
from marketing.channels.email.inbound.dsn import MAX_RECIPIENTS, dsn_failures
from marketing.channels.email.inbound.parts import UnreadableError, header, opened, readable
from marketing.channels.email.inbound.report import Failure, Inbound, InboundKind, redacted
from marketing.domain.bounce import BounceClass, classify
from marketing.domain.stop_words import stop_scope

logging.getLogger("flufl.bounce").setLevel(
    logging.CRITICAL
)  # it logs whole tracebacks of broken mail, addresses included
_RETURNED: Final = re.compile(
    r"(?im)^(?:-{2,}.{0,60}(?:original|returned|copy of|unsent|forwarded|begin).{0,60}|>? ?received: |return-path:|message-id:|.{0,20}headers? follow)"
)
_NEAR: Final = 600
_ADDRESS: Final = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,255}")


def read_inbound(raw: bytes) -> Inbound:
    """Return what an incoming mail is, which message it may be about, and what it says.

    Standard reports are read here; the many formats of their own that servers use are left to flufl.bounce.
    """
    try:
        mail = opened(raw)
        return _read(mail)
    except UnreadableError as error:
        return Inbound(InboundKind.UNREADABLE, note=str(error))
    except Exception as error:  # noqa: BLE001  broken MIME meets every corner of the standard library: one mail stops no other
        return Inbound(InboundKind.UNREADABLE, note=type(error).__name__)


def _read(mail: Message) -> Inbound:
    known, tokens = references(mail), unsubscribe_tokens(mail)
    found = _ADDRESS.search(header(mail, "From"))
    sender = found[0] if found else ""
    reported = feedback_kind(mail)
    if reported is not None:
        return Inbound(reported, known, tokens, sender=sender)
    failures = dsn_failures(mail) or _heuristic(mail)
    if failures:
        return Inbound(InboundKind.BOUNCE, known, tokens, failures, sender=sender, note=failures[0].text)
    if is_automatic(mail):
        return Inbound(InboundKind.AUTO_REPLY, known, tokens, sender=sender)
    stop = stop_scope(readable(mail)) or stop_scope(header(mail, "Subject"))
    kind = InboundKind.OTHER if stop is None else InboundKind.LEAVING
    return Inbound(kind, known, tokens, stop=stop, sender=sender)


def _heuristic(mail: Message) -> tuple[Failure, ...]:
    """Return what a notice in a format of its own says, with the class read from the words near each address."""
    if not header(mail, "From").strip():
        del mail["From"]
        mail["From"] = "<MAILER-DAEMON@invalid>"  # a detector of theirs takes it for granted
    try:
        temporary, permanent = all_failures(mail)
    except Exception:  # noqa: BLE001  a format that their detectors stumble over is none that they know
        return ()
    if not (temporary or permanent):
        return ()
    notice = readable(mail)
    cut = _RETURNED.search(notice)
    said = notice[: cut.start()] if cut and cut.start() else notice
    return tuple(
        _said_of(address.decode("ascii", "replace"), said, delayed=delayed)
        for addresses, delayed in ((permanent, False), (temporary, True))
        for address in sorted(addresses)[:MAX_RECIPIENTS]
    )


def _said_of(address: str, said: str, *, delayed: bool) -> Failure:
    at = said.lower().find(address.lower())
    near = said[max(0, at - _NEAR // 2) : at + len(address) + _NEAR] if at >= 0 else said[: 4 * _NEAR]
    verdict = classify(text=near.replace(address, " "), delayed=delayed)
    if verdict.bounce is BounceClass.SOFT and not verdict.status and not delayed:
        verdict = classify(text=said.replace(address, " "))
    return Failure(address, verdict, not delayed, redacted(said[max(at, 0) :]))
