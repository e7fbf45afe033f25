"""Samples of the mails about an order."""

from dataclasses import replace

from marketing.templates.context import SenderIdentity, TransactionalContext
from marketing.templates.samples.goods import goods_of
from marketing.templates.samples.parts import ORDER, links_of
from marketing.tenants.profile import TenantProfile


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
        links=replace(links_of(profile, ""), unsubscribe="", pixel=""),
        recipient_name=goods.recipient,
        subject=subject,
        preheader=preheader,
        order_number=ORDER,
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
        f"Pesanan {ORDER} disetujui penjual",
        f"Dua produk, total {goods_of(profile.id).total}.",
        kind="Bukti Persetujuan Pemesanan",
        number="BPP/2026/004812",
    )


def invoice(profile: TenantProfile) -> TransactionalContext:
    """Return a sample of an invoice."""
    return _receipt(
        profile,
        f"Faktur dan bukti pembayaran pesanan {ORDER}",
        f"Pembayaran {goods_of(profile.id).total} telah diterima.",
        kind="Bukti Pembayaran",
        number="BPB/2026/004812",
    )


def delivery(profile: TenantProfile) -> TransactionalContext:
    """Return a sample of a delivery notice."""
    return _receipt(
        profile,
        f"Pesanan {ORDER} dalam pengiriman",
        "Kurir Pos, nomor resi P2611200004812.",
        kind="Bukti Pengiriman",
        number="BPG/2026/004812",
        courier="Kurir Pos",
        tracking="P2611200004812",
    )
