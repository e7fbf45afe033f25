"""What a mail says, as values for its template: the words of the version, the offers of now, and what is one reader's alone.

A `Reader` gives the latter: written out for one person, or left open where many mails are made from one stencil.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from marketing.delivery.newsletter_parts import Picture, newsletter_parts
from marketing.delivery.product_cards import card_of, reason_words, shown_together
from marketing.domain import site
from marketing.domain.campaign import CampaignContent
from marketing.domain.links import LinkPurpose, LinkSigner, MessageTokens, with_utm
from marketing.domain.newsletter import headings
from marketing.domain.public_task import purpose_of, task_article
from marketing.domain.types import ChannelName, EmailType, Purpose
from marketing.i18n import gettext as _
from marketing.i18n import language
from marketing.products.catalogue import Offer
from marketing.templates.compiler import TemplateSource
from marketing.templates.context import (
    MailLinks,
    NewsletterContext,
    PersonalisedContext,
    ProductCard,
    PromotionalContext,
    RetentionContext,
    SenderIdentity,
)
from marketing.tenants.profile import TenantProfile

MarketingContext = PromotionalContext | NewsletterContext | RetentionContext | PersonalisedContext
Chosen = Mapping[str, Any]
"""A product as a message keeps it: its id, and why it is shown to this person."""


@dataclass(frozen=True, slots=True)
class CampaignMail:
    """What all messages of one campaign version share, loaded once per batch.

    `cards` and `made` fill as messages ask: a product is decided and written out once per batch and language, None where it
    may not be shown; `made` holds what a composer worked out once for many messages.
    """

    campaign_id: int
    slug: str
    profile: TenantProfile
    content: CampaignContent
    offers: Mapping[int, Offer]
    links: Mapping[str, int]
    source: TemplateSource | None = None
    cards: dict[tuple[int, str], ProductCard | None] = field(default_factory=dict)
    made: dict[Any, Any] = field(default_factory=dict)

    def card(self, row_id: int, public_url: str, now: datetime) -> ProductCard | None:
        """Return a product as every message of the batch shows it, with its plain address and no reason yet."""
        key = (row_id, language())
        if key not in self.cards:
            offer = self.offers.get(row_id)
            shown = offer is not None and offer.stands(self.profile, now)
            self.cards[key] = card_of(offer, self.profile, public_url, now) if offer and shown else None
        return self.cards[key]

    def link_of(self, url: str) -> int | None:
        """Return the counted link to this address of our site, if the campaign has one."""
        return self.links.get(destination(url, self.slug))

    def wanted(self, own: Sequence[Chosen] | None) -> Sequence[Chosen]:
        """Return the products chosen for a person, else those of the campaign."""
        return own or [{"id": row_id} for row_id in self.content.product_ids]


class Reader(Protocol):
    """What is one reader's alone; an empty text means that there is none."""

    @property
    def name(self) -> str: ...

    def link(self, purpose: LinkPurpose) -> str:
        """Return the address of this mail, or of this person, for a purpose."""

    def click(self, link_id: int) -> str:
        """Return the address that counts."""


@dataclass(frozen=True, slots=True)
class Written:
    """One person, written out."""

    signer: LinkSigner
    name: str
    contact_id: int
    tokens: MessageTokens

    def link(self, purpose: LinkPurpose) -> str:
        """Return the address of this mail, or of this person, for a purpose."""
        if purpose is LinkPurpose.PREFERENCES:
            return self.signer.url(purpose, self.contact_id)
        return f"{self.signer.prefix(purpose)}{self.tokens.token(purpose)}"

    def click(self, link_id: int) -> str:
        """Return the address that counts."""
        return f"{self.signer.prefix(LinkPurpose.CLICK)}{self.tokens.click(link_id)}"


