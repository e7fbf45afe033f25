"""A product as every message of a batch shows it: price, sale and picture of this moment, in the language in force."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from marketing.domain.calendar_id import format_period, local_date
from marketing.domain.category_words import category_titles
from marketing.domain.picture_shape import Shape
from marketing.domain.text import cut, one_line
from marketing.i18n import gettext as _
from marketing.i18n import language
from marketing.products.catalogue import Offer
from marketing.recommend.own_frequency import Why
from marketing.templates.context import BundlePart, ProductCard
from marketing.tenants.profile import TenantProfile

NAME = 120  # letters: a longer name is a description, and ten of them would make a mail that Gmail cuts
SUMMARY = 160
FEW = 6
NEW = "produk_baru"


def card_of(offer: Offer, profile: TenantProfile, public_url: str, now: datetime) -> ProductCard:
    """Return the card with the product's plain address and no reason yet."""
    facts = offer.facts
    sale, percent, name = facts.sale_at(now), offer.percent_off(now), _short(facts.name)
    period = ""
    if sale:
        first, last = (local_date(moment, profile.tz) for moment in (sale.starts, sale.ends))
        period = format_period(first, last, language())
    return ProductCard(
        name=name,
        business=_short(facts.business.name),
        price=offer.price_text(now),
        before_price=offer.before_text(now),
        percent=f"{percent}%" if percent else "",
        period=period,
        picture_url=offer.picture_url(public_url, Shape.MAIL),
        wide_url=offer.picture_url(public_url, Shape.LANDSCAPE),
        alt=_short(facts.pictures[0].alt if facts.pictures else "") or name,
        url=offer.page_url(public_url, profile.id),
        summary=cut(one_line(facts.description), SUMMARY),
        parts=tuple(BundlePart(_short(part.name), _short(part.business), part.quantity) for part in offer.parts),
    )


def shown_together(cards: Iterable[ProductCard], variant: str) -> tuple[ProductCard, ...]:
    """Return cards as one mail shows them: what a product is, is told where it is new or stands alone."""
    together = tuple(cards)
    return together if told(len(together), variant) else tuple(replace(card, summary="") for card in together)


def told(count: int, variant: str) -> bool:
    """Return whether so many products together are shown with what each is."""
    return count == 1 or (variant == NEW and count <= FEW)


def reason_words(choice: Mapping[str, Any], offer: Offer) -> str:
    """Return why a product is shown to this person; `choice` is what the message keeps of it."""
    match choice.get("why"):
        case Why.BOUGHT if choice["times"] > 1:
            return _("Anda membelinya {times} kali").format(times=choice["times"])
        case Why.BOUGHT:
            return _("Anda pernah membelinya")
        case Why.SELLER:
            return _("Dari {business}, tempat Anda pernah berbelanja").format(
                business=_short(offer.facts.business.name)
            )
        case Why.TOPIC:
            topic = category_titles()[offer.facts.category]
            return _("Sesuai topik pilihan Anda: {topic}").format(topic=topic)
        case Why.FAIR:
            return _("Dari UMKM yang belum sering tampil")
        case _:  # kept by an earlier version, in words
            return str(choice.get("reason", ""))


def _short(text: str) -> str:
    return cut(one_line(text), NAME)
