"""A few rounds of the long run (`make chaos`): faults on real parts, and every promise of the engine holds."""

from collections.abc import Iterator
from random import Random

import pytest

from tests.chaos.faults import FAULTS, drawn
from tests.chaos.rig import Engine, Rig, running
from tests.chaos.rounds import play

PEOPLE = 300
ON_A_SERVER = (
    ("tasks-repeated", "kill-worker", "redis-flushed"),
    ("database-cut-at-commit", "receiver-cuts", "stop-worker"),
)
EMBEDDED = (("kill-worker", "disk-full"),)

pytestmark = [pytest.mark.xdist_group("chaos"), pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def on_a_server() -> Iterator[Rig]:
    """PostgreSQL, Redis, two workers for bulk mail, one for order mail, two schedulers."""
    with running(Engine.POSTGRESQL, PEOPLE, web=False) as rig:
        yield rig


@pytest.fixture(scope="module")
def embedded() -> Iterator[Rig]:
    """What `siar up` runs, but for the pages."""
    with running(Engine.EMBEDDED, PEOPLE, web=False) as rig:
        yield rig


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.parametrize("faults", ON_A_SERVER, ids="+".join)
def test_nothing_is_lost_and_nothing_comes_twice_on_a_server(on_a_server: Rig, faults: tuple[str, ...]) -> None:
    report = play(on_a_server, [FAULTS[name] for name in faults], seed=1)
    assert report.wrong == []
    assert report.figures["accepted"] > PEOPLE // 2


@pytest.mark.parametrize("faults", EMBEDDED, ids="+".join)
def test_nothing_is_lost_and_nothing_comes_twice_on_one_machine(embedded: Rig, faults: tuple[str, ...]) -> None:
    report = play(embedded, [FAULTS[name] for name in faults], seed=1)
    assert report.wrong == []
    assert report.figures["accepted"] > PEOPLE // 2


def test_every_fault_has_its_rounds_in_the_long_run() -> None:

    for engine, rounds in ((Engine.POSTGRESQL, 200), (Engine.EMBEDDED, 100)):
        played = {fault.name for seed in range(1, rounds + 1) for fault in drawn(engine, seed, Random(seed))}
        assert played == {name for name, fault in FAULTS.items() if engine in fault.engines}
