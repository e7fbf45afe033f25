"""Three hosts share one campaign: nobody is written to twice, and it takes less time than one host needs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.chaos.hosts import Hosts, hosts, why_not
from tests.chaos.members import Member
from tests.chaos.receiver import Behaviour
from tests.chaos.rig import HERE, Engine, Rig, running
from tests.chaos.rounds import Report, play

PEOPLE = 400
LATENCY_SECONDS = 0.05
SESSIONS = 2
"""Connections that the receiver takes from one host: with the latency they, not this machine's cores, set the pace."""


@contextmanager
def places() -> Iterator[Hosts]:
    """Hand out hosts of their own, or this one three times over where namespaces cannot be had."""
    with ExitStack() as stack:
        yield Hosts(HERE, ("", "", "")) if why_not() else stack.enter_context(hosts(3))


def staffed(rig: Rig, namespaces: tuple[str, ...]) -> Report:
    """Play a round with one worker on each of these hosts."""
    lanes = ("--queues", "transactional,bulk,sync,social", "--concurrency", "2")
    for worker in rig.workers:
        worker.kill()
    rig.workers = [
        Member(f"worker-{number}", rig.nursery, ("worker", *lanes), rig.environment, rig.folder, 2, name)
        for number, name in enumerate(namespaces)
    ]
    slow = Behaviour(latency=LATENCY_SECONDS, sessions=SESSIONS if all(namespaces) else 0)
    return play(rig, [], seed=1, behaviour=slow)


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.timeout(150)
def test_three_hosts_share_a_campaign_without_a_duplicate_and_faster_than_one() -> None:
    with places() as where, running(Engine.POSTGRESQL, PEOPLE, web=False, host=where.servers, workers=0) as rig:
        one = staffed(rig, where.namespaces[:1])
        three = staffed(rig, where.namespaces)
        clients = {line.client for line in rig.record.lines()}
    assert (one.wrong, three.wrong) == ([], [])
    assert one.figures["accepted"] == three.figures["accepted"] > PEOPLE - 1
    assert len(clients) == (len(where.namespaces) if all(where.namespaces) else 1)
    assert three.seconds < 0.7 * one.seconds, (one.seconds, three.seconds)
