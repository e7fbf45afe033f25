"""The transition tables of design section 5, stated once more by hand, and what every table must keep."""

from enum import StrEnum
from itertools import pairwise

import pytest

from marketing.domain import account, campaign, listing, message, post, withdrawal
from marketing.domain.account import AccountState as A
from marketing.domain.campaign import CampaignState as C
from marketing.domain.listing import ListingState as L
from marketing.domain.message import Ledger
from marketing.domain.message import MessageState as M
from marketing.domain.post import PostState as P
from marketing.domain.transitions import change
from marketing.domain.withdrawal import WithdrawalState as W
from marketing.errors import TransitionError

TABLES = [part.TRANSITIONS for part in (account, campaign, listing, message, post, withdrawal)]

ALLOWED = [
    (campaign.TRANSITIONS, [C.DRAFT, C.IN_REVIEW, C.APPROVED, C.SCHEDULED, C.SENDING, C.SENT]),
    (campaign.TRANSITIONS, [C.SENDING, C.PAUSED, C.SENDING]),
    (campaign.TRANSITIONS, [C.SCHEDULED, C.DRAFT]),
    (message.TRANSITIONS, [M.QUEUED, M.SENDING, M.ACCEPTED, M.DELIVERED, M.COMPLAINED]),
    (message.TRANSITIONS, [M.QUEUED, M.SENDING, M.DEFERRED, M.SENDING, M.UNKNOWN, M.BOUNCED]),
    (post.TRANSITIONS, [P.QUEUED, P.SUBMITTING, P.PENDING, P.PUBLISHED, P.WITHDRAWN]),
    (post.TRANSITIONS, [P.QUEUED, P.SUBMITTING, P.AWAITING_HUMAN, P.PUBLISHED]),
    (post.TRANSITIONS, [P.QUEUED, P.WITHDRAWN, P.QUEUED]),  # it never left; its campaign was corrected
    (withdrawal.TRANSITIONS, [W.OPEN, W.AWAITING_HUMAN, W.DONE]),
    (listing.TRANSITIONS, [L.WANTED, L.CREATING, L.UNCONFIRMED, L.LISTED, L.UNLISTED, L.LISTED]),
    (account.TRANSITIONS, [A.ACTIVE, A.RECONNECT, A.ACTIVE, A.PAUSED, A.ACTIVE, A.REMOVED]),
]
REFUSED = [
    (campaign.TRANSITIONS, C.DRAFT, C.SCHEDULED),
    (campaign.TRANSITIONS, C.IN_REVIEW, C.SENDING),
    (campaign.TRANSITIONS, C.SENT, C.SCHEDULED),
    (campaign.TRANSITIONS, C.CANCELLED, C.DRAFT),
    (campaign.TRANSITIONS, C.SENDING, C.DRAFT),
    (message.TRANSITIONS, M.QUEUED, M.ACCEPTED),
    (message.TRANSITIONS, M.SKIPPED, M.SENDING),
    (message.TRANSITIONS, M.ACCEPTED, M.QUEUED),
    (message.TRANSITIONS, M.ACCEPTED, M.SENDING),
    (post.TRANSITIONS, P.QUEUED, P.PUBLISHED),
    (post.TRANSITIONS, P.WITHDRAWN, P.PUBLISHED),
    (withdrawal.TRANSITIONS, W.DONE, W.OPEN),
    (listing.TRANSITIONS, L.UNCONFIRMED, L.CREATING),
    (account.TRANSITIONS, A.RECONNECT, A.PAUSED),
    (post.TRANSITIONS, P.PUBLISHED, P.QUEUED),
]


@pytest.mark.parametrize(("table", "path"), ALLOWED)
def test_a_life_as_designed_is_allowed(table: dict[StrEnum, frozenset[StrEnum]], path: list[StrEnum]) -> None:
    for old, new in pairwise(path):
        assert change(table, old, new) is new


@pytest.mark.parametrize(("table", "old", "new"), REFUSED)
def test_a_shortcut_is_refused(table: dict[StrEnum, frozenset[StrEnum]], old: StrEnum, new: StrEnum) -> None:
    with pytest.raises(TransitionError):
        change(table, old, new)


@pytest.mark.parametrize("table", TABLES)
def test_every_state_has_its_row_and_none_leads_to_itself(table: dict[StrEnum, frozenset[StrEnum]]) -> None:
    kind = type(next(iter(table)))
    assert set(table) == set(kind)
    assert not [state for state, following in table.items() if state in following]


@pytest.mark.parametrize("table", TABLES)
def test_every_state_can_be_reached_from_the_first(table: dict[StrEnum, frozenset[StrEnum]]) -> None:
    first = next(iter(table))
    seen, waiting = {first}, [first]
    while waiting:
        for following in table[waiting.pop()] - seen:
            seen.add(following)
            waiting.append(following)
    assert seen == set(table)


def test_a_ledger_balances_only_when_every_person_stands_in_one_state() -> None:
    states = {M.ACCEPTED: 3, M.SKIPPED: 2, M.UNKNOWN: 1}
    assert Ledger(6, states, {"no_consent": 2}).balances
    assert not Ledger(7, states, {"no_consent": 2}).balances
    assert not Ledger(6, states, {"no_consent": 1}).balances
    assert Ledger(6, states, {"no_consent": 2}).settled
    assert not Ledger(1, {M.DEFERRED: 1}, {}).settled
