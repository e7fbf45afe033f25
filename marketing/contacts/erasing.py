"""Erase a person: one step per kind of data, each of which can show what it holds before it deletes (UU 27/2022 Ps. 43, 44).

What the law makes us keep stays without the person: orders for ten years (PP 80/2019), the ledger of consent as proof of
what was lawful (Ps. 24; it holds our own number of the contact, which then leads to nobody). What remains of the addresses
is a keyed hash each, so that no file, catalogue or form brings the person back.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from marketing.contacts import personal_data as data
from marketing.contacts.addresses import address_hash
from marketing.contacts.consent_service import record_consent
from marketing.contacts.personal_data import Person
from marketing.contacts.recounting import recount_ranges_of
from marketing.contacts.stopping import UNSENT, stop_messages
from marketing.db.models import (
    Address,
    ConsentNow,
    Contact,
    DataRequest,
    Event,
    ImportJob,
    MailFeedback,
    Message,
    Order,
    RawFeedback,
    SetAside,
    Subscription,
    Suppression,
)
from marketing.domain.consent import ConsentEvent, ConsentState
from marketing.domain.message import MessageState
from marketing.domain.permission import ARTICLES, SkipReason
from marketing.domain.types import ChannelName, Purpose

ERASED: Final = "erased"
"""The reason on the list of never-send that bars an address for good; nobody lifts it."""
SOURCE: Final = "penghapusan"
_KEPT_OF_COMPLAINT: Final = ("opened_at", "status", "documents")
_SHORTEST: Final = 4


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erasure under way."""

    session: Session
    person: Person
    signing_key: bytes = field(repr=False)
    now: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of data: what it holds of a person, and how that goes. `erase` returns how many rows it changed."""

    name: str
    export: Callable[[Session, Person], data.Rows]
    erase: Callable[[Erasure], int]


def erase_person(session: Session, person: Person, *, signing_key: bytes, now: datetime) -> Mapping[str, int]:
    """Erase all kinds of data in the caller's transaction; return the number of rows per kind.

    `person` must be locked (`find_person`), so that two erasures and a pull of the catalogue come one after the other.
    """
    work = Erasure(session, person, signing_key, now)
    done = {step.name: step.erase(work) for step in STEPS}
    session.flush()
    session.expire_all()
    return done


def traces(person: Person) -> tuple[str, ...]:
    """Return the ways in which a text may name the person: addresses, numbers as people write them, names; small letters."""
    found: set[str] = set()
    for _channel, written, _hash in person.addresses:
        found.add(written.lower())
        if written.startswith("+62"):
            found |= {written[1:], f"0{written[3:]}"}
    found |= {name.lower() for name in person.names if len(name) >= _SHORTEST}
    return tuple(sorted(found))


def barred_addresses(session: Session, tenant_id: str, hashes: Collection[str]) -> set[tuple[ChannelName, str]]:
    """Return which of these addresses belong to people who were erased: nothing may take them in again."""
    query = select(Suppression.channel, Suppression.address_hash).where(
        Suppression.tenant_id == tenant_id, Suppression.reason == ERASED, Suppression.address_hash.in_(hashes)
    )
    return {(channel, hashed) for channel, hashed in session.execute(query)}


def _consents(work: Erasure) -> int:
    """Withdraw what stands (the ledger itself is append-only), then forget the fold: it is of nobody."""
    total = 0
    for contact_id in work.person.ids:
        standing = select(ConsentNow.purpose).where(
            ConsentNow.contact_id == contact_id, ConsentNow.state == ConsentState.GIVEN
        )
        lines = [
            ConsentEvent(purpose, ConsentState.WITHDRAWN, work.now, "", SOURCE)
            for purpose in work.session.scalars(standing)
        ]
        record_consent(
            work.session,
            tenant_id=work.person.tenant_id,
            contact_id=contact_id,
            events=lines,
            now=work.now,
            stopped_as=SkipReason.ERASED,
        )
        total += len(lines)
    _run(work, delete(ConsentNow).where(ConsentNow.contact_id.in_(work.person.ids)))
    return total


def _messages(work: Erasure) -> int:
    """Skip what waits, wait for what is leaving, and take words and addresses out of the rest."""
    stop_messages(
        work.session,
        tenant_id=work.person.tenant_id,
        contact_ids=work.person.ids,
        purposes=[*Purpose],
        now=work.now,
        reason=SkipReason.ERASED,
    )
    mine = Message.contact_id.in_(work.person.ids)
    claimed = (Message.state == MessageState.SENDING) & Message.handed_over_at.is_(None)
    _run(  # order mails too, which no consent carries
        work,
        update(Message)
        .where(mine, Message.state.in_(UNSENT) | claimed)
        .values(
            state=MessageState.SKIPPED,
            reason=SkipReason.ERASED,
            article=ARTICLES[SkipReason.ERASED],
            settled_at=work.now,
            lease_owner=None,
        ),
    )
    recount_ranges_of(work.session, work.person.ids)
    # What servers said of the address: their words may name the person, and its hash is only for counting returns.
    about = MailFeedback.message_id.in_(select(Message.id).where(mine))
    _run(work, delete(RawFeedback).where(RawFeedback.event_id.in_(select(MailFeedback.event_id).where(about))))
    _run(work, update(MailFeedback).where(about).values(detail="", address_hash=""))
    return _run(work, update(Message).where(mine).values(address_id=None, context={}, detail=""))


def _events(work: Erasure) -> int:
    return _run(work, update(Event).where(Event.contact_id.in_(work.person.ids)).values(contact_id=None))


def _orders(work: Erasure) -> int:
    """Keep the orders for ten years without the buyer; of a complaint its time, state and documents, not its words."""
    found = work.session.scalars(select(Order).where(Order.contact_id.in_(work.person.ids))).all()
    for order in found:
        order.contact_id = None
        if order.complaint:
            order.complaint = {key: order.complaint[key] for key in _KEPT_OF_COMPLAINT if key in order.complaint}
    work.session.flush()
    return len(found)


def _suppressions(work: Erasure) -> int:
    """Bar every address for good by its keyed hash; what stood there for another reason gives way with its note."""
    person, session = work.person, work.session
    standing = {
        (row.channel, row.address_hash): row
        for row in session.scalars(
            select(Suppression).where(
                Suppression.tenant_id == person.tenant_id, Suppression.address_hash.in_(person.hashes)
            )
        )
    }
    barred = {(channel, hashed) for channel, _written, hashed in person.addresses} | set(standing)
    for channel, hashed in sorted(barred):
        row = standing.get((channel, hashed))
        if row is None:
            row = Suppression(tenant_id=person.tenant_id, channel=channel, address_hash=hashed, reason="", at=work.now)
            session.add(row)
        row.reason, row.note, row.user_id, row.at = ERASED, "", None, work.now
    session.flush()
    return len(barred)


def _subscriptions(work: Erasure) -> int:
    person = work.person
    mine = or_(Subscription.contact_id.in_(person.ids), Subscription.address_hash.in_(person.hashes))
    emptied = {"address": "", "name": "", "evidence": {}, "topics": []}
    query = update(Subscription).where(Subscription.tenant_id == person.tenant_id, mine)
    return _run(work, query.values(**emptied))


def _requests(work: Erasure) -> int:
    """Empty what was typed into requests; the lines themselves prove that they were answered in time."""
    found = work.session.scalars(data.requests_of(work.person)).all()
    for request in found:
        request.details, request.answer = {}, ""
    work.session.flush()
    return len(found)


def _set_aside(work: Erasure) -> int:
    """Empty excerpts of catalogue records and names of files that speak of the person."""
    person, total = work.person, 0
    for trace in traces(person):
        for column in (SetAside.excerpt, SetAside.external_id, SetAside.reason):
            total += _run(
                work,
                update(SetAside)
                .where(SetAside.tenant_id == person.tenant_id, func.lower(column).contains(trace, autoescape=True))
                .values({column.key: ""}),
            )
        for column in (ImportJob.file_name, ImportJob.error):
            total += _run(
                work,
                update(ImportJob)
                .where(ImportJob.tenant_id == person.tenant_id, func.lower(column).contains(trace, autoescape=True))
                .values({column.key: ""}),
            )
    return total


def _addresses(work: Erasure) -> int:
    return _run(work, delete(Address).where(Address.contact_id.in_(work.person.ids)))


def _identity(work: Erasure) -> int:
    """Leave an empty contact: its number keeps ledger and figures whole, and its id at the source bars its return."""
    person = work.person
    words = re.compile("|".join(re.escape(trace) for trace in traces(person))) if traces(person) else None
    contacts = work.session.scalars(select(Contact).where(Contact.id.in_(person.ids))).all()
    for contact in contacts:
        if words is not None and words.search(contact.external_id.lower()):
            contact.external_id = erased_id(work.signing_key, person.tenant_id, contact.external_id)
        contact.name, contact.kecamatan, contact.content_hash = "", "", ""
        contact.erased_at = work.now
        contact.restricted_at = None
    work.session.flush()
    return len(contacts)


def _preferences(work: Erasure) -> int:
    emptied: dict[str, Any] = {"preferences": {}, "paused_until": None, "weekly_limit": None}
    return _run(work, update(Contact).where(Contact.id.in_(work.person.ids)).values(**emptied))


def erased_id(signing_key: bytes, tenant_id: str, external_id: str) -> str:
    """Return what is kept of an id at a source that names the person itself: enough to know it again."""
    return f"erased:{address_hash(signing_key, tenant_id, external_id)}"


def _run(work: Erasure, statement: Any) -> int:
    return int(work.session.execute(statement.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]  # of a DML statement


def _nothing(_session: Session, _person: Person) -> data.Rows:
    return iter(())


# The ledger before the messages: whoever locks both takes them in this order (marketing/contacts/stopping.py).
STEPS: Final = (
    Step("consents", data.consents, _consents),
    Step("messages", data.messages, _messages),
    Step("events", data.events, _events),
    Step("orders", data.orders, _orders),
    Step("suppressions", data.suppressions, _suppressions),
    Step("subscriptions", data.subscriptions, _subscriptions),
    Step("requests", data.requests, _requests),
    Step("set_aside", _nothing, _set_aside),
    Step("addresses", data.addresses, _addresses),
    Step("preferences", data.preferences, _preferences),
    Step("identity", data.identity, _identity),
)
REACHED: Final = frozenset(
    model.__tablename__
    for model in (
        ConsentNow, Message, Event, Order, Suppression, Subscription, DataRequest, SetAside, ImportJob, Address, Contact
    )
)  # fmt: skip
"""The tables that the steps change; a table that points to a contact and is not here would keep the person."""
