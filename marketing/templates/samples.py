"""Sample contents for looking at the templates: invented businesses, addresses that lead nowhere."""

from dataclasses import replace

from marketing.templates.context import (
    Article,
    MailLinks,
    NewsletterContext,
    PersonalisedContext,
    ProductCard,
    PromotionalContext,
    RetentionContext,
    SenderIdentity,
    TransactionalContext,
)
from marketing.templates.sample_goods import Good, goods_of
from marketing.tenants.profile import TenantProfile

_UNTIL = "6 Desember 2026"
_ORDER = "SO-2026-004812"


def _links(profile: TenantProfile, why: str) -> MailLinks:
    site = profile.website
    return MailLinks(
        web_view=f"{site}/surel/contoh",
        unsubscribe=f"{site}/berhenti/contoh",
        why=why,
        pixel=f"{site}/o/contoh.gif",
        why_page=f"{site}/mengapa/contoh",
        preferences=f"{site}/preferensi/contoh",
    )


def _cards(profile: TenantProfile, goods: tuple[Good, ...]) -> tuple[ProductCard, ...]:
    return tuple(_card(profile, good) for good in goods)


def _card(profile: TenantProfile, good: Good) -> ProductCard:
    slug = "-".join("".join(char if char.isalnum() else " " for char in good.name.lower()).split())
    return ProductCard(
        name=good.name,
        business=good.business,
        price=good.price,
        before_price=good.before,
        until=_UNTIL if good.before else "",
        picture_url=f"{profile.website}/gambar/{slug}.jpg",
        alt=f"Foto {good.name}",
        url=f"{profile.website}/produk/{slug}",
        reason=good.reason,
    )


def discount(profile: TenantProfile) -> PromotionalContext:
    """Return a sample of a discount mail."""
    goods = goods_of(profile.id)
    return PromotionalContext(
        sender=SenderIdentity.of(profile),
        links=_links(profile, "Anda menerima surel ini karena menyetujui kabar promosi produk UMKM."),
        recipient_name=goods.recipient,
        subject=f"Potongan harga {goods.on_sale_words} sampai {_UNTIL}",
        preheader="Produk UMKM terverifikasi, langsung dari pembuatnya.",
        headline=f"Potongan harga untuk {goods.on_sale_words} pilihan",
        body="Menyambut akhir tahun, para pelaku UMKM memberikan potongan harga untuk produk pilihan."
        "\n\nSetiap produk telah diverifikasi, dan pesanan Anda diterima langsung oleh pelaku UMKM.",
        products=_cards(profile, goods.on_sale),
        call_to_action="Lihat semua produk",
        call_url=profile.website,
    )


def new_products(profile: TenantProfile) -> PromotionalContext:
    """Return a sample of a mail with new products."""
    goods = goods_of(profile.id)
    return PromotionalContext(
        sender=SenderIdentity.of(profile),
        links=_links(profile, "Anda menerima surel ini karena menyetujui kabar promosi produk UMKM."),
        recipient_name=goods.recipient,
        subject="Produk baru dari UMKM bulan ini",
        preheader=f"{goods.new_words}.",
        headline="Tiga produk baru bulan ini",
        body="Produk berikut baru lulus verifikasi Dinas dan mulai dijual bulan ini."
        "\n\nPesanan pertama Anda sangat berarti bagi usaha yang baru bergabung.",
        products=_cards(profile, goods.new),
        call_to_action="Lihat semua produk",
        call_url=profile.website,
    )


def bundle(profile: TenantProfile) -> PromotionalContext:
    """Return a sample of a mail with packages."""
    goods = goods_of(profile.id)
    return PromotionalContext(
        sender=SenderIdentity.of(profile),
        links=_links(profile, "Anda menerima surel ini karena menyetujui kabar promosi produk UMKM."),
        recipient_name=goods.recipient,
        subject="Paket gabungan untuk bingkisan akhir tahun",
        preheader="Dua paket berisi produk dari beberapa UMKM.",
        headline="Paket bingkisan akhir tahun",
        body="Setiap paket menggabungkan produk dari beberapa pelaku UMKM dengan satu harga dan satu kali kirim.",
        products=_cards(profile, goods.bundles),
        call_to_action="Lihat semua paket",
        call_url=profile.website,
    )


