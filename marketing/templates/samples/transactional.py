"""Samples of the mails about an order, made by the rules that make the real ones."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from marketing.domain.orders.complaint import REQUIRED, Complaint
from marketing.domain.orders.facts import Happening, OrderedLine, OrderFacts
from marketing.domain.orders.telling import BUYER, OrderVariant, Reader, Told, tellings
from marketing.templates.context import SenderIdentity
from marketing.templates.context.order_mail import order_mail_context
from marketing.templates.context.transactional import ComplaintContext, TransactionalContext
from marketing.templates.samples.goods import goods_of
from marketing.templates.samples.parts import ORDER, links_of
from marketing.tenants.profile import TenantProfile

SELLER = Reader(1)
_EVENTS = (
    ("approved", "bukti_persetujuan_pemesanan", "BPP"),
    ("invoiced", "faktur", "FKT"),
    ("paid", "bukti_pembayaran", "BPB"),
    ("shipped", "bukti_pengiriman", "BPG"),
)


def order(profile: TenantProfile) -> TransactionalContext:
    """Return a sample of an order confirmation."""
    return _receipt(profile, OrderVariant.ORDER, BUYER)


def invoice(profile: TenantProfile) -> TransactionalContext:
    """Return a sample of an invoice."""
    return _receipt(profile, OrderVariant.INVOICE, BUYER)


def delivery(profile: TenantProfile) -> TransactionalContext:
    """Return a sample of a delivery notice."""
    return _receipt(profile, OrderVariant.DELIVERY, BUYER)


def complaint(profile: TenantProfile) -> ComplaintContext:
    """Return a sample of a complaint that still lacks a document."""
    return _complaint(profile, BUYER, {"documents": 3})


def corrected(profile: TenantProfile) -> TransactionalContext:
    """Return a delivery notice that corrects an earlier one."""
    told = [Told(_telling(_order(profile), OrderVariant.DELIVERY, BUYER).trigger)]
    sold = _order(profile)
    changed = tuple(
        replace(one, tracking_number="P2611200004999") if one.type == "shipped" else one for one in sold.happenings
    )
    return _mail(profile, OrderVariant.DELIVERY, BUYER, replace(sold, happenings=changed), told)  # type: ignore[return-value]  # a delivery


MORE: Mapping[str, tuple[str, Callable[[TenantProfile], TransactionalContext | ComplaintContext]]] = {
    "pesanan-usaha": ("pesanan", lambda profile: _receipt(profile, OrderVariant.ORDER, SELLER)),
    "faktur-usaha": ("faktur", lambda profile: _receipt(profile, OrderVariant.INVOICE, SELLER)),
    "pengiriman-usaha": ("pengiriman", lambda profile: _receipt(profile, OrderVariant.DELIVERY, SELLER)),
    "pengiriman-perbaikan": ("pengiriman", corrected),
    "komplain-usaha": ("komplain", lambda profile: _complaint(profile, SELLER, {"documents": 3})),
    "komplain-lengkap": ("komplain", lambda profile: _complaint(profile, BUYER, {"documents": 4})),
    "komplain-selesai": ("komplain", lambda profile: _complaint(profile, BUYER, {"documents": 4, "status": "selesai"})),
    "komplain-ditolak": ("komplain", lambda profile: _complaint(profile, SELLER, {"documents": 4, "status": "ditolak"})),
}  # fmt: skip
"""The other faces of the variants: to the business, corrected, and each stage of a complaint; by name, with their variant."""


def _order(profile: TenantProfile) -> OrderFacts:
    goods, zone = goods_of(profile.id), ZoneInfo(profile.zone)
    placed = datetime(2026, 11, 20, 9, 15, tzinfo=zone)
    businesses = list(dict.fromkeys(line.business for line in goods.ordered))
    lines = tuple(
        OrderedLine(line.name, businesses.index(line.business) + 1, line.business, int(line.quantity), _rupiah(line.unit_price))
        for line in goods.ordered
    )  # fmt: skip
    happenings = tuple(
        Happening(
            type=kind,
            at=placed + timedelta(hours=3 * number),
            document_kind=document,
            document_number=f"{prefix}/2026/004812",
            document_url=f"{profile.website}/dokumen/{document}.pdf",
            courier="Kurir Pos" if kind == "shipped" else "",
            tracking_number="P2611200004812" if kind == "shipped" else "",
        )
        for number, (kind, document, prefix) in enumerate(_EVENTS, 1)
    )
    return OrderFacts(
        id=1,
        number=ORDER,
        placed_at=placed,
        status="shipped",
        shipping_cost=_rupiah(goods.shipping_cost),
        total=_rupiah(goods.total),
        lines=lines,
        happenings=happenings,
    )


def _receipt(profile: TenantProfile, variant: OrderVariant, reader: Reader) -> TransactionalContext:
    return _mail(profile, variant, reader, _order(profile))  # type: ignore[return-value]  # no complaint


def _complaint(profile: TenantProfile, reader: Reader, how: Mapping[str, Any]) -> ComplaintContext:
    sold = _order(profile)
    documents = {kind: f"{profile.website}/dokumen/{kind}" for kind in REQUIRED[: how["documents"]]}
    opened = sold.placed_at + timedelta(days=4)
    said = Complaint(opened, "Warna yang datang berbeda dengan foto di katalog.", how.get("status", "open"), documents)
    return _mail(profile, OrderVariant.COMPLAINT, reader, replace(sold, complaint=said))  # type: ignore[return-value]  # a complaint


def _mail(
    profile: TenantProfile, variant: OrderVariant, reader: Reader, sold: OrderFacts, told: list[Told] | None = None
) -> TransactionalContext | ComplaintContext:
    goods = goods_of(profile.id)
    common = {
        "sender": SenderIdentity.of(profile),
        "links": links_of(profile, ""),
        "recipient_name": goods.recipient if reader == BUYER else sold.businesses[1],
    }
    return order_mail_context(variant, _telling(sold, variant, reader, told).facts, common, profile)


def _telling(sold: OrderFacts, variant: OrderVariant, reader: Reader, told: list[Told] | None = None) -> Any:
    now = sold.complaint.opened_at if sold.complaint else sold.placed_at + timedelta(days=1)
    return next(tellings(sold, variant, [reader], told or [], now))


def _rupiah(text: str) -> int:
    return int(text.removeprefix("Rp").replace(".", ""))
