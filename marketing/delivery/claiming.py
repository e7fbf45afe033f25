"""Take a range of a campaign in hand and decide again for each message in it that is due.

Nothing of it is written as `sending` here: that happens a few messages at a time, just before they leave
(`marketing.delivery.handing_over`). What is decided here holds for moments only and is then asked again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketing.contacts.permission_facts import ContactFacts, gather_facts
from marketing.db.models import Campaign, Message
from marketing.delivery.breakers import at_most, holds_back
from marketing.delivery.chat_templates import find_template
from marketing.delivery.leases import Leases
from marketing.delivery.message_rows import Place
from marketing.delivery.message_settling import settle, settle_lost
from marketing.delivery.order_reading import overtaken_by_events
from marketing.delivery.versions import content_of
from marketing.domain import campaign as campaigns
from marketing.domain.campaign import CampaignState
from marketing.domain.consent import writes_on
from marketing.domain.eligibility import Reason
from marketing.domain.message import MessageState, may_repeat
from marketing.domain.permission import (
    Allowed,
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
from marketing.domain.types import ChannelName, EmailType, Purpose
from marketing.i18n import gettext as _
from marketing.products.catalogue import Offer, load_offers
from marketing.tenants.profile import TenantProfile, profile_of


class Due(NamedTuple):
    """One message that may leave, as it was read; `attempt` is how often it was handed over before."""

    id: int
    contact_id: int
    version: int
    attempt: int
    order_id: int | None
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """A range in hand, and the messages of one version in it that this worker may hand over now."""

    place: Place
    campaign: Campaign
    profile: TenantProfile
    version: int
    messages: Sequence[Due]
    contacts: Mapping[int, ContactFacts]
    decided_at: datetime
    refused: Mapping[str, int] = field(default_factory=dict)
    """How many were skipped or put off as the range was taken, by the state they are in now."""


def claim(
    session: Session,
    campaign_id: int,
    *,
    owner: str,
    leases: Leases,
    cap: FrequencyCap,
    now: datetime,
    limit: int,
    quiet: QuietHours | None = None,
) -> Batch | None:
    """Lease a range and decide for up to `limit` of its due messages; None when the campaign may not or need not send."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or not goes_on(session, campaign, now):
        return None
    place = leases.take(session, campaign_id, owner, now)
    if place is None:
        return None
    # Whoever had it before us is gone: what they had on its way is settled before anything else leaves.
    channel = writes_on(campaign.purpose)
    settle_lost(session, place, now, again=may_repeat(campaign.email_type, channel))
    profile = profile_of(campaign.tenant_id)
    rows = _due(session, place, now, at_most(session, campaign, now, limit))
    contacts = gather_facts(
        session,
        tenant_id=campaign.tenant_id,
        contact_ids=[row.contact_id for row in rows],
        purpose=campaign.purpose,
        cap=cap,
        now=now,
        besides=campaign_id,
        channel=channel,
    )
    version = rows[0].version if rows else campaign.version
    empty, off = _without_products(session, rows, profile, now), overtaken_by_events(session, rows)
    # The second lock: a task of the Dinas never becomes promotion, whatever was approved.
    shows = campaign.purpose is Purpose.SOSIALISASI and promotes(content_of(session, campaign, version))
    owed = campaign.email_type is EmailType.TRANSACTIONAL
    allowed: list[Due] = []
    refused: dict[int, Skipped | Later] = {}
    for row in rows:
        if row.version != version:
            continue
        match decide_for(contacts[row.contact_id].facts, campaign.purpose, cap, quiet, promotes=shows, owed=owed):
            case Allowed() if row.id in empty:
                refused[row.id] = skipped(SkipReason.NOTHING_TO_SAY)
            case Allowed() if row.id in off:
                refused[row.id] = skipped(SkipReason.ORDER_OFF)
            case Allowed():
                allowed.append(row)
            case verdict:
                refused[row.id] = verdict
    settle(session, place, refused, now)
    counted = Counter("skipped" if isinstance(verdict, Skipped) else "deferred" for verdict in refused.values())
    return Batch(place, campaign, profile, version, allowed, contacts, now, counted)


def goes_on(session: Session, campaign: Campaign, now: datetime) -> bool:
    """Return whether the campaign is still sending; pauses it where a product, its template or a breaker holds it."""
    if campaign.state is not CampaignState.SENDING:
        return False
    return not (
        pause_if_held(session, campaign, profile_of(campaign.tenant_id), now)
        or pause_without_template(session, campaign)
        or holds_back(session, campaign, now)
    )


def may_go_on(session: Session, campaign: Campaign, now: datetime) -> bool:
    """Return whether the campaign is still sending, and keep it so until this transaction ends.

    The lock is shared between workers; the one that pauses takes its own before any of them holds it, because two that
    share a lock and both want to write would wait for each other.
    """
    if not goes_on(session, campaign, now):
        return False
    session.refresh(campaign, with_for_update={"read": True})
    return campaign.state is CampaignState.SENDING


def _due(session: Session, place: Place, now: datetime, limit: int) -> Sequence[Due]:
    due = or_(
        Message.state == MessageState.QUEUED,
        (Message.state == MessageState.DEFERRED) & (Message.not_before <= now),
    )
    columns = (Message.id, Message.contact_id, Message.version, Message.attempt, Message.order_id, Message.context)
    query = select(*columns).where(*place.within, due).order_by(Message.id).limit(limit)
    return [Due._make(row) for row in session.execute(query)]


def _without_products(session: Session, rows: Sequence[Due], profile: TenantProfile, now: datetime) -> set[int]:
    """Return the messages whose own products have all lost their standing since they were chosen."""
    chosen = {row.id: {one["id"] for one in row.context["products"]} for row in rows if row.context.get("products")}
    if not chosen:
        return set()
    offers = load_offers(session, profile.id, set().union(*chosen.values()))
    standing = {row_id for row_id, offer in offers.items() if offer.stands(profile, now)}
    return {message_id for message_id, products in chosen.items() if not products & standing}


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


def pause_without_template(session: Session, campaign: Campaign) -> bool:
    """Pause a campaign of people on WhatsApp whose template may not be sent now: all of it would be refused.

    Order updates go on, each waiting by itself: the e-mail beside them has told already.
    """
    if writes_on(campaign.purpose) is not ChannelName.WHATSAPP or campaign.automation is not None:
        return False
    wanted = content_of(session, campaign).chat
    template = find_template(session, campaign.tenant_id, wanted) if wanted else None
    if template is not None and template.sendable:
        return False
    session.refresh(campaign, with_for_update={"key_share": True})
    if CampaignState.PAUSED in campaigns.TRANSITIONS[campaign.state]:
        campaign.state = change(campaigns.TRANSITIONS, campaign.state, CampaignState.PAUSED)
        campaign.state_reason = _(
            "Meta sedang tidak mengizinkan templat “{name}”. Lanjutkan setelah diizinkan lagi, atau batalkan kampanye ini."
        ).format(name=wanted.name if wanted else "")
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
