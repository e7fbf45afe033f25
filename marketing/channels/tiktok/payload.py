"""What a TikTok photo post carries and how a brief is said there; pure.

TikTok forbids apps to put a brand name, logo, watermark, link or promotional text onto the content (content-sharing
guidelines), so the pictures are the plain product photos, never our branded card.
"""

from functools import partial

from marketing.domain.brief import BriefProduct, Form, PostBrief, composed, prepared
from marketing.domain.content import Capabilities, MediaRule, OutboundPost
from marketing.domain.insights import Metric
from marketing.domain.text import TextUnit, plain, without_links
from marketing.domain.types import ChannelName
from marketing.i18n import N_, ngettext
from marketing.i18n import gettext as _

CAPABILITIES = Capabilities(
    channel=ChannelName.TIKTOK,
    max_text=4_000,
    max_title=90,
    max_pictures=35,
    media=MediaRule.REQUIRED,
    picture_formats=("JPEG", "WEBP"),
    can_delete=False,  # the API has no delete
    drafts=True,
    needs_human=True,  # MEDIA_UPLOAD: direct posting needs an audited app
    links=False,
    text_unit=TextUnit.UTF16,
    human_step=N_(
        "Buka aplikasi TikTok akun Dinas, ketuk pemberitahuan di Kotak Masuk, periksa foto dan teks, pilih siapa yang dapat "
        "melihat, lalu ketuk Posting. Setelah tayang, tempel tautannya di sini."
    ),
    figures=(Metric.VIEWS, Metric.REACTIONS, Metric.COMMENTS, Metric.SHARES),
    source="developers.tiktok.com content-posting-api-reference-photo-post, content-sharing-guidelines; channels.md C, 22 Nov 2026",
)


def compose(brief: PostBrief, dinas: str) -> OutboundPost:
    """Return a title of at most 90 and a light description without any address."""
    office = plain(without_links(dinas))
    ready = prepared(
        brief,
        CAPABILITIES,
        said=partial(without_links, instead=_("tautan di profil")),
        order_at=_("tulis di kolom komentar"),
    )
    form = Form(
        heading=lambda _title: "",  # TikTok shows the title above the description
        product=_product,
        more=lambda count: ngettext(
            "Masih ada {count} produk lain, cek profil kami.", "Masih ada {count} produk lain, cek profil kami.", count
        ).format(count=count),
        closing=(
            _("Yuk, dukung UMKM sendiri! Kabar dari {office}.").format(office=office),
            " ".join(ready.hashtags),
        ),
    )
    return composed(ready, form, CAPABILITIES, link="")


def _product(product: BriefProduct) -> str:
    lines = (
        _("👉 {name} dari {business}").format(name=product.name, business=product.business),
        _("Harganya {price}").format(price=product.price),
        _("Cara pesan: {how}").format(how=product.how_to_order),
    )
    return "\n".join(lines)
