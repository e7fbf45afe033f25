"""Signed, purpose-bound links: an address carries ids and a MAC, never a destination and never a person's data.

The links of one message share the work: a keyed sponge (SHAKE256 over one block of key, then the message's id; the shape of
KMAC, NIST SP 800-185) is squeezed once, and each purpose has a place of its own in what comes out; sixteen counted links
share another squeeze. Parts of one output say nothing about each other, so a link is as hard to forge as with a MAC of its
own: 132 bits. Whatever else is signed (choices of a person, confirmations) has an HMAC of 128 bits, and so had
every link before: those stay readable.
"""

import base64
import hmac
import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum, unique
from functools import lru_cache
from hashlib import shake_256
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from _hashlib import HASHXOF

MAC_BYTES: Final = 16
MAC_CHARS: Final = 22  # of 128 bits in base64url, and of 132: short enough for List-Unsubscribe on one line


@unique
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
    TELEGRAM = "tg"  # the payload of a bot's link, never an address of ours
    POST = "t"


OF_A_MESSAGE: Final = (
    LinkPurpose.OPEN, LinkPurpose.UNSUBSCRIBE, LinkPurpose.WEB_VIEW, LinkPurpose.WHY, LinkPurpose.REFERENCE,
)  # fmt: skip
"""What is bound to a message alone; the order is that of the places in its MAC and must stay."""
_OWN: Final = -1  # the squeeze of those
_CLICKS: Final = 16  # counted links that share a squeeze; must stay
_RATE: Final = 136  # octets that SHAKE256 takes in at once: the key fills one block, whatever follows begins the next


@dataclass(frozen=True, slots=True)
class LinkSigner:
    """Makes and checks tokens with one or more keys: the first signs, all verify (rotation)."""

    keys: Sequence[bytes] = field(repr=False)
    base_url: str

    def url(self, purpose: LinkPurpose, *ids: int) -> str:
        """Return the address for a purpose and its ids."""
        return f"{self.prefix(purpose)}{self.token(purpose, *ids)}"

    def token(self, purpose: LinkPurpose, *ids: int) -> str:
        """Return the end of that address."""
        return "-".join([*(_encode(number) for number in ids), _mac(self.keys[0], purpose, ids)])

    def prefix(self, purpose: LinkPurpose) -> str:
        """Return what comes before the token in every address for a purpose."""
        return f"{self.base_url}/{purpose}/"

    def tokens(self, message_id: int) -> "MessageTokens":
        """Return the maker of one message's tokens: the same as those of `url`, for less work."""
        return MessageTokens(self.keys[0], message_id)

    def reference(self, number: int) -> str:
        """Return a stable, unguessable name for a row, as used in Message-ID."""
        return self.tokens(number).reference()

    def referred(self, reference: str) -> int | None:
        """Return the number of a genuine `reference`, or None."""
        head, dot, given = reference.partition(".")
        try:
            number = _decode(head)
        except ValueError:
            return None
        genuine = [
            hmac.compare_digest(given.encode(), mac.encode())
            for key in self.keys
            for mac in (
                MessageTokens(key, number).reference().partition(".")[2],
                _hmac(key, LinkPurpose.REFERENCE, (number,)),  # messages sent before it shared its MAC have this one
            )
        ]
        return number if dot and any(genuine) else None

    def read(self, purpose: LinkPurpose, token: str) -> tuple[int, ...] | None:
        """Return the ids of a genuine token, or None."""
        # the MAC is base64url and may hold "-" itself: it is cut off by length, not by the last dash
        if len(token) <= MAC_CHARS or token[-MAC_CHARS - 1] != "-":
            return None
        head, given = token[: -MAC_CHARS - 1], token[-MAC_CHARS:]
        try:
            ids = tuple(_decode(part) for part in head.split("-"))
        except ValueError:
            return None
        genuine = [
            hmac.compare_digest(given.encode(), mac(key, purpose, ids).encode())
            for key in self.keys
            for mac in (_mac, _hmac)  # links of messages sent before theirs shared one have the second
        ]
        return ids if any(genuine) else None


class Place(NamedTuple):
    """Where the token of a purpose stands among those of a message: what comes before its MAC, in which squeeze, and where in it."""

    before: str
    squeeze: int
    start: int


def place_of(purpose: LinkPurpose, link_id: int = 0) -> Place:
    """Return the place of one of the purposes `OF_A_MESSAGE`, or of a counted link."""
    return _click_place(link_id) if purpose is LinkPurpose.CLICK else _PLACES[purpose]


