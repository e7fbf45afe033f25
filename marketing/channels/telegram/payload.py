"""What a Telegram channel carries and how a brief is said there; pure.

Text goes out without a parse mode: nothing in a product's name can become markup.
"""

from marketing.domain.brief import BriefProduct, Form, PostBrief, composed, prepared
from marketing.domain.content import Capabilities, MediaRule, OutboundPost
from marketing.domain.text import TextUnit, plain
from marketing.domain.types import ChannelName
from marketing.i18n import gettext as _
from marketing.i18n import ngettext

CAPABILITIES = Capabilities(
    channel=ChannelName.TELEGRAM,
    max_text=1_024,  # of a caption; a message without picture could have 4,096, but one limit keeps previews honest
    max_pictures=10,
    media=MediaRule.OPTIONAL,
    card=True,
    can_delete=True,
    # Observations differ (code points or UTF-16 units); UTF-16 is the stricter of the two.
    text_unit=TextUnit.UTF16,
    source="Bot API 10.0, python-telegram-bot 22.8 telegram.constants (caption 1.024, album 2-10); channels.md D, 22 Nov 2026",
)


def compose(brief: PostBrief, dinas: str) -> OutboundPost:
    """Return a compact caption: one line per fact, the link at the end."""
    office = plain(dinas)
    ready = prepared(brief, CAPABILITIES, order_at=_("hubungi {office}").format(office=office))
    form = Form(
        heading=lambda title: f"📣 {title}",
        product=_product,
        more=lambda count: ngettext("… dan {count} produk lain.", "… dan {count} produk lain.", count).format(
            count=count
        ),
        closing=(
            " ".join(ready.hashtags),
            office,
            _("Pesan dan lihat semua: {link}").format(link=ready.link) if ready.link else "",
        ),
    )
    return composed(ready, form, CAPABILITIES, link=ready.link)


def _product(product: BriefProduct) -> str:
    order = _("Pesan: {how}").format(how=product.how_to_order)
    return f"▪️ {product.name} · {product.price}\n{product.business}\n{order}"
