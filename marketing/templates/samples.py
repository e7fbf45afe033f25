"""Sample contents for looking at the templates: invented businesses, addresses that lead nowhere."""

from marketing.templates.context import (
    Article,
    MailLinks,
    MarketNote,
    NewsletterContext,
    OrderLine,
    PersonalisedContext,
    ProductCard,
    PromotionalContext,
    RetentionContext,
    SenderIdentity,
    TransactionalContext,
)
from marketing.tenants.profile import TenantProfile

_RECIPIENT = "Maria Tefa"


def _links(profile: TenantProfile, why: str) -> MailLinks:
    site = profile.website
    return MailLinks(
        web_view=f"{site}/surel/contoh", unsubscribe=f"{site}/berhenti/contoh", why=why, pixel=f"{site}/o/contoh.gif"
    )


def _order_links(profile: TenantProfile) -> MailLinks:
    return MailLinks(web_view=f"{profile.website}/surel/contoh", unsubscribe="", why="", pixel="")


def _card(
    profile: TenantProfile, name: str, business: str, price: str, *, before: str = "", until: str = "", reason: str = ""
) -> ProductCard:
    slug = "-".join(name.lower().split())
    return ProductCard(
        name=name,
        business=business,
        price=price,
        before_price=before,
        until=until,
        picture_url=f"{profile.website}/gambar/{slug}.jpg",
        alt=f"Foto {name}",
        url=f"{profile.website}/produk/{slug}",
        reason=reason,
    )


def _on_sale(profile: TenantProfile) -> tuple[ProductCard, ...]:
    until = "6 Desember 2026"
    return (
        _card(profile, "Selendang tenun katun", "Rumah Tenun Bersama", "Rp212.500", before="Rp250.000", until=until),
        _card(profile, "Kopi arabika sangrai 250 g", "Kopi Lereng Pagi", "Rp54.000", before="Rp60.000", until=until),
        _card(profile, "Keripik pisang madu 200 g", "Dapur Mama Yuli", "Rp18.000"),
    )


def discount(profile: TenantProfile) -> PromotionalContext:
    """Return a sample of a discount mail."""
    return PromotionalContext(
        sender=SenderIdentity.of(profile),
        links=_links(profile, "Anda menerima surel ini karena menyetujui kabar promosi produk UMKM."),
        recipient_name=_RECIPIENT,
        subject="Potongan harga tenun dan kopi sampai 6 Desember",
        preheader="Tiga produk UMKM terverifikasi, harga langsung dari perajin.",
        headline="Potongan harga untuk tenun dan kopi pilihan",
        body="Menyambut akhir tahun, para pelaku UMKM memberikan potongan harga untuk produk pilihan."
        "\n\nSetiap produk telah diverifikasi, dan pesanan Anda diterima langsung oleh pelaku UMKM.",
        products=_on_sale(profile),
        call_to_action="Lihat semua produk",
        call_url=profile.website,
    )


def new_products(profile: TenantProfile) -> PromotionalContext:
    """Return a sample of a mail with new products."""
    return PromotionalContext(
        sender=SenderIdentity.of(profile),
        links=_links(profile, "Anda menerima surel ini karena menyetujui kabar promosi produk UMKM."),
        recipient_name=_RECIPIENT,
        subject="Produk baru dari UMKM bulan ini",
        preheader="Madu hutan, tas anyaman, dan sambal kemiri.",
        headline="Tiga produk baru bulan ini",
        body="Produk berikut baru lulus verifikasi dan mulai dijual bulan ini.",
        products=(
            _card(profile, "Madu hutan 500 ml", "Kelompok Tani Lebah", "Rp95.000"),
            _card(profile, "Tas anyaman lontar", "Anyaman Oenali", "Rp135.000"),
            _card(profile, "Sambal kemiri 150 g", "Dapur Mama Yuli", "Rp28.000"),
        ),
        call_to_action="Lihat semua produk",
        call_url=profile.website,
    )


def bundle(profile: TenantProfile) -> PromotionalContext:
    """Return a sample of a mail with packages."""
    return PromotionalContext(
        sender=SenderIdentity.of(profile),
        links=_links(profile, "Anda menerima surel ini karena menyetujui kabar promosi produk UMKM."),
        recipient_name=_RECIPIENT,
        subject="Paket gabungan untuk bingkisan akhir tahun",
        preheader="Dua paket berisi produk dari beberapa UMKM.",
        headline="Paket bingkisan akhir tahun",
        body="Setiap paket menggabungkan produk dari beberapa pelaku UMKM dengan satu harga.",
        products=(
            _card(profile, "Paket sarapan: kopi, madu, keripik", "Kopi Lereng Pagi dan mitra", "Rp160.000"),
            _card(profile, "Paket meja: taplak dan enam tatakan", "Rumah Tenun Bersama", "Rp320.000"),
        ),
        call_to_action="Lihat semua paket",
        call_url=profile.website,
    )