class MessageTokens:
    """Makes the tokens of one message; used while it is written and then forgotten."""

    __slots__ = ("_head", "_key", "_macs", "_message")

    def __init__(self, key: bytes, message_id: int) -> None:
        self._key = key
        self._message = message_id
        self._head = _encode(message_id)
        self._macs: dict[int, str] = {}

    def token(self, purpose: LinkPurpose) -> str:
        """Return the token of one of the purposes `OF_A_MESSAGE`."""
        (token,) = self.at([_PLACES[purpose]])
        return token

    def click(self, link_id: int) -> str:
        """Return the token of a counted link."""
        (token,) = self.at([_click_place(link_id)])
        return token

    def reference(self) -> str:
        """Return the message's name, as `LinkSigner.reference`: its MAC is cut to whole octets, which a return path carries as such."""
        mac = self.token(LinkPurpose.REFERENCE)[-MAC_CHARS:]
        return f"{self._head}.{mac[:-1]}{_WHOLE[mac[-1]]}"

    def at(self, places: Sequence[Place]) -> list[str]:
        """Return the tokens of these places."""
        head, macs = self._head, self._macs
        found = []
        for before, squeeze, start in places:
            mac = macs.get(squeeze) or self._squeeze(squeeze)
            found.append(f"{head}{before}{mac[start : start + MAC_CHARS]}")
        return found

    def _squeeze(self, number: int) -> str:
        if number == _OWN:
            made = _squeezed(self._key, f"pesan|{self._message}", len(OF_A_MESSAGE))
        else:
            made = _squeezed(self._key, f"klik|{self._message}|{number}", _CLICKS)
        self._macs[number] = made
        return made


_ALPHABET: Final = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
_WHOLE: Final = {char: _ALPHABET[number & 0b110000] for number, char in enumerate(_ALPHABET)}
"""The last of 22 characters of base64url with no more than the two bits that belong to the sixteenth octet (RFC 4648 3.5)."""
_PLACES: Final = {purpose: Place("-", _OWN, number * MAC_CHARS) for number, purpose in enumerate(OF_A_MESSAGE)}


@lru_cache(maxsize=4_096)  # a campaign's links stand in every message of it
def _click_place(link_id: int) -> Place:
    squeeze, number = divmod(link_id, _CLICKS)
    return Place(f"-{_encode(link_id)}-", squeeze, number * MAC_CHARS)


_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MAX_ID_CHARS = 13


@lru_cache(maxsize=4_096)  # a campaign's links stand in every message of it
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
    if purpose in OF_A_MESSAGE and len(ids) == 1:
        return MessageTokens(key, ids[0]).token(purpose)[-MAC_CHARS:]
    if purpose is LinkPurpose.CLICK and len(ids) == 2:  # noqa: PLR2004  a message and a link
        return MessageTokens(key, ids[0]).click(ids[1])[-MAC_CHARS:]
    return _hmac(key, purpose, ids)


def _hmac(key: bytes, purpose: LinkPurpose, ids: Sequence[int]) -> str:
    digest = hmac.digest(key, f"{purpose}|{'|'.join(map(str, ids))}".encode(), "sha256")[:MAC_BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _squeezed(key: bytes, what: str, places: int) -> str:
    """Return so many MACs of 22 characters, one after the other."""
    sponge = _keyed(key).copy()
    sponge.update(what.encode())
    # 22 characters of base64 are 16.5 octets; whole threes of octets leave no padding, and more of them change nothing before
    return base64.urlsafe_b64encode(sponge.digest(-(-places * MAC_CHARS // 4) * 3)).decode()


@lru_cache(maxsize=16)
def _keyed(key: bytes) -> "HASHXOF":
    """Return the sponge that has taken in its key: derived, so that the HMAC's own key signs nothing in two ways."""
    return shake_256(hmac.digest(key, b"siar/tautan/2", "sha256").ljust(_RATE, b"\0"))


def with_utm(url: str, *, campaign: str, medium: str, source: str = "siar", content: str = "") -> str:
    """Return the address with UTM parameters, keeping what else it has."""
    parts = urlsplit(url)
    query = [
        *((key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not key.startswith("utm_")),
        ("utm_source", source),
        ("utm_medium", medium),
        ("utm_campaign", campaign),
        *([("utm_content", content)] if content else []),
    ]
    return urlunsplit(parts._replace(query=urlencode(query)))
