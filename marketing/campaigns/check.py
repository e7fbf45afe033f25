"""May these words and products become a campaign? The first thing that does not fit is told with its field."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from marketing.channels import registry
from marketing.delivery.publishing import PostComposer
from marketing.domain.campaign import CampaignContent
from marketing.domain.content import fits
from marketing.domain.types import ChannelName, EmailType
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.products.catalogue import Offer, load_offers
from marketing.tenants.profile import TenantProfile

MAX_SUBJECT = 150
MAX_BODY = 10_000
MAX_PRODUCTS = 10
BY_PEOPLE = (EmailType.PROMOTIONAL, EmailType.NEWSLETTER)


def check_draft(session: Session, profile: TenantProfile, content: CampaignContent) -> None:
    """Raise InvalidInputError for what may not even be kept: a draft may be incomplete, never wrong."""
    if content.email_type not in BY_PEOPLE:
        raise InvalidInputError(_("Jenis surel ini dikirim oleh otomasi, bukan disusun sendiri."), field="jenis")
    foreign = [channel for channel in content.channels if channel not in profile.channels]
    if foreign:
        raise InvalidInputError(
            _("Kanal {channel} tidak dipakai Daerah ini.").format(channel=foreign[0]), field="kanal"
        )
    if len(content.subject) > MAX_SUBJECT or any(char in content.subject for char in "\r\n\0"):
        raise InvalidInputError(
            _("Subjek paling panjang {number} huruf, dalam satu baris.").format(number=MAX_SUBJECT), field="subjek"
        )
    if len(content.body) > MAX_BODY:
        raise InvalidInputError(_("Isi paling panjang {number} huruf.").format(number=MAX_BODY), field="isi")
    if len(content.product_ids) > MAX_PRODUCTS:
        raise InvalidInputError(
            _("Paling banyak {number} produk dalam satu kampanye.").format(number=MAX_PRODUCTS), field="produk"
        )
    if len(load_offers(session, profile.id, content.product_ids)) != len(set(content.product_ids)):
        raise InvalidInputError(_("Ada produk yang tidak dikenal di katalog Daerah ini."), field="produk")


def check_content(
    session: Session, profile: TenantProfile, content: CampaignContent, posts: PostComposer, *, now: datetime
) -> None:
    """Raise InvalidInputError for the first part that keeps a draft from going out; every product is asked at the gate."""
    check_draft(session, profile, content)
    if not content.channels:
        raise InvalidInputError(_("Pilih paling sedikit satu kanal."), field="kanal")
    if not content.subject.strip():
        raise InvalidInputError(_("Subjek masih kosong."), field="subjek")
    if not content.body.strip():
        raise InvalidInputError(_("Isi masih kosong."), field="isi")
    if content.email_type is EmailType.PROMOTIONAL and not content.product_ids:
        raise InvalidInputError(_("Pilih paling sedikit satu produk."), field="produk")
    offers = load_offers(session, profile.id, content.product_ids).values()
    _check_standing(profile, offers, now)
    _check_posts(profile, content, offers, posts, now)


def _check_standing(profile: TenantProfile, offers: Iterable[Offer], now: datetime) -> None:
    for offer in offers:
        verdict = offer.check(profile, now)
        if offer.deleted or not verdict.promotable:
            why = verdict.reasons[0] if verdict.reasons else None
            raise InvalidInputError(
                _("“{product}” belum boleh dipromosikan: {reason}").format(
                    product=offer.facts.name,
                    reason=f"{why.text} ({why.citation})" if why else _("sudah dihapus dari katalog"),
                ),
                field="produk",
            )


def _check_posts(
    profile: TenantProfile, content: CampaignContent, offers: Iterable[Offer], posts: PostComposer, now: datetime
) -> None:
    for channel in content.channels:
        if channel is ChannelName.EMAIL:
            continue
        verdict = fits(
            posts.compose(content, channel, "pratinjau", offers, profile, now=now), registry.capabilities(channel)
        )
        if not verdict:
            raise InvalidInputError(verdict.misfits[0].text, field="kanal")
