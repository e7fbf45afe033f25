"""What an order mail says, read from the order and the event that caused it (TTS Ps. 7(3)b; Blitar Ps. 1(19)–(21))."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from marketing.db.models import Order, OrderEvent
from marketing.domain.calendar_id import format_date_id
from marketing.domain.money import format_rupiah
from marketing.i18n import gettext as _
from marketing.templates.context import OrderLine, TransactionalContext
from marketing.tenants.profile import TenantProfile

# Which template tells which event.
VARIANTS: Mapping[str, str] = {"approved": "pesanan", "paid": "faktur", "shipped": "pengiriman"}


def subject_of(event_type: str, number: str) -> str:
    """Return the subject of the mail for an order event."""
    return {
        "approved": _("Pesanan {number} disetujui penjual"),
        "paid": _("Faktur dan bukti pembayaran pesanan {number}"),
        "shipped": _("Pesanan {number} dalam pengiriman"),
    }[event_type].format(number=number)


def document_kind(kind: str) -> str:
    """Return the printed name of an order document."""
    return {
        "bukti_persetujuan_pemesanan": _("Bukti Persetujuan Pemesanan"),
        "bukti_pembayaran": _("Bukti Pembayaran"),
        "bukti_pengiriman": _("Bukti Pengiriman"),
    }.get(kind, kind.replace("_", " ").title())


def order_context(
    session: Session, event_id: int, common: Mapping[str, Any], profile: TenantProfile
) -> TransactionalContext:
    """Return the context of an order mail; the subject is made from the event."""
    event = session.get_one(OrderEvent, event_id)
    order = session.get_one(Order, event.order_id)
    items = tuple(
        OrderLine(
            name=item.name,
            business=item.business_name,
            quantity=str(item.quantity),
            unit_price=format_rupiah(item.unit_price),
            subtotal=format_rupiah(item.unit_price * item.quantity),
        )
        for item in order.items
    )
    return TransactionalContext(
        **{**common, "subject": subject_of(event.type, order.number), "preheader": ""},
        order_number=order.number,
        ordered_on=format_date_id(order.placed_at.astimezone(profile.tz).date()),
        items=items,
        shipping_cost=format_rupiah(order.shipping_cost),
        total=format_rupiah(order.total),
        document_kind=document_kind(event.document_kind),
        document_number=event.document_number,
        document_url=event.document_url,
        courier=event.courier,
        tracking_number=event.tracking_number,
        order_url="",
    )
