"""From a message row to one filled template of WhatsApp: the words of the version, the offers of now, a link of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.contacts.permission_facts import ContactFacts
from marketing.db.models import Campaign, Link
from marketing.delivery.archive import Archived
from marketing.delivery.chat_templates import find_template
from marketing.delivery.claiming import Batch, Due
from marketing.delivery.composing import Sendable
from marketing.delivery.handing_over import Write
from marketing.delivery.mail_context import destination
from marketing.delivery.versions import content_of
from marketing.domain import chat, site
from marketing.domain.campaign import CampaignContent
from marketing.domain.chat import Field, Shown, Template
from marketing.domain.links import LinkPurpose, LinkSigner
from marketing.domain.money import format_rupiah
from marketing.domain.picture_shape import Shape
from marketing.domain.types import ChannelName, EmailType, Purpose
from marketing.domain.whatsapp_message import OutboundTemplate
from marketing.i18n import gettext as _
from marketing.i18n import speaking
from marketing.products.catalogue import Offer, load_offers
from marketing.tenants.profile import TenantProfile

NOBODY = 0
_SEVERAL = 5
"""Products that stand in a message by name; a template's whole body has 1,024 letters."""


@dataclass(frozen=True, slots=True)
class CampaignChat:
    """What all messages of one campaign version share, loaded once per range; `link_id` is where its button leads."""

    campaign_id: int
    content: CampaignContent
    template: Template
    offers: tuple[Offer, ...]
    profile: TenantProfile
    link_id: int | None = None

    @property
    def spoken(self) -> str:
        """The language that the template was approved in."""
        return self.template.language.partition("_")[0]


@dataclass(frozen=True, slots=True)
class ChatComposer:
    """Makes the message of one row; the same row gives the same words, links and reference every time."""

    signer: LinkSigner
    public_url: str

    def writing(self, session: Session, batch: Batch, now: datetime) -> Write[OutboundTemplate]:
        """Return what writes the messages of a range; LookupError for each where the template is gone."""
        shared = self._load(session, batch.campaign, batch.version, batch.profile)

        def write(message: Due, /) -> OutboundTemplate | None:
            if shared is None:
                raise LookupError("template")
            if any(not offer.stands(shared.profile, now) for offer in shared.offers):
                return None  # a product fell just now: it is given back, and the next claim pauses the campaign
            return self.compose(message, batch.contacts[message.contact_id], shared, now)

        return write

    def compose(
        self, message: Sendable, contact: ContactFacts, shared: CampaignChat, now: datetime
    ) -> OutboundTemplate:
        """Return the finished message."""
        template, content = shared.template, shared.content
        with speaking(shared.spoken):
            values = values_of(content, shared.offers, shared.profile, now, name=contact.name, order=message.context)
        fields = chat.fields_of(content.chat.fields if content.chat else ())
        return OutboundTemplate(
            key=str(message.id),
            tenant=shared.profile.id,
            email_type=content.email_type,
            recipient=contact.address.removeprefix("+"),
            template=template.name,
            language=template.language,
            category=template.category,
            reference=self.signer.reference(message.id),
            header_picture=self._picture(template, shared.offers),
            body=chat.parameters(template.shape, fields, values),
            buttons=self._buttons(template, message.id, shared.link_id),
            campaign=shared.campaign_id,
            purpose=Purpose.WHATSAPP_MARKETING,
        )

    def shown(
        self,
        template: Template,
        content: CampaignContent,
        offers: Iterable[Offer],
        profile: TenantProfile,
        now: datetime,
    ) -> Shown:
        """Return the message as a reader who does not exist would see it on a phone."""
        known = tuple(offers)
        with speaking(template.language.partition("_")[0]):
            values = values_of(content, known, profile, now, name=_("Nama Penerima"))
        codes = content.chat.fields if content.chat else ()
        said = chat.parameters(template.shape, [Field(code) for code in codes if code in set(Field)], values)
        return chat.shown(template, said, self._picture(template, known))

    def again(self, session: Session, archived: Archived, now: datetime) -> Shown | None:
        """Return a message as it would look now; None where its template is gone."""
        message = archived.message
        shared = self._load(session, archived.campaign, message.version, archived.profile)
        if shared is None:
            return None
        made = self.compose(message, archived.contact, shared, now)
        return chat.shown(shared.template, made.body, made.header_picture)

    def _load(self, session: Session, campaign: Campaign, version: int, profile: TenantProfile) -> CampaignChat | None:
        content = content_of(session, campaign, version)
        template = find_template(session, campaign.tenant_id, content.chat) if content.chat else None
        if template is None:
            return None
        offers = tuple(load_offers(session, campaign.tenant_id, content.product_ids).values())
        wanted = destination(address_of(offers, profile, self.public_url), campaign.slug, ChannelName.WHATSAPP)
        link = session.scalar(select(Link.id).where(Link.campaign_id == campaign.id, Link.url == wanted))
        return CampaignChat(campaign.id, content, template, offers, profile, link)

    def _picture(self, template: Template, offers: Iterable[Offer]) -> str:
        if template.shape.header != chat.IMAGE:
            return ""
        pictures = (offer.picture_url(self.public_url, Shape.LANDSCAPE) for offer in offers)
        return next((address for address in pictures if address), "")

    def _buttons(self, template: Template, message_id: int, link_id: int | None) -> tuple[str, ...]:
        if not any(button.filled for button in template.shape.buttons):
            return ()
        if link_id is None:
            raise LookupError("link")
        return chat.link_ends(template.shape, self.signer.url(LinkPurpose.CLICK, message_id, link_id))


