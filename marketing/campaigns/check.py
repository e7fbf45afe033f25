"""May these words and products become a campaign? The first thing that does not fit is told with its field."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketing.channels import registry
from marketing.delivery.publishing import PostComposer
from marketing.domain.campaign import CampaignContent
from marketing.domain.content import fits
from marketing.domain.types import ChannelName, EmailType
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.products.catalogue import load_offers
from marketing.tenants.profile import TenantProfile

MAX_SUBJECT = 150
MAX_BODY = 10_000
MAX_PRODUCTS = 10
BY_PEOPLE = (EmailType.PROMOTIONAL, EmailType.NEWSLETTER)


def check_content(
    session: Session, profile: TenantProfile, content: CampaignContent, posts: PostComposer, *, now: datetime
) -> None:
    """Raise InvalidInputError for the first part that does not fit; every product is asked at the gate."""
    if content.email_type not in BY_PEOPLE:
        raise InvalidInputError(_("Jenis surel ini dikirim oleh otomasi, bukan disusun sendiri."), field="jenis")
    if not content.channels:
        raise InvalidInputError(_("Pilih paling sedikit satu kanal."), field="kanal")
    foreign = [channel for channel in content.channels if channel not in profile.channels]
    if foreign:
        raise InvalidInputError(
            _("Kanal {channel} tidak dipakai Daerah ini.").format(channel=foreign[0]), field="kanal"
        )
    _check_text(content)
    _check_products(session, profile, content, now)
    _check_posts(session, profile, content, posts, now)


def _check_text(content: CampaignContent) -> None:
    if not content.subject.strip():
        raise InvalidInputError(_("Subjek masih kosong."), field="subjek")
    if len(content.subject) > MAX_SUBJECT or any(char in content.subject for char in "\r\n\0"):
        raise InvalidInputError(
            _("Subjek paling panjang {number} huruf, dalam satu baris.").format(number=MAX_SUBJECT), field="subjek"
        )
    if not content.body.strip():
        raise InvalidInputError(_("Isi masih kosong."), field="isi")
    if len(content.body) > MAX_BODY:
        raise InvalidInputError(_("Isi paling panjang {number} huruf.").format(number=MAX_BODY), field="isi")


def _check_products(session: Session, profile: TenantProfile, content: CampaignContent, now: datetime) -> None:
    if content.email_type is EmailType.PROMOTIONAL and not content.product_ids:
        raise InvalidInputError(_("Pilih paling sedikit satu produk."), field="produk")
    if len(content.product_ids) > MAX_PRODUCTS:
        raise InvalidInputError(
            _("Paling banyak {number} produk dalam satu kampanye.").format(number=MAX_PRODUCTS), field="produk"
        )
    offers = load_offers(session, profile.id, content.product_ids)
    if len(offers) != len(set(content.product_ids)):
        raise InvalidInputError(_("Ada produk yang tidak dikenal di katalog Daerah ini."), field="produk")
    for offer in offers.values():
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
    session: Session, profile: TenantProfile, content: CampaignContent, posts: PostComposer, now: datetime
) -> None:
    offers = load_offers(session, profile.id, content.product_ids).values()
    for channel in content.channels:
        if channel is ChannelName.EMAIL:
            continue
        post = posts.compose(content, channel, "pratinjau", offers, profile, now=now)
        verdict = fits(post, registry.capabilities(channel))
        if not verdict:
            raise InvalidInputError(verdict.misfits[0].text, field="kanal")
