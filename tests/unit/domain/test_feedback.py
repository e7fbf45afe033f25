"""Events overtake each other; each brings a message only where the transition table lets it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.feedback import FeedbackKind, path
from marketing.domain.message import TRANSITIONS, MessageState

S, K = MessageState, FeedbackKind
ENDS = frozenset({S.BOUNCED, S.COMPLAINED, S.FAILED, S.SKIPPED})


@pytest.mark.parametrize(
    ("state", "kind", "expected"),
    [
        (S.ACCEPTED, K.DELIVERED, (S.DELIVERED,)),
        (S.ACCEPTED, K.BOUNCED, (S.BOUNCED,)),
        (S.DELIVERED, K.BOUNCED, (S.BOUNCED,)),  # some servers take it first and return it afterwards
        (S.DELIVERED, K.COMPLAINED, (S.COMPLAINED,)),
        (S.BOUNCED, K.DELIVERED, ()),  # late: the bounce stands
        (S.DELIVERED, K.ACCEPTED, ()),
        (S.ACCEPTED, K.ACCEPTED, ()),
        (S.ACCEPTED, K.DEFERRED, ()),  # they go on trying
        (S.SENDING, K.BOUNCED, (S.ACCEPTED, S.BOUNCED)),  # before our own record of the acceptance
        (S.SENDING, K.DELIVERED, (S.ACCEPTED, S.DELIVERED)),
        (S.SENDING, K.ACCEPTED, (S.ACCEPTED,)),
        (S.UNKNOWN, K.ACCEPTED, (S.ACCEPTED,)),
        (S.UNKNOWN, K.DELIVERED, (S.DELIVERED,)),
        (S.UNKNOWN, K.BOUNCED, (S.BOUNCED,)),
        (S.QUEUED, K.DELIVERED, (S.SENDING, S.ACCEPTED, S.DELIVERED)),  # about to be repeated: it had arrived
        (S.DEFERRED, K.DELIVERED, (S.SENDING, S.ACCEPTED, S.DELIVERED)),
        (S.ACCEPTED, K.LEFT, ()),
        (S.ACCEPTED, K.MACHINE_OPEN, ()),
        (S.FAILED, K.BOUNCED, ()),
        (S.SKIPPED, K.DELIVERED, ()),
    ],
)
def test_where_an_event_brings_a_message(
    state: MessageState, kind: FeedbackKind, expected: tuple[MessageState, ...]
) -> None:
    assert path(state, kind, attempts=1) == expected


@pytest.mark.parametrize("state", [S.QUEUED, S.DEFERRED])
def test_what_was_never_handed_over_cannot_have_arrived(state: MessageState) -> None:
    assert path(state, K.DELIVERED, attempts=0) == ()


@given(st.sampled_from(S), st.lists(st.sampled_from(K), max_size=8), st.integers(0, 3))
def test_every_step_is_one_of_the_table_and_an_end_is_an_end(
    state: MessageState, kinds: list[FeedbackKind], attempts: int
) -> None:
    for kind in kinds:
        passed = path(state, kind, attempts=attempts)
        assert not (state in ENDS and passed)
        for after in passed:
            assert after in TRANSITIONS[state]
            state = after


@given(st.permutations([K.ACCEPTED, K.DEFERRED, K.DELIVERED, K.BOUNCED]))
def test_in_whatever_order_a_bounce_is_told_the_message_ends_as_bounced(kinds: list[FeedbackKind]) -> None:
    state = S.SENDING
    for kind in kinds:
        state = (state, *path(state, kind, attempts=1))[-1]
    assert state is S.BOUNCED
