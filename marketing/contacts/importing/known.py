"""What is known about the people of a batch, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from marketing.contacts.addresses import NORMALISE
from marketing.contacts.importing.record import Person
from marketing.db.bulk import among
from marketing.db.models import Address, ConsentNow, Contact, Suppression
from marketing.domain.consent import ConsentEvent
from marketing.domain.types import BuyerKind, ChannelName, Purpose

SOURCE: Final = "impor"
"""The source of contacts that a file brought in, as the catalogue's is that of its buyers."""
ERASED: Final = "erased"
"""Reason of a suppression that only remembers, as a keyed hash, whom we must never take in again (UU 27/2022 Ps. 43)."""


@dataclass(frozen=True, slots=True)
class Known:
    """One contact that we have, as a row may change it."""

    id: int
    source: str
    name: str
    kind: BuyerKind
    locale: str
    zone: str
    kecamatan: str
    preferences: Mapping[str, Any]
    erased: bool
    addresses: tuple[tuple[int, ChannelName, str], ...] = ()
    consents: Mapping[Purpose, ConsentEvent] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about the people of a batch; `merged` are ids of contacts that were merged into another one."""

    contacts: Mapping[int, Known]
    by_external_id: Mapping[str, int]
    by_address: Mapping[tuple[ChannelName, str], int]
    erased: frozenset[tuple[ChannelName, str]]
    merged: frozenset[str]


def external_id_of(person: Person) -> str:
    """Return the id under which a new contact is kept: the file's own, else one that its first address always gives."""
    if person.external_id:
        return f"id:{person.external_id}"
    first = person.addresses[0]
    return f"{first.channel.value}:{first.hash[:32]}"


def gather(session: Session, tenant_id: str, people: Sequence[Person]) -> Facts:
    """Return what is known about these people; the transaction is one that looks rows up and never walks a table."""
    if session.get_bind().dialect.name == "postgresql":
        # Without statistics, as in the minutes of a large import, it would rather read a table than look up thousands.
        session.execute(text("SET LOCAL enable_seqscan = off"))
    hashes = [one.hash for person in people for one in person.addresses]
    found = select(Address.channel, Address.hash, Address.contact_id).where(
        Address.tenant_id == tenant_id, among(session, Address.hash, hashes)
    )
    by_address: dict[tuple[ChannelName, str], int] = {}
    for channel, hashed, contact_id in session.execute(found):
        by_address.setdefault((channel, hashed), contact_id)
    barred = select(Suppression.channel, Suppression.address_hash).where(
        Suppression.tenant_id == tenant_id,
        Suppression.channel.in_(NORMALISE),  # all of them: the index wants to know
        Suppression.reason == ERASED,
        among(session, Suppression.address_hash, hashes),
    )
    erased = frozenset((channel, hashed) for channel, hashed in session.execute(barred))
    external = [external_id_of(person) for person in people]
    by_external_id, own_ids, contacts = _contacts(session, tenant_id, external, set(by_address.values()))
    merged = frozenset(name for name, own in own_ids.items() if by_external_id[name] != own)
    return Facts(contacts, by_external_id, by_address, erased, merged)


def _contacts(
    session: Session, tenant_id: str, external: Sequence[str], ids: set[int]
) -> tuple[dict[str, int], dict[str, int], dict[int, Known]]:
    """Return who is meant by each id of the file, the contact that bears it, and everybody known."""
    columns = (
        Contact.id, Contact.source, Contact.external_id, Contact.name, Contact.kind, Contact.locale, Contact.zone,
        Contact.kecamatan, Contact.preferences, Contact.erased_at, Contact.merged_into,
    )  # fmt: skip
    query = select(*columns).where(Contact.tenant_id == tenant_id)
    own = query.where(Contact.source == SOURCE, among(session, Contact.external_id, external))
    rows: list[Any] = list(session.execute(own))
    own_ids = {row.external_id: row.id for row in rows}
    into = {row.id: row.merged_into for row in rows if row.merged_into}
    wanted = (ids | set(into.values())) - {row.id for row in rows}
    while wanted:
        found = session.execute(query.where(among(session, Contact.id, wanted))).all()
        rows += found
        into |= {row.id: row.merged_into for row in found if row.merged_into}
        wanted = set(into.values()) - {row.id for row in rows}
    by_external_id = {name: _lead(contact_id, into) for name, contact_id in own_ids.items()}
    known = [row.id for row in rows]
    addresses, consents = _addresses(session, known), _standing(session, known)
    return (
        by_external_id,
        own_ids,
        {
            row.id: Known(
                id=row.id,
                source=row.source,
                name=row.name,
                kind=row.kind,
                locale=row.locale,
                zone=row.zone,
                kecamatan=row.kecamatan,
                preferences=row.preferences,
                erased=row.erased_at is not None,
                addresses=tuple(addresses.get(row.id, ())),
                consents=consents.get(row.id, {}),
            )
            for row in rows
        },
    )


def _lead(contact_id: int, into: Mapping[int, int]) -> int:
    while contact_id in into:
        contact_id = into[contact_id]
    return contact_id


def _addresses(session: Session, ids: Collection[int]) -> dict[int, list[tuple[int, ChannelName, str]]]:
    found: dict[int, list[tuple[int, ChannelName, str]]] = defaultdict(list)
    query = select(Address.contact_id, Address.id, Address.channel, Address.hash)
    for contact_id, row_id, channel, hashed in session.execute(
        query.where(among(session, Address.contact_id, ids)).order_by(Address.id)
    ):
        found[contact_id].append((row_id, channel, hashed))
    return found


def _standing(session: Session, ids: Collection[int]) -> dict[int, dict[Purpose, ConsentEvent]]:
    found: dict[int, dict[Purpose, ConsentEvent]] = defaultdict(dict)
    query = select(ConsentNow.contact_id, ConsentNow.purpose, ConsentNow.state, ConsentNow.at)
    for contact_id, purpose, state, at in session.execute(query.where(among(session, ConsentNow.contact_id, ids))):
        found[contact_id][purpose] = ConsentEvent(purpose, state, at, "", "")
    return found
