"""The state that goes with a person to a provider and comes back: for one purpose, one log-in, half an hour and one use."""

import base64
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from marketing.accounts.answered import Question, once
from marketing.db.session import Database
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _

LIFE: Final = timedelta(minutes=30)
LONGEST: Final = 300
"""No state of ours is longer; providers give back what they were given."""
_STATE: Final = re.compile(r"([\w-]{0,80})\.(\d{1,19})\.([\w-]{22})\.([\w-]{43})", re.ASCII)
_ASKER: Final = "authorising"


@dataclass(frozen=True, slots=True)
class Intention:
    """What a person meant to connect; `about` is what was chosen before leaving, of letters, digits, "_" and "-"."""

    provider: str
    tenant_id: str
    user_id: int
    about: str = ""


@dataclass(frozen=True, slots=True)
class Journey:
    """One way to a provider and back; `verifier` proves that who trades the code is who left (RFC 7636)."""

    intention: Intention
    state: str
    verifier: str = field(repr=False)


def journey_of(intention: Intention, *, key: bytes, session_secret: str, ends: datetime, number: str) -> Journey:
    """Return the journey of this number; only this log-in's secret makes its state and its verifier."""
    stamp = str(int(ends.timestamp()))
    facts = (intention.provider, intention.tenant_id, str(intention.user_id), intention.about, stamp, number)

    def mac(purpose: str) -> str:
        text = "\x1f".join((purpose, *facts, session_secret)).encode("utf-8", "surrogatepass")
        return base64.urlsafe_b64encode(hmac.digest(key, text, "sha256")).decode().rstrip("=")

    return Journey(intention, f"{intention.about}.{stamp}.{number}.{mac('channel-account')}", mac("verifier"))


def returned(
    state: str, *, provider: str, tenant_id: str, user_id: int, key: bytes, session_secret: str, now: datetime
) -> Journey | None:
    """Return the journey of a state that came back; None when it is not of this log-in, this purpose, or not in time."""
    parts = _STATE.fullmatch(state)
    if parts is None or not session_secret:
        return None
    about, stamp, number, _mac = parts.groups()
    seconds = int(stamp)
    if not now.timestamp() <= seconds <= (now + LIFE).timestamp():
        return None
    journey = journey_of(
        Intention(provider, tenant_id, user_id, about),
        key=key,
        session_secret=session_secret,
        ends=datetime.fromtimestamp(seconds, now.tzinfo),
        number=number,
    )
    return journey if hmac.compare_digest(journey.state, state) else None


@dataclass(frozen=True, slots=True)
class Journeys:
    """Lets people leave for a provider, and lets each in again once."""

    database: Database
    key: bytes = field(repr=False)
    clock: Callable[[], datetime]

    def leave(self, intention: Intention, session_secret: str) -> Journey:
        """Begin a journey."""
        ends, number = self.clock() + LIFE, secrets.token_urlsafe(16)
        return journey_of(intention, key=self.key, session_secret=session_secret, ends=ends, number=number)

    def come_back(self, state: str, provider: str, tenant_id: str, user_id: int, session_secret: str) -> Journey:
        """End a journey; InvalidInputError when it is not this person's, came too late, or has ended before."""
        now = self.clock()
        journey = returned(
            state,
            provider=provider,
            tenant_id=tenant_id,
            user_id=user_id,
            key=self.key,
            session_secret=session_secret,
            now=now,
        )
        if journey is not None:
            question = Question(tenant_id, _ASKER, state, "", self.key)
            with self.database.write() as session:
                if not once(session, question, now, dict)[1]:
                    return journey
        raise InvalidInputError(
            _(
                "Izin ini tidak berasal dari permintaan Anda, sudah dipakai, atau sudah lewat setengah jam. Mulai lagi dari halaman Kanal."
            )
        )
