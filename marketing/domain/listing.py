"""The life of a listing at a marketplace: written ahead, looked up by SKU when in doubt, never created twice."""

from collections.abc import Mapping
from enum import StrEnum


class ListingState(StrEnum):
    """Where a listing stands.

    `creating` is committed before the call; a lost answer leaves it `unconfirmed`, and the SKU is looked up first.
    """

    WANTED = "wanted"
    CREATING = "creating"
    UNCONFIRMED = "unconfirmed"
    LISTED = "listed"
    UNLISTED = "unlisted"
    REFUSED = "refused"


S = ListingState
TRANSITIONS: Mapping[ListingState, frozenset[ListingState]] = {
    S.WANTED: frozenset({S.CREATING, S.LISTED, S.REFUSED, S.UNLISTED}),
    S.CREATING: frozenset({S.LISTED, S.UNCONFIRMED, S.REFUSED, S.WANTED}),
    S.UNCONFIRMED: frozenset({S.LISTED, S.WANTED, S.UNLISTED}),
    S.LISTED: frozenset({S.UNLISTED, S.REFUSED, S.WANTED}),
    S.UNLISTED: frozenset({S.LISTED, S.WANTED}),
    S.REFUSED: frozenset({S.WANTED, S.UNLISTED}),
}
