"""What a marketplace listing carries and how a brief is said there; pure.

The limits are the strictest of the destinations a listing may go to, so one text serves all of them: Google and Meta feeds
(title 150, description 5,000), TikTok Shop/Tokopedia (300–4,000 px) and Shopee (fewer than 9 pictures).
"""

from marketing.domain.brief import BriefProduct, Form, PostBrief, composed, prepared
from marketing.domain.content import Capabilities, MediaRule, OutboundPost
from marketing.domain.text import TextUnit, plain
from marketing.domain.types import ChannelName
from marketing.i18n import gettext as _
from marketing.i18n import ngettext

CAPABILITIES = Capabilities(
    channel=ChannelName.MARKETPLACE,
    max_text=5_000,
    max_title=150,
    max_pictures=8,
    media=MediaRule.REQUIRED,
    max_hashtags=0,  # a listing is found by its title; hashtags are noise there
    min_width=300,
    can_delete=True,
    text_unit=TextUnit.UTF16,
    source="support.google.com/merchants 7052112, Shopee v2 add_item, TikTok Shop products 202309; channels.md E.1, E.2, E.4, 22 Nov 2026",
)


def compose(brief: PostBrief, dinas: str) -> OutboundPost:
    """Return a listing: a title that names the product, a sober description, no exclamation and no hashtag."""
    ready = prepared(brief, CAPABILITIES, order_at=_("beli langsung di halaman ini"))
    form = Form(
        heading=lambda title: title,
        product=_product,
        more=lambda count: ngettext(
            "Paket ini memuat {count} produk lain.", "Paket ini memuat {count} produk lain.", count
        ).format(count=count),
        closing=(_("Produk UMKM binaan {office}.").format(office=plain(dinas)),),
    )
    return composed(ready, form, CAPABILITIES, link=ready.link)


def _product(product: BriefProduct) -> str:
    return "\n".join(
        (
            _("Nama produk: {name}").format(name=product.name),
            _("Pelaku usaha: {business}").format(business=product.business),
            _("Harga: {price}").format(price=product.price),
            _("Cara pesan: {how}").format(how=product.how_to_order),
        )
    )
