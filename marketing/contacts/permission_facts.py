"""Everything the permission decision needs about a range of contacts, in one query; the texts of consent in another.

What belongs to a contact comes as lists in its row (marketing/db/nested.py says why it is not joined).
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, case, func, or_, select
from sqlalchemy.orm import Session

from marketing.contacts.wordings import load_ages
from marketing.db.bulk import among
from marketing.db.models import Address, Campaign, ConsentNow, ConsentRecord, Contact, Message, Suppression
from marketing.db.nested import array, arrays
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
class _Said:
    """What is in force for one purpose: its state, the ledger line, and the version of its text where one no longer holds."""

    state: ConsentState
    line: int
    version: str = ""


def gather_facts(
    session: Session,
    *,
    tenant_id: str,
    contact_ids: Sequence[int],
    cap: FrequencyCap,
    now: datetime,
    besides: int = 0,
    channel: ChannelName = ChannelName.EMAIL,
) -> Mapping[int, ContactFacts]:
    """Return facts by contact id for a channel; `besides` is the campaign whose own messages do not count against the cap."""
    ages = load_ages(session, tenant_id, now)
    expired = {purpose: frozenset(versions) for purpose in Purpose if (versions := ages.outdated(purpose))}
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
        _consents(session, with_version=bool(expired)).label("consents"),
        _addresses(session, tenant_id, channel).label("addresses"),
        _recent_marketing(session, cap, now, besides).label("recent"),
    )
    home = profile_of(tenant_id).tz
    facts: dict[int, ContactFacts] = {}
    for row in session.execute(query.where(Contact.tenant_id == tenant_id, among(session, Contact.id, contact_ids))):
        said = {Purpose(purpose): _Said(ConsentState(state), *rest) for purpose, state, *rest in row.consents or ()}
        address_id, address, suppression = min(row.addresses or [(None, "", None)])  # the oldest address wins
        within_cap, this_week = row.recent or (0, 0)
        consent = {purpose: one.state for purpose, one in said.items()}
        facts[row.id] = ContactFacts(
            contact_id=row.id,
            name=row.name,
            address_id=address_id,
            address=address,
            tracked=consent.get(Purpose.ENGAGEMENT_TRACKING) is ConsentState.GIVEN,
            facts=SendFacts(
                has_address=address_id is not None,
                erased=row.erased_at is not None,
                suppressed=suppression is not None,
                consent=consent,
                marketing_recently=within_cap,
                suppression=suppression or "",
                restricted=row.restricted_at is not None,
                outdated=_outdated(said, expired) if expired else frozenset(),
                paused=row.paused_until is not None and row.paused_until > now,
                weekly_limit=row.weekly_limit,
                marketing_this_week=this_week,
                local=now.astimezone(zone_of(row.zone, home)),
                kind=row.kind,
            ),
            consent_lines={purpose: one.line for purpose, one in said.items()},
            locale=row.locale,
        )
    return facts


def _outdated(said: Mapping[Purpose, _Said], expired: Mapping[Purpose, AbstractSet[str]]) -> AbstractSet[Purpose]:
    """Return the purposes whose consent was given on a text that no longer holds."""
    return frozenset(
        purpose
        for purpose, versions in expired.items()
        if purpose in said and said[purpose].state is ConsentState.GIVEN and said[purpose].version in versions
    )


def _consents(session: Session, *, with_version: bool) -> ScalarSelect[Any]:
    """Return what `_Said` holds, by purpose; the text is looked up only where there is one that no longer holds."""
    said = (ConsentNow.purpose, ConsentNow.state, ConsentNow.event_id)
    query = select(arrays(session, *said, *((ConsentRecord.wording_version,) if with_version else ())))
    query = query.select_from(ConsentNow).where(ConsentNow.contact_id == Contact.id)
    if with_version:
        query = query.join(ConsentRecord, ConsentRecord.id == ConsentNow.event_id)
    return query.scalar_subquery()


def _addresses(session: Session, tenant_id: str, channel: ChannelName) -> ScalarSelect[Any]:
    """Return the addresses on the channel with their ids, and why nothing goes there any more."""
    return (
        select(arrays(session, Address.id, Address.normalised, Suppression.reason))
        .select_from(Address)
        .outerjoin(
            Suppression,
            (Suppression.tenant_id == tenant_id)
            & (Suppression.channel == Address.channel)
            & (Suppression.address_hash == Address.hash),
        )
        .where(Address.contact_id == Contact.id, Address.channel == channel)
        .scalar_subquery()
    )


def _recent_marketing(session: Session, cap: FrequencyCap, now: datetime, besides: int) -> ScalarSelect[Any]:
    """Return how many marketing messages went out within the cap's window and within a week, on all channels together.

    None where there was none at all.
    """
    in_hand = Message.state == MessageState.SENDING
    out = Message.state.in_([*SENT, MessageState.UNKNOWN])
    counts = (
        func.sum(case((or_(in_hand, Message.settled_at >= now - length), 1), else_=0)) for length in (cap.window, WEEK)
    )
    return (
        select(array(session, *counts))
        .select_from(Message)
        .join(Campaign, Campaign.id == Message.campaign_id)
        .where(
            Message.contact_id == Contact.id,
            Message.campaign_id != besides,
            or_(in_hand, out & (Message.settled_at >= now - max(cap.window, WEEK))),
            Campaign.email_type != EmailType.TRANSACTIONAL,
        )
        .having(func.count() > 0)
        .scalar_subquery()
    )
