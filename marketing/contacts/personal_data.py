"""Everything we hold about one person, kind by kind, as plain rows: what a copy shows and an erasure has to reach.

Each reader yields rows of JSON values, a bounded number in memory, and never a word about anybody else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from marketing.db.models import (
    Address,
    Campaign,
    CampaignVersion,
    ConsentNow,
    ConsentRecord,
    ConsentWording,
    Contact,
    DataRequest,
    Event,
    Link,
    Message,
    Order,
    Subscription,
    Suppression,
    Tenant,
)
from marketing.domain.types import ChannelName
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _

AT_ONCE: Final = 500
Rows = Iterator[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Person:
    """One person: the contact that goes on, the duplicates merged into it, and the addresses with their keyed hashes."""

    tenant_id: str
    contact_id: int
    ids: tuple[int, ...]
    addresses: tuple[tuple[ChannelName, str, str], ...]
    names: tuple[str, ...]
    external_ids: tuple[str, ...]

    @property
    def hashes(self) -> tuple[str, ...]:
        """The keyed hashes under which the suppression list, subscriptions and requests know the person."""
        return tuple({hashed for _channel, _written, hashed in self.addresses})

    def address(self, channel: ChannelName) -> str:
        """Return the person's address on a channel, or nothing."""
        return next((written for kind, written, _hash in self.addresses if kind is channel), "")


def find_person(session: Session, tenant_id: str, contact_id: int, *, locked: bool = False) -> Person:
    """Return who a contact is, duplicates included; NotFoundError for the erased and for another tenant's.

    `locked` keeps the rows of the person until the transaction ends.
    """
    if (
        locked
    ):  # the Daerah before its people, as everybody who writes the ledger does: nobody waits for each other for ever
        session.get(Tenant, tenant_id, with_for_update={"key_share": True})
    seen: list[Contact] = []
    contact = session.get(Contact, contact_id)
    while contact is not None and contact.merged_into is not None and contact not in seen:
        seen.append(contact)
        contact = session.get(Contact, contact.merged_into)
    if contact is None or contact.tenant_id != tenant_id:
        raise NotFoundError(_("Tidak ada kontak dengan nomor ini."))
    found, fresh = {contact.id}, {contact.id}
    while fresh:
        query = select(Contact.id).where(Contact.tenant_id == tenant_id, Contact.merged_into.in_(fresh))
        fresh = set(session.scalars(query)) - found
        found |= fresh
    ids = tuple(sorted(found))
    rows = select(Contact).where(Contact.id.in_(ids)).order_by(Contact.id).execution_options(populate_existing=True)
    contacts = session.scalars(rows.with_for_update() if locked else rows).all()
    if any(one.id == contact.id and one.erased_at is not None for one in contacts):
        raise NotFoundError(_("Data orang ini sudah dihapus."))
    addresses = select(Address.channel, Address.normalised, Address.hash).where(Address.contact_id.in_(ids))
    return Person(
        tenant_id=tenant_id,
        contact_id=contact.id,
        ids=ids,
        addresses=tuple((row.channel, row.normalised, row.hash) for row in session.execute(addresses)),
        names=tuple({one.name for one in contacts if one.name}),
        external_ids=tuple(one.external_id for one in contacts),
    )


def identity(session: Session, person: Person) -> Rows:
    """Yield who the person is to us, once per duplicate."""
    for one in session.scalars(select(Contact).where(Contact.id.in_(person.ids)).order_by(Contact.id)):
        yield {
            "contact": one.id,
            "name": one.name,
            "kind": one.kind.value,
            "language": one.locale,
            "zone": one.zone,
            "district": one.kecamatan,
            "source": one.source,
            "source_id": one.external_id,
            "known_since": _moment(one.created_at),
            "restricted_since": _moment(one.restricted_at),
            "merged_into": one.merged_into,
        }


def addresses(session: Session, person: Person) -> Rows:
    """Yield the addresses."""
    for one in session.scalars(select(Address).where(Address.contact_id.in_(person.ids)).order_by(Address.id)):
        yield {"channel": one.channel.value, "address": one.normalised, "confirmed_at": _moment(one.confirmed_at)}


def preferences(session: Session, person: Person) -> Rows:
    """Yield what the person wishes of us."""
    for one in session.scalars(select(Contact).where(Contact.id.in_(person.ids)).order_by(Contact.id)):
        yield {
            "contact": one.id,
            "preferences": one.preferences,
            "paused_until": _moment(one.paused_until),
            "weekly_limit": one.weekly_limit,
        }


def consents(session: Session, person: Person) -> Rows:
    """Yield every line of the consent ledger with the words that were shown, the evidence and the seal."""
    wording = (
        (ConsentWording.tenant_id == ConsentRecord.tenant_id)
        & (ConsentWording.version == ConsentRecord.wording_version)
        & (ConsentWording.purpose == ConsentRecord.purpose)
        & (ConsentWording.language == ConsentRecord.language)
    )
    query = select(ConsentRecord, ConsentWording.text, ConsentNow.event_id).outerjoin(ConsentWording, wording)
    in_force = (ConsentNow.contact_id == ConsentRecord.contact_id) & (ConsentNow.event_id == ConsentRecord.id)
    query = query.outerjoin(ConsentNow, in_force).where(ConsentRecord.contact_id.in_(person.ids))
    for line, text, now in _paged(session, query, ConsentRecord.id):
        yield {
            "line": line.id,
            "purpose": line.purpose.value,
            "state": line.state.value,
            "in_force": now is not None,
            "at": _moment(line.at),
            "recorded_at": _moment(line.recorded_at),
            "channel": line.channel,
            "source": line.source,
            "wording_version": line.wording_version,
            "wording": text or "",
            "wording_hash": line.wording_hash,
            "language": line.language,
            "evidence": line.evidence,
            "seal": line.seal,
        }


