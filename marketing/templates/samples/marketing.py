"""Samples of the mails that show products."""

from dataclasses import replace
from datetime import date

from marketing.domain.calendar_id import format_date
from marketing.domain.category_words import category_titles
from marketing.domain.product import Category
from marketing.i18n import gettext as _
from marketing.i18n import language
from marketing.templates.context import (
    PersonalisedContext,
    ProductCard,
    PromotionalContext,
    RetentionContext,
    SenderIdentity,
)
from marketing.templates.samples.goods import goods_of
from marketing.templates.samples.parts import cards_of, links_of, sale_ends
from marketing.tenants.profile import TenantProfile


def discount(profile: TenantProfile) -> PromotionalContext:
    """Return a sample of a discount mail."""
    goods = goods_of(profile.id)
    return PromotionalContext(
        sender=SenderIdentity.of(profile),
        links=links_of(profile, _("Anda menerima surel ini karena menyetujui kabar promosi produk UMKM.")),
        recipient_name=goods.recipient,
        subject=f"Potongan harga {goods.on_sale_words} sampai {sale_ends()}",
        preheader="Produk UMKM terverifikasi, langsung dari pembuatnya.",
        headline=f"Potongan harga untuk {goods.on_sale_words} pilihan",
        body="Menyambut akhir tahun, para pelaku UMKM memberikan potongan harga untuk produk pilihan."
        "\n\nSetiap produk telah diverifikasi, dan pesanan Anda diterima langsung oleh pelaku UMKM.",
        products=cards_of(profile, goods.on_sale),
        call_to_action=_("Lihat semua produk"),
        call_url=profile.website,
    )


def new_products(profile: TenantProfile) -> PromotionalContext:
    """Return a sample of a mail with new products."""
    goods = goods_of(profile.id)
    return PromotionalContext(
        sender=SenderIdentity.of(profile),
        links=links_of(profile, _("Anda menerima surel ini karena menyetujui kabar promosi produk UMKM.")),
        recipient_name=goods.recipient,
        subject="Produk baru dari UMKM bulan ini",
        preheader=f"{goods.new_words}.",
        headline="Tiga produk baru bulan ini",
        body="Produk berikut baru lulus verifikasi Dinas dan mulai dijual bulan ini."
        "\n\nPesanan pertama Anda sangat berarti bagi usaha yang baru bergabung.",
        products=cards_of(profile, goods.new),
        call_to_action=_("Lihat semua produk"),
        call_url=profile.website,
    )


def bundle(profile: TenantProfile) -> PromotionalContext:
    """Return a sample of a mail with packages."""
    goods = goods_of(profile.id)
    return PromotionalContext(
        sender=SenderIdentity.of(profile),
        links=links_of(profile, _("Anda menerima surel ini karena menyetujui kabar promosi produk UMKM.")),
        recipient_name=goods.recipient,
        subject="Paket gabungan untuk bingkisan akhir tahun",
        preheader="Dua paket berisi produk dari beberapa UMKM.",
        headline="Paket bingkisan akhir tahun",
        body="Setiap paket menggabungkan produk dari beberapa pelaku UMKM dengan satu harga dan satu kali kirim.",
        products=cards_of(profile, goods.bundles),
        call_to_action=_("Lihat semua paket"),
        call_url=profile.website,
    )


def retention(profile: TenantProfile) -> RetentionContext:
    """Return a sample of an invitation to come back."""
    goods = goods_of(profile.id)
    return RetentionContext(
        sender=SenderIdentity.of(profile),
        links=links_of(profile, _("Anda menerima surel ini karena pernah berbelanja dan menyetujui ajakan kembali.")),
        recipient_name=goods.recipient,
        subject="Kabar dari UMKM langganan Anda",
        preheader="Pilihan produk sejak pesanan terakhir Anda.",
        headline="Lama tidak berjumpa",
        body="Sejak pesanan terakhir Anda, banyak pelaku UMKM menambah produk baru. Berikut beberapa di antaranya.",
        products=_with_reasons(cards_of(profile, goods.on_sale)),
        call_to_action=_("Lihat semua produk"),
        call_url=profile.website,
        last_order=format_date(date(2026, 7, 14), language()),
    )


def personalised(profile: TenantProfile) -> PersonalisedContext:
    """Return a sample of products chosen from a person's orders."""
    goods = goods_of(profile.id)
    return PersonalisedContext(
        sender=SenderIdentity.of(profile),
        links=links_of(
            profile, _("Anda menerima surel ini karena menyetujui pilihan produk dari pesanan dan topik Anda.")
        ),
        recipient_name=goods.recipient,
        subject="Pilihan produk untuk Anda",
        preheader="Tiga produk yang dekat dengan belanja Anda.",
        headline="Pilihan untuk Anda",
        body="Produk berikut dipilih dari riwayat belanja dan topik yang Anda minati."
        " Alasannya tertulis pada setiap produk.",
        products=_with_reasons(cards_of(profile, goods.picked)),
        call_to_action=_("Lihat semua produk"),
        call_url=profile.website,
    )


def _with_reasons(cards: tuple[ProductCard, ...]) -> tuple[ProductCard, ...]:
    """Return three cards with three of the reasons for which products are chosen."""
    reasons = (
        _("Anda membelinya {times} kali").format(times=2),
        _("Dari {business}, tempat Anda pernah berbelanja").format(business=cards[1].business),
        _("Sesuai topik pilihan Anda: {topic}").format(topic=category_titles()[Category.KERAJINAN]),
    )
    return tuple(replace(card, reason=reason) for card, reason in zip(cards, reasons, strict=True))
