"""What is shared into a WhatsApp group and how a brief is said there; pure.

No official interface reaches a large group (the Groups API ends at 8 members), so this prepares a kit: text with WhatsApp's
own markup, one picture and a `wa.me` link; a person sends it and confirms it (channels.md B.1).
"""

import re
from urllib.parse import quote

from marketing.domain.brief import BriefProduct, Form, PostBrief, composed, prepared
from marketing.domain.content import Capabilities, MediaRule, OutboundPost
from marketing.domain.text import TextUnit, plain
from marketing.domain.types import ChannelName
from marketing.i18n import N_, ngettext
from marketing.i18n import gettext as _

CAPABILITIES = Capabilities(
    channel=ChannelName.WHATSAPP,
    max_text=4_096,
    max_pictures=1,
    media=MediaRule.OPTIONAL,
    card=True,
    can_delete=False,
    needs_human=True,
    text_unit=TextUnit.UTF16,
    human_step=N_(
        "Salin teks ini (atau pakai tombol wa.me), buka grup WhatsApp UMKM, kirim gambarnya lalu teksnya, kemudian tandai "
        "“sudah dikirim” di sini."
    ),
    source="WhatsApp Cloud API text 4.096; Groups API (16 Jun 2026) paling banyak 8 anggota; channels.md B.1, 22 Nov 2026",
)
# A run of “_” counts as one: taking half of it away would leave italics.
_MARKUP = re.compile(r"[*~`]|(?<![^\W_])_+|_+(?![^\W_])")


def compose(brief: PostBrief, dinas: str) -> OutboundPost:
    """Return a group message: greeting, bold names, plain numbers that WhatsApp makes tappable, and the link."""
    office = _unmarked(plain(dinas))
    ready = prepared(brief, CAPABILITIES, said=_unmarked, order_at=_("hubungi {office}").format(office=office))
    form = Form(
        heading=lambda title: f"*{title}*",
        product=_product,
        more=lambda count: ngettext(
            "_Masih ada {count} produk lain di tautan._", "_Masih ada {count} produk lain di tautan._", count
        ).format(count=count),
        closing=(
            " ".join(ready.hashtags),
            _("Silakan diteruskan ke keluarga dan tetangga. Salam, {office}").format(office=office),
            _("Selengkapnya: {link}").format(link=ready.link) if ready.link else "",
        ),
    )
    return composed(ready, form, CAPABILITIES, link=ready.link)


def share_link(text: str) -> str:
    """Return the address that opens WhatsApp with this text ready; the person still chooses the group."""
    return f"https://wa.me/?text={quote(text, safe='')}"


def _product(product: BriefProduct) -> str:
    order = _("Pesan: {how}").format(how=product.how_to_order)
    return f"🛒 *{product.name}* – {product.price}\n{product.business}\n{order}"


def _unmarked(text: str) -> str:
    """Return the text without WhatsApp's markup signs, so that a name cannot strike out or reformat what follows."""
    return _MARKUP.sub("", text)
