"""A person says no by telephone, by letter or at the counter; a member of staff writes it down, and it holds at once."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.contacts.consent_service import record_consent
from marketing.contacts.suppressions import without_addresses
from marketing.contacts.unsubscribe import suppress_addresses
from marketing.db.models import Contact
from marketing.domain.consent import ConsentEvent, ConsentState
from marketing.domain.types import Purpose
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _

SOURCE: Final = "petugas"


def withdraw_for(
    session: Session,
    *,
    tenant_id: str,
    contact_id: int,
    purposes: Collection[Purpose],
    everything: bool,
    note: str,
    user_id: int,
    now: datetime,
) -> None:
    """Withdraw consent on the person's behalf and name who wrote it down (UU 27/2022 Ps. 40).

    `everything` leaves every purpose and puts the e-mail addresses on the list of never-send. The note tells how the person
    asked; it stays in the ledger for ever, so it may hold no address. The caller owns the transaction. NotFoundError for
    another Daerah's contact, NotAllowedError for one that was merged or erased, InvalidInputError without purpose or note.
    """
    contact = session.get(Contact, contact_id)
    if contact is None or contact.tenant_id != tenant_id:
        raise NotFoundError(_("Tidak ada kontak dengan nomor ini."))
    if contact.erased_at is not None or contact.merged_into is not None:
        raise NotAllowedError(_("Kontak ini sudah dihapus atau digabung. Tidak ada lagi yang dapat dicabut di sini."))
    leaving = [*Purpose] if everything else [one for one in Purpose if one in purposes]
    if not leaving:
        raise InvalidInputError(_("Centang paling sedikit satu tujuan yang dicabut."), field="tujuan")
    said = without_addresses(note, field="catatan")
    record_consent(
        session,
        tenant_id=tenant_id,
        contact_id=contact_id,
        events=[ConsentEvent(one, ConsentState.WITHDRAWN, now, "", SOURCE) for one in leaving],
        now=now,
        evidence={"note": said},
        recorded_by=user_id,
    )
    if everything:
        suppress_addresses(session, tenant_id, contact_id, now)
    write_audit(
        session,
        tenant_id=tenant_id,
        user_id=user_id,
        action="consent.withdrawn_for",
        subject=f"contact:{contact_id}",
        now=now,
        details={"purposes": [str(one) for one in leaving], "everything": everything},
    )
