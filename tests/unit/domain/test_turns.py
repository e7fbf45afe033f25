"""Whose turn it is among campaigns that all have something to send."""

from hypothesis import given
from hypothesis import strategies as st

from marketing.delivery.turns import SHORTEST_SECONDS, TURN_SECONDS, Waiting, whose_turn

CAMPAIGNS = st.lists(
    st.builds(Waiting, st.integers(1, 50), st.sampled_from(["tts", "blitar"]), st.integers(0, 2)),
    min_size=1,
    unique_by=lambda one: one.campaign_id,
)


def test_a_campaign_alone_has_whole_turns() -> None:
    assert whose_turn([Waiting(1, "tts", 0)], 1) == (1, TURN_SECONDS)


def test_a_tenant_with_many_campaigns_has_no_more_time_than_one_with_a_single_one() -> None:
    waiting = [Waiting(1, "tts", 0), *(Waiting(number, "blitar", 0) for number in (2, 3, 4, 5))]
    shares = {one.campaign_id: whose_turn(waiting, one.campaign_id)[1] for one in waiting}
    assert shares.pop(1) == sum(shares.values()) == TURN_SECONDS


def test_the_urgent_campaign_of_a_tenant_goes_first_and_another_tenants_does_not() -> None:
    waiting = [Waiting(1, "tts", 0), Waiting(2, "tts", 5), Waiting(3, "blitar", 9)]
    assert [whose_turn(waiting, asked)[0] for asked in (1, 2, 3)] == [2, 2, 3]


def test_one_that_has_nothing_due_any_more_is_simply_looked_at() -> None:
    assert whose_turn([Waiting(2, "tts", 5)], 1) == (1, TURN_SECONDS)


@given(CAMPAIGNS)
def test_whoever_is_served_is_of_the_same_tenant_and_no_less_urgent(waiting: list[Waiting]) -> None:
    known = {one.campaign_id: one for one in waiting}
    for one in waiting:
        chosen, seconds = whose_turn(waiting, one.campaign_id)
        assert known[chosen].tenant_id == one.tenant_id
        assert known[chosen].priority == max(each.priority for each in waiting if each.tenant_id == one.tenant_id)
        assert SHORTEST_SECONDS <= seconds <= TURN_SECONDS
