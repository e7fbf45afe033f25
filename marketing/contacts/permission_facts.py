"""Everything the permission decision needs about a range of contacts, in a fixed number of queries.

Six, whatever the number of contacts: one that joins them all is slower, because each join multiplies the rows of the others
and PostgreSQL has no statistics in the minute after a large import.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from marketing.contacts.wordings import load_ages
from marketing.db.models import Address, Campaign, ConsentNow, ConsentRecord, Contact, Message, Suppression
from marketing.domain.consent import ConsentState
from marketing.domain.frequency import WEEK, FrequencyCap
from marketing.domain.message import SENT, MessageState
from marketing.domain.permission import SendFacts
from marketing.domain.quiet_hours import zone_of
from marketing.domain.types import ChannelName, EmailType, Purpose
from marketing.i18n import SOURCE_LANGUAGE
from marketing.tenants.profile import profile_of


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """One contact as the decision and the renderer see it; `consent_lines` are the ledger lines in force, by purpose."""

    contact_id: int
    name: str
    address_id: int | None
    address: str
    tracked: bool
    facts: SendFacts
    consent_lines: Mapping[Purpose, int] = field(default_factory=dict)
    locale: str = SOURCE_LANGUAGE


@dataclass(frozen=True, slots=True)
class _Reach:
    """Where a contact is reached, and why not any more."""

    address_id: int | None = None
    address: str = ""
    suppression: str | None = None


def gather_facts(
    session: Session, *, tenant_id: str, contact_ids: Sequence[int], cap: FrequencyCap, now: datetime, besides: int = 0
) -> Mapping[int, ContactFacts]:
    """Return facts by contact id for e-mail; `besides` is the campaign whose own messages do not count against the cap."""
    consents: dict[int, dict[Purpose, ConsentState]] = defaultdict(dict)
    lines: dict[int, dict[Purpose, int]] = defaultdict(dict)
    for line in session.execute(
        select(ConsentNow.contact_id, ConsentNow.purpose, ConsentNow.state, ConsentNow.event_id).where(
            ConsentNow.contact_id.in_(contact_ids)
        )
    ):
        consents[line.contact_id][line.purpose] = line.state
        lines[line.contact_id][line.purpose] = line.event_id
    outdated = _outdated(session, tenant_id, contact_ids, now)
    recent = _recent_marketing(session, contact_ids, cap, now, besides)
    addresses = _addresses(session, tenant_id, contact_ids)
    home = profile_of(tenant_id).tz
    query = select(
        Contact.id,
        Contact.name,
        Contact.kind,
        Contact.zone,
        Contact.locale,
        Contact.erased_at,
        Contact.restricted_at,
        Contact.paused_until,
        Contact.weekly_limit,
    )
    facts: dict[int, ContactFacts] = {}
    for row in session.execute(query.where(Contact.tenant_id == tenant_id, Contact.id.in_(contact_ids))):
        reach, consent = addresses.get(row.id, _Reach()), consents[row.id]
        within_cap, this_week = recent.get(row.id, (0, 0))
        facts[row.id] = ContactFacts(
            contact_id=row.id,
            name=row.name,
            address_id=reach.address_id,
            address=reach.address,
            tracked=consent.get(Purpose.ENGAGEMENT_TRACKING) is ConsentState.GIVEN,
            facts=SendFacts(
                has_address=reach.address_id is not None,
                erased=row.erased_at is not None,
                suppressed=reach.suppression is not None,
                consent=consent,
                marketing_recently=within_cap,
                suppression=reach.suppression or "",
                restricted=row.restricted_at is not None,
                outdated=outdated.get(row.id, frozenset()),
                paused=row.paused_until is not None and row.paused_until > now,
                weekly_limit=row.weekly_limit,
                marketing_this_week=this_week,
                local=now.astimezone(zone_of(row.zone, home)),
                kind=row.kind,
            ),
            consent_lines=lines[row.id],
            locale=row.locale,
        )
    return facts


def _outdated(
    session: Session, tenant_id: str, contact_ids: Sequence[int], now: datetime
) -> Mapping[int, AbstractSet[Purpose]]:
    """Return the purposes whose consent was given on a text that no longer holds; asked only where there is such a text."""
    ages = load_ages(session, tenant_id, now)
    expired = [
        and_(ConsentNow.purpose == purpose, ConsentRecord.wording_version.in_(versions))
        for purpose in Purpose
        if (versions := ages.outdated(purpose))
    ]
    found: dict[int, set[Purpose]] = defaultdict(set)
    if expired:
        query = (
            select(ConsentNow.contact_id, ConsentNow.purpose)
            .join(ConsentRecord, ConsentRecord.id == ConsentNow.event_id)
            .where(ConsentNow.contact_id.in_(contact_ids), ConsentNow.state == ConsentState.GIVEN, or_(*expired))
        )
        for contact_id, purpose in session.execute(query):
            found[contact_id].add(purpose)
    return found


def _addresses(session: Session, tenant_id: str, contact_ids: Sequence[int]) -> Mapping[int, _Reach]:
    """Return the e-mail address of each contact, the oldest where there are several."""
    query = (
        select(Address.contact_id, Address.id, Address.normalised, Suppression.reason)
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
        contact_id: _Reach(address_id, address, reason)
        for contact_id, address_id, address, reason in session.execute(query)
    }


def _recent_marketing(
    session: Session, contact_ids: Sequence[int], cap: FrequencyCap, now: datetime, besides: int
) -> Mapping[int, tuple[int, int]]:
    """Return how many marketing messages went out within the cap's window and within a week, on all channels together."""
    in_hand = Message.state == MessageState.SENDING
    out = Message.state.in_([*SENT, MessageState.UNKNOWN])
    within_cap, this_week = (or_(in_hand, Message.settled_at >= now - length) for length in (cap.window, WEEK))
    query = (
        select(
            Message.contact_id,
            func.sum(case((within_cap, 1), else_=0)),
            func.sum(case((this_week, 1), else_=0)),
        )
        .join(Campaign, Campaign.id == Message.campaign_id)
        .where(
            Message.contact_id.in_(contact_ids),
            Message.campaign_id != besides,
            or_(in_hand, out & (Message.settled_at >= now - max(cap.window, WEEK))),
            Campaign.email_type != EmailType.TRANSACTIONAL,
        )
        .group_by(Message.contact_id)
    )
    return {contact_id: (int(cap_count), int(week)) for contact_id, cap_count, week in session.execute(query)}
