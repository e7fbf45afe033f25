"""Claim a small batch, permit it again, and write ahead: `sending` is committed before the provider is called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketing.contacts.permission_facts import ContactFacts, gather_facts
from marketing.db.models import Campaign, Message
from marketing.delivery.breakers import holds_back
from marketing.delivery.order_reading import overtaken_by_events
from marketing.delivery.versions import content_of
from marketing.domain import campaign as campaigns
from marketing.domain.campaign import CampaignState
from marketing.domain.eligibility import Reason
from marketing.domain.message import TRANSITIONS, MessageState
from marketing.domain.permission import (
    Allowed,
    Decision,
    FrequencyCap,
    Later,
    QuietHours,
    Skipped,
    SkipReason,
    decide_for,
    skipped,
)
from marketing.domain.public_task import promotes
from marketing.domain.transitions import change
from marketing.domain.types import Purpose
from marketing.i18n import gettext as _
from marketing.products.catalogue import Offer, load_offers
from marketing.tenants.profile import TenantProfile, profile_of

SUB_BATCH = 50  # at most this many messages are ever in doubt when a worker dies
LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages of one campaign version that this worker may hand over now."""

    campaign: Campaign
    profile: TenantProfile
    version: int
    messages: Sequence[Message]
    contacts: Mapping[int, ContactFacts]


def claim(
    session: Session,
    campaign_id: int,
    *,
    owner: str,
    cap: FrequencyCap,
    now: datetime,
    limit: int = SUB_BATCH,
    quiet: QuietHours | None = None,
) -> Batch | None:
    """Lease up to `limit` due messages and write them as `sending`; None when the campaign may not or need not send."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or not may_go_on(session, campaign, now):
        return None
    profile = profile_of(campaign.tenant_id)
    due = or_(
        Message.state == MessageState.QUEUED,
        (Message.state == MessageState.DEFERRED) & (Message.not_before <= now),
    )
    query = select(Message).where(Message.campaign_id == campaign_id, due).order_by(Message.id).limit(limit)
    rows = list(session.scalars(query.with_for_update(skip_locked=True)))
    if not rows:
        return None
    contacts = gather_facts(
        session,
        tenant_id=campaign.tenant_id,
        contact_ids=[row.contact_id for row in rows],
        cap=cap,
        now=now,
        besides=campaign_id,
    )
    purpose = campaign.purpose
    version, empty = rows[0].version, _without_products(session, rows, profile, now)
    off = overtaken_by_events(session, rows)
    # The second lock: a task of the Dinas never becomes promotion, whatever was approved.
    shows = purpose is Purpose.SOSIALISASI and promotes(content_of(session, campaign, version))
    allowed = []
    for row in rows:
        if row.version != version:
            continue
        verdict = decide_for(contacts[row.contact_id].facts, purpose, cap, quiet, promotes=shows)
        if row.id in empty and isinstance(verdict, Allowed):
            verdict = skipped(SkipReason.NOTHING_TO_SAY)
        if row.id in off and isinstance(verdict, Allowed):
            verdict = skipped(SkipReason.ORDER_OFF)
        if _permit(row, verdict, now):
            allowed.append(row)
    for row in allowed:
        row.state = change(TRANSITIONS, row.state, MessageState.SENDING)
        row.lease_owner, row.lease_until, row.attempt = owner, now + LEASE, row.attempt + 1
        row.address_id, row.handed_over_at = contacts[row.contact_id].address_id, None
        row.consent_event_id = contacts[row.contact_id].consent_lines.get(purpose) if purpose else None
    return Batch(campaign, profile, version, allowed, contacts)


def may_go_on(session: Session, campaign: Campaign, now: datetime) -> bool:
    """Return whether the campaign is still sending, and keep it so until this transaction ends.

    The lock is shared between workers; the one that pauses takes its own before any of them holds it, because two that
    share a lock and both want to write would wait for each other.
    """
    if campaign.state is not CampaignState.SENDING:
        return False
    if pause_if_held(session, campaign, profile_of(campaign.tenant_id), now) or holds_back(session, campaign, now):
        return False
    session.refresh(campaign, with_for_update={"read": True})
    return campaign.state is CampaignState.SENDING


def _without_products(session: Session, rows: Sequence[Message], profile: TenantProfile, now: datetime) -> set[int]:
    """Return the messages whose own products have all lost their standing since they were chosen."""
    chosen = {row.id: {choice["id"] for choice in row.context.get("products", ())} for row in rows}
    offers = load_offers(session, profile.id, set().union(*chosen.values()))
    standing = {row_id for row_id, offer in offers.items() if offer.stands(profile, now)}
    return {message_id for message_id, products in chosen.items() if products and not products & standing}


def _permit(row: Message, verdict: Decision, now: datetime) -> bool:
    match verdict:
        case Allowed():
            return True
        case Skipped(reason=reason, article=article):
            row.state = change(TRANSITIONS, row.state, MessageState.SKIPPED)
            row.reason, row.article, row.settled_at = reason, article, now
        case Later(until=until):
            if row.state is not MessageState.DEFERRED:
                row.state = change(TRANSITIONS, row.state, MessageState.DEFERRED)
            row.not_before = until
    return False


def pause_if_held(session: Session, campaign: Campaign, profile: TenantProfile, now: datetime) -> bool:
    """Pause a campaign of people when one of its products may no longer be promoted: its approved words still praise it.

    Automations choose products per person and simply leave the held one out.
    """
    if campaign.automation is not None:
        return False
    held = first_held(session, campaign, profile, now)
    if held is None:
        return False
    session.refresh(campaign, with_for_update={"key_share": True})
    if CampaignState.PAUSED not in campaigns.TRANSITIONS[campaign.state]:
        return True  # another worker was first, or a person ended it
    offer, reasons = held
    campaign.state = change(campaigns.TRANSITIONS, campaign.state, CampaignState.PAUSED)
    codes = ", ".join(dict.fromkeys(reason.code for reason in reasons)) or _("dihapus dari katalog")
    campaign.state_reason = _(
        "“{product}” tidak lagi boleh dipromosikan ({codes}). Ganti produknya lalu minta persetujuan lagi."
    ).format(product=offer.facts.name, codes=codes)
    return True


def first_held(
    session: Session, campaign: Campaign, profile: TenantProfile, now: datetime
) -> tuple[Offer, tuple[Reason, ...]] | None:
    """Return the first product of the campaign that may not be promoted now, with the reasons."""
    content = content_of(session, campaign)
    for offer in load_offers(session, campaign.tenant_id, content.product_ids).values():
        verdict = offer.check(profile, now)
        if offer.deleted or not verdict.promotable:
            return offer, verdict.reasons
    return None
