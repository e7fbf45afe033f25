"""The simulation behind docs/scale.md obeys what anybody knows about queues."""

from dataclasses import replace

import pytest

from benchmarks.growth import Costs, Site, simulate, table

COSTS = Costs(
    compose_us=100, hand_over_us=50, database_us=50, claim_us=0, round_trip_us=0, relay_per_second=0, plan_us=10
)
ONE = Site("one", 1, 1, 1, 1)


def pace(site: Site, costs: Costs = COSTS) -> float:
    return float(simulate(site, costs, 4_000)["per_second"])


def test_a_lone_worker_takes_the_sum_of_its_steps() -> None:
    assert pace(ONE) == pytest.approx(1e6 / 200, rel=0.05)


def test_the_busiest_part_sets_the_pace() -> None:
    assert pace(replace(ONE, hosts=50)) == pytest.approx(1e6 / 50, rel=0.05), "one core of the database"
    assert pace(replace(ONE, hosts=50, database_cores=50)) == pytest.approx(50 * 1e6 / 200, rel=0.1)
    slow = replace(COSTS, relay_per_second=700)
    assert pace(replace(ONE, hosts=8, database_cores=8), slow) == pytest.approx(700, rel=0.02)
    assert simulate(replace(ONE, hosts=8, database_cores=8), slow, 4_000)["busy"]["relay"] > 0.97


def test_a_host_never_gives_more_than_its_cores() -> None:
    assert pace(replace(ONE, workers=10, database_cores=10)) <= 1e6 / 150 * 1.03
    assert pace(replace(ONE, workers=10, shared=True)) <= 1e6 / 200 * 1.03


def test_what_was_measured_scales_every_row() -> None:
    sites = (ONE, replace(ONE, name="two", hosts=2, database_cores=2))
    plain, scaled = table(COSTS, 0, sites, 2_000), table(COSTS, 1_000, sites, 2_000)
    assert scaled[0]["simulated_messages_per_second"] == 1_000
    for before, after in zip(plain, scaled, strict=True):
        share = after["simulated_messages_per_second"] / before["simulated_messages_per_second"]
        assert share == pytest.approx(1_000 / plain[0]["simulated_messages_per_second"], rel=0.01)
