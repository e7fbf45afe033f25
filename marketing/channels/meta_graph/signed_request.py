"""What Meta signs when a person takes their leave back or asks for their data to be deleted; pure.

Source: developers.facebook.com facebook-login/guides/advanced/manual-flow ("Deauthorize callback") and
development/create-an-app/app-dashboard/data-deletion-callback, read 22 Nov 2026.
"""

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

TOLERANCE: Final = timedelta(days=1)
"""Meta names no limit; older than this it is a replay."""
LONGEST: Final = 8_000
_LATEST: Final = 4_102_444_800  # 1 Jan 2100


@dataclass(frozen=True, slots=True)
class Told:
    """Whose request it is, by the number that Meta gives a person for this app; `key` is the same however often it comes."""

    person: str
    key: str


def read_signed(text: str, app_secret: str, now: datetime) -> Told | None:
    """Return what a signed request says; None when it is not Meta's, not for this app, or stale."""
    signature, dot, payload = text.partition(".")
    if not (app_secret and dot and len(text) <= LONGEST and text.isascii()):
        return None
    expected = hmac.digest(app_secret.encode(), payload.encode(), "sha256")
    given = _opened(signature)
    if given is None or not hmac.compare_digest(given, expected):
        return None
    try:
        facts: Any = json.loads(_opened(payload) or b"")
    except (ValueError, RecursionError):
        return None
    if not isinstance(facts, dict) or str(facts.get("algorithm", "")).upper() != "HMAC-SHA256":
        return None
    person, issued = facts.get("user_id"), facts.get("issued_at")
    if not isinstance(person, str | int) or not str(person).isdecimal() or isinstance(issued, bool):
        return None
    if not isinstance(issued, int) or not 0 < issued < _LATEST:
        return None
    if abs(now - datetime.fromtimestamp(issued, UTC)) > TOLERANCE:
        return None
    return Told(str(person), f"{person}.{issued}")


def _opened(text: str) -> bytes | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
