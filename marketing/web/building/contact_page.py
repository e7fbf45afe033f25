"""The whole page of one person, put together within one reading of the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from marketing.contacts.suppressions import Reach
from marketing.contacts.wordings import load_ages
from marketing.db.models import Contact
from marketing.domain.consent import ConsentState
from marketing.domain.consent_wording import Standing
from marketing.domain.types import Purpose
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building import contact as building
from marketing.web.building.contacts import standing_of, suppression_row
from marketing.web.building.words import moment_text
from marketing.web.queries import contact as queries
from marketing.web.queries.contact import LineFacts
from marketing.web.queries.contacts import list_suppressions
from marketing.web.views.contacts import ContactView

MESSAGES: Final = 30
"""Messages on one page."""
SUPPRESSIONS: Final = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads: `whole` sees addresses and writes withdrawals down, `lifts` may restrict and lift, `reads_mail` opens mails."""

    profile: TenantProfile
    whole: bool
    lifts: bool
    reads_mail: bool


def contact_view(session: Session, contact: Contact, who: Reading, now: datetime, *, after: int | None) -> ContactView:
    """Return the page of a contact that is not merged; of an erased one only what is kept."""
    profile, erased = who.profile, contact.erased_at is not None
    merged = queries.merged_into(session, profile.id, contact.id)
    ids = [contact.id, *merged]
    lines, lines_total = queries.ledger_lines(session, profile.id, ids)
    messages, older = queries.messages_of(session, profile.id, ids, after=after, limit=MESSAGES)
    orders, orders_total = queries.orders_of(session, profile.id, ids)
    reaches = [Reach(one.channel, one.hash) for one in contact.addresses]
    barred, _total = list_suppressions(session, profile.id, reaches=reaches, limit=SUPPRESSIONS)
    acts = who.whole and not erased
    paused = contact.paused_until is not None and contact.paused_until > now
    restricted = contact.restricted_at is not None
    return ContactView(
        id=contact.id,
        name=contact.name or (_("Data sudah dihapus") if erased else _("Tanpa nama")),
        standing=standing_of(erased=erased, restricted=restricted, paused=paused, suppressed=bool(barred)),
        facts=building.facts_of(contact, profile) if not erased else ((_("Nomor kontak"), str(contact.id)),),
        erased=_("Data orang ini dihapus {time} (UU 27/2022 Ps. 43).").format(
            time=moment_text(contact.erased_at, profile)
        )
        if erased
        else "",
        addresses=building.addresses_of(contact, profile, whole=who.whole),
        preferences=() if erased else building.preferences_of(contact, profile, now),
        consents=()
        if erased
        else building.consents_of(
            lines, contact.id, profile, _outdated(session, profile.id, lines, contact.id, now), may_act=acts
        ),
        lines=tuple(building.line_view(line, contact.id, profile) for line in lines),
        lines_total=lines_total,
        messages=tuple(
            building.message_row(one, profile, reads_mail=who.reads_mail and not erased) for one in messages
        ),
        older_href=paths.contact(contact.id, sesudah=messages[-1].id) if older else "",
        newest_href=paths.contact(contact.id) if after is not None else "",
        orders=tuple(building.order_row(one, profile) for one in orders),
        orders_total=orders_total,
        suppressions=tuple(suppression_row(one, profile, may_lift=False) for one in barred),
        requests=tuple(
            building.request_row(one, profile)
            for one in queries.requests_of(session, profile.id, ids, contact.addresses)
        ),
        merged=tuple(str(number) for number in merged),
        receipts=(
            ("ISO/IEC TS 27560", paths.contact(contact.id, "tanda-terima.json", bentuk="27560")),
            ("Kantara 1.1", paths.contact(contact.id, "tanda-terima.json", bentuk="kantara")),
        )
        if who.whole and any(line.contact_id == contact.id for line in lines)
        else (),
        withdraw_href=paths.contact(contact.id, "cabut") if acts else "",
        restrict_href=paths.contact(contact.id, "batasi") if who.lifts and not erased and not restricted else "",
        merge_href=paths.contact(contact.id, "gabung") if who.lifts and not erased else "",
        lift_restriction_href=paths.contact(contact.id, "buka") if who.lifts and not erased and restricted else "",
    )


def _outdated(
    session: Session, tenant_id: str, lines: Sequence[LineFacts], contact_id: int, now: datetime
) -> set[Purpose]:
    ages = load_ages(session, tenant_id, now)
    return {
        line.purpose
        for line in lines
        if line.contact_id == contact_id
        and line.state == ConsentState.GIVEN
        and ages.standing(line.purpose, line.wording) is Standing.OUTDATED
    }
