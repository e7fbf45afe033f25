"""Pieces of an order in the shape of `siar-catalog/1` (docs: the catalogue contract); pure, and nothing about the buyer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from marketing.channels.marketplace.port import OrderPage, Provider, SetAside
from marketing.domain.text import cut, one_line
from marketing.i18n import gettext as _

_NAME: Final = 300  # NAME_LIMIT of the contract
_LINE: Final = 200
_LATEST: Final = 4_102_444_800  # 1 Jan 2100: a later second is milliseconds or nonsense


@dataclass(frozen=True, slots=True)
class Line:
    """One product of an order; `product_id` None where the SKU is not ours."""

    product_id: str | None
    foreign_id: str
    name: str
    quantity: int
    unit_price: int


def rupiah(value: object) -> int:
    """Read an amount as whole rupiah; ValueError for fractions, words and what is not finite."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise ValueError(_("Jumlah uang tidak terbaca."))  # noqa: TRY004  to the caller it is bad input, whatever its type
    try:
        amount = Decimal(value)
        whole = int(amount)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise ValueError(_("Jumlah uang tidak terbaca.")) from error
    if amount != whole:
        raise ValueError(_("Jumlah uang memuat pecahan rupiah."))
    return whole


def moment(value: object) -> datetime | None:
    """Read Unix seconds as UTC; None for 0 and null, ValueError for anything else that is no second of this century."""
    if value in (None, 0, ""):
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < _LATEST:
        raise ValueError(_("Waktu tidak terbaca."))
    return datetime.fromtimestamp(value, UTC)


def required_moment(value: object) -> datetime:
    """Read a moment that must be there."""
    found = moment(value)
    if found is None:
        raise ValueError(_("Waktu pesanan tidak ada."))
    return found


def count(value: object) -> int:
    """Read a quantity of at least one."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(_("Jumlah barang tidak terbaca."))
    return value


def event(kind: str, at: datetime | None, courier: object = "", tracking: object = "") -> list[dict[str, Any]]:
    """Return the event in a list, or an empty one when it has not happened."""
    if at is None:
        return []
    found: dict[str, Any] = {"type": kind, "at": at.isoformat()}
    if name := cut(one_line(str(courier or "")), _LINE):
        found["courier"] = name
    if number := cut(one_line(str(tracking or "")), _LINE):
        found["tracking_number"] = number
    return [found]


def record(
    provider: Provider,
    number: str,
    *,
    placed_at: datetime,
    updated_at: datetime | None,
    status: str,
    lines: Sequence[Line],
    shipping_cost: int,
    total: int | None,
    events: Iterable[dict[str, Any]],
) -> dict[str, Any]:
    """Return the contract's order; without a total (not paid yet) it is goods and shipping."""
    goods = sum(line.quantity * line.unit_price for line in lines)
    made: dict[str, Any] = {
        "id": f"{provider.value}:{number}",
        "number": number,
        "placed_at": placed_at.isoformat(),
        "status": status,
        "items": [
            {
                "product_id": line.product_id or line.foreign_id,
                "name": cut(one_line(line.name), _NAME),
                "quantity": line.quantity,
                "unit_price": line.unit_price,
            }
            for line in lines
        ],
        "shipping_cost": shipping_cost,
        "total": goods + shipping_cost if total is None else total,
        "events": list(events),
    }
    if updated_at is not None:
        made["updated_at"] = updated_at.isoformat()
    return made


def page(
    raws: Sequence[Mapping[str, Any]],
    read: Callable[[Mapping[str, Any]], dict[str, Any] | None],
    name: Callable[[Mapping[str, Any]], str],
    next_cursor: str | None,
) -> OrderPage:
    """Read each order by itself, so that one bad order costs only itself; `read` gives None for one that is not ours."""
    orders: list[dict[str, Any]] = []
    aside: list[SetAside] = []
    foreign = 0
    for raw in raws:
        try:
            found = read(raw)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            reason = str(error) if isinstance(error, ValueError) else _("Pesanan tidak lengkap.")
            aside.append(SetAside(cut(one_line(name(raw)), _LINE), reason))
            continue
        if found is None:
            foreign += 1
        else:
            orders.append(found)
    return OrderPage(tuple(orders), tuple(aside), foreign, next_cursor)
