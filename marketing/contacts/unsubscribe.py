"""Leaving is one click and immediate: the withdrawal stands in the ledger before the answer is given (UU 27/2022 Ps. 40)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketing.contacts.consent_service import record_consent
from marketing.db.models import Address, Campaign, Event, Message, Suppression
from marketing.domain.consent import ConsentEvent, ConsentState
from marketing.domain.events import EventType, event_id
from marketing.domain.message import MessageState
from marketing.domain.permission import ARTICLES, PURPOSE_OF, SkipReason
from marketing.domain.types import ChannelName, EmailType, Purpose
from marketing.i18n import gettext as _


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
    purpose = PURPOSE_OF[campaign.email_type]
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
        _suppress(session, message, now)
    _skip_waiting(session, message, leaving, now)
    _record(session, message, now)
    return True


def _suppress(session: Session, message: Message, now: datetime) -> None:
    hashes = select(Address.hash).where(Address.contact_id == message.contact_id, Address.channel == ChannelName.EMAIL)
    known = set(session.scalars(select(Suppression.address_hash).where(Suppression.address_hash.in_(hashes))))
    session.add_all(
        Suppression(
            tenant_id=message.tenant_id,
            channel=ChannelName.EMAIL,
            address_hash=address,
            reason="unsubscribe_all",
            at=now,
        )
        for address in set(session.scalars(hashes)) - known
    )


def _skip_waiting(session: Session, message: Message, leaving: list[Purpose], now: datetime) -> None:
    kinds = [kind for kind, purpose in PURPOSE_OF.items() if purpose in leaving]
    campaigns = select(Campaign.id).where(Campaign.tenant_id == message.tenant_id, Campaign.email_type.in_(kinds))
    session.execute(
        update(Message)
        .where(
            Message.contact_id == message.contact_id,
            Message.campaign_id.in_(campaigns),
            Message.state.in_([MessageState.QUEUED, MessageState.DEFERRED]),
        )
        .values(
            state=MessageState.SKIPPED,
            reason=SkipReason.WITHDRAWN,
            article=ARTICLES[SkipReason.WITHDRAWN],
            settled_at=now,
        )
    )


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


def purpose_name(email_type: EmailType) -> str:
    """Return what a person leaves, in words."""
    return {
        EmailType.PROMOTIONAL: _("promosi produk UMKM"),
        EmailType.NEWSLETTER: _("buletin UMKM"),
        EmailType.RETENTION: _("ajakan kembali berbelanja"),
        EmailType.PERSONALISED: _("pilihan produk untuk Anda"),
        EmailType.TRANSACTIONAL: _("pemberitahuan pesanan"),
    }[email_type]
