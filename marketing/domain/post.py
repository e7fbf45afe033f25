"""The life of a post (design section 5)."""

from collections.abc import Mapping
from enum import StrEnum


class PostState(StrEnum):
    """Where a post stands."""

    QUEUED = "queued"
    SUBMITTING = "submitting"
    PENDING = "pending"
    PUBLISHED = "published"
    UNCONFIRMED = "unconfirmed"
    AWAITING_HUMAN = "awaiting_human"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


S = PostState
TRANSITIONS: Mapping[PostState, frozenset[PostState]] = {
    S.QUEUED: frozenset({S.SUBMITTING, S.FAILED, S.WITHDRAWN}),
    # back to queued: the channel said "later" before it took anything
    S.SUBMITTING: frozenset({S.PENDING, S.PUBLISHED, S.UNCONFIRMED, S.AWAITING_HUMAN, S.FAILED, S.QUEUED}),
    S.PENDING: frozenset({S.PUBLISHED, S.AWAITING_HUMAN, S.FAILED, S.UNCONFIRMED, S.WITHDRAWN}),
    S.UNCONFIRMED: frozenset({S.PUBLISHED, S.PENDING, S.AWAITING_HUMAN, S.FAILED, S.QUEUED, S.WITHDRAWN}),
    S.AWAITING_HUMAN: frozenset({S.PUBLISHED, S.FAILED, S.WITHDRAWN}),
    S.PUBLISHED: frozenset({S.WITHDRAWN}),
    S.FAILED: frozenset({S.QUEUED}),
    # only what never left: its campaign was corrected, or the product regained its standing
    S.WITHDRAWN: frozenset({S.QUEUED}),
}
OPEN = frozenset({S.QUEUED, S.SUBMITTING, S.PENDING, S.UNCONFIRMED})
