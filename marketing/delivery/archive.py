"""Show a message again: the web view, the outbox, and why it came."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.contacts.permission_facts import ContactFacts, gather_facts
from marketing.db.models import Campaign, Message
from marketing.delivery.composing import MailComposer, load_campaign_mail
from marketing.domain.content import OutboundEmail
from marketing.domain.permission import FrequencyCap
from marketing.tenants.profile import TenantProfile, profile_of


@dataclass(frozen=True, slots=True)
class Archived:
    """A message with all that belongs to it."""

    message: Message
    campaign: Campaign
    profile: TenantProfile
    contact: ContactFacts


def find_message(session: Session, message_id: int, now: datetime, *, tenant_id: str | None = None) -> Archived | None:
    """Return a message of a person who is still known; None otherwise, and for another tenant's."""
    query = select(Message, Campaign).join(Campaign, Campaign.id == Message.campaign_id).where(Message.id == message_id)
    found = session.execute(query).first()
    if found is None or (tenant_id is not None and found[0].tenant_id != tenant_id):
        return None
    message, campaign = found
    facts = gather_facts(
        session,
        tenant_id=message.tenant_id,
        contact_ids=[message.contact_id],
        purpose=campaign.purpose,
        cap=FrequencyCap(),
        now=now,
        channel=message.channel,
    )
    contact = facts.get(message.contact_id)
    if contact is None or contact.facts.erased:
        return None
    return Archived(message, campaign, profile_of(message.tenant_id), contact)


def render_again(session: Session, archived: Archived, composer: MailComposer, now: datetime) -> OutboundEmail:
    """Return the e-mail with the same words and links; products that lost their standing since are left out."""
    message = archived.message
    mail = load_campaign_mail(session, archived.campaign, message.version, archived.profile, [message])
    return composer.compose(message, archived.contact, mail, now)


def masked(address: str) -> str:
    """Return an address as pages show it to whoever holds the link: m***@contoh.example."""
    local, _at, domain = address.partition("@")
    return f"{local[:1]}***@{domain}" if domain else ""
