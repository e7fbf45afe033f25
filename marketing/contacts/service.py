"""Bring contacts in from a catalogue: the person, the addresses, the consents, in bulk and again without harm.

An address belongs to the contact that had it first; a twin in other letter case stays without one. Someone who was
erased is never brought back, and what Siar already knows of a withdrawal stands (marketing/domain/consent.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from marketing.contacts.addresses import NORMALISE, address_hash
from marketing.contacts.consent_service import record_consents
from marketing.contacts.erasing import barred_addresses, erased_id
from marketing.db.models import Address, Contact, Message, Tenant
from marketing.domain.consent import ConsentEvent, LedgerLine, Refused
from marketing.domain.types import BuyerKind, ChannelName

FROM_THE_FUTURE = "from_the_future"
CHANNELS = (ChannelName.EMAIL, ChannelName.WHATSAPP)  # those that a catalogue speaks of


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """A contact as another system describes it; addresses as they were written there."""

    external_id: str
    name: str
    kind: BuyerKind
    locale: str
    zone: str
    preferences: Mapping[str, Any]
    addresses: Mapping[ChannelName, str]
    consents: tuple[ConsentEvent, ...]
    content_hash: str


@dataclass(frozen=True, slots=True)
class ContactsUpsert:
    """What happened to a batch; `refused` names the contact and the line of consent that could not count."""

    new: int
    changed: int
    unchanged: int
    refused: tuple[tuple[str, Refused], ...]


def upsert_contacts(
    session: Session,
    records: Sequence[ContactRecord],
    *,
    tenant_id: str,
    source: str,
    signing_key: bytes,
    now: datetime,
) -> ContactsUpsert:
    """Write what is new or different in these records; the caller owns the (short) transaction."""
    # One after the other with an erasure, which must not find its work undone by what was read before it.
    session.get(Tenant, tenant_id, with_for_update={"key_share": True})
    known = _known(session, tenant_id, source, records)
    unknown = [record for record in records if record.external_id not in known]
    gone = _erased(session, tenant_id, signing_key, unknown) if unknown else set()
    new = [record for record in unknown if record.external_id not in gone]
    changed = [
        record
        for record in records
        if (row := known.get(record.external_id)) and not row.erased and row.content_hash != record.content_hash
    ]
    if new:
        stamp = {"tenant_id": tenant_id, "source": source, "created_at": now}
        session.execute(insert(Contact), [{"external_id": one.external_id, **_values(one), **stamp} for one in new])
    if changed:
        session.execute(update(Contact), [{"id": known[one.external_id].id, **_values(one)} for one in changed])
    touched = new + changed
    standing = _known(session, tenant_id, source, touched)
    ids = {key: row.id for key, row in standing.items()}
    lead = {key: row.merged_into or row.id for key, row in standing.items()}
    book = _AddressBook(session, tenant_id, signing_key, list(ids.values()))
    said: list[tuple[str, LedgerLine]] = []
    for record in touched:
        contact_id = lead[record.external_id]
        # Whoever was merged into another has the addresses and the word of that one; a withdrawal must reach it.
        for channel in CHANNELS if contact_id == ids[record.external_id] else ():
            book.put(contact_id, channel, record.addresses.get(channel, ""))
        said += [
            (record.external_id, LedgerLine(contact_id, event, {"imported_from": source}))
            for event in sorted(record.consents, key=lambda event: event.at)
        ]
    lines = record_consents(session, tenant_id, (line for _id, line in said), now)
    refused = [(said[place][0], why) for place, why in lines.items()]
    early = [ids[key] for key, line in refused if line.reason == FROM_THE_FUTURE]
    if early:
        # Its time will come: a hash that fits nothing makes the next pull look at the person again.
        session.execute(update(Contact).where(Contact.id.in_(early)).values(content_hash=FROM_THE_FUTURE))
    return ContactsUpsert(len(new), len(changed), len(records) - len(touched), tuple(refused))


def detach_contacts(session: Session, external_ids: Sequence[str], *, tenant_id: str, source: str) -> int:
    """Take the addresses from contacts that left the catalogue, so that nothing reaches them; return how many left.

    The person, the ledger and the orders stay until they are erased; coming back in a catalogue restores the address.
    """
    mine = (Contact.tenant_id == tenant_id, Contact.source == source, Contact.external_id.in_(external_ids))
    ids = list(session.scalars(select(Contact.id).where(*mine, Contact.content_hash != "")))
    if ids:
        for address_id, contact_id in session.execute(
            select(Address.id, Address.contact_id).where(Address.contact_id.in_(ids))
        ).all():
            _remove(session, address_id, contact_id)
        session.execute(update(Contact).where(Contact.id.in_(ids)).values(content_hash=""))
    return len(ids)


@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    content_hash: str
    erased: bool
    merged_into: int | None


def _known(session: Session, tenant_id: str, source: str, records: Sequence[ContactRecord]) -> dict[str, _Known]:
    query = select(Contact.external_id, Contact.id, Contact.content_hash, Contact.erased_at, Contact.merged_into).where(
        Contact.tenant_id == tenant_id,
        Contact.source == source,
        Contact.external_id.in_([record.external_id for record in records]),
    )
    return {
        key: _Known(id_, hash_, erased is not None, into) for key, id_, hash_, erased, into in session.execute(query)
    }


def _values(record: ContactRecord) -> dict[str, Any]:
    return {
        "name": record.name,
        "kind": record.kind,
        "locale": record.locale,
        "zone": record.zone,
        "preferences": dict(record.preferences),
        "content_hash": record.content_hash,
    }


def _erased(session: Session, tenant_id: str, signing_key: bytes, records: Sequence[ContactRecord]) -> set[str]:
    """Return the external ids of records that bring back a person who was erased, by an address or by that very id."""
    hashes = [
        (channel, address_hash(signing_key, tenant_id, normalised), record.external_id)
        for record in records
        for channel in CHANNELS
        if (written := record.addresses.get(channel)) and (normalised := NORMALISE[channel](written))
    ]
    barred = barred_addresses(session, tenant_id, {hashed for _channel, hashed, _id in hashes})
    kept = {erased_id(signing_key, tenant_id, record.external_id): record.external_id for record in records}
    query = select(Contact.external_id).where(Contact.tenant_id == tenant_id, Contact.external_id.in_(kept))
    by_address = {external_id for channel, hashed, external_id in hashes if (channel, hashed) in barred}
    return by_address | {kept[one] for one in session.scalars(query)}


class _AddressBook:
    """The addresses of some contacts, changed in place because messages point to them."""

    def __init__(self, session: Session, tenant_id: str, signing_key: bytes, contact_ids: Sequence[int]) -> None:
        self._session = session
        self._tenant_id = tenant_id
        self._key = signing_key
        rows = session.scalars(select(Address).where(Address.contact_id.in_(contact_ids)))
        self._rows = {(row.contact_id, row.channel): row for row in rows}

    def put(self, contact_id: int, channel: ChannelName, written: str) -> None:
        """Give the contact this address on this channel, or none when it is unusable or somebody else's."""
        row = self._rows.get((contact_id, channel))
        normalised = NORMALISE[channel](written) if written else None
        if normalised is not None and row is not None and row.normalised == normalised:
            return
        if normalised is None or self._is_taken(contact_id, channel, hashed := self._hash(normalised)):
            if row is not None:
                del self._rows[contact_id, channel]
                self._session.expunge(row)
                _remove(self._session, row.id, contact_id)
            return
        if row is None:
            row = Address(
                tenant_id=self._tenant_id, contact_id=contact_id, channel=channel, normalised=normalised, hash=hashed
            )
            self._session.add(row)
            self._rows[contact_id, channel] = row
        row.normalised, row.hash = normalised, hashed
        self._session.flush()

    def _hash(self, normalised: str) -> str:
        return address_hash(self._key, self._tenant_id, normalised)

    def _is_taken(self, contact_id: int, channel: ChannelName, hashed: str) -> bool:
        query = select(Address.id).where(
            Address.tenant_id == self._tenant_id,
            Address.channel == channel,
            Address.hash == hashed,
            Address.contact_id != contact_id,
        )
        if self._session.scalar(query.limit(1)) is not None:
            return True
        # asked last: an erasure that ends meanwhile has taken the address away and left its hash
        return (channel, hashed) in barred_addresses(self._session, self._tenant_id, {hashed})


def _remove(session: Session, address_id: int, contact_id: int) -> None:
    """Delete an address; messages that went there keep their row and lose only the pointer."""
    session.execute(
        update(Message)
        .where(Message.contact_id == contact_id, Message.address_id == address_id)
        .values(address_id=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(Address).where(Address.id == address_id).execution_options(synchronize_session=False))
