"""From a message row to one finished e-mail: the words of the version, the offers of now, and links bound to this message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.contacts.permission_facts import ContactFacts
from marketing.db.models import Campaign, Link
from marketing.delivery.mail_context import (
    CampaignMail,
    Written,
    common_of,
    list_name,
    marketing_context,
    shown_to,
)
from marketing.delivery.pressing import Person, Presser, Stencils
from marketing.delivery.versions import content_of
from marketing.domain.calendar_id import format_date, local_date
from marketing.domain.content import MailBody, OutboundEmail, WholeBody
from marketing.domain.links import LinkSigner, MessageTokens
from marketing.domain.public_task import purpose_of
from marketing.domain.types import EmailType
from marketing.i18n import language, speaking
from marketing.mail.templates import pinned_source
from marketing.products.catalogue import load_offers
from marketing.templates.compiler import compile_email
from marketing.templates.context import MailContext
from marketing.templates.context.order_mail import order_mail_context
from marketing.tenants.profile import TenantProfile


class Sendable(Protocol):
    """What a composer must know of a message; `context` is what the message keeps of its order or choice."""

    @property
    def id(self) -> int: ...

    @property
    def contact_id(self) -> int: ...

    @property
    def context(self) -> Mapping[str, Any]: ...


def load_campaign_mail(
    session: Session, campaign: Campaign, version: int, profile: TenantProfile, messages: Sequence[Sendable]
) -> CampaignMail:
    """Read a version with every offer its messages mention."""
    content = content_of(session, campaign, version)
    chosen = [choice["id"] for message in messages for choice in message.context.get("products", ())]
    offers = load_offers(session, campaign.tenant_id, [*content.product_ids, *chosen])
    links = dict(session.execute(select(Link.url, Link.id).where(Link.campaign_id == campaign.id)).all())
    source = pinned_source(session, campaign.tenant_id, content)
    return CampaignMail(campaign.id, campaign.slug, profile, content, offers, links, source)


@dataclass(frozen=True, slots=True)
class MailComposer:
    """Makes the e-mail of one message; the same row gives the same words, links and Message-ID every time."""

    signer: LinkSigner
    public_url: str
    stencils: Stencils = field(default_factory=Stencils)

    def compose(self, message: Sendable, contact: ContactFacts, mail: CampaignMail, now: datetime) -> OutboundEmail:
        """Return the finished e-mail."""
        tokens = self.signer.tokens(message.id)
        with speaking(contact.locale):  # whoever sends or previews it, it speaks its reader's language
            subject, body, leave = self._said(message, contact, tokens, mail, now)
            envelope = _envelope(mail)
        return OutboundEmail(
            key=str(message.id),
            message_id=f"<{tokens.reference()}@{envelope['sender_address'].partition('@')[2]}>",
            recipient_name=contact.name,
            recipient_address=contact.address,
            subject=subject,
            body=body,
            unsubscribe_url=leave,
            **envelope,
        )

    def lost_all_products(self, message: Sendable, mail: CampaignMail, now: datetime) -> bool:
        """Return whether this mail was to show products and none of them may be shown any more."""
        own = message.context.get("products")
        lost: bool | None = None if own else mail.made.get("lost")
        if lost is None:
            wanted = mail.wanted(own)
            lost = bool(wanted) and all(mail.card(choice["id"], self.public_url, now) is None for choice in wanted)
            if not own:
                mail.made["lost"] = lost  # the same products for everybody
        return lost

    def _said(
        self, message: Sendable, contact: ContactFacts, tokens: MessageTokens, mail: CampaignMail, now: datetime
    ) -> tuple[str, MailBody, str]:
        """Return subject, body and the way out."""
        last = message.context.get("last_order") if mail.content.email_type is EmailType.RETENTION else None
        person = Person(
            message.contact_id,
            contact.name,
            message.context.get("products") or (),
            _day(last, mail.profile.tz, language()) if last else "",
        )
        filled = Presser(self.signer, self.public_url, self.stencils).filled(mail, person, tokens, now)
        if filled is not None:
            return filled.subject, filled.body, filled.unsubscribe_url
        context = self._context(message, person, tokens, mail, now)
        content = mail.content
        rendered = compile_email(content.email_type, content.variant, language(), mail.source).render(context)
        return rendered.subject, WholeBody(rendered.html, rendered.text), context.links.unsubscribe

    def _context(
        self, message: Sendable, person: Person, tokens: MessageTokens, mail: CampaignMail, now: datetime
    ) -> MailContext:
        reader = Written(self.signer, person.name, person.contact_id, tokens)
        if mail.content.email_type is EmailType.TRANSACTIONAL:
            return order_mail_context(mail.content.variant, message.context, common_of(reader, mail), mail.profile)
        products = shown_to(reader, mail, person.own, self.public_url, now)
        return marketing_context(
            reader, mail, products, last_order=person.last_order, public_url=self.public_url, now=now
        )


def _envelope(mail: CampaignMail) -> dict[str, Any]:
    """Return what the envelopes of all messages of a campaign say alike in the language in force."""
    key = ("envelope", language())
    if key not in mail.made:
        content, profile = mail.content, mail.profile
        transactional = content.email_type is EmailType.TRANSACTIONAL
        purpose = purpose_of(content.email_type, content.variant)
        sender = profile.transactional_sender if transactional else profile.marketing_sender
        mail.made[key] = {
            "email_type": content.email_type,
            "sender_name": profile.dinas_short,
            "sender_address": sender,
            "reply_to": profile.email,
            "list_id": "" if transactional else f"{purpose}.{profile.id}.{sender.partition('@')[2]}",
            "list_name": list_name(purpose, profile),
            "feedback_id": "" if transactional else f"{mail.campaign_id}:{content.email_type}:{profile.id}:siarumkm",
            "tenant": profile.id,
            "campaign": mail.campaign_id,
            "purpose": purpose,
        }
    return mail.made[key]  # type: ignore[no-any-return]  # one of several kinds


@lru_cache(maxsize=1_000)
def _day(moment: str, zone: ZoneInfo, spoken: str) -> str:
    return format_date(local_date(datetime.fromisoformat(moment), zone), spoken)
