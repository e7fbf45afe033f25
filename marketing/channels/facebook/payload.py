"""What a Facebook Page carries and how a brief is said there; pure."""

from marketing.domain.brief import BriefProduct, Form, PostBrief, composed, prepared
from marketing.domain.content import Capabilities, MediaRule, OutboundPost
from marketing.domain.text import plain
from marketing.domain.types import ChannelName

CAPABILITIES = Capabilities(
    channel=ChannelName.FACEBOOK,
    max_text=63_206,
    max_pictures=10,
    media=MediaRule.OPTIONAL,
    card=True,
    can_delete=True,
    source="Graph API Page/feed dan Page/photos (codegen 2026-04-15), teks 63.206; channels.md A.4, 22 Nov 2026",
)


def compose(brief: PostBrief, dinas: str) -> OutboundPost:
    """Return a Page post: warm, a paragraph per product, and the link that Facebook turns into a card."""
    office = plain(dinas)
    ready = prepared(brief, CAPABILITIES, order_at=f"tanyakan lewat pesan ke {office}")
    form = Form(
        heading=lambda title: title,
        product=_product,
        more=lambda count: f"Masih ada {count} produk lain di halaman lengkapnya.",
        closing=(
            " ".join(ready.hashtags),
            f"Produk UMKM terverifikasi, disiarkan oleh {office}.",
            f"Lihat foto dan cara pesannya: {ready.link}" if ready.link else "",
        ),
    )
    return composed(ready, form, CAPABILITIES, link=ready.link)


def _product(product: BriefProduct) -> str:
    return "\n".join(
        (
            f"🛍️ {product.name}",
            f"Dibuat oleh: {product.business}",
            f"Harga: {product.price}",
            f"Cara pesan: {product.how_to_order}",
        )
    )
