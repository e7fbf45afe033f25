"""The receipt of one person, gathered from the ledger: for other programs, and for a page that people read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.contacts.consent_service import history
from marketing.contacts.purpose_words import purpose_title
from marketing.contacts.wordings import WordingAges, all_texts, load_ages
from marketing.db.models import ConsentRecord, Contact
from marketing.domain.consent import ConsentEvent, ConsentState, LedgerLine, channel_of
from marketing.domain.consent_receipt import Controller, ReceiptFacts, SealedLine, as_shown, in_force, lawful_basis
from marketing.domain.consent_wording import Standing
from marketing.domain.types import Purpose
from marketing.errors import InvalidInputError, NotFoundError
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile


def reference(contact: Contact) -> str:
    """Return how receipts name a person: our number, never an address."""
    return f"{contact.tenant_id}-{contact.id}"


def find_contact(session: Session, tenant_id: str, name: str) -> Contact:
    """Return a person by reference, by our number or by the id of the source.

    NotFoundError when nobody in this Daerah is called so; InvalidInputError when several sources use the same id.
    """
    number = name.removeprefix(f"{tenant_id}-")
    if number.isascii() and number.isdigit() and len(number) < 19:  # noqa: PLR2004  what fits a row number
        row = session.get(Contact, int(number))
        if row is not None and row.tenant_id == tenant_id:
            return row
    query = select(Contact).where(Contact.tenant_id == tenant_id, Contact.external_id == name)
    rows = session.scalars(query.order_by(Contact.id).limit(2)).all()
    if not rows:
        raise NotFoundError(_("Kontak “{contact}” tidak ada di Daerah ini.").format(contact=name))
    if len(rows) > 1:
        numbers = ", ".join(reference(row) for row in rows)
        raise InvalidInputError(
            _("Kontak “{contact}” ada di beberapa sumber. Pakai nomornya: {numbers}.").format(
                contact=name, numbers=numbers
            )
        )
    return rows[0]


def gather(
    session: Session, profile: TenantProfile, contact: Contact, now: datetime, *, notice_url: str = ""
) -> ReceiptFacts:
    """Return what the receipt of a person tells; NotFoundError when the ledger holds nothing of them.

    `notice_url` is where the person reads the notice and withdraws; the site of the Daerah when there is none.
    """
    rows = history(session, tenant_id=profile.id, contact_id=contact.id)
    if not rows:
        raise NotFoundError(_("Buku besar persetujuan belum memuat apa pun tentang kontak ini."))
    texts = all_texts(session, profile.id)
    return ReceiptFacts(
        principal=reference(contact),
        controller=Controller(
            name=profile.dinas,
            address=profile.address,
            email=profile.email,
            phone=profile.phone,
            officer=profile.dpo.name or profile.dpo.title,
            officer_email=profile.dpo.email,
            notice_url=notice_url or profile.website,
        ),
        lines=tuple(_sealed(row, texts.get(row.wording_hash, "")) for row in rows),
        issued_at=now,
    )


@dataclass(frozen=True, slots=True)
class PurposeFacts:
    """One purpose as the page shows it: what holds, since when, on which words, and every earlier decision."""

    purpose: Purpose
    title: str
    state: ConsentState
    at: datetime
    basis: str
    text: str
    standing: Standing
    lines: tuple[SealedLine, ...]


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """The receipt as a page; `receipt` carries controller, number and the whole ledger of the person."""

    receipt: ReceiptFacts
    purposes: tuple[PurposeFacts, ...]


def page_facts(
    session: Session, profile: TenantProfile, contact: Contact, now: datetime, *, notice_url: str = ""
) -> ReceiptPage:
    """Return the receipt of a person for a page, purposes in the order of `Purpose`; errors as `gather`."""
    receipt = gather(session, profile, contact, now, notice_url=notice_url)
    ages = load_ages(session, profile.id, now)
    last = in_force(receipt.lines)
    return ReceiptPage(receipt, tuple(_purpose(receipt, last[one], ages) for one in Purpose if one in last))


def _purpose(receipt: ReceiptFacts, last: SealedLine, ages: WordingAges) -> PurposeFacts:
    event = last.event
    shown = as_shown(receipt.lines).get(event.purpose, last)
    return PurposeFacts(
        purpose=event.purpose,
        title=purpose_title(event.purpose),
        state=event.state,
        at=event.at,
        basis=lawful_basis(event.purpose),
        text=shown.text,
        standing=ages.standing(event.purpose, shown.event.wording_version),
        lines=tuple(line for line in receipt.lines if line.event.purpose is event.purpose),
    )


def _sealed(row: ConsentRecord, text: str) -> SealedLine:
    event = ConsentEvent(
        purpose=row.purpose,
        state=row.state,
        at=row.at,
        wording_version=row.wording_version,
        source=row.source,
        channel=row.channel or channel_of(row.purpose),
        language=row.language,
        wording_hash=row.wording_hash,
    )
    return SealedLine(LedgerLine(row.contact_id, event, row.evidence, row.recorded_by), row.recorded_at, row.seal, text)
