"""What the Dinas's own site carries: promotion pages said here, feeds from their own modules; pure."""

from marketing.channels.website.feed import Feed, FeedItem, SelfUrls
from marketing.channels.website.formats import atom, json_feed, rss
from marketing.domain.brief import BriefProduct, Form, PostBrief, composed, prepared
from marketing.domain.content import Capabilities, MediaRule, OutboundPost
from marketing.domain.text import plain
from marketing.domain.types import ChannelName
from marketing.i18n import gettext as _
from marketing.i18n import ngettext

__all__ = ["CAPABILITIES", "Feed", "FeedItem", "SelfUrls", "atom", "compose", "json_feed", "rss"]

CAPABILITIES = Capabilities(
    channel=ChannelName.WEBSITE,
    max_text=20_000,
    max_title=150,
    max_pictures=20,
    media=MediaRule.OPTIONAL,
    picture_formats=("JPEG", "PNG", "WEBP"),
    can_delete=True,
    source="situs sendiri; batas ditetapkan Siar agar halaman tetap ringan, 22 Nov 2026",
)


def compose(brief: PostBrief, dinas: str) -> OutboundPost:
    """Return the text of a promotion page; the page shows the title as its own heading as well."""
    office = plain(dinas)
    ready = prepared(brief, CAPABILITIES, order_at=_("hubungi {office}").format(office=office))
    form = Form(
        heading=lambda title: title,
        product=_product,
        more=lambda count: ngettext("Masih ada {count} produk lain.", "Masih ada {count} produk lain.", count).format(
            count=count
        ),
        closing=(" ".join(ready.hashtags), _("Diterbitkan oleh {office}.").format(office=office)),
    )
    return composed(ready, form, CAPABILITIES, link=ready.link)


def _product(product: BriefProduct) -> str:
    lines = [
        product.name,
        _("Pelaku usaha: {business}").format(business=product.business),
        _("Harga: {price}").format(price=product.price),
        _("Cara pesan: {how}").format(how=product.how_to_order),
    ]
    if product.url:
        lines.append(product.url)
    return "\n".join(lines)
