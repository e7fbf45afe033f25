"""The tenants of this installation: a row for every profile."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketing.db.models import Tenant
from marketing.tenants.profile import load_profiles


def ensure_tenants(session: Session, now: datetime) -> None:
    """Add a row for each shipped profile that has none yet."""
    for tenant_id in load_profiles():
        if session.get(Tenant, tenant_id) is None:
            session.add(Tenant(id=tenant_id, created_at=now))
    session.flush()
