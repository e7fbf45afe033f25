"""Rates are never passed, in any sliding window, by any number of workers; the two places that count agree."""

import itertools
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from limits.storage import RedisStorage

from marketing.channels.email.counting import LATE_SECONDS, Limit, OwnCounting, SharedCounting, window_room
from marketing.channels.email.rates import AccountRates, Permits, Rate, Rates, UsedUp
from tests.support.redis import RedisServer

HOUR = 3_600


class Clock:
    """Seconds that a test turns; of the day and of the timer alike."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now

    def rates(self) -> Rates:
        return Rates(lambda: datetime.fromtimestamp(self.now, UTC), OwnCounting(self, self), self)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisStorage]:
    if not RedisServer.available():
        pytest.skip("redis-server is not installed")
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield RedisStorage(server.url)
    server.stop()


@given(
    st.integers(1, 500),
    st.lists(st.tuples(st.floats(0, 0.3), st.floats(0, 0.12)), min_size=1, max_size=300),
    st.integers(1, 3),
)
def test_no_sliding_second_has_more_than_the_rate(rate: int, acts: list[tuple[float, float]], workers: int) -> None:
    clock = Clock()
    shared, limits = clock.rates(), AccountRates("a", Rate(per_second=rate))
    hands, left = [shared.permits(limits) for _worker in range(workers)], list[float]()
    for number, (pause, hesitation) in enumerate(acts):
        permits = hands[number % workers]
        clock.now += pause
        permits.due()
        clock.now += hesitation
        while due := permits.due():
            assert isinstance(due, float), "a rate per second is only waited for"
            clock.now += due
        permits.due_for("x.example")
        permits.use("x.example")
        left.append(clock.now)
    for first, at in enumerate(left):
        assert sum(1 for other in left[first:] if other < at + 1 - 1e-6) <= rate


def test_a_moment_that_was_missed_is_not_made_up_for() -> None:
    clock = Clock()
    permits = clock.rates().permits(AccountRates("a", Rate(per_second=50)))
    assert permits.due(10) == 0
    clock.now += 1.0
    left = 0
    while permits.due(10) == 0 and left < 10:
        permits.due_for("x")
        permits.use("x")
        left += 1
    assert left <= ceil(LATE_SECONDS * 50) + 1


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 60))
def test_no_more_leaves_than_any_window_allows(per_hour: int, per_day: int, wanted: int) -> None:
    clock = Clock()
    limits = AccountRates("a", Rate(per_hour=per_hour, per_day=per_day), {"x.example": Rate(per_day=7)})
    assert sent(clock.rates().permits(limits), wanted) == min(per_hour, per_day, 7, wanted)


def sent(permits: Permits, wanted: int) -> int:
    found = 0
    for _number in range(wanted):
        if permits.due() == 0.0 and permits.due_for("x.example") == 0.0:
            permits.use("x.example")
            found += 1
    permits.give_back()
    return found


def test_what_was_not_used_is_there_for_others() -> None:
    rates = Clock().rates()
    limits = AccountRates("a", Rate(per_hour=10))
    assert [sent(rates.permits(limits), 3) for _load in range(5)] == [3, 3, 3, 1, 0]


@given(st.integers(1, 1_000), st.integers(0, 1_000), st.integers(0, 1_000), st.integers(0, HOUR - 1))
def test_the_wait_that_is_told_is_the_shortest_that_helps(amount: int, count: int, before: int, gone: int) -> None:
    length = HOUR * 1_000_000
    room, wait = window_room(amount, length, gone * 1_000_000, count, before)
    if room > 0:
        assert wait == 0
        return
    later = gone * 1_000_000 + wait
    if later < length:
        assert window_room(amount, length, later, count, before)[0] >= 1
    elif later < 2 * length:
        assert window_room(amount, length, later - length, 0, count)[0] >= 1


def test_people_at_a_used_up_domain_are_spread_over_the_time_there_will_be_room() -> None:
    permits = Clock().rates().permits(AccountRates("a", by_domain={"x.example": Rate(per_hour=60)}))
    assert sent(permits, 100) == 60
    waits = [found.wait for _number in range(5) if isinstance(found := permits.due_for("x.example"), UsedUp)]
    assert [later - sooner for sooner, later in itertools.pairwise(waits)] == [timedelta(minutes=1)] * 4


@pytest.mark.redis
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 20)), min_size=1, max_size=12),
    st.integers(1, 90),
    st.integers(1, 60),
)
def test_both_places_count_alike(
    redis: RedisStorage, takes: list[tuple[int, int]], per_hour: int, per_second: int
) -> None:
    name = f"{time.monotonic_ns()}"
    limits = [Limit(name, per_hour, HOUR), Limit(name, per_second, 1)]
    clock = Clock()
    clock.now = time.time()
    own, shared = OwnCounting(clock, clock), SharedCounting(redis)
    for wanted, back in takes:
        # Redis goes by its own clock: the hour alone is compared exactly, moments as far as they lie ahead.
        one, other = own.take(limits[:1], wanted), shared.take(limits[:1], wanted)
        assert one.count == other.count
        assert one.wait == pytest.approx(other.wait, abs=60 + one.wait * 0.05)
        if one.count:
            unused = min(back, one.count)
            own.give_back(limits[:1], unused, one)
            shared.give_back(limits[:1], unused, other)
        paced = shared.take(limits[1:], min(wanted, 5))
        assert paced.count <= wanted
        assert 0 <= paced.first <= 1.001


@pytest.mark.redis
def test_moments_of_many_workers_never_meet(redis: RedisStorage, tmp_path: Path) -> None:
    limit = [Limit(tmp_path.name, 200, 1)]
    workers = [SharedCounting(redis) for _worker in range(3)]
    moments = list[int]()
    for number in range(12):
        grant = workers[number % 3].take(limit, 15)
        step = round(grant.step * 1_000_000)
        moments += [grant.last - step * back for back in range(grant.count)]
    moments.sort()
    assert min(later - sooner for sooner, later in itertools.pairwise(moments)) >= limit[0].interval
    assert len(moments) >= 150
