"""Whom a campaign missed: groups that a person may send to afterwards, each person decided anew."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from marketing.domain.message import MessageState
from marketing.domain.permission import SkipReason

NEVER_ARRIVED: Final = "never_arrived"
"""The reason of a message in doubt that was judged not sent, by the relay's own log or by a person."""
JUDGED_ARRIVED: Final = "judged_arrived"
"""The reason of a message in doubt that a person says has arrived."""


class MissedGroup(StrEnum):
    """Why somebody got nothing although the campaign was meant for them."""

    FAULTS = "gangguan"
    NOT_SENT = "tidak-sampai"
    LIMITS = "batas"
    PRODUCTS = "produk"


GROUPS: Final[Mapping[MissedGroup, tuple[MessageState, frozenset[str]]]] = {
    MissedGroup.FAULTS: (MessageState.FAILED, frozenset({"gave_up", "render_error"})),
    MissedGroup.NOT_SENT: (MessageState.FAILED, frozenset({NEVER_ARRIVED})),
    MissedGroup.LIMITS: (
        MessageState.SKIPPED,
        frozenset({SkipReason.TOO_OFTEN, SkipReason.OWN_LIMIT, SkipReason.PAUSED}),
    ),
    MissedGroup.PRODUCTS: (
        MessageState.SKIPPED,
        frozenset({SkipReason.PRODUCT_HELD, SkipReason.NOTHING_TO_SAY}),
    ),
}
"""Only what passes by itself. Who had not agreed, who left and who asked for a restriction was not missed."""


def group_of(state: MessageState, reason: str) -> MissedGroup | None:
    """Return which group a message belongs to, None where sending to it again would be wrong."""
    return next((one for one, (at, reasons) in GROUPS.items() if state is at and reason in reasons), None)
