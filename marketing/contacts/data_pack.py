"""All we hold of one person as one document, made while it leaves: JSON for machines, a page for people (Ps. 7, 13, 32).

Both are written from the same rows, a bounded number in memory; the page is one file that asks for nothing from outside.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from html import escape
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.contacts import personal_data as data
from marketing.contacts.pack_words import field_title, section_title
from marketing.contacts.personal_data import Person
from marketing.contacts.receipts import gather
from marketing.db.models import ConsentRecord, Contact
from marketing.db.session import Database
from marketing.domain.calendar_id import format_datetime_id
from marketing.domain.consent_receipt import receipt_27560, receipt_kantara
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile

FORMAT: Final = "siar-data-pribadi/1"
SECTIONS: Final[tuple[tuple[str, Callable[[Session, Person], data.Rows]], ...]] = (
    ("identity", data.identity),
    ("addresses", data.addresses),
    ("preferences", data.preferences),
    ("consents", data.consents),
    ("subscriptions", data.subscriptions),
    ("messages", data.messages),
    ("events", data.events),
    ("orders", data.orders),
    ("suppressions", data.suppressions),
    ("requests", data.requests),
)
_STYLE: Final = """
:root { color-scheme: light dark; } body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { line-height: 1.2; } h2 { margin-top: 2.5rem; } dl { display: grid; grid-template-columns: minmax(7rem, 12rem) 1fr; gap: .15rem 1rem;
border-top: 1px solid #8888; padding-top: .6rem; margin: .6rem 0; } dt { opacity: .75; } dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
"""


def as_json(database: Database, person: Person, profile: TenantProfile, now: datetime) -> Iterator[str]:
    """Yield the pack as one JSON object, piece by piece."""
    head = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "controller": {"name": profile.dinas, "address": profile.address, "email": profile.email},
        "officer": profile.dpo.email,
    }
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    for name, read in SECTIONS:
        yield f",\n {json.dumps(name)}: ["
        with database.read() as session:
            comma = "\n"
            for row in read(session, person):
                yield f"{comma}  {json.dumps(row, ensure_ascii=False)}"
                comma = ",\n"
        yield "\n ]"
    yield f',\n "receipts": {json.dumps(_receipts(database, person, profile, now), ensure_ascii=False)}\n}}\n'


def as_page(database: Database, person: Person, profile: TenantProfile, now: datetime) -> Iterator[str]:
    """Yield the pack as one page of HTML, piece by piece; every word of it is escaped."""
    title = _("Data pribadi Anda di {office}").format(office=profile.dinas_short)
    made = _("Dibuat {time}. Berkas ini memuat semua yang kami simpan tentang Anda.").format(
        time=format_datetime_id(now, profile.zone)
    )
    yield (
        f'<!doctype html>\n<html lang="id"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="referrer" content="no-referrer"><title>{escape(title)}</title><style>{_STYLE}</style></head>\n'
        f"<body><main><h1>{escape(title)}</h1><p>{escape(made)}</p>"
        f"<p>{escape(profile.dinas)}<br>{escape(profile.address)}<br>{escape(profile.email)}</p>\n"
    )
    for name, read in SECTIONS:
        yield f"<section><h2>{escape(section_title(name))}</h2>\n"
        number = 0
        with database.read() as session:
            for row in read(session, person):
                number += 1
                yield _entry(row, profile)
        yield "</section>\n" if number else f"<p>{escape(_('Tidak ada.'))}</p></section>\n"
    yield "</main></body></html>\n"


def _receipts(database: Database, person: Person, profile: TenantProfile, now: datetime) -> list[dict[str, Any]]:
    """Return the receipt of each contact of the person in both shapes."""
    with database.read() as session:
        query = select(Contact).where(Contact.id.in_(person.ids)).order_by(Contact.id)
        facts = [
            gather(session, profile, contact, now)
            for contact in session.scalars(query)
            if session.scalar(select(ConsentRecord.id).where(ConsentRecord.contact_id == contact.id).limit(1))
        ]
    return [{"iso_27560": receipt_27560(one), "kantara": receipt_kantara(one)} for one in facts]


def _entry(row: dict[str, Any], profile: TenantProfile) -> str:
    lines = "".join(
        f"<dt>{escape(field_title(key))}</dt><dd>{escape(_said(value, profile))}</dd>"
        for key, value in row.items()
        if value not in (None, "", [], {})
    )
    return f"<dl>{lines}</dl>\n"


def _said(value: Any, profile: TenantProfile) -> str:
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value) if "T" in value else None
        except ValueError:
            moment = None
        return format_datetime_id(moment, profile.zone) if moment is not None and moment.tzinfo else value
    if isinstance(value, dict):
        return "\n".join(f"{field_title(key)}: {_said(one, profile)}" for key, one in value.items() if one)
    if isinstance(value, list):
        return "\n".join(_said(one, profile) for one in value)
    return str(value)
