"""Proof that a public form was shown by us, a moment ago, to be sent once; asks no third party, sets no cookie, needs no script.

A program has to fetch the page, wait as long as a person reads, and fetch it again for every further try.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

SOONEST: Final = timedelta(seconds=3)  # nobody reads and fills the form in less
LATEST: Final = timedelta(hours=12)
_MAC_CHARS: Final = 32


class Verdict(StrEnum):
    """What a proof is worth; all but FINE show the form again."""

    FINE = "fine"
    TOO_FAST = "too_fast"
    TOO_OLD = "too_old"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was read; `shown_at` is None and `nonce` empty for a forged one."""

    verdict: Verdict
    nonce: str = ""
    shown_at: datetime | None = None


def issue(key: bytes, form: str, nonce: str, shown_at: datetime) -> str:
    """Return the hidden value of a form shown at this moment; the nonce is fresh for every rendering."""
    head = f"{int(shown_at.timestamp()):x}.{nonce}"
    return f"{head}.{_mac(key, form, head)}"


def read(key: bytes, form: str, given: str, now: datetime) -> Proof:
    """Judge the hidden value that came back; whether its nonce was used before is for the caller to know."""
    head, _dot, mac = given.rpartition(".")
    if not hmac.compare_digest(_mac(key, form, head).encode(), mac.encode("utf-8", "replace")):
        return Proof(Verdict.FORGED)
    seconds, _dot, nonce = head.partition(".")
    shown_at = datetime.fromtimestamp(int(seconds, 16), UTC)
    age = now - shown_at
    if age < SOONEST:
        return Proof(Verdict.TOO_FAST, nonce, shown_at)
    return Proof(Verdict.TOO_OLD if age > LATEST else Verdict.FINE, nonce, shown_at)


def _mac(key: bytes, form: str, head: str) -> str:
    return hmac.digest(key, f"form|{form}|{head}".encode("utf-8", "replace"), "sha256").hex()[:_MAC_CHARS]
