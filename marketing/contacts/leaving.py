"""Somebody leaves from outside our pages, known by an address: the withdrawal stands when the transaction does.

The answer is the same for an address nobody knows. Who leaves everything is also put on the list of never-send, so that no
file or form that comes later writes to them again.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from marketing.contacts.consent_service import record_consent
from marketing.contacts.suppressions import Reach
from marketing.contacts.unsubscribe import UNSUBSCRIBE_ALL
from marketing.db.insert import engine_insert
from marketing.db.models import Address, Suppression, Tenant
from marketing.domain.consent import ConsentEvent, ConsentState
from marketing.domain.types import Purpose


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who leaves what: `everything` leaves every purpose on every address, `bar` these addresses whatever the purposes."""

    reaches: tuple[Reach, ...]
    purposes: Collection[Purpose]
    everything: bool = False
    bar: bool = False


def leave(
    session: Session,
    tenant_id: str,
    leaving: Leaving,
    *,
    source: str,
    evidence: Mapping[str, Any],
    now: datetime,
) -> tuple[int, ...]:
    """Withdraw for everybody who has one of these addresses and stop what waits; return the contacts (UU 27/2022 Ps. 40)."""
    # One after the other with a merge or an erasure, which move addresses.
    session.get(Tenant, tenant_id, with_for_update={"key_share": True})
    contacts = owners_of(session, tenant_id, leaving.reaches)
    purposes = [one for one in Purpose if leaving.everything or one in leaving.purposes]
    for contact_id in contacts:
        record_consent(
            session,
            tenant_id=tenant_id,
            contact_id=contact_id,
            events=[ConsentEvent(one, ConsentState.WITHDRAWN, now, "", source) for one in purposes],
            now=now,
            evidence=evidence,
        )
    barred = set(leaving.reaches) if leaving.bar or leaving.everything else set()
    if leaving.everything:
        barred |= _addresses_of(session, contacts)
    _bar(session, tenant_id, barred, now)
    return contacts


def owners_of(session: Session, tenant_id: str, reaches: Iterable[Reach]) -> tuple[int, ...]:
    """Return the contacts that have one of these addresses."""
    wanted = [(reach.channel, reach.hash) for reach in reaches]
    query = select(Address.contact_id).where(
        Address.tenant_id == tenant_id, tuple_(Address.channel, Address.hash).in_(wanted)
    )
    return tuple(sorted(set(session.scalars(query))))


def _addresses_of(session: Session, contacts: Collection[int]) -> set[Reach]:
    query = select(Address.channel, Address.hash).where(Address.contact_id.in_(contacts))
    return {Reach(channel, hashed) for channel, hashed in session.execute(query)}


def _bar(session: Session, tenant_id: str, reaches: Iterable[Reach], now: datetime) -> None:
    """Put addresses on the list of those who left; one that stands there keeps its reason."""
    for reach in sorted(reaches, key=lambda one: (one.channel, one.hash)):
        row = {
            "tenant_id": tenant_id,
            "channel": reach.channel,
            "address_hash": reach.hash,
            "reason": UNSUBSCRIBE_ALL,
            "note": "",
            "at": now,
        }
        session.execute(engine_insert(session, Suppression).values(row).on_conflict_do_nothing())
