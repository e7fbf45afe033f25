"""What about an order waits for a person, and how it ends."""

from enum import StrEnum


class AlertKind(StrEnum):
    """Why a person is asked."""

    NOT_PAID = "not_paid"
    UNREACHABLE = "unreachable"


class AlertOutcome(StrEnum):
    """How it ended: by itself (paid, off, reachable) or by a person (released, told)."""

    PAID = "paid"
    ORDER_OFF = "order_off"
    REACHABLE = "reachable"
    RELEASED = "released"
    TOLD = "told"


BY_ITSELF = frozenset({AlertOutcome.PAID, AlertOutcome.ORDER_OFF, AlertOutcome.REACHABLE})
SHORTEST_REASON = 5
"""Letters: a reason that somebody can read later."""
LONGEST_REASON = 500
