"""From a message row to one finished e-mail: the words of the version, the offers of now, and links bound to this message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.contacts.permission_facts import ContactFacts
from marketing.db.models import Campaign, Link, Message
from marketing.delivery.newsletter_parts import Picture, newsletter_parts
from marketing.delivery.product_cards import card_of, reason_words, shown_together
from marketing.delivery.versions import content_of
from marketing.domain import site
from marketing.domain.calendar_id import format_date, local_date
from marketing.domain.campaign import CampaignContent
from marketing.domain.content import OutboundEmail, WholeBody
from marketing.domain.links import LinkPurpose, LinkSigner, with_utm
from marketing.domain.newsletter import headings
from marketing.domain.public_task import purpose_of, task_article
from marketing.domain.types import EmailType, Purpose
from marketing.i18n import gettext as _
from marketing.i18n import language, speaking
from marketing.mail.templates import pinned_source
from marketing.products.catalogue import Offer, load_offers
from marketing.templates.compiler import TemplateSource, compile_email
from marketing.templates.context import (
    MailContext,
    MailLinks,
    NewsletterContext,
    PersonalisedContext,
    ProductCard,
    PromotionalContext,
    RetentionContext,
    SenderIdentity,
)
from marketing.templates.context.order_mail import order_mail_context
from marketing.tenants.profile import TenantProfile


@dataclass(frozen=True, slots=True)
class CampaignMail:
    """What all messages of one campaign version share, loaded once per batch.

    `cards` fills as messages ask: a product is decided and written out once per batch and language, None where it may not be shown.
    """

    campaign_id: int
    slug: str
    profile: TenantProfile
    content: CampaignContent
    offers: Mapping[int, Offer]
    links: Mapping[str, int]
    source: TemplateSource | None = None
    cards: dict[tuple[int, str], ProductCard | None] = field(default_factory=dict)


def load_campaign_mail(
    session: Session, campaign: Campaign, version: int, profile: TenantProfile, messages: list[Message]
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

    def compose(self, message: Message, contact: ContactFacts, mail: CampaignMail, now: datetime) -> OutboundEmail:
        """Return the finished e-mail."""
        content, profile = mail.content, mail.profile
        with speaking(contact.locale):  # whoever sends or previews it, it speaks its reader's language
            context = self._context(message, contact, mail, now)
            named = list_name(purpose_of(content.email_type, content.variant), profile)
            rendered = compile_email(content.email_type, content.variant, language(), mail.source).render(context)
        transactional = content.email_type is EmailType.TRANSACTIONAL
        sender = profile.transactional_sender if transactional else profile.marketing_sender
        domain = sender.partition("@")[2]
        return OutboundEmail(
            key=str(message.id),
            email_type=content.email_type,
            message_id=f"<{self.signer.reference(message.id)}@{domain}>",
            sender_name=profile.dinas_short,
            sender_address=sender,
            recipient_name=contact.name,
            recipient_address=contact.address,
            subject=rendered.subject,
            body=WholeBody(rendered.html, rendered.text),
            reply_to=profile.email,
            unsubscribe_url=context.links.unsubscribe,
            list_id="" if transactional else f"{purpose_of(content.email_type, content.variant)}.{profile.id}.{domain}",
            list_name=named,
            feedback_id="" if transactional else f"{mail.campaign_id}:{content.email_type}:{profile.id}:siarumkm",
            tenant=profile.id,
            campaign=mail.campaign_id,
            purpose=purpose_of(content.email_type, content.variant),
        )

    def _context(self, message: Message, contact: ContactFacts, mail: CampaignMail, now: datetime) -> MailContext:
        content = _spoken(mail.content)
        common: dict[str, Any] = {
            "sender": SenderIdentity.of(mail.profile),
            "links": self._links(message, content, mail.profile),
            "recipient_name": contact.name,
            "subject": content.subject,
            "preheader": content.preheader,
        }
        if content.email_type is EmailType.TRANSACTIONAL:
            return order_mail_context(content.variant, message.context, common, mail.profile)
        written: dict[str, Any] = {
            **common,
            "headline": content.headline,
            "body": content.body,
            "products": self._cards(message, mail, now),
        }
        home = self._tracked(message, mail, f"{self.public_url}{site.home(mail.profile.id)}")
        call: dict[str, Any] = {"call_to_action": _("Lihat semua produk"), "call_url": home}
        match content.email_type:
            case EmailType.NEWSLETTER:
                return self._newsletter(written, message, mail, now)
            case EmailType.RETENTION:
                last = datetime.fromisoformat(message.context["last_order"])
                day = format_date(local_date(last, mail.profile.tz), language())
                return RetentionContext(**written, **call, last_order=day)
            case EmailType.PERSONALISED:
                return PersonalisedContext(**written, **call)
            case _:
                return PromotionalContext(**written, **call)

    def _newsletter(
        self, written: Mapping[str, Any], message: Message, mail: CampaignMail, now: datetime
    ) -> NewsletterContext:
        def picture(row_id: int) -> Picture:
            card = self._card(mail, row_id, now)
            return (card.wide_url, card.alt) if card else ("", "")

        def lead(url: str) -> str:
            link_id = mail.links.get(url)
            return self.signer.url(LinkPurpose.CLICK, message.id, link_id) if link_id is not None else url

        parts = newsletter_parts(mail.content, mail.profile, picture=picture, lead=lead)
        return NewsletterContext(**written, parts=parts, contents=headings(mail.content.blocks))

    def lost_all_products(self, message: Message, mail: CampaignMail, now: datetime) -> bool:
        """Return whether this mail was to show products and none of them may be shown any more."""
        wanted = _wanted(message, mail.content)
        return bool(wanted) and all(self._card(mail, choice["id"], now) is None for choice in wanted)

    def _cards(self, message: Message, mail: CampaignMail, now: datetime) -> tuple[ProductCard, ...]:
        cards = (
            replace(
                card,
                url=self._tracked(message, mail, card.url),
                reason=reason_words(choice, mail.offers[choice["id"]]),
            )
            for choice in _wanted(message, mail.content)
            if (card := self._card(mail, choice["id"], now)) is not None
        )
        return shown_together(cards, mail.content.variant)

    def _card(self, mail: CampaignMail, row_id: int, now: datetime) -> ProductCard | None:
        """Return a product as every message of the batch shows it, with its plain address and no reason yet."""
        key = (row_id, language())
        if key not in mail.cards:
            offer = mail.offers.get(row_id)
            shown = offer is not None and offer.stands(mail.profile, now)
            mail.cards[key] = card_of(offer, mail.profile, self.public_url, now) if offer and shown else None
        return mail.cards[key]

    def _tracked(self, message: Message, mail: CampaignMail, url: str) -> str:
        """Return the counted address where the campaign has one for this destination, else the plain one."""
        link_id = mail.links.get(_destination(url, mail.slug))
        return self.signer.url(LinkPurpose.CLICK, message.id, link_id) if link_id is not None else url

    def _links(self, message: Message, content: CampaignContent, profile: TenantProfile) -> MailLinks:
        marketing = (
            content.email_type is not EmailType.TRANSACTIONAL
        )  # a receipt counts nothing and offers nothing to leave
        return MailLinks(
            web_view=self.signer.url(LinkPurpose.WEB_VIEW, message.id),
            unsubscribe=self.signer.url(LinkPurpose.UNSUBSCRIBE, message.id) if marketing else "",
            why=why_text(content, profile) if marketing else "",
            pixel=self.signer.url(LinkPurpose.OPEN, message.id) if marketing else "",
            why_page=self.signer.url(LinkPurpose.WHY, message.id),
            preferences=self.signer.url(LinkPurpose.PREFERENCES, message.contact_id),
        )


def _spoken(content: CampaignContent) -> CampaignContent:
    """Return the words of an automation in the language in force: the program wrote them; a marketer's stay as written."""
    if content.email_type not in (EmailType.RETENTION, EmailType.PERSONALISED):
        return content
    return replace(
        content,
        subject=_(content.subject),
        preheader=content.preheader and _(content.preheader),  # "" would be the catalogue's own header
        headline=_(content.headline),
        body=_(content.body),
    )


