"""A person restricts what is done with their data: from the commit on, only what a contract needs is sent (UU 27/2022 Ps. 11, 41)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketing.contacts.stopping import stop_messages
from marketing.db.models import Contact
from marketing.domain.permission import SkipReason
from marketing.domain.types import Purpose


def restrict(session: Session, contact_ids: Collection[int], *, tenant_id: str, now: datetime) -> None:
    """Restrict these contacts and stop what waits for them, in the caller's transaction; one that is so keeps its time."""
    mine = (Contact.tenant_id == tenant_id, Contact.id.in_(contact_ids), Contact.restricted_at.is_(None))
    session.execute(update(Contact).where(*mine).values(restricted_at=now))
    stop_messages(
        session,
        tenant_id=tenant_id,
        contact_ids=contact_ids,
        purposes=[*Purpose],
        now=now,
        reason=SkipReason.RESTRICTED,
    )


def lift_restriction(session: Session, contact_ids: Collection[int], *, tenant_id: str) -> None:
    """Lift a restriction; nothing that was skipped comes back."""
    mine = (Contact.tenant_id == tenant_id, Contact.id.in_(contact_ids))
    session.execute(update(Contact).where(*mine).values(restricted_at=None))