def subscriptions(session: Session, person: Person) -> Rows:
    """Yield the wishes to be written to, confirmed or not."""
    mine = or_(Subscription.contact_id.in_(person.ids), Subscription.address_hash.in_(person.hashes))
    query = select(Subscription).where(Subscription.tenant_id == person.tenant_id, mine)
    for (one,) in _paged(session, query, Subscription.id):
        yield {
            "purposes": one.purposes,
            "topics": one.topics,
            "source": one.source,
            "requested_at": _moment(one.requested_at),
            "mailed_at": _moment(one.mailed_at),
            "confirmed_at": _moment(one.confirmed_at),
        }


def messages(session: Session, person: Person) -> Rows:
    """Yield every message: campaign, kind, times, what became of it, and why it was allowed or not."""
    query = (
        select(Message, Campaign.name, Campaign.email_type, CampaignVersion.content["subject"].as_string())
        .join(Campaign, Campaign.id == Message.campaign_id)
        .join(
            CampaignVersion,
            (CampaignVersion.campaign_id == Message.campaign_id) & (CampaignVersion.number == Message.version),
        )
        .where(Message.contact_id.in_(person.ids))
    )
    for one, campaign, kind, subject in _paged(session, query, Message.id):
        yield {
            "message": one.id,
            "campaign": campaign,
            "kind": kind.value,
            "subject": subject,
            "channel": one.channel.value,
            "state": one.state.value,
            "reason": str(one.reason),
            "article": one.article,
            "consent_line": one.consent_event_id,
            "queued_at": _moment(one.queued_at),
            "settled_at": _moment(one.settled_at),
        }


def events(session: Session, person: Person) -> Rows:
    """Yield what is kept of the person's own doings; hits by software are nobody's."""
    query = (
        select(Event, Link.url)
        .outerjoin(Link, Link.id == Event.link_id)
        .where(Event.contact_id.in_(person.ids), Event.machine.is_(False))
    )
    for one, url in _paged(session, query, Event.id):
        yield {"type": one.type.value, "at": _moment(one.at), "message": one.message_id, "link": url or ""}


def orders(session: Session, person: Person) -> Rows:
    """Yield the orders with their lines and documents."""
    query = select(Order).where(Order.contact_id.in_(person.ids))
    for (one,) in _paged(session, query, Order.id):
        yield {
            "number": one.number,
            "placed_at": _moment(one.placed_at),
            "status": one.status,
            "items": [
                {
                    "product": item.name,
                    "seller": item.business_name,
                    "quantity": item.quantity,
                    "price": item.unit_price,
                }
                for item in one.items
            ],
            "shipping_cost": one.shipping_cost,
            "total": one.total,
            "complaint": one.complaint,
            "events": [
                {
                    "type": event.type,
                    "at": _moment(event.at),
                    "document": event.document_number,
                    "courier": event.courier,
                    "tracking_number": event.tracking_number,
                }
                for event in one.events
            ],
        }


def suppressions(session: Session, person: Person) -> Rows:
    """Yield on which channels the person must be left alone, and why."""
    query = select(Suppression).where(
        Suppression.tenant_id == person.tenant_id, Suppression.address_hash.in_(person.hashes)
    )
    for (one,) in _paged(session, query, Suppression.id):
        yield {"channel": one.channel.value, "reason": one.reason, "note": one.note, "at": _moment(one.at)}


def requests(session: Session, person: Person) -> Rows:
    """Yield what the person asked of us before; sealed addresses stay sealed and out."""
    for (one,) in _paged(session, requests_of(person), DataRequest.id):
        yield {
            "request": one.id,
            "kind": one.kind,
            "state": one.state,
            "source": one.source,
            "received_at": _moment(one.received_at),
            "due_at": _moment(one.due_at),
            "done_at": _moment(one.done_at),
            "answer": one.answer,
        }


def requests_of(person: Person) -> Select[Any]:
    """Return the query of a person's requests."""
    mine = or_(DataRequest.contact_id.in_(person.ids), DataRequest.address_hash.in_(person.hashes))
    return select(DataRequest).where(DataRequest.tenant_id == person.tenant_id, mine)


def _paged(session: Session, query: Any, key: Any) -> Iterator[Any]:
    """Yield rows by rising id, a page at a time: neither driver has to hold the whole answer."""
    last = 0
    while True:
        # as tuples of (row, …); expunged so that ten thousand messages do not stay in the session
        found = session.execute(query.where(key > last).order_by(key).limit(AT_ONCE)).all()
        for row in found:
            yield row
            last = row[0].id
        for row in found:
            if row[0] in session:
                session.expunge(row[0])
        if len(found) < AT_ONCE:
            return


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
