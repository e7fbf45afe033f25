"""Write the consent ledger: one line, the fold, and the seal in one transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.db.models import ConsentNow, ConsentRecord, Tenant
from marketing.domain.consent import ConsentEvent, Refused, admit, seal
from marketing.domain.types import Purpose


def record_consent(
    session: Session,
    *,
    tenant_id: str,
    contact_id: int,
    events: Iterable[ConsentEvent],
    now: datetime,
    evidence: Mapping[str, Any] | None = None,
) -> list[Refused]:
    """Append each line that `admit` lets in, in order, and keep the fold in step; returns the refusals.

    The caller owns the transaction, so that a withdrawal takes effect together with whatever caused it.
    """
    # One after the other in a tenant, so that each seal follows the one before; rows that point to the tenant need not wait.
    session.get(Tenant, tenant_id, with_for_update={"key_share": True})
    refused: list[Refused] = []
    for event in events:
        standing = session.get(ConsentNow, (contact_id, event.purpose))
        verdict = admit(event, _as_event(session, standing), now)
        if isinstance(verdict, Refused):
            refused.append(verdict)
            continue
        line = ConsentRecord(
            tenant_id=tenant_id,
            contact_id=contact_id,
            purpose=event.purpose,
            state=event.state,
            at=event.at,
            recorded_at=now,
            wording_version=event.wording_version,
            source=event.source,
            evidence=dict(evidence or {}),
            seal=seal(_last_seal(session, tenant_id), contact=str(contact_id), event=event),
        )
        session.add(line)
        session.flush()
        if standing is None:
            standing = ConsentNow(contact_id=contact_id, purpose=event.purpose, tenant_id=tenant_id)
            session.add(standing)
        standing.state, standing.at, standing.event_id = event.state, event.at, line.id
        session.flush()
    return refused


def history(session: Session, *, tenant_id: str, contact_id: int) -> list[ConsentRecord]:
    """Return the ledger lines of one contact, oldest first."""
    query = select(ConsentRecord).where(ConsentRecord.tenant_id == tenant_id, ConsentRecord.contact_id == contact_id)
    return list(session.scalars(query.order_by(ConsentRecord.id)))


def verify_ledger(session: Session, tenant_id: str) -> int | None:
    """Walk the tenant's ledger and return the id of the first line whose seal does not fit, None when all fit."""
    previous = ""
    for line in session.scalars(
        select(ConsentRecord).where(ConsentRecord.tenant_id == tenant_id).order_by(ConsentRecord.id)
    ):
        event = ConsentEvent(Purpose(line.purpose), line.state, line.at, line.wording_version, line.source)
        if line.seal != seal(previous, contact=str(line.contact_id), event=event):
            return line.id
        previous = line.seal
    return None


def _as_event(session: Session, standing: ConsentNow | None) -> ConsentEvent | None:
    if standing is None:
        return None
    line = session.get_one(ConsentRecord, standing.event_id)
    return ConsentEvent(standing.purpose, standing.state, standing.at, line.wording_version, line.source)


def _last_seal(session: Session, tenant_id: str) -> str:
    query = (
        select(ConsentRecord.seal)
        .where(ConsentRecord.tenant_id == tenant_id)
        .order_by(ConsentRecord.id.desc())
        .limit(1)
    )
    return session.scalar(query) or ""
