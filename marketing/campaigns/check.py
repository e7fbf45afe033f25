"""May these words and products become a campaign? The first thing that does not fit is told with its field."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from marketing.channels import registry
from marketing.delivery.chat_templates import find_template
from marketing.delivery.post_composing import PostComposer
from marketing.domain.campaign import CampaignContent, is_chat
from marketing.domain.chat import misfits as misfits_of_template
from marketing.domain.content import fits
from marketing.domain.newsletter import Article, gaps, wrongs
from marketing.domain.public_task import misfits, purpose_of
from marketing.domain.types import ChannelName, EmailType, Purpose
from marketing.domain.whatsapp_message import TemplateCategory
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.products.catalogue import Offer, load_offers
from marketing.tenants.profile import TenantProfile

MAX_SUBJECT = 150
MAX_BODY = 10_000
MAX_PRODUCTS = 10
BY_PEOPLE = (EmailType.PROMOTIONAL, EmailType.NEWSLETTER)
WRITTEN_FOR = (Purpose.PROMOTIONAL, Purpose.NEWSLETTER, Purpose.SOSIALISASI, Purpose.WHATSAPP_MARKETING)
"""What people write campaigns for; the third is the edition of the newsletter for registered businesses, the last goes by WhatsApp."""


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
    _check_blocks(content)
    if (content.chat is not None) and not is_chat(content.variant):
        raise InvalidInputError(_("Templat WhatsApp hanya untuk pesan pribadi WhatsApp."), field="templat")
    if is_chat(content.variant) and ChannelName.EMAIL in content.channels:
        raise InvalidInputError(
            _("Satu kampanye menulis kepada orangnya lewat satu kanal saja: surel atau WhatsApp."), field="kanal"
        )
    if len(load_offers(session, profile.id, content.product_ids)) != len(set(content.product_ids)):
        raise InvalidInputError(_("Ada produk yang tidak dikenal di katalog Daerah ini."), field="produk")


def check_content(
    session: Session, profile: TenantProfile, content: CampaignContent, posts: PostComposer, *, now: datetime
) -> None:
    """Raise InvalidInputError for the first part that keeps a draft from going out; every product is asked at the gate."""
    check_draft(session, profile, content)
    if not content.channels and content.to_persons is None:
        raise InvalidInputError(_("Pilih paling sedikit satu kanal."), field="kanal")
    if not content.subject.strip():
        raise InvalidInputError(_("Subjek masih kosong."), field="subjek")
    if not content.body.strip():
        raise InvalidInputError(_("Isi masih kosong."), field="isi")
    if content.email_type is EmailType.PROMOTIONAL and not content.product_ids:
        raise InvalidInputError(_("Pilih paling sedikit satu produk."), field="produk")
    if missing := gaps(content.blocks):
        raise InvalidInputError(missing[0].text, field="bagian")
    offers = load_offers(session, profile.id, content.product_ids).values()
    _check_standing(profile, offers, now)
    if is_chat(content.variant):
        _check_chat(session, profile, content, posts.public_url, has_picture=any(one.picture_url("") for one in offers))
    _check_posts(profile, content, offers, posts, now)


def _check_blocks(content: CampaignContent) -> None:
    """Raise InvalidInputError for blocks that may not be kept, and for a sosialisasi that is none."""
    if content.blocks and content.email_type is not EmailType.NEWSLETTER:
        raise InvalidInputError(
            _("Bagian buletin hanya untuk buletin dan sosialisasi. Hapus bagiannya, atau ubah jenisnya."),
            field="bagian",
        )
    if wrong := wrongs(content.blocks):
        raise InvalidInputError(wrong[0].text, field="bagian")
    pictured = {block.picture_of for block in content.blocks if isinstance(block, Article)} - {None}
    if not pictured <= set(content.product_ids):
        raise InvalidInputError(
            _("Gambar artikel diambil dari produk yang dipilih. Pilih lagi produknya, atau hapus gambarnya."),
            field="bagian",
        )
    if purpose_of(content.email_type, content.variant) is Purpose.SOSIALISASI and (found := misfits(content)):
        raise InvalidInputError(found[0], field="jenis")


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


def _check_chat(
    session: Session, profile: TenantProfile, content: CampaignContent, site: str, *, has_picture: bool
) -> None:
    """Raise InvalidInputError for what keeps a template of WhatsApp from going out."""
    template = find_template(session, profile.id, content.chat) if content.chat else None
    if content.chat is None or template is None:
        raise InvalidInputError(_("Pilih templat WhatsApp yang disetujui Meta."), field="templat")
    marketing = TemplateCategory.MARKETING
    for wrong in misfits_of_template(
        template, content.chat.fields, category=marketing, site=site, has_picture=has_picture
    ):
        raise InvalidInputError(wrong, field="templat")


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
