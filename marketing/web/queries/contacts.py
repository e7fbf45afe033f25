"""People as their list reads them, and the list of never-send."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from marketing.contacts.merging import Twins, suggestions, twins_of
from marketing.contacts.suppressions import Reach
from marketing.db.models import Address, ConsentNow, Contact, Suppression, User
from marketing.domain.consent import ConsentState
from marketing.domain.types import BuyerKind, ChannelName, Purpose
from marketing.web.queries.searching import has_words

COUNTED: Final = 10_000
"""Up to here a narrowed list is counted; beyond, a count costs more than it tells."""
SUPPRESSED, RESTRICTED, PAUSED, ERASED = "henti", "dibatasi", "dijeda", "dihapus"
STANDINGS: Final = (SUPPRESSED, RESTRICTED, PAUSED, ERASED)


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """What the list is narrowed to; `reaches` is an address searched for as a whole, `fragments` lets words look into addresses."""

    words: str = ""
    reaches: Sequence[Reach] = ()
    fragments: bool = False
    kind: str = ""
    purpose: str = ""
    state: str = ""
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """One page by key: those after an id, or those before it, newest first."""

    after: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """One person of the list."""

    id: int
    name: str
    kind: BuyerKind
    created_at: datetime
    erased: bool
    restricted: bool
    paused: bool
    suppressed: bool
    addresses: tuple[tuple[ChannelName, str], ...]
    given: tuple[Purpose, ...]


@dataclass(frozen=True, slots=True)
class ContactPage:
    """One page; `total` is None beyond COUNTED."""

    rows: Sequence[ContactFacts]
    total: int | None
    newer: bool
    older: bool


@dataclass(frozen=True, slots=True)
class SuppressionFacts:
    """One row of the list of never-send; the person is known only while a contact still has the address."""

    id: int
    channel: ChannelName
    reason: str
    note: str
    at: datetime
    who: str
    contact_id: int | None
    contact: str


def list_contacts(
    session: Session, tenant_id: str, wanted: ContactFilter, window: Window, now: datetime, *, limit: int
) -> ContactPage:
    """Return one page of the people who are not merged into another, newest first."""
    where = _conditions(tenant_id, wanted, now)
    query = select(Contact).where(*where)
    backwards = window.before is not None
    if window.after is not None:
        query = query.where(Contact.id < window.after)
    elif window.before is not None:
        query = query.where(Contact.id > window.before)
    ordered = query.order_by(Contact.id.asc() if backwards else Contact.id.desc()).limit(limit + 1)
    found = list(session.scalars(ordered))
    more = len(found) > limit
    found = found[:limit]
    if backwards:
        found.reverse()
    return ContactPage(
        rows=_facts(session, tenant_id, found, now),
        total=_count(session, where),
        newer=more if backwards else window.after is not None,
        older=backwards or more,
    )


def facts_of(session: Session, contact: Contact, now: datetime) -> ContactFacts:
    """Return one contact as lists show it."""
    return _facts(session, contact.tenant_id, [contact], now)[0]


def likely_twins(session: Session, contact: Contact, now: datetime, limit: int) -> Sequence[ContactFacts]:
    """Return who may be the same person as this contact, the likeliest first."""
    return _facts(session, contact.tenant_id, twins_of(session, contact, limit), now)


def totals(session: Session, tenant_id: str) -> tuple[int, int, int]:
    """Return how many people there are, how many agreed to something, and how many addresses are never written to."""
    people = select(func.count()).where(
        Contact.tenant_id == tenant_id, Contact.merged_into.is_(None), Contact.erased_at.is_(None)
    )
    agreed = select(func.count(func.distinct(ConsentNow.contact_id))).where(
        ConsentNow.tenant_id == tenant_id, ConsentNow.state == ConsentState.GIVEN
    )
    barred = select(func.count()).where(Suppression.tenant_id == tenant_id)
    return session.scalar(people) or 0, session.scalar(agreed) or 0, session.scalar(barred) or 0


def twins(session: Session, tenant_id: str, limit: int) -> Sequence[tuple[Twins, str, str]]:
    """Return pairs that may be one person, each with both names."""
    found = suggestions(session, tenant_id, limit)
    ids = {number for pair in found for number in (pair.keep, pair.gone)}
    names = dict(session.execute(select(Contact.id, Contact.name).where(Contact.id.in_(ids))).all())
    return [(pair, names[pair.keep], names[pair.gone]) for pair in found]


def list_suppressions(
    session: Session,
    tenant_id: str,
    *,
    reason: str = "",
    reaches: Sequence[Reach] | None = None,
    offset: int = 0,
    limit: int,
) -> tuple[Sequence[SuppressionFacts], int]:
    """Return one page of the list of never-send, newest first, and how many rows there are; `reaches` finds one address."""
    where: list[ColumnElement[bool]] = [Suppression.tenant_id == tenant_id]
    if reason:
        where.append(Suppression.reason == reason)
    if reaches is not None:
        where.append(or_(*map(_is_reach, reaches)) if reaches else Suppression.id.is_(None))
    total = session.scalar(select(func.count()).select_from(Suppression).where(*where)) or 0
    query = (
        select(Suppression, User.name)
        .outerjoin(User, User.id == Suppression.user_id)
        .where(*where)
        .order_by(Suppression.id.desc())
        .offset(offset)
        .limit(limit)
    )
    rows = [(row, who or "") for row, who in session.execute(query)]
    owners = _owners(session, tenant_id, {row.address_hash for row, _who in rows})
    return [_suppression(row, who, owners.get((row.channel, row.address_hash))) for row, who in rows], total


def suppressed_by_reason(session: Session, tenant_id: str) -> Mapping[str, int]:
    """Return how many addresses stand on the list for each reason."""
    query = select(Suppression.reason, func.count()).where(Suppression.tenant_id == tenant_id)
    return dict(session.execute(query.group_by(Suppression.reason)).all())


def _conditions(tenant_id: str, wanted: ContactFilter, now: datetime) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [Contact.tenant_id == tenant_id, Contact.merged_into.is_(None)]
    where.append(Contact.erased_at.is_not(None) if wanted.standing == ERASED else Contact.erased_at.is_(None))
    if wanted.reaches:
        hit = or_(*(and_(Address.channel == reach.channel, Address.hash == reach.hash) for reach in wanted.reaches))
        where.append(exists().where(Address.contact_id == Contact.id, Address.tenant_id == tenant_id, hit))
    elif wanted.words:
        named = has_words(wanted.words, Contact.name)
        part = wanted.words.lstrip("0 ") or wanted.words
        inside = exists().where(Address.contact_id == Contact.id, Address.normalised.icontains(part, autoescape=True))
        where.append(or_(named, inside) if wanted.fragments else named)
    if wanted.kind:
        where.append(Contact.kind == wanted.kind)
    if wanted.purpose or wanted.state:
        where.append(_consents(wanted))
    if wanted.standing == SUPPRESSED:
        where.append(_suppressed())
    elif wanted.standing == RESTRICTED:
        where.append(Contact.restricted_at.is_not(None))
    elif wanted.standing == PAUSED:
        where.append(Contact.paused_until > now)
    return where


def _consents(wanted: ContactFilter) -> ColumnElement[bool]:
    mine = exists().where(ConsentNow.contact_id == Contact.id)
    if wanted.purpose:
        mine = mine.where(ConsentNow.purpose == wanted.purpose)
    if wanted.state == ConsentState.NONE:
        return ~mine
    return mine.where(ConsentNow.state == (wanted.state or ConsentState.GIVEN))


def _suppressed() -> ColumnElement[bool]:
    return exists().where(
        Address.contact_id == Contact.id,
        Suppression.tenant_id == Address.tenant_id,
        Suppression.channel == Address.channel,
        Suppression.address_hash == Address.hash,
    )


def _count(session: Session, where: Sequence[ColumnElement[bool]]) -> int | None:
    found = session.scalar(
        select(func.count()).select_from(select(Contact.id).where(*where).limit(COUNTED + 1).subquery())
    )
    return found if found is not None and found <= COUNTED else None


def _facts(session: Session, tenant_id: str, found: Sequence[Contact], now: datetime) -> list[ContactFacts]:
    ids = [one.id for one in found]
    given: defaultdict[int, list[Purpose]] = defaultdict(list)
    states = select(ConsentNow.contact_id, ConsentNow.purpose).where(
        ConsentNow.contact_id.in_(ids), ConsentNow.state == ConsentState.GIVEN
    )
    for contact_id, purpose in session.execute(states):
        given[contact_id].append(purpose)
    barred = set(
        session.scalars(
            select(Address.contact_id)
            .join(
                Suppression,
                (Suppression.tenant_id == tenant_id)
                & (Suppression.channel == Address.channel)
                & (Suppression.address_hash == Address.hash),
            )
            .where(Address.contact_id.in_(ids))
        )
    )
    return [
        ContactFacts(
            id=one.id,
            name=one.name,
            kind=one.kind,
            created_at=one.created_at,
            erased=one.erased_at is not None,
            restricted=one.restricted_at is not None,
            paused=one.paused_until is not None and one.paused_until > now,
            suppressed=one.id in barred,
            addresses=tuple((row.channel, row.normalised) for row in one.addresses),
            given=tuple(purpose for purpose in Purpose if purpose in given[one.id]),
        )
        for one in found
    ]


def _is_reach(reach: Reach) -> ColumnElement[bool]:
    return and_(Suppression.channel == reach.channel, Suppression.address_hash == reach.hash)


def _owners(session: Session, tenant_id: str, hashes: set[str]) -> Mapping[tuple[ChannelName, str], tuple[int, str]]:
    query = (
        select(Address.channel, Address.hash, Contact.id, Contact.name)
        .join(Contact, Contact.id == Address.contact_id)
        .where(Address.tenant_id == tenant_id, Address.hash.in_(hashes))
    )
    return {(channel, hashed): (number, name) for channel, hashed, number, name in session.execute(query)}


def _suppression(row: Suppression, who: str, owner: tuple[int, Any] | None) -> SuppressionFacts:
    return SuppressionFacts(
        id=row.id,
        channel=row.channel,
        reason=row.reason,
        note=row.note,
        at=row.at,
        who=who,
        contact_id=owner[0] if owner else None,
        contact=owner[1] if owner else "",
    )