def _wanted(message: Message, content: CampaignContent) -> Sequence[Mapping[str, Any]]:
    """Return the products chosen for this person, else those of the campaign."""
    return message.context.get("products") or [{"id": row_id} for row_id in content.product_ids]


def list_name(purpose: Purpose | None, profile: TenantProfile) -> str:
    """Return what the list of a purpose is called for people; a contract has no list."""
    if purpose is None:
        return ""
    names = {
        Purpose.PROMOTIONAL: _("Promosi UMKM {place}"),
        Purpose.NEWSLETTER: _("Buletin UMKM {place}"),
        Purpose.SOSIALISASI: _("Sosialisasi UMKM {place}"),
        Purpose.RETENTION: _("Ajakan kembali UMKM {place}"),
        Purpose.PERSONALISED: _("Pilihan UMKM {place}"),
    }
    return names[purpose].format(place=profile.short_name)


def why_text(content: CampaignContent, profile: TenantProfile) -> str:
    """Return the words that tell a person why this mail came (shown in every marketing mail)."""
    if purpose_of(content.email_type, content.variant) is Purpose.SOSIALISASI:
        return _(
            "Anda menerima surel ini karena usaha Anda terdaftar sebagai pelaku UMKM atau penyedia. Sosialisasi adalah tugas"
            " Dinas ({article}; UU 27/2022 Ps. 20(2)e), sehingga tidak memerlukan persetujuan. Anda berhak berkeberatan:"
            " pilih “Berhenti berlangganan”, dan kami tidak mengirimkannya lagi."
        ).format(article=task_article(profile.regulation))
    return {
        EmailType.PROMOTIONAL: _("Anda menerima surel ini karena menyetujui kabar promosi produk UMKM."),
        EmailType.NEWSLETTER: _("Anda menerima surel ini karena berlangganan buletin UMKM."),
        EmailType.RETENTION: _("Anda menerima surel ini karena pernah berbelanja dan menyetujui ajakan kembali."),
        EmailType.PERSONALISED: _(
            "Anda menerima surel ini karena menyetujui pilihan produk dari pesanan dan topik Anda."
        ),
        EmailType.TRANSACTIONAL: _("Anda menerima surel ini karena memesan produk UMKM."),
    }[content.email_type]


def destinations(
    public_url: str, profile: TenantProfile, slug: str, offers: Mapping[int, Offer]
) -> dict[str, int | None]:
    """Return every address that messages of a campaign may point to, with the product behind it."""
    targets: dict[str, int | None] = {f"{public_url}{site.home(profile.id)}": None}
    targets |= {offer.page_url(public_url, profile.id): row_id for row_id, offer in offers.items()}
    return {_destination(url, slug): row_id for url, row_id in targets.items()}


@lru_cache(maxsize=1_000)
def _destination(url: str, slug: str) -> str:
    """Return where a counted link leads: one of the same few addresses for every message of a campaign."""
    return with_utm(url, campaign=slug, medium="email")
