"""Numbers of one process: added up, handed over as JSON, and read by a process that may run another version."""

import json
import threading
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.observability import catalogue, metrics
from marketing.observability.catalogue import BUCKETS, COUNTED, READ, Kind
from marketing.observability.tally import TALLY, Spread, Tally, heard


def read(tally: Tally) -> dict[tuple[str, tuple[str, ...]], float | Spread]:
    told = json.loads(json.dumps(tally.told()))
    return {(metric.name, labels): value for metric, labels, value in heard(told)}


@given(st.lists(st.tuples(st.sampled_from(["web", "worker"]), st.floats(0, 400)), max_size=30))
def test_what_is_told_is_what_was_counted(seen: list[tuple[str, float]]) -> None:
    tally = Tally()
    for task, seconds in seen:
        tally.observe(catalogue.TASK, seconds, (task,))
        tally.add(catalogue.TASK_FAILURES, (task,))
    found = read(tally)
    for task in {task for task, _seconds in seen}:
        own = [seconds for name, seconds in seen if name == task]
        spread = found["siar_task_seconds", (task,)]
        assert isinstance(spread, Spread)
        assert sum(spread.counts) == len(own)
        assert spread.seconds == pytest.approx(sum(own))
        for place, bound in enumerate(BUCKETS):
            assert sum(spread.counts[: place + 1]) == sum(seconds <= bound for seconds in own)
        assert found["siar_task_failures_total", (task,)] == len(own)


def test_threads_lose_nothing() -> None:
    tally = Tally()

    def count() -> None:
        for _number in range(2000):
            tally.add(catalogue.RANGES, ("leased",))

    threads = [threading.Thread(target=count) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tally.total(catalogue.RANGES, event="leased") == 8000


HOSTILE: list[Any] = [
    {},
    {"numbers": None, "spreads": 3},
    {"numbers": [None, 1, [], ["siar_up"], ["siar_ranges_total", ["leased", "too many"], 1]]},
    {"numbers": [["siar_ranges_total", ["leased"], "many"], ["siar_step_seconds", ["claim"], 1], [[], {}, 0]]},
    {"spreads": [["siar_step_seconds", ["claim"], [1, 2], 0.5], ["siar_step_seconds", ["claim"], "x", "y"]]},
    {"spreads": [["siar_ranges_total", ["leased"], [0] * 17, 1.0], ["of another version", [], [0] * 17, 1.0]]},
]


@pytest.mark.parametrize("told", HOSTILE)
def test_what_cannot_be_read_is_left_out(told: Any) -> None:
    assert list(heard(told)) == []


def test_names_say_what_they_are() -> None:
    names = [metric.name for metric in (*COUNTED, *READ)]
    assert len(set(names)) == len(names)
    for metric in (*COUNTED, *READ):
        assert metric.name.startswith("siar_")
        assert metric.name.endswith("_total") == (metric.kind is Kind.COUNTER), metric.name
        assert metric.help.endswith(".")
    assert all(metric.kind is Kind.GAUGE for metric in READ)
    assert list(BUCKETS) == sorted(BUCKETS)


def test_a_failed_task_is_counted_and_still_fails() -> None:
    before = TALLY.total(catalogue.TASK_FAILURES, task="uji.gagal")
    with pytest.raises(ValueError, match="rusak"), metrics.task("uji.gagal"):
        raise ValueError("rusak")
    assert TALLY.total(catalogue.TASK_FAILURES, task="uji.gagal") == before + 1


def test_a_sub_batch_is_counted_in_microseconds() -> None:
    rounds = 2000
    start = perf_counter()
    for _number in range(rounds):
        metrics.recorded("uji", "email", "promotional", {"accepted": 49, "deferred": 1})
        for step in ("claim", "permit", "compose", "hand_over", "record"):
            metrics.step(step, 0.004)
    each = (perf_counter() - start) / rounds
    assert each < 250e-6, "5 µs a message even on a crowded machine; alone it is 0.1"
