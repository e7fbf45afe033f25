"""Write what a batch changes, in bulk: contacts, addresses, and lines of the consent ledger."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from marketing.contacts.consent_service import record_consents
from marketing.contacts.importing.deciding import Change
from marketing.contacts.importing.known import SOURCE
from marketing.contacts.importing.record import Given
from marketing.db.insert import engine_insert
from marketing.db.models import Address, Contact, Tenant
from marketing.domain.consent import LedgerLine


def write_changes(
    session: Session, changes: Sequence[Change], *, tenant_id: str, job_id: int, user_id: int | None, now: datetime
) -> int:
    """Write the changes of a batch and return how many lines of consent the ledger took; the caller owns the transaction."""
    if not changes:
        return 0
    # First, as everybody who writes the ledger does: two that lock it and a person in different order wait for each other.
    session.get(Tenant, tenant_id, with_for_update={"key_share": True})
    ids = _new_contacts(session, [one for one in changes if one.contact_id is None], tenant_id, now)
    altered = [{"id": one.contact_id, **one.values} for one in changes if one.contact_id is not None and one.values]
    if altered:
        session.execute(update(Contact), altered)
    pairs = [
        (contact_id, one)
        for one in changes
        if (contact_id := one.contact_id if one.contact_id is not None else ids.get(one.external_id)) is not None
    ]
    moved = [{"id": row_id, **_form(given), "confirmed_at": None} for _id, one in pairs for row_id, given in one.moved]
    if moved:
        session.execute(update(Address), moved)
    rows = [
        {"tenant_id": tenant_id, "contact_id": contact_id, "channel": given.channel, **_form(given)}
        for contact_id, one in pairs
        for given in one.added
    ]
    if rows:
        _insert_addresses(session, rows)
    evidence = {"import": job_id}
    lines = [
        (LedgerLine(contact_id, event, {**evidence, "row": one.person.row}, user_id))
        for contact_id, one in pairs
        for event in one.consents
    ]
    if not lines:
        return 0
    refused = record_consents(session, tenant_id, lines, now)
    return len(lines) - len(refused)


def _new_contacts(session: Session, changes: Sequence[Change], tenant_id: str, now: datetime) -> dict[str, int]:
    """Insert contacts and return their ids; one that somebody else made at this moment is left to the next import."""
    if not changes:
        return {}
    stamp = {"tenant_id": tenant_id, "source": SOURCE, "content_hash": "", "created_at": now}
    statement = (
        engine_insert(session, Contact)
        .on_conflict_do_nothing(index_elements=["tenant_id", "source", "external_id"])
        .returning(Contact.id, Contact.external_id)
    )
    rows: Iterable[Any] = session.execute(
        statement, [{"external_id": one.external_id, **one.values, **stamp} for one in changes]
    )
    return {external_id: row_id for row_id, external_id in rows}


def _insert_addresses(session: Session, rows: list[dict[str, Any]]) -> None:
    """Insert addresses; one that a catalogue brought in at this moment stays with whom it gave it to."""
    if session.get_bind().dialect.name == "sqlite":  # no one writes beside us there
        session.execute(insert(Address), rows)
        return
    session.execute(
        engine_insert(session, Address).on_conflict_do_nothing(index_elements=["tenant_id", "channel", "normalised"]),
        rows,
    )


def _form(given: Given) -> dict[str, str]:
    return {"normalised": given.normalised, "hash": given.hash}
