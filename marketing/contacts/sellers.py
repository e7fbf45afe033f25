"""The people behind businesses: where the mails about an order reach those who sell it.

The catalogue is where a business says how it is reached. Whoever has that mailbox already is the one we write to; else the
business becomes a contact of its own, of the kind that its role says (Perwali Blitar 24/2024 Ps. 7(1)).
"""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from marketing.contacts.addresses import address_hash, normalise_email
from marketing.contacts.segment_query import Asked
from marketing.contacts.service import ContactRecord, upsert_contacts
from marketing.db.models import Address, Business, ConsentNow, Contact
from marketing.domain.permission import PUBLIC_TASK
from marketing.domain.types import BuyerKind, ChannelName, Purpose
from marketing.i18n import SOURCE_LANGUAGE

SOURCE: Final = "usaha"


def addressable(purpose: Purpose | None, asked: Asked) -> ColumnElement[bool]:
    """Return who a campaign of this purpose counts as its public: not a business that we know from its orders alone.

    It never decided on anything of ours. What rests on the public task is for exactly such businesses.
    """
    if purpose in PUBLIC_TASK:
        return true()
    decided = select(ConsentNow.contact_id).where(
        ConsentNow.tenant_id == asked.tenant_id, asked.within(ConsentNow.contact_id)
    )
    return or_(Contact.source != SOURCE, Contact.id.in_(decided))


def seller_contacts(
    session: Session, tenant_id: str, business_ids: Collection[int], *, zone: str, signing_key: bytes, now: datetime
) -> Mapping[int, int]:
    """Return the contact of each business that has an address, made where there is none yet; the others are left out."""
    rows = session.execute(
        select(Business.id, Business.name, Business.role, Business.email).where(
            Business.tenant_id == tenant_id, Business.id.in_(business_ids)
        )
    )
    named = {row.id: row for row in rows}
    hashes = {
        row_id: address_hash(signing_key, tenant_id, normalised)
        for row_id, row in named.items()
        if (normalised := normalise_email(row.email)) is not None
    }
    owners = _owners(session, tenant_id, set(hashes.values()))
    new = [row_id for row_id, hashed in hashes.items() if hashed not in owners]
    if new:
        records = [_record(row_id, named[row_id].name, named[row_id].role, named[row_id].email, zone) for row_id in new]
        upsert_contacts(session, records, tenant_id=tenant_id, source=SOURCE, signing_key=signing_key, now=now)
        owners = _owners(session, tenant_id, set(hashes.values()))
    return {row_id: owners[hashed] for row_id, hashed in hashes.items() if hashed in owners}


def _owners(session: Session, tenant_id: str, hashes: Collection[str]) -> dict[str, int]:
    """Return who has each mailbox."""
    query = (
        select(Address.hash, func.coalesce(Contact.merged_into, Contact.id))
        .join(Contact, Contact.id == Address.contact_id)
        .where(Address.tenant_id == tenant_id, Address.channel == ChannelName.EMAIL, Address.hash.in_(hashes))
        .order_by(Address.id.desc())  # the oldest wins
    )
    return dict(session.execute(query).all())


def _record(row_id: int, name: str, role: str, email: str, zone: str) -> ContactRecord:
    return ContactRecord(
        external_id=str(row_id),
        name=name,
        kind=BuyerKind.PENYEDIA if role == "penyedia" else BuyerKind.PELAKU_UMKM,
        locale=SOURCE_LANGUAGE,
        zone=zone,
        preferences={},
        addresses={ChannelName.EMAIL: email},
        consents=(),
        content_hash=hashlib.sha256(f"{name}\x1f{role}\x1f{email}".encode()).hexdigest(),
    )
