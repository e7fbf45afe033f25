"""What is known about the people of a batch, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.contacts.importing.record import Person
from marketing.db.models import Address, ConsentNow, Contact, Suppression
from marketing.domain.consent import ConsentEvent
from marketing.domain.types import BuyerKind, ChannelName, Purpose

SOURCE: Final = "impor"
"""The source of contacts that a file brought in, as the catalogue's is that of its buyers."""
ERASED: Final = "erased"
"""Reason of a suppression that only remembers, as a keyed hash, whom we must never take in again (UU 27/2022 Ps. 43)."""
KEYS: Final = 5_000


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
    """Return what is known about these people."""
    hashes = [one.hash for person in people for one in person.addresses]
    external = [external_id_of(person) for person in people]
    by_address: dict[tuple[ChannelName, str], int] = {}
    query = select(Address.channel, Address.hash, Address.contact_id).where(Address.tenant_id == tenant_id)
    for part in _parts(hashes):
        for channel, hashed, contact_id in session.execute(query.where(Address.hash.in_(part))):
            by_address.setdefault((channel, hashed), contact_id)
    erased: set[tuple[ChannelName, str]] = set()
    barred = select(Suppression.channel, Suppression.address_hash).where(
        Suppression.tenant_id == tenant_id, Suppression.reason == ERASED
    )
    for part in _parts(hashes):
        erased.update(
            (channel, hashed) for channel, hashed in session.execute(barred.where(Suppression.address_hash.in_(part)))
        )
    by_external_id, own_ids, contacts = _contacts(session, tenant_id, external, set(by_address.values()))
    merged = frozenset(name for name, own in own_ids.items() if by_external_id[name] != own)
    return Facts(contacts, by_external_id, by_address, frozenset(erased), merged)


def _contacts(
    session: Session, tenant_id: str, external: Sequence[str], ids: set[int]
) -> tuple[dict[str, int], dict[str, int], dict[int, Known]]:
    """Return who is meant by each id of the file, the contact that bears it, and everybody known."""
    columns = (
        Contact.id, Contact.source, Contact.external_id, Contact.name, Contact.kind, Contact.locale, Contact.zone,
        Contact.kecamatan, Contact.preferences, Contact.erased_at, Contact.merged_into,
    )  # fmt: skip
    query = select(*columns).where(Contact.tenant_id == tenant_id)
    rows: list[Any] = []
    for part in _parts(external):
        rows += session.execute(query.where(Contact.source == SOURCE, Contact.external_id.in_(part))).all()
    by_external_id = {row.external_id: row.id for row in rows}
    wanted, into = ids - {row.id for row in rows}, {row.id: row.merged_into for row in rows if row.merged_into}
    wanted |= set(into.values()) - {row.id for row in rows}
    while wanted:
        found = [one for part in _parts(sorted(wanted)) for one in session.execute(query.where(Contact.id.in_(part)))]
        rows += found
        into |= {row.id: row.merged_into for row in found if row.merged_into}
        wanted = set(into.values()) - {row.id for row in rows}
    own_ids = by_external_id
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


def _addresses(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[int, ChannelName, str]]]:
    found: dict[int, list[tuple[int, ChannelName, str]]] = defaultdict(list)
    query = select(Address.contact_id, Address.id, Address.channel, Address.hash).order_by(Address.id)
    for part in _parts(ids):
        for contact_id, row_id, channel, hashed in session.execute(query.where(Address.contact_id.in_(part))):
            found[contact_id].append((row_id, channel, hashed))
    return found


def _standing(session: Session, ids: Sequence[int]) -> dict[int, dict[Purpose, ConsentEvent]]:
    found: dict[int, dict[Purpose, ConsentEvent]] = defaultdict(dict)
    query = select(ConsentNow.contact_id, ConsentNow.purpose, ConsentNow.state, ConsentNow.at)
    for part in _parts(ids):
        for contact_id, purpose, state, at in session.execute(query.where(ConsentNow.contact_id.in_(part))):
            found[contact_id][purpose] = ConsentEvent(purpose, state, at, "", "")
    return found


def _parts(values: Iterable[Any]) -> Iterable[list[Any]]:
    listed = list(values)
    return (listed[start : start + KEYS] for start in range(0, len(listed), KEYS))
