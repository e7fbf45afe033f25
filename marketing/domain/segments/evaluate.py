"""Whether one person belongs to a segment: the meaning of each condition, without a database.

The SQL of marketing/contacts/segment_query.py must always agree; a property test holds the two together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from marketing.domain.consent import ConsentState
from marketing.domain.segments.tree import (
    NOT_BOUGHT,
    And,
    Attribute,
    Bought,
    Consent,
    Created,
    Deed,
    Engaged,
    Field,
    HasAddress,
    InSegment,
    Match,
    NameContains,
    Node,
    Not,
    Or,
    Suppressed,
    Topics,
    ascii_folded,
)
from marketing.domain.types import ChannelName, Purpose


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order; category and business are None when its product is not of our catalogue."""

    amount: int
    category: str | None = None
    product: int | None = None
    business: int | None = None


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order as far as segments ask."""

    at: datetime
    status: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """Something that came of a campaign."""

    deed: Deed
    at: datetime
    campaign: int


@dataclass(frozen=True, slots=True)
class Person:
    """Everything that segments may ask of one contact."""

    name: str
    attributes: Mapping[Field, str]
    created_at: datetime
    topics: frozenset[str] = frozenset()
    purchases: tuple[Purchase, ...] = ()
    deeds: tuple[Done, ...] = ()
    consent: Mapping[Purpose, ConsentState] = field(default_factory=dict)
    channels: frozenset[ChannelName] = frozenset()
    suppressed: frozenset[ChannelName] = frozenset()


def belongs(node: Node, person: Person, now: datetime) -> bool:  # noqa: C901, PLR0912  one case per condition
    """Return whether the person belongs; segments inside must have been put in their place (limits.inlined)."""
    match node:
        case And(parts=parts):
            return all(belongs(part, person, now) for part in parts)
        case Or(parts=parts):
            return any(belongs(part, person, now) for part in parts)
        case Not(part=part):
            return not belongs(part, person, now)
        case Attribute(field=Field.KECAMATAN, values=values):
            return ascii_folded(person.attributes[Field.KECAMATAN]) in {ascii_folded(value) for value in values}
        case Attribute(field=name, values=values):
            return person.attributes[name] in values
        case NameContains(text=text):
            return ascii_folded(text) in ascii_folded(person.name)
        case Created(days=days):
            return person.created_at >= since(now, days)
        case Topics(match=match, topics=topics):
            held = [topic in person.topics for topic in topics]
            return {Match.ANY: any(held), Match.ALL: all(held), Match.NONE: not any(held)}[match]
        case Bought():
            return _bought(node, person, now)
        case Engaged():
            return any(_fits(node, done, now) for done in person.deeds)
        case Consent(purpose=purpose, state=state):
            return person.consent.get(purpose, ConsentState.NONE) is state
        case HasAddress(channel=channel):
            return channel in person.channels
        case Suppressed(channel=channel):
            return bool(person.suppressed) if channel is None else channel in person.suppressed
        case InSegment():
            raise ValueError("a segment was not put in its place")


def since(now: datetime, days: int) -> datetime:
    """Return where a window of so many days begins."""
    return now - timedelta(days=days)


def _bought(wanted: Bought, person: Person, now: datetime) -> bool:
    narrowed = _line_test(wanted)
    orders = [
        (purchase, [line for line in purchase.lines if narrowed is None or narrowed(line)])
        for purchase in person.purchases
        if purchase.status not in NOT_BOUGHT and (wanted.days is None or purchase.at >= since(now, wanted.days))
    ]
    counted = [lines for _purchase, lines in orders if narrowed is None or lines]
    spent = sum(line.amount for lines in counted for line in lines)
    return len(counted) >= wanted.times and spent >= wanted.spent


def _line_test(wanted: Bought) -> Callable[[Line], bool] | None:
    if wanted.category is None and wanted.product is None and wanted.business is None:
        return None
    return lambda line: (
        wanted.category in (None, line.category)
        and wanted.product in (None, line.product)
        and wanted.business in (None, line.business)
    )


def _fits(wanted: Engaged, done: Done, now: datetime) -> bool:
    return (
        done.deed is wanted.deed
        and wanted.campaign in (None, done.campaign)
        and (wanted.days is None or done.at >= since(now, wanted.days))
    )
