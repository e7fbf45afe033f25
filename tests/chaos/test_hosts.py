"""Three hosts share one campaign: nobody is written to twice, and it takes less time than one host needs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.chaos.hosts import Hosts, hosts, why_not
from tests.chaos.members import Member
from tests.chaos.receiver import Behaviour
from tests.chaos.rig import HERE, Engine, Rig, running
from tests.chaos.rounds import Report, play

PEOPLE = 2_400  # several ranges: a range is one worker's
LATENCY_SECONDS = 0.05
PER_SECOND = 250
"""Messages that the receiver takes from one host: with the latency this sets the pace, not the cores of this machine."""


@contextmanager
def places() -> Iterator[Hosts]:
    """Hand out hosts of their own, or this one three times over where namespaces cannot be had."""
    with ExitStack() as stack:
        yield Hosts(HERE, ("", "", "")) if why_not() else stack.enter_context(hosts(3))


def staffed(rig: Rig, namespaces: tuple[str, ...]) -> tuple[Report, float]:
    """Play a round with one worker on each of these hosts; return its report, and the seconds from first to last mail."""
    lanes = ("--queues", "transactional,bulk,sync,social", "--concurrency", "2")
    for worker in rig.workers:
        worker.kill()
    rig.workers = [
        Member(f"worker-{number}", rig.nursery, ("worker", *lanes), rig.environment, rig.folder, 2, name)
        for number, name in enumerate(namespaces)
    ]
    rig.revive()
    rig.wait_for_workers()
    since = rig.record.size()
    limit = 0 if len(set(namespaces)) < len(namespaces) else PER_SECOND  # one address for all: one limit for all
    report = play(rig, [], seed=1, behaviour=Behaviour(latency=LATENCY_SECONDS, per_second=limit))
    moments = [line.at for line in rig.record.lines(since)]
    return report, max(moments) - min(moments)


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.xdist_group("chaos")
@pytest.mark.timeout(150)
def test_three_hosts_share_a_campaign_without_a_duplicate_and_faster_than_one() -> None:
    with places() as where, running(Engine.POSTGRESQL, PEOPLE, web=False, host=where.servers, workers=0) as rig:
        one, alone = staffed(rig, where.namespaces[:1])
        three, together = staffed(rig, where.namespaces)
        clients = {line.client for line in rig.record.lines()}
    assert (one.wrong, three.wrong) == ([], [])
    assert one.figures["accepted"] == three.figures["accepted"] >= PEOPLE
    assert len(clients) == len(set(where.namespaces))
    assert together < 0.8 * alone, (alone, together)