def newsletter(profile: TenantProfile) -> NewsletterContext:
    """Return a sample of the newsletter."""
    goods = goods_of(profile.id)
    return NewsletterContext(
        sender=SenderIdentity.of(profile),
        links=_links(profile, "Anda menerima surel ini karena berlangganan buletin UMKM."),
        recipient_name=goods.recipient,
        subject="Buletin UMKM November 2026",
        preheader="Foto produk dengan ponsel, kemasan tahan lembap, dan harga bahan baku.",
        headline="Buletin UMKM, November 2026",
        body="Edisi ini membahas foto produk yang menarik pembeli, kemasan untuk musim hujan, dan harga bahan baku.",
        products=_cards(profile, goods.on_sale[:2]),
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


def retention(profile: TenantProfile) -> RetentionContext:
    """Return a sample of an invitation to come back."""
    goods = goods_of(profile.id)
    return RetentionContext(
        sender=SenderIdentity.of(profile),
        links=_links(
            profile, "Anda menerima surel ini karena pernah berbelanja dan menyetujui ajakan berbelanja kembali."
        ),
        recipient_name=goods.recipient,
        subject="Kabar dari UMKM langganan Anda",
        preheader="Pilihan produk sejak pesanan terakhir Anda.",
        headline="Lama tidak berjumpa",
        body="Sejak pesanan terakhir Anda, banyak pelaku UMKM menambah produk baru. Berikut beberapa di antaranya.",
        products=_cards(profile, goods.on_sale),
        last_order="14 Juli 2026",
    )


def personalised(profile: TenantProfile) -> PersonalisedContext:
    """Return a sample of products chosen from a person's orders."""
    goods = goods_of(profile.id)
    return PersonalisedContext(
        sender=SenderIdentity.of(profile),
        links=_links(
            profile, "Anda menerima surel ini karena menyetujui pilihan produk berdasarkan riwayat belanja Anda."
        ),
        recipient_name=goods.recipient,
        subject="Pilihan produk untuk Anda",
        preheader="Tiga produk yang dekat dengan belanja Anda.",
        headline="Pilihan untuk Anda",
        body="Produk berikut dipilih dari riwayat belanja dan topik yang Anda minati."
        " Alasannya tertulis pada setiap produk.",
        products=_cards(profile, goods.picked),
    )


def _receipt(
    profile: TenantProfile,
    subject: str,
    preheader: str,
    *,
    kind: str,
    number: str,
    courier: str = "",
    tracking: str = "",
) -> TransactionalContext:
    goods = goods_of(profile.id)
    return TransactionalContext(
        sender=SenderIdentity.of(profile),
        links=replace(_links(profile, ""), unsubscribe="", pixel=""),
        recipient_name=goods.recipient,
        subject=subject,
        preheader=preheader,
        order_number=_ORDER,
        ordered_on="20 November 2026",
        items=goods.ordered,
        shipping_cost=goods.shipping_cost,
        total=goods.total,
        document_kind=kind,
        document_number=number,
        document_url=f"{profile.website}/dokumen/contoh.pdf",
        courier=courier,
        tracking_number=tracking,
        order_url=f"{profile.website}/pesanan/contoh",
    )


def order(profile: TenantProfile) -> TransactionalContext:
    """Return a sample of an order confirmation."""
    return _receipt(
        profile,
        f"Pesanan {_ORDER} disetujui penjual",
        f"Dua produk, total {goods_of(profile.id).total}.",
        kind="Bukti Persetujuan Pemesanan",
        number="BPP/2026/004812",
    )


def invoice(profile: TenantProfile) -> TransactionalContext:
    """Return a sample of an invoice."""
    return _receipt(
        profile,
        f"Faktur dan bukti pembayaran pesanan {_ORDER}",
        f"Pembayaran {goods_of(profile.id).total} telah diterima.",
        kind="Bukti Pembayaran",
        number="BPB/2026/004812",
    )


def delivery(profile: TenantProfile) -> TransactionalContext:
    """Return a sample of a delivery notice."""
    return _receipt(
        profile,
        f"Pesanan {_ORDER} dalam pengiriman",
        "Kurir Pos, nomor resi P2611200004812.",
        kind="Bukti Pengiriman",
        number="BPG/2026/004812",
        courier="Kurir Pos",
        tracking="P2611200004812",
    )
