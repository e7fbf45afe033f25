"""A segment as a typed tree of conditions over one person. Pure values; what they mean is in evaluate.py.

Windows (`days`) reach back from the moment of asking, that moment less so many times 24 hours included.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from marketing.domain.consent import ConsentState
from marketing.domain.product import Category
from marketing.domain.types import ChannelName, Purpose

NOT_BOUGHT: Final = frozenset({"cancelled", "refunded"})
"""States of an order that is no purchase."""


class Field(StrEnum):
    """What a contact has one of. Compared letter by letter; a kecamatan with A-Z and a-z alike, as people write it."""

    KIND = "kind"
    LOCALE = "locale"
    ZONE = "zone"
    KECAMATAN = "kecamatan"
    SOURCE = "source"


class Match(StrEnum):
    """How many of the topics a person must have chosen."""

    ANY = "any"
    ALL = "all"
    NONE = "none"


class Deed(StrEnum):
    """What came of a campaign: a message the server of the person took, or a click by a person, never by software."""

    RECEIVED = "received"
    CLICKED = "clicked"


@dataclass(frozen=True, slots=True)
class Attribute:
    """The field has one of the values."""

    field: Field
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameContains:
    """The name contains the text, A-Z and a-z alike."""

    text: str


@dataclass(frozen=True, slots=True)
class Created:
    """Known for at most so many days."""

    days: int


@dataclass(frozen=True, slots=True)
class Topics:
    """What the person chose to hear about."""

    match: Match
    topics: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class Bought:
    """Recency, frequency and value of purchases.

    At least `times` orders with a matching line within `days` (None: ever), whose matching lines come to at least
    `spent` whole rupiah (quantity times price, without shipping). Product and business are our row ids.
    """

    category: Category | None = None
    product: int | None = None
    business: int | None = None
    days: int | None = None
    times: int = 1
    spent: int = 0


@dataclass(frozen=True, slots=True)
class Engaged:
    """The person received or clicked a message, within `days` (None: ever), of one campaign (None: any).

    Clicks are known only of people who agreed to be tracked (UU 27/2022 Ps. 20(2)a): nobody else ever clicked.
    """

    deed: Deed
    days: int | None = None
    campaign: int | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """The consent for a purpose stands so; `none` is nothing in the ledger."""

    purpose: Purpose
    state: ConsentState


@dataclass(frozen=True, slots=True)
class HasAddress:
    """The person has an address on the channel."""

    channel: ChannelName


@dataclass(frozen=True, slots=True)
class Suppressed:
    """An address of the person, on the channel or on any (None), is on the list of those never to be written to."""

    channel: ChannelName | None = None


@dataclass(frozen=True, slots=True)
class InSegment:
    """The person belongs to another segment, as it stands when asked."""

    segment: int


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold; two or more."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds; two or more."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Node"


Leaf = (
    Attribute | NameContains | Created | Topics | Bought | Engaged | Consent | HasAddress | Suppressed | InSegment
)  # fmt: skip
Node = Leaf | And | Or | Not


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts of a node; a condition has none."""
    match node:
        case And(parts=parts) | Or(parts=parts):
            return parts
        case Not(part=part):
            return (part,)
    return ()


def leaves(node: Node) -> Iterator[Leaf]:
    """Return the conditions, from left to right."""
    if not isinstance(node, And | Or | Not):
        yield node
    for part in children(node):
        yield from leaves(part)


def depth(node: Node) -> int:
    """Return how deep the tree is; one condition is 1."""
    return 1 + max((depth(part) for part in children(node)), default=0)


def ascii_folded(text: str) -> str:
    """Return the text with A-Z as a-z and nothing else changed: what both database engines do alike."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)
