"""Everything the permission decision needs about a range of contacts, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketing.db.models import Address, Campaign, ConsentNow, Contact, Message, Suppression
from marketing.domain.consent import ConsentState
from marketing.domain.message import SENT, MessageState
from marketing.domain.permission import FrequencyCap, SendFacts
from marketing.domain.types import ChannelName, EmailType, Purpose


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """One contact as the decision and the renderer see it."""

    contact_id: int
    name: str
    address_id: int | None
    address: str
    tracked: bool
    facts: SendFacts
    consent_lines: Mapping[Purpose, int] = field(default_factory=dict)


def gather_facts(
    session: Session, *, tenant_id: str, contact_ids: Sequence[int], cap: FrequencyCap, now: datetime, besides: int = 0
) -> Mapping[int, ContactFacts]:
    """Return facts by contact id for e-mail; `besides` is the campaign whose own messages do not count against the cap."""
    consents: dict[int, dict[Purpose, ConsentState]] = defaultdict(dict)
    lines: dict[int, dict[Purpose, int]] = defaultdict(dict)
    for row in session.execute(
        select(ConsentNow.contact_id, ConsentNow.purpose, ConsentNow.state, ConsentNow.event_id).where(
            ConsentNow.contact_id.in_(contact_ids)
        )
    ):
        consents[row.contact_id][row.purpose] = row.state
        lines[row.contact_id][row.purpose] = row.event_id
    recent = _recent_marketing(session, contact_ids, now - cap.window, besides)
    addresses = _addresses(session, tenant_id, contact_ids)
    query = select(Contact.id, Contact.name, Contact.erased_at)
    query = query.where(Contact.tenant_id == tenant_id, Contact.id.in_(contact_ids))
    facts: dict[int, ContactFacts] = {}
    for contact_id, name, erased_at in session.execute(query):
        address_id, address, suppressed = addresses.get(contact_id, (None, "", False))
        consent = consents[contact_id]
        facts[contact_id] = ContactFacts(
            contact_id=contact_id,
            name=name,
            address_id=address_id,
            address=address,
            tracked=consent.get(Purpose.ENGAGEMENT_TRACKING) is ConsentState.GIVEN,
            facts=SendFacts(
                has_address=address_id is not None,
                erased=erased_at is not None,
                suppressed=suppressed,
                consent=consent,
                marketing_recently=recent.get(contact_id, 0),
            ),
            consent_lines=lines[contact_id],
        )
    return facts


def _addresses(
    session: Session, tenant_id: str, contact_ids: Sequence[int]
) -> Mapping[int, tuple[int | None, str, bool]]:
    """Return id, address and whether it is suppressed, by contact.

    A query of its own: joined to the contacts, PostgreSQL reads the whole table once per contact as long as it has no
    statistics, which is the minute after a large import.
    """
    query = (
        select(Address.contact_id, Address.id, Address.normalised, Suppression.id)
        .outerjoin(
            Suppression,
            (Suppression.tenant_id == tenant_id)
            & (Suppression.channel == Address.channel)
            & (Suppression.address_hash == Address.hash),
        )
        .where(Address.contact_id.in_(contact_ids), Address.channel == ChannelName.EMAIL)
        .order_by(Address.id.desc())  # the oldest address wins
    )
    return {
        contact_id: (address_id, address, suppression_id is not None)
        for contact_id, address_id, address, suppression_id in session.execute(query)
    }


def _recent_marketing(session: Session, contact_ids: Sequence[int], since: datetime, besides: int) -> Mapping[int, int]:
    settled = Message.state.in_([*SENT, MessageState.UNKNOWN]) & (Message.settled_at >= since)
    query = (
        select(Message.contact_id, func.count())
        .join(Campaign, Campaign.id == Message.campaign_id)
        .where(
            Message.contact_id.in_(contact_ids),
            Message.campaign_id != besides,
            or_(settled, Message.state == MessageState.SENDING),
            Campaign.email_type != EmailType.TRANSACTIONAL,
        )
        .group_by(Message.contact_id)
    )
    return dict(session.execute(query).all())
