"""A person asks for a copy of the data or for its erasure; the request waits with its clock (UU 27/2022 Ps. 7, 8, 32, 43)."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.db.models import Contact, DataRequest
from marketing.domain.types import ChannelName

ACCESS: Final = "access"
ERASE: Final = "erase"
RECEIVED: Final = "received"
DUE_IN: Final = timedelta(hours=72)
"""3 x 24 clock hours from receipt (Ps. 32(2)); the Act names none for erasure, we keep the same."""


def ask_right(
    session: Session, contact: Contact, kind: str, *, now: datetime, source: str = "preferensi"
) -> DataRequest:
    """Write down a request, once while one of its kind is open; the caller owns the transaction."""
    query = select(DataRequest).where(
        DataRequest.tenant_id == contact.tenant_id,
        DataRequest.contact_id == contact.id,
        DataRequest.kind == kind,
        DataRequest.done_at.is_(None),
    )
    standing = session.scalars(query).first()
    if standing is not None:
        return standing
    hashed = next((row.hash for row in contact.addresses if row.channel is ChannelName.EMAIL), "")
    row = DataRequest(
        tenant_id=contact.tenant_id,
        contact_id=contact.id,
        address_hash=hashed,
        kind=kind,
        state=RECEIVED,
        source=source,
        details={},
        received_at=now,
        due_at=now + DUE_IN,
    )
    session.add(row)
    session.flush()
    return row
