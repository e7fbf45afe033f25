"""What a person wants from us, seen and changed without logging in; every change holds from the commit on (UU 27/2022 Ps. 5-13, 40)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.contacts.asking import wordings_now
from marketing.contacts.consent_service import record_consent
from marketing.contacts.unsubscribe import UNSUBSCRIBE_ALL, lift_own, suppress_addresses
from marketing.contacts.wordings import load_ages
from marketing.db.models import Address, ConsentNow, ConsentRecord, Contact, Suppression
from marketing.domain.consent import ConsentEvent, ConsentState, channel_of
from marketing.domain.consent_wording import Standing, Wording
from marketing.domain.types import BuyerKind, ChannelName, Purpose
from marketing.errors import InvalidInputError
from marketing.i18n import LANGUAGES, SOURCE_LANGUAGE
from marketing.i18n import gettext as _
from marketing.tenants.profile import profile_of

SOURCE: Final = "preferensi"
WEEKLY_LIMITS: Final = (1, 2)
LONGEST_PAUSE: Final = timedelta(days=366)
_OFF: Final = (ConsentState.WITHDRAWN, ConsentState.REFUSED)


@dataclass(frozen=True, slots=True)
class Choice:
    """One purpose: whether it holds now, and the text on which a person would agree to it."""

    purpose: Purpose
    on: bool
    wording: Wording


@dataclass(frozen=True, slots=True)
class Wishes:
    """How and when a person wants to be written to; `paused_until` is the first day on which mails come again."""

    topics: tuple[str, ...] = ()
    weekly_limit: int | None = None
    paused_until: date | None = None
    language: str = SOURCE_LANGUAGE


@dataclass(frozen=True, slots=True)
class Preferences:
    """Everything the page shows; `address` is whole and must be masked. `left_all` and `barred` say why nothing comes."""

    contact_id: int
    tenant_id: str
    address: str
    choices: tuple[Choice, ...]
    wishes: Wishes
    left_all: bool
    barred: bool
    restricted: bool


def find_person(session: Session, contact_id: int) -> Contact | None:
    """Return the person a link was made for, also after a merge; None once erased or never there."""
    contact = session.get(Contact, contact_id)
    seen: set[int] = set()
    while contact is not None and contact.merged_into is not None and contact.id not in seen:
        seen.add(contact.id)
        contact = session.get(Contact, contact.merged_into)
    return contact if contact is not None and contact.erased_at is None and contact.id not in seen else None


def preferences_of(session: Session, contact: Contact, language: str, now: datetime) -> Preferences:
    """Return what holds for a person at this moment, with texts in the language of the page."""
    profile = profile_of(contact.tenant_id)
    on = _on(session, contact, now)
    texts = wordings_now(session, contact.tenant_id, _offered(contact, on), language, now)
    reasons = _reasons(session, contact)
    pause = contact.paused_until
    return Preferences(
        contact_id=contact.id,
        tenant_id=contact.tenant_id,
        address=next((row.normalised for row in contact.addresses if row.channel is ChannelName.EMAIL), ""),
        choices=tuple(Choice(purpose, on.get(purpose, False), text) for purpose, text in texts.items()),
        wishes=Wishes(
            topics=tuple(contact.preferences.get("categories", ())),
            weekly_limit=contact.weekly_limit,
            paused_until=pause.astimezone(profile.tz).date() if pause is not None and pause > now else None,
            language=contact.locale if contact.locale in LANGUAGES else SOURCE_LANGUAGE,
        ),
        left_all=UNSUBSCRIBE_ALL in reasons,
        barred=bool(reasons - {UNSUBSCRIBE_ALL}),
        restricted=contact.restricted_at is not None,
    )


def change(
    session: Session,
    contact: Contact,
    *,
    agreed: tuple[Wording, ...],
    withdrawn: frozenset[Purpose],
    wishes: Wishes,
    now: datetime,
    evidence: Mapping[str, object] | None = None,
) -> None:
    """Write what the person changed; InvalidInputError for a pause that cannot be.

    `agreed` are the texts beside boxes that were switched on, `withdrawn` the boxes switched off; what the person left as
    the page showed it stays, even when it changed meanwhile. A fresh consent lifts the person's own leaving of all.
    """
    _write_wishes(contact, wishes, now)
    given = [
        ConsentEvent(text.purpose, ConsentState.GIVEN, now, text.version, SOURCE, language=text.language)
        for text in agreed
    ]
    leaving = [ConsentEvent(purpose, ConsentState.WITHDRAWN, now, "", SOURCE) for purpose in sorted(withdrawn)]
    proof = dict(evidence or {})
    channels = {channel_of(event.purpose) for event in given}
    if channels and lift_own(session, contact.tenant_id, contact.id, channels):
        proof["lifted"] = UNSUBSCRIBE_ALL
    record_consent(
        session,
        tenant_id=contact.tenant_id,
        contact_id=contact.id,
        events=[*leaving, *given],
        now=now,
        evidence=proof,
    )


def leave_all(
    session: Session, contact: Contact, *, now: datetime, evidence: Mapping[str, object] | None = None
) -> None:
    """Withdraw everything, put the addresses on the list of those who left, and skip what waits."""
    record_consent(
        session,
        tenant_id=contact.tenant_id,
        contact_id=contact.id,
        events=[ConsentEvent(purpose, ConsentState.WITHDRAWN, now, "", SOURCE) for purpose in Purpose],
        now=now,
        evidence={"scope": "semua", **(evidence or {})},
    )
    suppress_addresses(session, contact.tenant_id, contact.id, now)


def _write_wishes(contact: Contact, wishes: Wishes, now: datetime) -> None:
    if wishes.weekly_limit not in (None, *WEEKLY_LIMITS):
        raise InvalidInputError(_("Pilih salah satu pilihan kekerapan."), field="batas")
    tz = profile_of(contact.tenant_id).tz
    until = datetime.combine(wishes.paused_until, time(), tz) if wishes.paused_until else None
    if until is not None and not now < until <= now + LONGEST_PAUSE:
        raise InvalidInputError(_("Jeda memerlukan tanggal mulai besok, paling lama satu tahun."), field="jeda")
    contact.weekly_limit = wishes.weekly_limit
    contact.paused_until = until
    contact.locale = wishes.language
    contact.preferences = {**contact.preferences, "categories": list(wishes.topics)}


def _on(session: Session, contact: Contact, now: datetime) -> dict[Purpose, bool]:
    """Return what holds per purpose that was ever decided; a consent on a text that means something else no longer does."""
    ages = load_ages(session, contact.tenant_id, now)
    query = (
        select(ConsentNow.purpose, ConsentNow.state, ConsentRecord.wording_version)
        .join(ConsentRecord, ConsentRecord.id == ConsentNow.event_id)
        .where(ConsentNow.contact_id == contact.id)
    )
    found = {
        purpose: state is ConsentState.GIVEN and ages.standing(purpose, version) is not Standing.OUTDATED
        for purpose, state, version in session.execute(query)
    }
    if contact.kind in (BuyerKind.PELAKU_UMKM, BuyerKind.PENYEDIA):  # a public task; only leaving is a decision
        off = session.scalar(
            select(ConsentNow.purpose).where(
                ConsentNow.contact_id == contact.id,
                ConsentNow.purpose == Purpose.SOSIALISASI,
                ConsentNow.state.in_(_OFF),
            )
        )
        found[Purpose.SOSIALISASI] = off is None
    return found


def _offered(contact: Contact, on: Mapping[Purpose, bool]) -> list[Purpose]:
    """Return the purposes that make sense for this person: WhatsApp with a number, sosialisasi for businesses.

    Telegram is agreed to in the chat with the bot, which alone shows whose chat it is; here it can be left.
    """
    phone = any(row.channel is ChannelName.WHATSAPP for row in contact.addresses)
    hidden = {Purpose.SOSIALISASI, Purpose.TELEGRAM_MARKETING} | (set() if phone else {Purpose.WHATSAPP_MARKETING})
    return [purpose for purpose in Purpose if purpose in on or purpose not in hidden]


def _reasons(session: Session, contact: Contact) -> set[str]:
    hashes = select(Address.hash).where(Address.contact_id == contact.id, Address.channel == ChannelName.EMAIL)
    query = select(Suppression.reason).where(
        Suppression.tenant_id == contact.tenant_id,
        Suppression.channel == ChannelName.EMAIL,
        Suppression.address_hash.in_(hashes),
    )
    return set(session.scalars(query))
