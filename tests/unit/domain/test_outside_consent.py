"""What an answer at somebody else's check-out comes to, in every state that we may hold."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.consent import NO, ConsentEvent, ConsentState
from marketing.domain.outside_consent import OLDEST, SKEW, Answer, Held, Step, is_timely, step_for
from marketing.domain.types import Purpose

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
BEFORE, AFTER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)


def holding(state: ConsentState, at: datetime = BEFORE, *, outdated: bool = False, barred: bool = False) -> Held:
    return Held(ConsentEvent(Purpose.PROMOTIONAL, state, at, "2026-1", "formulir"), outdated, barred)


TABLE = [
    # what we hold, what an unvouched yes comes to, and a vouched one
    (Held(), Step.ASK_OWNER, Step.RECORD),
    (Held(barred=True), Step.ASK_OWNER, Step.ASK_OWNER),
    (holding(ConsentState.REQUESTED), Step.ASK_OWNER, Step.RECORD),
    (holding(ConsentState.GIVEN), Step.STANDS, Step.STANDS),
    (holding(ConsentState.GIVEN, outdated=True), Step.ASK_OWNER, Step.RECORD),
    (holding(ConsentState.WITHDRAWN), Step.ASK_OWNER, Step.ASK_OWNER),
    (holding(ConsentState.WITHDRAWN, AFTER), Step.LEAVE, Step.LEAVE),
    (holding(ConsentState.WITHDRAWN, NOW), Step.LEAVE, Step.LEAVE),  # at the same moment the no is stronger
    (holding(ConsentState.REFUSED), Step.ASK_OWNER, Step.ASK_OWNER),
]


@pytest.mark.parametrize(("held", "asked", "vouched"), TABLE)
def test_a_yes(held: Held, asked: Step, vouched: Step) -> None:
    for is_vouched, expected in ((False, asked), (True, vouched)):
        found = step_for(Purpose.PROMOTIONAL, Answer.YES, held, vouched=is_vouched, collected_at=NOW)
        assert found is expected


held_states = st.builds(
    holding,
    st.sampled_from([state for state in ConsentState if state is not ConsentState.NONE]),
    st.sampled_from([BEFORE, NOW, AFTER]),
    outdated=st.booleans(),
    barred=st.booleans(),
)


@given(st.sampled_from(Purpose), held_states | st.just(Held()), st.booleans())
def test_silence_changes_nothing_a_no_always_counts_and_nobody_is_vouched_back_in(
    purpose: Purpose, held: Held, vouched: bool
) -> None:
    def step(answer: Answer) -> Step:
        return step_for(purpose, answer, held, vouched=vouched, collected_at=NOW)

    assert step(Answer.UNTICKED) is Step.LEAVE
    assert step(Answer.WITHDRAWN) is Step.WITHDRAW
    if held.barred or (held.current is not None and held.current.state in NO):
        assert step(Answer.YES) is not Step.RECORD
    if purpose is Purpose.WHATSAPP_MARKETING:
        assert step(Answer.YES) is not Step.ASK_OWNER  # no mail confirms a number


def test_an_answer_is_taken_for_three_days_and_from_a_clock_a_little_ahead() -> None:
    assert is_timely(NOW - OLDEST, NOW)
    assert is_timely(NOW + SKEW, NOW)
    assert not is_timely(NOW - OLDEST - timedelta(seconds=1), NOW)
    assert not is_timely(NOW + SKEW + timedelta(seconds=1), NOW)
