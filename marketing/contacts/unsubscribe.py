"""Leaving is one click and immediate: the withdrawal stands in the ledger before the answer is given (UU 27/2022 Ps. 40)."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.contacts.consent_service import record_consent
from marketing.db.models import Address, Campaign, Event, Message, Suppression
from marketing.domain.consent import ConsentEvent, ConsentState
from marketing.domain.events import EventType, event_id
from marketing.domain.types import ChannelName, Purpose
from marketing.i18n import gettext as _

UNSUBSCRIBE_ALL: Final = "unsubscribe_all"
"""The reason on the list of never-send that the person gave; the only one that the person lifts."""


class Scope(StrEnum):
    """How far a person leaves."""

    PURPOSE = "jenis"
    ALL = "semua"


def unsubscribe(session: Session, message_id: int, scope: Scope, *, source: str, now: datetime) -> bool:
    """Withdraw consent for this message's purpose or for all, and skip what still waits; False when nothing is known of it.

    Doing it again changes nothing more than another line in the ledger for a purpose that stands.
    """
    message = session.get(Message, message_id)
    if message is None:
        return False
    campaign = session.get_one(Campaign, message.campaign_id)
    purpose = campaign.purpose
    leaving = [*Purpose] if scope is Scope.ALL or purpose is None else [purpose]
    record_consent(
        session,
        tenant_id=message.tenant_id,
        contact_id=message.contact_id,
        events=[ConsentEvent(item, ConsentState.WITHDRAWN, now, "", source) for item in leaving],
        now=now,
        evidence={"message": message.id, "scope": scope},
    )
    if scope is Scope.ALL:
        suppress_addresses(session, message.tenant_id, message.contact_id, now)
    _record(session, message, now)
    return True


def suppress_addresses(session: Session, tenant_id: str, contact_id: int, now: datetime) -> None:
    """Put every address of a person, on every channel, on the list of those who left all; what stands there keeps its reason."""
    theirs = select(Address.channel, Address.hash).where(Address.contact_id == contact_id)
    standing = select(Suppression.channel, Suppression.address_hash).where(
        Suppression.tenant_id == tenant_id,
        Suppression.address_hash.in_(select(Address.hash).where(Address.contact_id == contact_id)),
    )
    missing = {(row.channel, row.hash) for row in session.execute(theirs)} - {
        (row.channel, row.address_hash) for row in session.execute(standing)
    }
    session.add_all(
        Suppression(tenant_id=tenant_id, channel=channel, address_hash=address, reason=UNSUBSCRIBE_ALL, at=now)
        for channel, address in sorted(missing)
    )


def lift_own(
    session: Session,
    tenant_id: str,
    contact_id: int,
    channels: Collection[ChannelName] = (ChannelName.EMAIL,),
) -> bool:
    """Lift what the person put there by leaving all, at the person's own fresh consent; True when something was lifted.

    Only on the channels that the consent is about, and only that: what a complaint, a bounce, an erasure or the law put
    there stays, whoever ticks which box.
    """
    hashes = select(Address.hash).where(Address.contact_id == contact_id, Address.channel.in_(channels))
    own = session.scalars(
        select(Suppression).where(
            Suppression.tenant_id == tenant_id,
            Suppression.channel.in_(channels),
            Suppression.reason == UNSUBSCRIBE_ALL,
            Suppression.address_hash.in_(hashes),
        )
    ).all()
    for row in own:
        session.delete(row)
    session.flush()
    return bool(own)


def _record(session: Session, message: Message, now: datetime) -> None:
    identity = str(event_id(EventType.UNSUBSCRIBED, message.id))
    if session.scalar(select(Event.id).where(Event.event_id == identity)) is None:
        session.add(
            Event(
                tenant_id=message.tenant_id,
                event_id=identity,
                type=EventType.UNSUBSCRIBED,
                campaign_id=message.campaign_id,
                message_id=message.id,
                contact_id=message.contact_id,
                link_id=None,
                machine=False,
                at=now,
            )
        )
        session.flush()


def purpose_name(purpose: Purpose | None) -> str:
    """Return what a person leaves, in words; None is what a contract needs."""
    names: dict[Purpose | None, str] = {
        Purpose.PROMOTIONAL: _("promosi produk UMKM"),
        Purpose.NEWSLETTER: _("buletin UMKM"),
        Purpose.SOSIALISASI: _("sosialisasi bagi pelaku UMKM"),
        Purpose.RETENTION: _("ajakan kembali berbelanja"),
        Purpose.PERSONALISED: _("pilihan produk untuk Anda"),
    }
    return names.get(purpose, _("pemberitahuan pesanan"))
