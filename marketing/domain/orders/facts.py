"""An order with its lines and what happened to it, and the questions that decide which mail may go."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketing.domain.orders.complaint import Complaint

OFF: Final = frozenset({"cancelled", "refunded"})
_TURNS: Final = ("approved", "paid", "cancelled", "refunded")


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """One line as it was bought; whole rupiah."""

    name: str
    business_id: int | None
    business: str
    quantity: int
    unit_price: int

    @property
    def amount(self) -> int:
        """The price of the line, in rupiah."""
        return self.quantity * self.unit_price


@dataclass(frozen=True, slots=True)
class Happening:
    """One event with its document (Blitar Ps. 1(19)-(21))."""

    type: str
    at: datetime
    document_kind: str = ""
    document_number: str = ""
    document_url: str = ""
    courier: str = ""
    tracking_number: str = ""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """One order; `happenings` in any order, doubles included, as catalogues send them."""

    id: int
    number: str
    placed_at: datetime
    status: str
    shipping_cost: int
    total: int
    lines: tuple[OrderedLine, ...]
    happenings: tuple[Happening, ...] = ()
    complaint: Complaint | None = None

    @property
    def paid(self) -> bool:
        """Whether it was paid, by its events or its status (Blitar Ps. 10(1))."""
        return self.status == "paid" or any(one.type == "paid" for one in self.happenings)

    @property
    def off(self) -> bool:
        """Whether it was cancelled or its money given back: by its status, else by the last turn it took."""
        if self.status in OFF:
            return True
        turns = [(one.at, one.type in OFF) for one in self.happenings if one.type in _TURNS]
        return max(turns)[1] if turns else False

    @property
    def businesses(self) -> dict[int, str]:
        """The businesses that sell its lines, by row id, in the order of the lines."""
        return {line.business_id: line.business for line in self.lines if line.business_id is not None}

    @property
    def shared(self) -> bool:
        """Whether somebody else's lines stand beside those of one business."""
        return len({line.business_id if line.business_id is not None else line.business for line in self.lines}) > 1

    def happened(self, kind: str) -> tuple[Happening, ...]:
        """Return the events of a kind, the earliest first."""
        return tuple(sorted((one for one in self.happenings if one.type == kind), key=lambda one: one.at))
