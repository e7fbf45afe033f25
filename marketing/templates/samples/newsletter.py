"""Samples of the newsletter."""

from marketing.templates.context import Article, NewsletterContext, SenderIdentity
from marketing.templates.samples.goods import goods_of
from marketing.templates.samples.parts import cards_of, links_of
from marketing.tenants.profile import TenantProfile


def newsletter(profile: TenantProfile) -> NewsletterContext:
    """Return a sample of the newsletter."""
    goods = goods_of(profile.id)
    return NewsletterContext(
        sender=SenderIdentity.of(profile),
        links=links_of(profile, "Anda menerima surel ini karena berlangganan buletin UMKM."),
        recipient_name=goods.recipient,
        subject="Buletin UMKM November 2026",
        preheader="Foto produk dengan ponsel, kemasan tahan lembap, dan harga bahan baku.",
        headline="Buletin UMKM, November 2026",
        body="Edisi ini membahas foto produk yang menarik pembeli, kemasan untuk musim hujan, dan harga bahan baku.",
        products=cards_of(profile, goods.on_sale[:2]),
        articles=(
            Article(
                title="Memotret produk dengan ponsel",
                body="Letakkan produk di dekat jendela pada pagi hari, di atas kain polos berwarna terang."
                " Matikan lampu kilat supaya warna tetap seperti aslinya."
                "\n\nAmbil tiga gambar: tampak depan, tampak dekat, dan saat dipakai.",
            ),
            Article(
                title="Kemasan yang tahan lembap",
                body="Pada musim hujan, makanan kering lekas melempem. Gunakan kemasan berlapis aluminium dengan segel"
                " panas, dan cantumkan tanggal kedaluwarsa di bagian yang mudah dibaca.",
            ),
        ),
        market=goods.market,
    )
