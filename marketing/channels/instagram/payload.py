"""What Instagram carries and how a brief is said there; pure."""

from functools import partial

from marketing.domain.brief import BriefProduct, Form, PostBrief, composed, prepared
from marketing.domain.content import Capabilities, MediaRule, OutboundPost
from marketing.domain.insights import Metric
from marketing.domain.text import TextUnit, plain, without_links
from marketing.domain.types import ChannelName
from marketing.i18n import gettext as _
from marketing.i18n import ngettext

CAPABILITIES = Capabilities(
    channel=ChannelName.INSTAGRAM,
    max_text=2_200,
    max_pictures=10,
    media=MediaRule.REQUIRED,
    max_hashtags=5,  # 30 until December 2025 (channels.md A.6)
    max_mentions=20,
    min_width=320,
    min_ratio=4 / 5,
    max_ratio=1.91,
    picture_formats=("JPEG",),
    # DELETE /{ig-media-id} needs instagram_manage_contents, which few have: the adapter tries it, else a person takes posts down.
    card=True,
    can_delete=False,
    links=False,  # an address in a caption cannot be tapped
    # Meta names no unit; UTF-16 is never smaller than what it counts, so a caption that fits here fits there.
    text_unit=TextUnit.UTF16,
    figures=(Metric.REACH, Metric.VIEWS, Metric.REACTIONS, Metric.COMMENTS, Metric.SHARES, Metric.SAVES),
    source="developers.facebook.com instagram-platform/content-publishing; channels.md A.6, 22 Nov 2026",
)


def compose(brief: PostBrief, dinas: str) -> OutboundPost:
    """Return a caption: short lines, at most five hashtags, no address; the link stands in the account's bio."""
    office = plain(without_links(dinas))
    ready = prepared(
        brief,
        CAPABILITIES,
        said=partial(without_links, instead=_("tautan di bio")),
        order_at=_("kirim pesan (DM) ke akun ini"),
    )
    form = Form(
        heading=lambda title: f"✨ {title}",
        product=_product,
        more=lambda count: ngettext(
            "Dan {count} produk lainnya: lihat lewat tautan di bio.",
            "Dan {count} produk lainnya: lihat lewat tautan di bio.",
            count,
        ).format(count=count),
        closing=(
            _("Simpan kiriman ini dan ajak temanmu belanja produk lokal. Info dari {office}.").format(office=office),
            _("Tautan lengkap ada di bio 👆") if ready.link else "",
            " ".join(ready.hashtags),
        ),
    )
    return composed(ready, form, CAPABILITIES, link="")


def _product(product: BriefProduct) -> str:
    return "\n".join(
        (
            f"🧺 {product.name}",
            _("oleh {business}").format(business=product.business),
            f"💰 {product.price}",
            _("📲 Pesan: {how}").format(how=product.how_to_order),
        )
    )
