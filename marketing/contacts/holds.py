"""What speaks against erasing a person at once: an order that is under way, a complaint that nobody has settled.

Both rest on a contract (UU 27/2022 Ps. 20(2)b; Blitar Ps. 10(3)): without name and address nobody can deliver or answer.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from marketing.contacts.personal_data import Person
from marketing.db.models import Order
from marketing.i18n import gettext as _

OVER: Final = frozenset({"delivered", "completed", "cancelled", "refunded", "rejected"})
"""States and events after which an order asks nothing more of us."""
SETTLED: Final = frozenset({"closed", "done", "resolved", "settled", "rejected", "selesai", "ditutup"})
UNDER_WAY: Final = timedelta(days=90)
"""A source that never says how an order ended must not hold a person for ever."""


def holds(session: Session, person: Person, now: datetime) -> tuple[str, ...]:
    """Return a sentence per order that is still under way; none when the person may go at once."""
    query = select(Order).options(selectinload(Order.events)).where(Order.contact_id.in_(person.ids))
    return tuple(line for order in session.scalars(query.order_by(Order.id)) for line in _open(order, now))


def _open(order: Order, now: datetime) -> Iterator[str]:
    happened = {order.status.casefold(), *(event.type.casefold() for event in order.events)}
    if not happened & OVER and now - order.placed_at < UNDER_WAY:
        yield _("Pesanan {number} belum selesai. Penjual memerlukan nama dan alamat pembelinya untuk mengirim.").format(
            number=order.number
        )
    if order.complaint and str(order.complaint.get("status", "")).casefold() not in SETTLED:
        yield _("Pengaduan atas pesanan {number} belum selesai.").format(number=order.number)
