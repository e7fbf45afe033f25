"""What TikTok tells of its own accord; pure. It sends at least once and for 72 hours, so the same event has the same key.

Source: developers.tiktok.com webhooks-verification, webhooks-events, content-posting-api-reference-get-video-status, read 22 Nov 2026.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

HEADER: Final = "TikTok-Signature"
TOLERANCE: Final = timedelta(minutes=5)
"""TikTok leaves to us how old a stamp may be; a replay later than this is refused."""
MAX_BYTES: Final = 64_000
_LATEST: Final = 4_102_444_800  # 1 Jan 2100


class EventKind(StrEnum):
    """What happened; the value is TikTok's own word, its spelling included."""

    COMPLETE = "post.publish.complete"
    FAILED = "post.publish.failed"
    INBOX = "post.publish.inbox_delivered"
    PUBLIC = "post.publish.publicly_available"
    NO_LONGER_PUBLIC = "post.publish.no_longer_publicaly_available"
    REMOVED = "authorization.removed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TikTokEvent:
    """One event of an account; `key` is the same however often it comes. `name` is TikTok's word, also for a kind we do not know.

    `publish_id`, `post_id` and `reason` are empty where the event has none.
    """

    key: str
    kind: EventKind
    name: str
    open_id: str
    at: datetime
    publish_id: str = ""
    post_id: str = ""
    reason: str = ""


def is_genuine(raw_body: bytes, signature: str, client_secret: str, now: datetime) -> bool:
    """Return whether TikTok signed this very body lately; `signature` is the header TikTok-Signature."""
    parts = [part.partition("=") for part in signature.split(",")]
    stamps = [value.strip() for name, _equals, value in parts if name.strip() == "t"]
    digests = [value.strip() for name, _equals, value in parts if name.strip() == "s"]
    if not client_secret or len(stamps) != 1 or len(digests) != 1 or not _is_number(stamps[0]):
        return False
    signed = f"{stamps[0]}.".encode() + raw_body
    expected = hmac.new(client_secret.encode(), signed, hashlib.sha256).hexdigest()
    genuine = hmac.compare_digest(expected.encode(), digests[0].lower().encode())
    return genuine and abs(now - datetime.fromtimestamp(int(stamps[0]), UTC)) <= TOLERANCE


def read_event(raw_body: bytes, client_key: str) -> TikTokEvent:
    """Read a genuine body; ValueError when it is no event of our app, kind OTHER when it is one we do not know."""
    body = _object(raw_body)
    content = _object(str(body.get("content") or "{}"))  # a string that holds JSON
    name, open_id, seconds = body.get("event"), body.get("user_openid"), body.get("create_time")
    if not isinstance(name, str) or not isinstance(open_id, str) or body.get("client_key") != client_key:
        raise ValueError(HEADER)
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 < seconds < _LATEST:
        raise ValueError("create_time")
    # Not the bytes: a repeated event may be written anew, with a new stamp.
    facts = json.dumps([name, open_id, seconds, content], sort_keys=True)
    return TikTokEvent(
        key=hashlib.sha256(facts.encode()).hexdigest(),
        kind=EventKind(name) if name in set(EventKind) else EventKind.OTHER,
        name=name,
        open_id=open_id,
        at=datetime.fromtimestamp(seconds, UTC),
        publish_id=_text(content, "publish_id"),
        post_id=_text(content, "post_id"),
        reason=_text(content, "reason"),
    )


def _object(content: bytes | str) -> Mapping[str, Any]:
    if len(content) > MAX_BYTES:
        raise ValueError("too large")
    try:
        found = json.loads(content)
    except RecursionError:
        raise ValueError("too deep") from None
    if not isinstance(found, dict):
        raise ValueError("no object")  # noqa: TRY004  to the caller it is bad input, whatever its type
    return found


def _text(content: Mapping[str, Any], name: str) -> str:
    found = content.get(name, "")
    return str(found) if isinstance(found, str | int) else ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(_LATEST)) and int(text) < _LATEST
