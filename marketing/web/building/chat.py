"""The template of WhatsApp that a campaign goes out in: what is offered, what fills it, and how it looks on a phone."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from marketing.delivery.chat_composing import ChatComposer
from marketing.domain import chat
from marketing.domain.campaign import CampaignContent, ChatTemplate
from marketing.domain.chat import OF_CAMPAIGN, Shown, Template, label_of
from marketing.domain.whatsapp_message import TemplateCategory
from marketing.domain.whatsapp_template import holes
from marketing.i18n import gettext as _
from marketing.products.catalogue import Offer
from marketing.tenants.profile import TenantProfile
from marketing.web.views.composer import ChatChoice
from marketing.web.views.parts import Option
from marketing.web.views.preview import ChatPreview
from marketing.web.views.states import PERSONAL_CHAT


def template_of(value: str, fields: Sequence[str], offered: Iterable[Template]) -> ChatTemplate | None:
    """Return the chosen template with what fills it: what was chosen where that fits, what is usual where not."""
    found = next((one for one in offered if one.value == value), None)
    if found is None:
        name, _slash, language = value.partition("/")
        return ChatTemplate(name, language, tuple(fields)) if name and language else None
    return ChatTemplate(found.name, found.language, _fitting(fields, holes(found.shape.body)))


def _fitting(fields: Sequence[str], count: int) -> tuple[str, ...]:
    good = len(fields) == count and set(fields) <= set(OF_CAMPAIGN)
    return tuple(fields) if good else tuple(chat.guessed(count))


def choice_of(wanted: ChatTemplate | None, offered: Sequence[Template]) -> ChatChoice:
    """Return the part of the form: the templates, and for the chosen one what stands in each hole."""
    chosen = f"{wanted.name}/{wanted.language}" if wanted else ""
    found = next((one for one in offered if one.value == chosen), None)
    names = [Option(one.value, _("{name} ({language})").format(name=one.name, language=one.language), selected=one.value == chosen) for one in offered]  # fmt: skip
    if wanted is not None and found is None:
        names.append(Option(chosen, _("{name} (tidak lagi disetujui)").format(name=wanted.name), selected=True))
    filling = tuple(
        tuple(Option(field, label_of(field), selected=field == one) for field in OF_CAMPAIGN)
        for one in (wanted.fields if wanted else ())
    )
    return ChatChoice(templates=tuple(names), fields=filling, body=found.shape.body if found else "")


def chat_preview(
    composer: ChatComposer,
    template: Template,
    content: CampaignContent,
    offers: Iterable[Offer],
    *,
    profile: TenantProfile,
    now: datetime,
) -> ChatPreview:
    """Return the filled template as a phone shows it, with what keeps it from going out."""
    known = tuple(offers)
    seen = composer.shown(template, content, known, profile, now)
    wrong = chat.misfits(
        template,
        content.chat.fields if content.chat else (),
        category=TemplateCategory.MARKETING,
        site=composer.public_url,
        has_picture=any(offer.picture_url("") for offer in known),
    )
    return phone_view(seen, profile, composer.public_url, misfits=tuple(wrong))


def phone_view(seen: Shown, profile: TenantProfile, public_url: str, misfits: tuple[str, ...] = ()) -> ChatPreview:
    """Return a filled template as a chat shows it."""
    return ChatPreview(
        account=profile.dinas_short,
        place=PERSONAL_CHAT,
        header=seen.header,
        picture=seen.picture.removeprefix(public_url),
        text=seen.body,
        footer=seen.footer,
        actions=seen.actions,
        misfits=misfits,
    )