def links_of(reader: Reader, content: CampaignContent, profile: TenantProfile) -> MailLinks:
    """Return the addresses of one mail; a receipt counts nothing and offers nothing to leave."""
    marketing = content.email_type is not EmailType.TRANSACTIONAL
    return MailLinks(
        web_view=reader.link(LinkPurpose.WEB_VIEW),
        unsubscribe=reader.link(LinkPurpose.UNSUBSCRIBE) if marketing else "",
        why=why_text(content, profile) if marketing else "",
        pixel=reader.link(LinkPurpose.OPEN) if marketing else "",
        why_page=reader.link(LinkPurpose.WHY),
        preferences=reader.link(LinkPurpose.PREFERENCES),
    )


def common_of(reader: Reader, mail: CampaignMail) -> dict[str, Any]:
    """Return what every kind of mail is told."""
    content = spoken(mail.content)
    return {
        "sender": SenderIdentity.of(mail.profile),
        "links": links_of(reader, content, mail.profile),
        "recipient_name": reader.name,
        "subject": content.subject,
        "preheader": content.preheader,
    }


def marketing_context(
    reader: Reader,
    mail: CampaignMail,
    products: tuple[ProductCard, ...],
    *,
    last_order: str,
    public_url: str,
    now: datetime,
) -> MarketingContext:
    """Return what a marketing mail says."""
    content = spoken(mail.content)
    written: dict[str, Any] = {
        **common_of(reader, mail),
        "headline": content.headline,
        "body": content.body,
        "products": products,
    }
    if content.email_type is EmailType.NEWSLETTER:
        return _newsletter(reader, written, mail, public_url, now)
    home = tracked(reader, mail, f"{public_url}{site.home(mail.profile.id)}")
    call: dict[str, Any] = {"call_to_action": _("Lihat semua produk"), "call_url": home}
    match content.email_type:
        case EmailType.RETENTION:
            return RetentionContext(**written, **call, last_order=last_order)
        case EmailType.PERSONALISED:
            return PersonalisedContext(**written, **call)
        case _:
            return PromotionalContext(**written, **call)


def _newsletter(
    reader: Reader, written: Mapping[str, Any], mail: CampaignMail, public_url: str, now: datetime
) -> NewsletterContext:
    def picture(row_id: int) -> Picture:
        card = mail.card(row_id, public_url, now)
        return (card.wide_url, card.alt) if card else ("", "")

    def lead(url: str) -> str:
        link_id = mail.links.get(url)
        return reader.click(link_id) if link_id is not None else url

    parts = newsletter_parts(mail.content, mail.profile, picture=picture, lead=lead)
    return NewsletterContext(**written, parts=parts, contents=headings(mail.content.blocks))


def shown_to(
    reader: Reader, mail: CampaignMail, own: Sequence[Chosen] | None, public_url: str, now: datetime
) -> tuple[ProductCard, ...]:
    """Return the products of one mail, each with its counted address and why it is there."""
    cards = (
        replace(card, url=tracked(reader, mail, card.url), reason=reason_words(choice, mail.offers[choice["id"]]))
        for choice in mail.wanted(own)
        if (card := mail.card(choice["id"], public_url, now)) is not None
    )
    return shown_together(cards, mail.content.variant)


def tracked(reader: Reader, mail: CampaignMail, url: str) -> str:
    """Return the counted address where the campaign has one for this destination, else the plain one."""
    link_id = mail.link_of(url)
    return reader.click(link_id) if link_id is not None else url


def spoken(content: CampaignContent) -> CampaignContent:
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
    public_url: str, profile: TenantProfile, slug: str, offers: Mapping[int, Offer], medium: str = ChannelName.EMAIL
) -> dict[str, int | None]:
    """Return every address that messages of a campaign may point to, with the product behind it."""
    targets: dict[str, int | None] = {f"{public_url}{site.home(profile.id)}": None}
    targets |= {offer.page_url(public_url, profile.id): row_id for row_id, offer in offers.items()}
    return {destination(url, slug, medium): row_id for url, row_id in targets.items()}


@lru_cache(maxsize=1_000)
def destination(url: str, slug: str, medium: str = ChannelName.EMAIL) -> str:
    """Return where a counted link leads: one of the same few addresses for every message of a campaign."""
    return with_utm(url, campaign=slug, medium=medium)
