"""Everything the permission decision needs about a range of contacts, in one query; what consent texts still hold in another.

What belongs to a contact comes as lists in its row (marketing/db/nested.py says why it is not joined).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, case, func, null, or_, select
from sqlalchemy.orm import Session

from marketing.contacts.wordings import load_ages
from marketing.db.bulk import among
from marketing.db.models import Address, Campaign, ConsentNow, ConsentRecord, Contact, Message, Suppression
from marketing.db.nested import array
from marketing.domain.consent import ConsentState
from marketing.domain.frequency import WEEK, FrequencyCap
from marketing.domain.message import SENT, MessageState
from marketing.domain.permission import SendFacts
from marketing.domain.quiet_hours import zone_of
from marketing.domain.types import ChannelName, EmailType, Purpose
from marketing.i18n import SOURCE_LANGUAGE
from marketing.tenants.profile import profile_of


@dataclass(slots=True)  # not frozen: one for every message of a campaign (docs/decisions.md, 70)
class ContactFacts:
    """One contact as the decision and the renderer see it; `consent_line` is the ledger line in force for the purpose at hand."""

    contact_id: int
    name: str
    address_id: int | None
    address: str
    facts: SendFacts
    consent_line: int | None = None
    locale: str = SOURCE_LANGUAGE


def gather_facts(
    session: Session,
    *,
    tenant_id: str,
    contact_ids: Sequence[int],
    purpose: Purpose | None,
    cap: FrequencyCap,
    now: datetime,
    besides: int = 0,
    channel: ChannelName = ChannelName.EMAIL,
) -> Mapping[int, ContactFacts]:
    """Return facts by contact id for a purpose (None for what a contract needs) and a channel.

    `besides` is the campaign whose own messages do not count against the cap.
    """
    expired = load_ages(session, tenant_id, now).outdated(purpose) if purpose is not None else ()
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
        _consent(session, purpose, with_version=bool(expired)),
        _address(session, tenant_id, channel),
        _recent_marketing(session, cap, now, besides),
    )
    home = profile_of(tenant_id).tz
    clocks: dict[str, datetime] = {}
    facts: dict[int, ContactFacts] = {}
    found = session.execute(query.where(Contact.tenant_id == tenant_id, among(session, Contact.id, contact_ids)))
    for (
        row_id,
        name,
        kind,
        zone,
        locale,
        erased_at,
        restricted_at,
        paused_until,
        weekly_limit,
        said,
        reached,
        recent,
    ) in found:
        local = clocks.get(zone) or clocks.setdefault(zone, now.astimezone(zone_of(zone, home)))
        address_id, address, suppression = reached or _NOWHERE
        within_cap, this_week = recent or _NONE_SENT
        state, line, version = said or _NOTHING_SAID
        facts[row_id] = ContactFacts(
            row_id,
            name,
            address_id,
            address,
            SendFacts(
                address_id is not None,
                erased_at is not None,
                suppression is not None,
                {} if purpose is None or state is None else {purpose: _STATES[state]},
                within_cap,
                suppression or "",
                restricted_at is not None,
                _outdated(purpose, state, version, expired) if expired else _NO_PURPOSES,
                paused_until is not None and paused_until > now,
                weekly_limit,
                this_week,
                local,
                kind,
            ),
            line,
            locale,
        )
    return facts


_NOWHERE: Final = (None, "", None)
_NONE_SENT: Final = (0, 0)
_NOTHING_SAID: Final = (None, None, None)
_NO_PURPOSES: Final[frozenset[Purpose]] = frozenset()
_STATES: Final = {state.value: state for state in ConsentState}


def _outdated(
    purpose: Purpose | None, state: str | None, version: str | None, expired: Collection[str]
) -> frozenset[Purpose]:
    """Return the purpose when its consent was given on a text that no longer holds."""
    if purpose is None or state != ConsentState.GIVEN or version not in expired:
        return _NO_PURPOSES
    return frozenset({purpose})


def _consent(session: Session, purpose: Purpose | None, *, with_version: bool) -> ColumnElement[Any]:
    """Return what is in force for the purpose: state, ledger line, and the version of its text where one no longer holds."""
    if purpose is None:
        return null()
    version = ConsentRecord.wording_version if with_version else null()
    query = select(array(session, ConsentNow.state, ConsentNow.event_id, version)).select_from(ConsentNow)
    if with_version:
        query = query.join(ConsentRecord, ConsentRecord.id == ConsentNow.event_id)
    return query.where(ConsentNow.contact_id == Contact.id, ConsentNow.purpose == purpose).scalar_subquery()


def _address(session: Session, tenant_id: str, channel: ChannelName) -> ScalarSelect[Any]:
    """Return the oldest address on the channel with its id, and why nothing goes there any more."""
    return (
        select(array(session, Address.id, Address.normalised, Suppression.reason))
        .select_from(Address)
        .outerjoin(
            Suppression,
            (Suppression.tenant_id == tenant_id)
            & (Suppression.channel == Address.channel)
            & (Suppression.address_hash == Address.hash),
        )
        .where(Address.contact_id == Contact.id, Address.channel == channel)
        .order_by(Address.id)
        .limit(1)
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