def newsletter(profile: TenantProfile) -> NewsletterContext:
    """Return a sample of the newsletter."""
    return NewsletterContext(
        sender=SenderIdentity.of(profile),
        links=_links(profile, "Anda menerima surel ini karena berlangganan buletin UMKM."),
        recipient_name=_RECIPIENT,
        subject="Buletin UMKM November 2026",
        preheader="Foto produk dengan ponsel, kemasan tahan lembap, dan harga bahan baku.",
        headline="Buletin UMKM, November 2026",
        body="Edisi ini membahas foto produk, kemasan, dan harga bahan baku bulan ini.",
        products=_on_sale(profile)[:2],
        articles=(
            Article(
                title="Memotret produk dengan ponsel",
                body="Letakkan produk di dekat jendela pada pagi hari, di atas kain polos berwarna terang."
                "\n\nAmbil tiga gambar: tampak depan, tampak dekat, dan saat dipakai.",
            ),
            Article(
                title="Kemasan yang tahan lembap",
                body="Gunakan kemasan berlapis aluminium dengan segel panas, dan cantumkan tanggal kedaluwarsa.",
            ),
        ),
        market=(
            MarketNote(label="Benang katun per kg", value="Rp92.000"),
            MarketNote(label="Biji kopi arabika per kg", value="Rp78.000"),
            MarketNote(label="Kemiri kupas per kg", value="Rp38.000"),
        ),
    )


def retention(profile: TenantProfile) -> RetentionContext:
    """Return a sample of an invitation to come back."""
    return RetentionContext(
        sender=SenderIdentity.of(profile),
        links=_links(
            profile, "Anda menerima surel ini karena pernah berbelanja dan menyetujui ajakan berbelanja kembali."
        ),
        recipient_name=_RECIPIENT,
        subject="Produk UMKM yang menanti Anda",
        preheader="Pilihan produk sejak pesanan terakhir Anda.",
        headline="Lama tidak berjumpa",
        body="Sejak pesanan terakhir Anda, banyak pelaku UMKM menambah produk baru. Berikut beberapa di antaranya.",
        products=_on_sale(profile),
        last_order="14 Juli 2026",
    )


def personalised(profile: TenantProfile) -> PersonalisedContext:
    """Return a sample of products chosen from a person's orders."""
    return PersonalisedContext(
        sender=SenderIdentity.of(profile),
        links=_links(
            profile, "Anda menerima surel ini karena menyetujui pilihan produk berdasarkan riwayat belanja Anda."
        ),
        recipient_name=_RECIPIENT,
        subject="Pilihan produk untuk Anda",
        preheader="Tiga produk yang dekat dengan belanja Anda.",
        headline="Pilihan untuk Anda",
        body="Produk berikut dipilih dari riwayat belanja Anda. Alasannya tertulis pada setiap produk.",
        products=(
            _card(
                profile,
                "Kopi arabika sangrai 250 g",
                "Kopi Lereng Pagi",
                "Rp60.000",
                reason="Anda memesan kopi dua kali dalam tiga bulan terakhir.",
            ),
            _card(
                profile,
                "Madu hutan 500 ml",
                "Kelompok Tani Lebah",
                "Rp95.000",
                reason="Sering dibeli bersama kopi arabika.",
            ),
        ),
    )


def _receipt(
    profile: TenantProfile, subject: str, *, kind: str, number: str, courier: str = "", tracking: str = ""
) -> TransactionalContext:
    return TransactionalContext(
        sender=SenderIdentity.of(profile),
        links=_order_links(profile),
        recipient_name=_RECIPIENT,
        subject=subject,
        preheader="",
        order_number="SO-2026-004812",
        ordered_on="20 November 2026",
        items=(
            OrderLine("Selendang tenun katun", "Rumah Tenun Bersama", "2", "Rp212.500", "Rp425.000"),
            OrderLine("Kopi arabika sangrai 250 g", "Kopi Lereng Pagi", "3", "Rp54.000", "Rp162.000"),
        ),
        shipping_cost="Rp35.000",
        total="Rp622.000",
        document_kind=kind,
        document_number=number,
        document_url=f"{profile.website}/dokumen/contoh.pdf",
        courier=courier,
        tracking_number=tracking,
        order_url=f"{profile.website}/pesanan/contoh",
    )


def order(profile: TenantProfile) -> TransactionalContext:
    """Return a sample of an order confirmation."""
    subject = "Pesanan SO-2026-004812 disetujui penjual"
    return _receipt(profile, subject, kind="Bukti Persetujuan Pemesanan", number="BPP/2026/004812")


def invoice(profile: TenantProfile) -> TransactionalContext:
    """Return a sample of an invoice."""
    subject = "Faktur dan bukti pembayaran pesanan SO-2026-004812"
    return _receipt(profile, subject, kind="Bukti Pembayaran", number="BPB/2026/004812")


def delivery(profile: TenantProfile) -> TransactionalContext:
    """Return a sample of a delivery notice."""
    subject = "Pesanan SO-2026-004812 dalam pengiriman"
    return _receipt(
        profile,
        subject,
        kind="Bukti Pengiriman",
        number="BPG/2026/004812",
        courier="Kurir Pos",
        tracking="P2611200004812",
    )
