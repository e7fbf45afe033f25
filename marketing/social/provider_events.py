"""What a provider told of an account, written down once however often it is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from marketing.db.insert import engine_insert
from marketing.db.models import ChannelAccount, ProviderEvent


def first_told(
    session: Session, account: ChannelAccount, key: str, kind: str, facts: Mapping[str, Any], *, now: datetime
) -> ProviderEvent | None:
    """Write an event down; None when it stood there already. `key` is the same for the same thing told twice."""
    row = {
        "tenant_id": account.tenant_id,
        "account_id": account.id,
        "provider": account.provider,
        "key": key,
        "kind": kind,
        "payload": dict(facts),
        "received_at": now,
    }
    adding = engine_insert(session, ProviderEvent).values(row).on_conflict_do_nothing()
    number = session.scalar(adding.returning(ProviderEvent.id))
    return session.get_one(ProviderEvent, number) if number is not None else None