def address_of(offers: tuple[Offer, ...], profile: TenantProfile, public_url: str) -> str:
    """Return where the button of a campaign leads: to its product where it has one alone, else to all of them."""
    if len(offers) == 1:
        return offers[0].page_url(public_url, profile.id)
    return f"{public_url}{site.home(profile.id)}"


def values_of(
    content: CampaignContent,
    offers: tuple[Offer, ...],
    profile: TenantProfile,
    now: datetime,
    *,
    name: str,
    order: Mapping[str, Any] | None = None,
) -> Mapping[Field, str]:
    """Return what each field says to one person, in the language in force; `order` is what the message keeps of it."""
    values = {Field.NAME: name.strip() or _("Bapak/Ibu"), Field.OFFICE: profile.dinas_short}
    if content.email_type is EmailType.TRANSACTIONAL and order:
        return {**values, **_of_order(content.variant, order)}
    values |= {Field.HEADLINE: content.headline, Field.TEXT: content.body}
    if offers:
        first = offers[0]
        listed = ", ".join(f"{one.facts.name} ({one.price_text(now)})" for one in offers[:_SEVERAL])
        more = _(" dan {count} produk lain").format(count=len(offers) - _SEVERAL) if len(offers) > _SEVERAL else ""
        values |= {
            Field.PRODUCT: first.facts.name,
            Field.PRICE: first.price_text(now),
            Field.BUSINESS: first.facts.business.name,
            Field.PRODUCTS: f"{listed}{more}",
        }
    return values


def _of_order(variant: str, order: Mapping[str, Any]) -> Mapping[Field, str]:
    sellers = list(dict.fromkeys(line[1] for line in order.get("lines", ()) if line[1]))
    parcel = " ".join(part for part in (order.get("courier", ""), order.get("tracking", "")) if part)
    news = {
        "pesanan": _("sudah disetujui penjual"),
        "faktur": _("sudah kami terima pembayarannya"),
        "pengiriman": _("sudah dikirim ({parcel})").format(parcel=parcel) if parcel else _("sudah dikirim"),
    }
    return {
        Field.ORDER: str(order.get("number", "")),
        Field.NEWS: news.get(variant.partition("-")[2], ""),
        Field.BUSINESS: ", ".join(sellers),
        Field.TOTAL: format_rupiah(int(order.get("total") or 0)),
    }
