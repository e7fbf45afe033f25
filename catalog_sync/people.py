"""Buyers of the catalogue to contacts: what the contract says, in the words of marketing/contacts. Pure but for the zone list."""

from dataclasses import asdict
from functools import lru_cache
from zoneinfo import ZoneInfo

from catalog_sync.contract import Buyer, SetAside
from catalog_sync.contract.models import Consent
from catalog_sync.diff import content_hash
from marketing.contacts.service import FROM_THE_FUTURE, ContactRecord
from marketing.domain.consent import ConsentEvent, Refused
from marketing.domain.privacy import masked
from marketing.domain.text import one_line
from marketing.domain.types import ChannelName
from marketing.i18n import LANGUAGES, SOURCE_LANGUAGE
from marketing.i18n import gettext as _


def contact_record(buyer: Buyer, *, default_zone: str) -> ContactRecord:
    """Return a buyer as a contact; an unknown language or zone becomes that of the Daerah."""
    preferences = buyer.preferences
    record = ContactRecord(
        external_id=buyer.id,
        name=masked(one_line(buyer.name or "")),
        kind=buyer.kind,
        locale=buyer.locale if buyer.locale in LANGUAGES else SOURCE_LANGUAGE,
        zone=buyer.zone if buyer.zone and _is_zone(buyer.zone) else default_zone,
        preferences={"categories": [one_line(name) for name in (preferences and preferences.categories) or ()]},
        addresses={ChannelName.EMAIL: buyer.email or "", ChannelName.WHATSAPP: buyer.phone or ""},
        consents=tuple(_consent(consent) for consent in buyer.consents or ()),
        content_hash="",
    )
    return _hashed(record)


def refusal(external_id: str, refused: Refused) -> SetAside | None:
    """Return a line of consent from the future as set aside; one that Siar knows better (a withdrawal) is no defect."""
    if refused.reason != FROM_THE_FUTURE:
        return None
    return SetAside(
        "consent", external_id, _("Waktu persetujuan di masa depan; diperiksa lagi pada pengambilan berikutnya.")
    )


def _hashed(record: ContactRecord) -> ContactRecord:
    fields = asdict(record)
    return ContactRecord(**{**fields, "consents": record.consents, "content_hash": content_hash(fields)})


def _consent(consent: Consent) -> ConsentEvent:
    return ConsentEvent(
        purpose=consent.purpose,
        state=consent.state,
        at=consent.at,
        wording_version=one_line(consent.wording_version or ""),
        source=one_line(consent.source or ""),
        imported=True,
    )


@lru_cache(maxsize=1_000)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError):  # unknown, or a path instead of a name
        return False
    return True
