"""SendGrid's Event Webhook: whether a request is theirs, and what its events say (Twilio SendGrid, "Event Webhook Reference").

Signed is the timestamp followed by the raw body: a body that was parsed or stripped does not fit any more. SendGrid names no
window for replays; ours is five minutes, and an event that comes twice counts once.
"""

import json
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from marketing.channels.email.inbound.report import redacted
from marketing.domain.bounce import BounceClass, Verdict, classify, classify_dropped, classify_sendgrid
from marketing.domain.events import event_id
from marketing.domain.feedback import Feedback, FeedbackKind, FeedbackSource

SIGNATURE_HEADER: Final = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP_HEADER: Final = "X-Twilio-Email-Event-Webhook-Timestamp"
WINDOW: Final = timedelta(seconds=300)
REFERENCE: Final = "siar"
"""The custom argument that carries our reference of the message."""
_KINDS: Final = {
    "processed": FeedbackKind.ACCEPTED,
    "deferred": FeedbackKind.DEFERRED,
    "delivered": FeedbackKind.DELIVERED,
    "bounce": FeedbackKind.BOUNCED,
    "dropped": FeedbackKind.BOUNCED,
    "spamreport": FeedbackKind.COMPLAINED,
    "unsubscribe": FeedbackKind.LEFT_ALL,
    "group_unsubscribe": FeedbackKind.LEFT,
}
"""Opens and clicks we count ourselves; `group_resubscribe` is no consent (UU 27/2022 Ps. 20(2)a) and is left out."""
_KEPT: Final = (
    "event",
    "timestamp",
    "sg_event_id",
    "sg_message_id",
    "type",
    "status",
    "bounce_classification",
    "asm_group_id",
    "attempt",
    "sg_machine_open",
)
_SAID: Final = ("reason", "response")
_LONGEST: Final = 300
_EARLIEST: Final = datetime(2020, 1, 1, tzinfo=UTC)
Refer = Callable[[str], int | None]


def is_genuine(key: str, *, signature: str, timestamp: str, body: bytes, now: datetime) -> bool:
    """Return whether the holder of the key (base64 SPKI DER) signed this body within the last five minutes."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):  # noqa: PLR2004  seconds since 1970
        return False
    if abs(now - datetime.fromtimestamp(int(timestamp), UTC)) > WINDOW:
        return False
    try:
        public = load_der_public_key(b64decode(key, validate=True))
        given = b64decode(signature, validate=True)
    except (Base64Error, ValueError):
        return False
    if not isinstance(public, EllipticCurvePublicKey) or not isinstance(public.curve, SECP256R1):
        return False
    try:
        public.verify(given, timestamp.encode() + body, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def events_of(body: bytes) -> list[Mapping[str, Any]] | None:
    """Return the events of a request; None when it is no JSON. What is no object among them is left out."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(read, dict):
        return [read]
    return [one for one in read if isinstance(one, dict)] if isinstance(read, list) else None


def feedback_of(event: Mapping[str, Any], *, account_id: int, refer: Refer, now: datetime) -> Iterator[Feedback]:
    """Yield what one event says of a message of ours; nothing for what we do not ask for or cannot prove to be ours."""
    message_id = refer(_text(event, REFERENCE))
    if message_id is None:
        return
    name, identity = _text(event, "event"), _identity(event)
    kind = _KINDS.get(name)
    if name == "open" and event.get("sg_machine_open") is True:
        kind = FeedbackKind.MACHINE_OPEN
    if kind is None:
        return
    verdict = _verdict(name, event)
    told = Feedback(
        identity=event_id("sendgrid", account_id, identity),
        message_id=message_id,
        kind=kind,
        at=_moment(event, now),
        source=FeedbackSource.SENDGRID,
        verdict=verdict,
        detail=redacted(_text(event, "reason") or _text(event, "response")),
        provider_id=_text(event, "sg_message_id").partition(".")[0],
        raw=_raw(event),
    )
    yield told
    if name == "dropped" and _text(event, "reason").strip().lower() == "unsubscribed address":
        # They know of a no that we never heard.
        yield Feedback(
            identity=event_id("sendgrid", account_id, identity, "left"),
            message_id=message_id,
            kind=FeedbackKind.LEFT_ALL,
            at=told.at,
            source=told.source,
        )


def _verdict(name: str, event: Mapping[str, Any]) -> Verdict:
    reason, status = _text(event, "reason"), _text(event, "status")
    if name == "bounce":
        return classify_sendgrid(
            kind=_text(event, "type"),
            classification=_text(event, "bounce_classification"),
            status=status,
            reason=reason,
        )
    if name == "dropped":
        return classify_dropped(reason)
    if name == "deferred":
        return classify(status=status, text=_text(event, "response") or reason, delayed=True)
    return Verdict(BounceClass.COMPLAINT if name == "spamreport" else BounceClass.NONE)


def _identity(event: Mapping[str, Any]) -> str:
    given = _text(event, "sg_event_id")
    return given or json.dumps(event, sort_keys=True, default=str)


def _moment(event: Mapping[str, Any], now: datetime) -> datetime:
    """Return when it happened; now for a time that is none, lies ahead, or before there was this software."""
    given = event.get("timestamp")
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given < 10**11:
        return now
    moment = datetime.fromtimestamp(given, UTC)
    return moment if _EARLIEST <= moment <= now else now


def _raw(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be kept for a while: nothing that names a person or where they were."""
    kept: dict[str, Any] = {
        name: value if isinstance(value, bool | int) else _storable(str(value)[:_LONGEST])
        for name in _KEPT
        if (value := event.get(name)) is not None
    }
    return kept | {name: redacted(said) for name in _SAID if (said := _text(event, name))}


def _text(event: Mapping[str, Any], name: str) -> str:
    value = event.get(name)
    return _storable(value[: 10 * _LONGEST]) if isinstance(value, str) else ""


def _storable(text: str) -> str:
    """Return text without what no database takes: NUL, and halves of characters that JSON can write."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
