"""Write what a batch changes, in bulk: contacts, addresses, and lines of the consent ledger."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketing.contacts.consent_service import record_consents
from marketing.contacts.importing.deciding import Change
from marketing.contacts.importing.known import SOURCE
from marketing.contacts.importing.record import Given
from marketing.db.bulk import among, insert_where_free, next_ids
from marketing.db.models import Address, Contact
from marketing.domain.consent import LedgerLine


def write_changes(
    session: Session, changes: Sequence[Change], *, tenant_id: str, job_id: int, user_id: int | None, now: datetime
) -> int:
    """Write the changes of a batch and return how many lines of consent the ledger took; the caller owns the transaction.

    The caller holds the lock of the ledger since before it asked what is known, so that no withdrawal comes between.
    """
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
    insert_where_free(
        session, Address, rows
    )  # one that a catalogue brought in at this moment stays with whom it gave it to
    lines = [
        LedgerLine(contact_id, event, {"import": job_id, "row": one.person.row}, user_id)
        for contact_id, one in pairs
        for event in one.consents
    ]
    refused = record_consents(session, tenant_id, lines, now) if lines else {}
    return len(lines) - len(refused)


def _new_contacts(session: Session, changes: Sequence[Change], tenant_id: str, now: datetime) -> dict[str, int]:
    """Insert contacts and return their ids; one that somebody else made at this moment is left to the next import."""
    stamp = {"tenant_id": tenant_id, "source": SOURCE, "content_hash": "", "created_at": now}
    ids = list(next_ids(session, Contact, len(changes)))
    rows = [
        {"id": row_id, "external_id": one.external_id, **one.values, **stamp}
        for row_id, one in zip(ids, changes, strict=True)
    ]
    if not insert_where_free(session, Contact, rows):
        ids = list(session.scalars(select(Contact.id).where(among(session, Contact.id, ids))))
    written = frozenset(ids)
    return {one["external_id"]: one["id"] for one in rows if one["id"] in written}


def _form(given: Given) -> dict[str, str]:
    return {"normalised": given.normalised, "hash": given.hash}
