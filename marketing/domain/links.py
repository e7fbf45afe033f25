"""Signed, purpose-bound links: an address carries ids and a MAC, never a destination and never a person's data."""

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

MAC_BYTES = 16  # 128 bits; 22 characters, which keeps List-Unsubscribe short


class LinkPurpose(StrEnum):
    """What a link may do; a token for one purpose is worthless for another."""

    CLICK = "k"
    OPEN = "b"
    UNSUBSCRIBE = "u"
    WEB_VIEW = "w"
    WHY = "m"
    PREFERENCES = "p"
    CONFIRM = "d"
    REFERENCE = "r"
    OWN_DATA = "s"
    PASSWORD = "g"  # noqa: S105  a letter of an address


@dataclass(frozen=True, slots=True)
class LinkSigner:
    """Makes and checks tokens with one or more keys: the first signs, all verify (rotation)."""

    keys: Sequence[bytes] = field(repr=False)
    base_url: str

    def url(self, purpose: LinkPurpose, *ids: int) -> str:
        """Return the address for a purpose and its ids."""
        token = "-".join([*(_encode(number) for number in ids), _mac(self.keys[0], purpose, ids)])
        return f"{self.base_url}/{purpose}/{token}"

    def reference(self, number: int) -> str:
        """Return a stable, unguessable name for a row, as used in Message-ID."""
        return f"{_encode(number)}.{_mac(self.keys[0], LinkPurpose.REFERENCE, (number,))}"

    def referred(self, reference: str) -> int | None:
        """Return the number of a genuine `reference`, or None."""
        head, dot, given = reference.partition(".")
        try:
            number = _decode(head)
        except ValueError:
            return None
        genuine = [
            hmac.compare_digest(given.encode(), _mac(key, LinkPurpose.REFERENCE, (number,)).encode())
            for key in self.keys
        ]
        return number if dot and any(genuine) else None

    def read(self, purpose: LinkPurpose, token: str) -> tuple[int, ...] | None:
        """Return the ids of a genuine token, or None."""
        # the MAC is base64url and may hold "-" itself: it is cut off by length, not by the last dash
        if len(token) <= _MAC_CHARS or token[-_MAC_CHARS - 1] != "-":
            return None
        head, given = token[: -_MAC_CHARS - 1], token[-_MAC_CHARS:]
        try:
            ids = tuple(_decode(part) for part in head.split("-"))
        except ValueError:
            return None
        genuine = [hmac.compare_digest(given.encode(), _mac(key, purpose, ids).encode()) for key in self.keys]
        return ids if any(genuine) else None


_MAC_CHARS = 22
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MAX_ID_CHARS = 13


def _encode(number: int) -> str:
    if number < 0:
        raise ValueError("ids are not negative")
    text = ""
    while True:
        number, rest = divmod(number, 36)
        text = _DIGITS[rest] + text
        if number == 0:
            return text


def _decode(text: str) -> int:
    """Read base 36 strictly: one spelling per number, so that a changed token is never an equal one."""
    if (
        not text
        or len(text) > _MAX_ID_CHARS
        or any(char not in _DIGITS for char in text)
        or (text != "0" and text[0] == "0")
    ):
        raise ValueError(text)
    return int(text, 36)


def _mac(key: bytes, purpose: LinkPurpose, ids: Sequence[int]) -> str:
    digest = hmac.digest(key, f"{purpose}|{'|'.join(map(str, ids))}".encode(), "sha256")[:MAC_BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def with_utm(url: str, *, campaign: str, medium: str, source: str = "siar") -> str:
    """Return the address with UTM parameters, keeping those it has."""
    parts = urlsplit(url)
    query = [
        *((key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not key.startswith("utm_")),
        ("utm_source", source),
        ("utm_medium", medium),
        ("utm_campaign", campaign),
    ]
    return urlunsplit(parts._replace(query=urlencode(query)))
