"""The append-only record of who did what, each row sealed with the one before (UU 27/2022 Ps. 31)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.db.models import AuditEntry, Tenant


def write_audit(
    session: Session,
    *,
    tenant_id: str,
    user_id: int | None,
    action: str,
    subject: str,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Append one line in the caller's transaction. `details` holds ids and states, never a person's data."""
    # Lines of one tenant are numbered one after the other. NO KEY: rows that only point to the tenant need not wait,
    # and two that have such rows already do not wait for each other for ever.
    session.get(Tenant, tenant_id, with_for_update={"key_share": True})
    query = select(AuditEntry.number, AuditEntry.seal).where(AuditEntry.tenant_id == tenant_id)
    last = session.execute(query.order_by(AuditEntry.number.desc()).limit(1)).first()
    number, previous = (last.number + 1, last.seal) if last else (1, "")
    entry = AuditEntry(
        tenant_id=tenant_id,
        number=number,
        at=now,
        user_id=user_id,
        action=action,
        subject=subject,
        details=dict(details or {}),
        seal="",
    )
    entry.seal = _seal(previous, entry)
    session.add(entry)
    session.flush()


def verify_audit(session: Session, tenant_id: str) -> int | None:
    """Walk the tenant's log; return the number of the first line that does not fit, None when all fit."""
    previous, expected = "", 1
    for entry in session.scalars(
        select(AuditEntry).where(AuditEntry.tenant_id == tenant_id).order_by(AuditEntry.number)
    ):
        if entry.number != expected or entry.seal != _seal(previous, entry):
            return expected
        previous, expected = entry.seal, expected + 1
    return None


def _seal(previous: str, entry: AuditEntry) -> str:
    moment = entry.at.astimezone(UTC).isoformat()
    line = [previous, entry.tenant_id, entry.number, moment, entry.user_id, entry.action, entry.subject, entry.details]
    return hashlib.sha256(json.dumps(line, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
