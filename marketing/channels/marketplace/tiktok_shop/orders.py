"""TikTok Shop's and Tokopedia's orders in the shape of `siar-catalog/1`; pure.

Source: Get Order List /order/202309/orders/search as described in the models of tiktok-shop-api 0.1.0 (PyPI, Oct 2026), read 22 Nov
2026. Each line item is one piece, so equal ones are added up. Recipient, buyer's name, e-mail and message are not kept.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from marketing.channels.marketplace.order_record import Line, event, moment, record, required_moment, rupiah
from marketing.channels.marketplace.port import ProductOf, Provider

PAGE_SIZE: Final = 50
_STATUS: Final = {
    "UNPAID": "pending",
    "ON_HOLD": "paid",
    "AWAITING_SHIPMENT": "paid",
    "AWAITING_COLLECTION": "paid",
    "PARTIALLY_SHIPPING": "shipped",
    "IN_TRANSIT": "shipped",
    "DELIVERED": "delivered",
    "COMPLETED": "completed",
    "CANCELLED": "cancelled",
}


def order_record(raw: Mapping[str, Any], product_of: ProductOf) -> dict[str, Any] | None:
    """Return the contract's order; None when none of its products is ours, ValueError or TypeError when it cannot be read."""
    payment = raw["payment"]
    if payment.get("currency") not in (None, "IDR"):
        raise ValueError(f"mata uang {payment.get('currency')}")
    lines = _lines(raw["line_items"], product_of)
    if not any(line.product_id for line in lines):
        return None
    status = str(raw["status"])
    shipped = moment(raw.get("collection_time")) or moment(raw.get("rts_time"))
    total = payment.get("total_amount")
    return record(
        Provider.TIKTOK_SHOP,
        str(raw["id"]),
        placed_at=required_moment(raw.get("create_time")),
        updated_at=moment(raw.get("update_time")),
        status=_STATUS.get(status, status.lower()),
        lines=lines,
        shipping_cost=rupiah(payment.get("shipping_fee") or 0),
        total=rupiah(total) if total else None,
        events=[
            *event("paid", moment(raw.get("paid_time"))),
            *event("shipped", shipped, raw.get("shipping_provider"), raw.get("tracking_number")),
            *event("delivered", moment(raw.get("delivery_time"))),
            *event("cancelled", moment(raw.get("cancel_time")) if status == "CANCELLED" else None),
        ],
    )


def _lines(items: Any, product_of: ProductOf) -> list[Line]:
    added: dict[tuple[str, str, int], Line] = {}
    for item in items:
        sku, product = str(item.get("seller_sku") or ""), str(item.get("product_id") or "")
        price = rupiah(item.get("sale_price") or 0)
        line = added.get((sku, product, price))
        if line is None:
            ours = product_of(sku) if sku else None
            line = Line(ours, f"tiktok_shop:{product}", str(item.get("product_name") or ""), 0, price)
        added[sku, product, price] = replace(line, quantity=line.quantity + 1)
    return list(added.values())
