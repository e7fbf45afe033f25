"""The composer: what was typed, what it means, and the page that shows it again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import FormData

from marketing.campaigns.check import MAX_SUBJECT, WRITTEN_FOR
from marketing.channels import registry
from marketing.db.models import Campaign
from marketing.domain.campaign import CHAT, AudienceFilter, CampaignContent
from marketing.domain.chat import Template
from marketing.domain.content import MediaRule
from marketing.domain.newsletter import gaps, wrongs
from marketing.domain.permission import SkipReason
from marketing.domain.public_task import VARIANT, purpose_of
from marketing.domain.types import ChannelName, EmailType, Purpose
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.products.catalogue import Offer
from marketing.tenants.profile import TenantProfile
from marketing.web.building import blocks as parts
from marketing.web.building.audience import audience_of, audience_value
from marketing.web.building.blocks import TypedBlock
from marketing.web.building.chat import template_of
from marketing.web.building.clock import read_moment
from marketing.web.building.reasons import skip_label
from marketing.web.building.words import number_text
from marketing.web.queries.catalog import Shown
from marketing.web.views.composer import AudienceCount, ChannelChoice, Draft, PickRow
from marketing.web.views.parts import Option
from marketing.web.views.states import email_type_label

MAX_HEADLINE, MAX_PREHEADER = MAX_SUBJECT, 200
MAX_FIELDS = 40  # of a template; WhatsApp's have far fewer holes
# The service names its own fields; these are ours.
FIELD_OF: Mapping[str, str] = {"isi": "teks"}


@dataclass(frozen=True, slots=True)
class Typed:
    """Everything that stands in the form, as typed; `email_type` is what it is written for, the value of a Purpose."""

    name: str = ""
    email_type: str = Purpose.PROMOTIONAL
    products: tuple[int, ...] = ()
    headline: str = ""
    text: str = ""
    subject: str = ""
    preheader: str = ""
    channels: tuple[str, ...] = ()
    audience: str = ""
    besides: tuple[int, ...] = ()
    day: str = ""
    hour: str = ""
    search: str = ""
    blocks: tuple[TypedBlock, ...] = ()
    archived: bool = True
    version: str = ""
    template: str = ""
    fields: tuple[str, ...] = ()

    @classmethod
    def of_form(cls, form: FormData) -> "Typed":
        """Read the form; nothing is refused here, so that it can be shown again."""

        def one(name: str) -> str:
            return str(form.get(name, "")).replace("\0", "").replace("\r\n", "\n")

        return cls(
            name=one("nama"),
            email_type=one("jenis"),
            products=row_ids(form.getlist("produk")),
            headline=one("judul"),
            text=one("teks"),
            subject=one("subjek"),
            preheader=one("ringkas"),
            channels=tuple(dict.fromkeys(str(name) for name in form.getlist("kanal"))),
            audience=one("penerima"),
            besides=row_ids(form.getlist("kecuali")),
            day=one("tanggal"),
            hour=one("jam"),
            search=one("cari").strip()[:200],
            blocks=parts.read_blocks(form),
            archived=one("arsip") == "ya",
            version=one("versi"),
            template=one("templat")[:600],
            fields=tuple(str(code) for code in form.getlist("isian"))[:MAX_FIELDS],
        )

    @classmethod
    def of_campaign(cls, campaign: Campaign, content: CampaignContent, profile: TenantProfile) -> "Typed":
        """Return what the form of a standing draft shows."""
        local = campaign.scheduled_at.astimezone(profile.tz) if campaign.scheduled_at else None
        return cls(
            name=campaign.name,
            email_type=purpose_of(content.email_type, content.variant) or content.email_type,
            products=content.product_ids,
            headline=content.headline,
            text=content.body,
            subject=content.subject,
            preheader=content.preheader,
            channels=tuple(content.channels),
            audience=audience_value(content.audience),
            besides=content.audience.besides,
            day=f"{local:%Y-%m-%d}" if local else "",
            hour=f"{local:%H:%M}" if local else "",
            blocks=parts.typed_blocks(content.blocks),
            archived=content.archived,
            version=str(campaign.version),
            template=f"{content.chat.name}/{content.chat.language}" if content.chat else "",
            fields=content.chat.fields if content.chat else (),
        )

    @property
    def draft(self) -> Draft:
        """What stands in the fields."""
        return Draft(
            name=self.name,
            email_type=self.email_type,
            subject=self.subject,
            preheader=self.preheader,
            headline=self.headline,
            text=self.text,
            archived=self.archived,
            version=self.version,
            date=self.day,
            time=self.hour,
        )


def row_ids(values: Iterable[object]) -> tuple[int, ...]:
    """Return the row numbers among what was sent, each once, in order; what cannot be one is dropped."""
    texts = [str(value) for value in values]
    return tuple(dict.fromkeys(int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19))  # noqa: PLR2004  fits 64 bits


def faults_of(typed: Typed, profile: TenantProfile) -> dict[str, str]:
    """Return what is wrong with the fields that only the form knows, by field name."""
    faults: dict[str, str] = {}
    if not typed.headline.strip():
        faults["judul"] = _("Judul masih kosong.")
    elif len(typed.headline) > MAX_HEADLINE:
        faults["judul"] = _("Judul paling panjang {n} huruf.").format(n=MAX_HEADLINE)
    if len(typed.preheader) > MAX_PREHEADER:
        faults["ringkas"] = _("Kalimat pengantar paling panjang {n} huruf.").format(n=MAX_PREHEADER)
    if typed.email_type not in WRITTEN_FOR:
        faults["jenis"] = _("Pilih jenis surelnya.")
    if not set(typed.channels) <= set(ChannelName):
        faults["kanal"] = _("Ada kanal yang tidak dikenal.")
    for read in (lambda: audience_of(typed.audience), lambda: read_moment(typed.day, typed.hour, profile.tz)):
        try:
            read()
        except InvalidInputError as error:
            faults[error.field] = str(error)
    return faults | parts.faults_by_field(typed.blocks, wrongs(parts.meant_blocks(typed.blocks)))


def gaps_of(typed: Typed) -> dict[str, str]:
    """Return what the blocks lack before they may go out, by field name."""
    return parts.faults_by_field(typed.blocks, gaps(parts.meant_blocks(typed.blocks)))


def meant(
    typed: Typed,
    offers: Iterable[Offer],
    now: datetime,
    *,
    standing: CampaignContent | None,
    templates: Iterable[Template] = (),
) -> CampaignContent:
    """Return the content that these fields mean; what the form has no field for is kept from the standing draft."""
    purpose = Purpose(typed.email_type)
    by_chat = purpose is Purpose.WHATSAPP_MARKETING
    kind = EmailType.PROMOTIONAL if by_chat or purpose is Purpose.PROMOTIONAL else EmailType.NEWSLETTER
    without_mail = by_chat or ChannelName.EMAIL not in typed.channels
    return CampaignContent(
        email_type=kind,
        variant=_variant(purpose, offers, now, standing),
        subject=typed.subject.strip() or (typed.headline.strip() if without_mail else ""),
        preheader=typed.preheader.strip(),
        headline=typed.headline.strip(),
        body=typed.text.strip(),
        product_ids=typed.products,
        channels=tuple(ChannelName(name) for name in typed.channels if not (by_chat and name == ChannelName.EMAIL)),
        audience=audience_of(typed.audience, typed.besides),
        hashtags=standing.hashtags if standing else (),
        blocks=parts.meant_blocks(typed.blocks),
        archived=typed.archived and kind is EmailType.NEWSLETTER,
        chat=template_of(typed.template, typed.fields, templates) if by_chat else None,
    )


def shown_content(typed: Typed) -> CampaignContent | None:
    """Return what can be previewed of unfinished fields; None while there is nothing to see."""
    channels = tuple(ChannelName(name) for name in typed.channels if name in set(ChannelName))
    by_chat = typed.email_type == Purpose.WHATSAPP_MARKETING
    if not (channels or by_chat) or not (typed.text.strip() or typed.headline.strip()):
        return None
    return CampaignContent(
        email_type=EmailType.PROMOTIONAL,
        variant=CHAT if by_chat else "",
        subject=typed.subject,
        preheader=typed.preheader,
        headline=typed.headline,
        body=typed.text,
        product_ids=typed.products,
        channels=tuple(name for name in channels if not (by_chat and name is ChannelName.EMAIL)),
        audience=AudienceFilter(),
    )


def exceptions(segments: Mapping[int, str], besides: tuple[int, ...]) -> tuple[Option, ...]:
    """Return the segments that can be left out."""
    return tuple(Option(str(row_id), name, selected=row_id in besides) for row_id, name in segments.items())


def type_options(chosen: str, *, with_chat: bool) -> tuple[Option, ...]:
    """Return the kinds that people write themselves; what goes by WhatsApp only where a template could carry it."""
    offered = [kind for kind in WRITTEN_FOR if with_chat or kind == chosen or kind is not Purpose.WHATSAPP_MARKETING]
    return tuple(Option(kind, email_type_label(kind), selected=kind == chosen) for kind in offered)


def channel_choices(
    profile: TenantProfile, ticked: tuple[str, ...], *, by_chat: bool = False
) -> tuple[ChannelChoice, ...]:
    """Return the channels of the Daerah with their limits; a message by WhatsApp takes the place of e-mail."""
    choices = []
    for name in sorted(profile.channels, key=lambda name: name is not ChannelName.EMAIL):
        if name is ChannelName.EMAIL:
            instead = _("Digantikan pesan pribadi WhatsApp.") if by_chat else ""
            choices.append(ChannelChoice(name, name in ticked and not by_chat, note=instead))
            continue
        limits = registry.capabilities(name)
        choices.append(
            ChannelChoice(
                name,
                name in ticked,
                max_text=limits.max_text,
                note=_("Butuh gambar produk.") if limits.media is MediaRule.REQUIRED else "",
                needs_human=limits.needs_human,
            )
        )
    return tuple(choices)


def pick_row(offer: Offer, shown: Shown | None, now: datetime, *, picked: bool) -> PickRow:
    """Return a product of the picker."""
    times = shown.times if shown else 0
    return PickRow(
        id=offer.row_id,
        name=offer.facts.name,
        business=offer.facts.business.name,
        price=offer.price_text(now),
        exposure=_("tampil {n} kali").format(n=number_text(times)) if times else _("belum pernah tampil"),
        picture=offer.picture_url(""),
        picked=picked,
    )


def count_of(will_receive: int, left_out: Mapping[SkipReason, int], purpose: str = "") -> AudienceCount:
    """Return the live count in words, the most frequent reason first."""
    by_chat = purpose == Purpose.WHATSAPP_MARKETING
    ordered = sorted(left_out.items(), key=lambda item: -item[1])
    return AudienceCount(
        will_receive,
        sum(left_out.values()),
        tuple((skip_label(reason, by_chat=by_chat), number) for reason, number in ordered),
    )


def _variant(purpose: Purpose, offers: Iterable[Offer], now: datetime, standing: CampaignContent | None) -> str:
    if purpose is Purpose.WHATSAPP_MARKETING:
        return CHAT
    if purpose is not Purpose.PROMOTIONAL:
        return VARIANT if purpose is Purpose.SOSIALISASI else "buletin"
    chosen = tuple(offers)
    if (chosen and all(offer.parts for offer in chosen)) or (standing and standing.variant == "paket"):
        return "paket"
    return "diskon" if any(offer.before_text(now) for offer in chosen) else "produk_baru"
