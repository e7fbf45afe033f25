"""The state that goes with a person to a provider and comes back: for one purpose, one log-in and half an hour; pure."""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LIFE: Final = timedelta(minutes=30)
_MAC_CHARS: Final = 43
_LONGEST: Final = 19


@dataclass(frozen=True, slots=True)
class Intention:
    """What the person meant to connect: a shop of the Dinas (`business_id` None) or of one business."""

    provider: str
    tenant_id: str
    user_id: int
    business_id: int | None


def state_of(intention: Intention, *, key: bytes, session_secret: str, now: datetime) -> str:
    """Return the state: business, end of life and a MAC that only this log-in's secret makes."""
    ends = int((now + LIFE).timestamp())
    return f"{intention.business_id or 0}.{ends}.{_mac(intention, ends, key, session_secret)}"


def intention_of(
    state: str, *, provider: str, tenant_id: str, user_id: int, key: bytes, session_secret: str, now: datetime
) -> Intention | None:
    """Return what was meant; None when the state is not of this log-in, this purpose, or not in time."""
    business, _dot, rest = state.partition(".")
    ends, _dot, given = rest.partition(".")
    if not session_secret or len(given) != _MAC_CHARS or not all(_number(part) for part in (business, ends)):
        return None
    intention = Intention(provider, tenant_id, user_id, int(business) or None)
    genuine = hmac.compare_digest(_mac(intention, int(ends), key, session_secret).encode(), given.encode())
    return intention if genuine and now.timestamp() <= int(ends) else None


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST


def _mac(intention: Intention, ends: int, key: bytes, session_secret: str) -> str:
    parts = (
        "marketplace-account",
        intention.provider,
        intention.tenant_id,
        str(intention.user_id),
        str(intention.business_id or 0),
        str(ends),
        session_secret,
    )
    text = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return base64.urlsafe_b64encode(hmac.digest(key, text, "sha256")).decode().rstrip("=")
