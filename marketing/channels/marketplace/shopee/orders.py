"""Shopee's orders in the shape of `siar-catalog/1`; pure.

Source: v2.order.get_order_list and get_order_detail (congminh1254/shopee-sdk, `schemas/*.json`, 22 Nov 2026). Recipient, phone, address
and buyer name are not asked for and not kept. Shopee gives no moment of delivery and of cancellation: their events carry `update_time`,
which may move later, so who stores them keeps the first event of a type.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from marketing.channels.marketplace.order_record import Line, count, event, moment, record, required_moment, rupiah
from marketing.channels.marketplace.port import ProductOf, Provider

WINDOW: Final = timedelta(days=15)  # "The maximum date range ... is 15 days"
PAGE_SIZE: Final = 50  # get_order_detail takes at most 50 numbers, so one detail call serves a page
OPTIONAL: Final = "item_list,pay_time,pickup_done_time,total_amount,estimated_shipping_fee,shipping_carrier"
_STATUS: Final = {
    "UNPAID": "pending",
    "PENDING": "pending",
    "INVOICE_PENDING": "pending",
    "READY_TO_SHIP": "paid",
    "PROCESSED": "paid",
    "RETRY_SHIP": "paid",
    "SHIPPED": "shipped",
    "TO_CONFIRM_RECEIVE": "delivered",
    "COMPLETED": "completed",
    "IN_CANCEL": "cancelling",
    "CANCELLED": "cancelled",
    "TO_RETURN": "returning",
}
_DELIVERED: Final = frozenset({"TO_CONFIRM_RECEIVE", "COMPLETED"})


def first_cursor(since: datetime) -> str:
    """Return where reading begins: `<second the window starts>:<Shopee's own cursor>`."""
    return f"{int(since.timestamp())}:"


def window(cursor: str, until: datetime) -> tuple[datetime, datetime, str]:
    """Return from, to (at most 15 days on) and Shopee's cursor; ValueError when the cursor is none of ours."""
    seconds, _, inner = cursor.partition(":")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 10):  # noqa: PLR2004  seconds until 2286
        raise ValueError(cursor)
    start = datetime.fromtimestamp(int(seconds), UTC)
    return start, min(start + WINDOW, until), inner


def next_cursor(start: datetime, end: datetime, until: datetime, more: object, inner: object) -> str | None:
    """Return where the next page is: further on in this window, in the next window, or nowhere."""
    if more is True and inner:
        return f"{int(start.timestamp())}:{inner}"
    return None if end >= until else first_cursor(end)


def order_record(raw: Mapping[str, Any], product_of: ProductOf) -> dict[str, Any] | None:
    """Return the contract's order; None when none of its products is ours, ValueError or TypeError when it cannot be read."""
    if raw.get("currency") not in (None, "IDR"):
        raise ValueError(f"mata uang {raw.get('currency')}")
    lines = [_line(item, product_of) for item in raw["item_list"]]
    if not any(line.product_id for line in lines):
        return None
    status, updated = str(raw["order_status"]), moment(raw.get("update_time"))
    carrier = raw.get("shipping_carrier")
    total = raw.get("total_amount")
    return record(
        Provider.SHOPEE,
        str(raw["order_sn"]),
        placed_at=required_moment(raw.get("create_time")),
        updated_at=updated,
        status=_STATUS.get(status, status.lower()),
        lines=lines,
        shipping_cost=rupiah(raw.get("estimated_shipping_fee") or 0),
        total=rupiah(total) if total else None,
        events=[
            *event("paid", moment(raw.get("pay_time"))),
            *event("shipped", moment(raw.get("pickup_done_time")), carrier),
            *event("delivered", updated if status in _DELIVERED else None),
            *event("cancelled", updated if status == "CANCELLED" else None),
        ],
    )


def _line(item: Mapping[str, Any], product_of: ProductOf) -> Line:
    sku = str(item.get("model_sku") or item.get("item_sku") or "")
    # A bundle deal shows 0 as its discounted price ("by design"); the original price is the nearest truth.
    price = item.get("model_discounted_price") or item.get("model_original_price") or 0
    return Line(
        product_of(sku) if sku else None,
        f"shopee:{item.get('item_id')}",
        str(item.get("item_name") or ""),
        count(item.get("model_quantity_purchased")),
        rupiah(price),
    )
