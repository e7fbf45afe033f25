"""A yes given in a chat with the bot: it counts for that chat alone, with the text that the chat showed (UU 27/2022 Ps. 20-24)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.contacts.addresses import address_hash
from marketing.contacts.consent_service import record_consent
from marketing.contacts.preferences import find_person
from marketing.contacts.suppressions import Reach, find
from marketing.contacts.unsubscribe import UNSUBSCRIBE_ALL, lift_own
from marketing.db.models import Address, Contact, Tenant
from marketing.domain.consent import ConsentEvent, ConsentState
from marketing.domain.consent_evidence import plain
from marketing.domain.consent_wording import Wording
from marketing.domain.types import BuyerKind, ChannelName
from marketing.i18n import LANGUAGES, SOURCE_LANGUAGE
from marketing.tenants.profile import profile_of

SOURCE: Final = "bot"
NAME_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class Yes:
    """Who said yes to which text; `contact_id` is the person whose own link led here, 0 for a link that is nobody's."""

    channel: ChannelName
    address: str = field(repr=False)
    name: str = field(repr=False)
    wording: Wording
    contact_id: int = 0
    evidence: Mapping[str, Any] = field(default_factory=dict)


def agree(session: Session, tenant_id: str, yes: Yes, key: bytes, now: datetime) -> int | None:
    """Write the consent and return whose it is; None when the chat is barred by more than its owner's own leaving.

    The chat keeps the person it belongs to, whoever's link led here.
    """
    session.get(Tenant, tenant_id, with_for_update={"key_share": True})  # two at once make one person
    hashed = address_hash(key, tenant_id, yes.address)
    if any(row.reason != UNSUBSCRIBE_ALL for row in find(session, tenant_id, [Reach(yes.channel, hashed)])):
        return None
    contact = _owner(session, tenant_id, yes, hashed, now)
    lifted = lift_own(session, tenant_id, contact.id, {yes.channel})
    evidence = {**yes.evidence, **({"lifted": UNSUBSCRIBE_ALL} if lifted else {})}
    text = yes.wording
    said = ConsentEvent(
        text.purpose, ConsentState.GIVEN, now, text.version, SOURCE, channel=yes.channel, language=text.language
    )
    record_consent(
        session, tenant_id=tenant_id, contact_id=contact.id, events=[said], now=now, evidence=plain(evidence)
    )
    return contact.id


def _owner(session: Session, tenant_id: str, yes: Yes, hashed: str, now: datetime) -> Contact:
    mine = select(Address).where(
        Address.tenant_id == tenant_id, Address.channel == yes.channel, Address.normalised == yes.address
    )
    address = session.scalars(mine).one_or_none()
    if address is None:
        contact = find_person(session, yes.contact_id) if yes.contact_id else None
        if contact is None or contact.tenant_id != tenant_id:
            contact = _stranger(session, tenant_id, yes, now)
        address = Address(
            tenant_id=tenant_id, contact_id=contact.id, channel=yes.channel, normalised=yes.address, hash=hashed
        )
        session.add(address)
    address.confirmed_at = now
    session.flush()
    return session.get_one(Contact, address.contact_id)


def _stranger(session: Session, tenant_id: str, yes: Yes, now: datetime) -> Contact:
    language = yes.wording.language
    contact = Contact(
        tenant_id=tenant_id,
        source=f"{SOURCE}-{yes.channel.value}",
        external_id=secrets.token_hex(16),
        name=yes.name[:NAME_LENGTH],
        kind=BuyerKind.MASYARAKAT,
        locale=language if language in LANGUAGES else SOURCE_LANGUAGE,
        zone=profile_of(tenant_id).zone,
        preferences={},
        content_hash="",
        created_at=now,
    )
    session.add(contact)
    session.flush()
    return contact
