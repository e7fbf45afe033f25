"""The form of a key for other programs: `siar_<find it by>_<secret>`, and what it may do.

The secret has 256 bits from the system's generator, so one round of SHA-256 keeps it: nobody tries them all (NIST SP
800-63B 5.1.2.2 asks for slow hashes only below 112 bits). The fixed beginning lets scanners of leaked secrets know one.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

PREFIX_BYTES: Final = 6
SECRET_BYTES: Final = 32
_FORM: Final = re.compile(r"siar_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


class KeyScope(StrEnum):
    """What a key may do. VOUCH stands only beside CONSENTS: the program confirms addresses itself and says so."""

    CONSENTS = "consents"
    VOUCH = "vouch"
    WITHDRAWALS = "withdrawals"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is shown once; `secret` is all of it and appears in no repr."""

    prefix: str
    secret: str = field(repr=False)

    @property
    def hash(self) -> str:
        """What is kept."""
        return key_hash(self.secret)


def new_key() -> NewKey:
    """Make a key that nobody has seen."""
    prefix = secrets.token_hex(PREFIX_BYTES)
    return NewKey(prefix, f"siar_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}")


def prefix_of(given: str) -> str:
    """Return by what a key is found, empty for what is no key of ours by its form."""
    found = _FORM.fullmatch(given)
    return found[1] if found else ""


def key_hash(secret: str) -> str:
    """Return the hash under which a key is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def fits(given: str, kept: str) -> bool:
    """Return whether a key is the one that was kept; compared in constant time."""
    return hmac.compare_digest(key_hash(given), kept)


def may_stand_together(scopes: Collection[KeyScope]) -> bool:
    """Return whether a key may have these scopes."""
    return bool(scopes) and (KeyScope.VOUCH not in scopes or KeyScope.CONSENTS in scopes)
