"""What a Facebook Page carries and how a brief is said there; pure."""

from marketing.domain.brief import BriefProduct, Form, PostBrief, composed, prepared
from marketing.domain.content import Capabilities, MediaRule, OutboundPost
from marketing.domain.insights import Metric
from marketing.domain.text import TextUnit, plain
from marketing.domain.types import ChannelName
from marketing.i18n import gettext as _
from marketing.i18n import ngettext

CAPABILITIES = Capabilities(
    channel=ChannelName.FACEBOOK,
    max_text=63_206,
    max_pictures=10,
    media=MediaRule.OPTIONAL,
    card=True,
    can_delete=True,
    text_unit=TextUnit.UTF16,  # Meta names no unit; UTF-16 is never smaller than what it counts
    figures=(Metric.REACH, Metric.VIEWS, Metric.REACTIONS, Metric.COMMENTS, Metric.SHARES, Metric.CLICKS),
    source="Graph API Page/feed dan Page/photos (codegen 2026-04-15), teks 63.206; channels.md A.4, 22 Nov 2026",
)


def compose(brief: PostBrief, dinas: str) -> OutboundPost:
    """Return a Page post: warm, a paragraph per product, and the link that Facebook turns into a card."""
    office = plain(dinas)
    ready = prepared(brief, CAPABILITIES, order_at=_("tanyakan lewat pesan ke {office}").format(office=office))
    form = Form(
        heading=lambda title: title,
        product=_product,
        more=lambda count: ngettext(
            "Masih ada {count} produk lain di halaman lengkapnya.",
            "Masih ada {count} produk lain di halaman lengkapnya.",
            count,
        ).format(count=count),
        closing=(
            " ".join(ready.hashtags),
            _("Produk UMKM terverifikasi, disiarkan oleh {office}.").format(office=office),
            _("Lihat foto dan cara pesannya: {link}").format(link=ready.link) if ready.link else "",
        ),
    )
    return composed(ready, form, CAPABILITIES, link=ready.link)


def _product(product: BriefProduct) -> str:
    return "\n".join(
        (
            f"🛍️ {product.name}",
            _("Dibuat oleh: {business}").format(business=product.business),
            _("Harga: {price}").format(price=product.price),
            _("Cara pesan: {how}").format(how=product.how_to_order),
        )
    )
