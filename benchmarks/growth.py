"""How Siar grows beyond what fits on this machine: a small discrete simulation of workers, their hosts and one database.

`python -m benchmarks.growth [--compose-us 100 --database-us 110 …]` prints one JSON object. **Measured** are the costs that go in
(`make bench`, `benchmarks.message_size`); **simulated** is what comes out. A sub-batch of fifty goes through the steps of the
engine: the write-ahead transaction (a core of the database, a round trip to it), composing (a core of its host) and the handing
over (a core of its host, the relay's own pace). Queues form where cores are fewer than who wants them.
"""

import argparse
import heapq
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

SUB_BATCH: Final = 50
RANGE: Final = 1_000
SIZES: Final = (10_000, 100_000, 1_000_000, 10_000_000)


@dataclass(frozen=True, slots=True)
class Costs:
    """Microseconds of one core per message, but for the round trip (a sub-batch) and the relay (messages a second, 0: no limit)."""

    compose_us: float
    hand_over_us: float
    database_us: float
    claim_us: float
    round_trip_us: float
    relay_per_second: float
    plan_us: float


@dataclass(frozen=True, slots=True)
class Site:
    """Who works: hosts with their cores, worker processes on each (one keeps a core busy), and cores of the database server."""

    name: str
    hosts: int
    cores: int
    workers: int
    database_cores: int
    shared: bool = False
    """Whether the database runs on the one host and takes of its cores."""


SITES: Final = (
    Site("laptop", 1, 2, 2, 2, shared=True),
    Site("one server", 1, 8, 8, 8, shared=True),
    Site("two: database apart", 1, 8, 8, 8),
    Site("3 workers + database", 3, 8, 8, 16),
    Site("6 workers + database", 6, 8, 8, 16),
    Site("12 workers + database", 12, 8, 8, 16),
    Site("24 workers + database", 24, 8, 8, 32),
)


class Cores:
    """Some cores that serve one after the other; whoever comes takes the one that is free first."""

    def __init__(self, number: int) -> None:
        self._free = [0.0] * number
        self.busy = 0.0

    def serve(self, at: float, seconds: float) -> float:
        """Return when the work is done that asks at this time."""
        start = max(at, heapq.heappop(self._free))
        heapq.heappush(self._free, start + seconds)
        self.busy += seconds
        return start + seconds


def simulate(site: Site, costs: Costs, sub_batches: int, seed: int = 1) -> Mapping[str, Any]:
    """Send so many sub-batches and return the pace and how busy each part was."""
    chance = Random(seed)
    hosts = [Cores(site.cores) for _number in range(site.hosts)]
    database = hosts[0] if site.shared else Cores(site.database_cores)
    relay = Cores(1)
    # (time, worker, sub-batches of its range left): one event is one sub-batch of one worker
    waiting = [(0.0, worker, 0) for worker in range(site.hosts * site.workers)]
    heapq.heapify(waiting)
    end = 0.0
    for _number in range(sub_batches):
        at, worker, left = heapq.heappop(waiting)
        host = hosts[worker % site.hosts]
        vary = chance.lognormvariate(0.0, 0.25)  # a checkpoint, a neighbour, a slow disk: the mean stays about 1
        if not left:
            at = database.serve(at, costs.claim_us * RANGE / 1e6) + costs.round_trip_us / 1e6
            left = RANGE // SUB_BATCH
        at = database.serve(at, costs.database_us * SUB_BATCH * vary / 1e6) + costs.round_trip_us / 1e6
        at = host.serve(at, (costs.compose_us + costs.hand_over_us) * SUB_BATCH * vary / 1e6)
        if costs.relay_per_second:
            at = relay.serve(at, SUB_BATCH / costs.relay_per_second)
        end = max(end, at)
        heapq.heappush(waiting, (at, worker, left - 1))
    cores = sum(host.busy for host in hosts) / (end * site.hosts * site.cores)
    busy = (
        {"hosts": cores} if site.shared else {"hosts": cores, "database": database.busy / (end * site.database_cores)}
    )
    busy |= {"relay": relay.busy / end} if costs.relay_per_second else {}
    return {"per_second": sub_batches * SUB_BATCH / end, "busy": busy}


def table(
    costs: Costs, measured: float = 0, sites: Sequence[Site] = SITES, sub_batches: int = 20_000
) -> list[Mapping[str, Any]]:
    """Return one row a site: the pace, what is busiest, and how long campaigns take, planned and sent.

    `measured` is the real pace of the first site: what the model does not know (locks, disks, the kernel) takes the same share
    of every other site then.
    """
    share = measured / simulate(sites[0], costs, sub_batches)["per_second"] if measured else 1.0
    rows = []
    for site in sites:
        found = simulate(site, costs, sub_batches)
        pace, busy = found["per_second"] * share, found["busy"]
        minutes = {size: (size / pace + costs.plan_us * size / 1e6) / 60 for size in SIZES}
        rows.append(
            {
                "site": site.name,
                "simulated_messages_per_second": round(pace),
                "busiest": max(busy, key=busy.__getitem__),
                "busy": {part: round(share, 2) for part, share in busy.items()},
                "simulated_minutes": {f"{size:,}": round(value, 1) for size, value in minutes.items()},
            }
        )
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    for name, default, meaning in (
        ("compose-us", 100.0, "composing and MIME, worker CPU"),
        ("hand-over-us", 55.0, "SMTP, worker CPU"),
        ("database-us", 110.0, "write-ahead and record: worker and server CPU together, at the database"),
        ("claim-us", 15.0, "the claim of a range, per message"),
        ("round-trip-us", 500.0, "one transaction's waiting, per sub-batch"),
        ("relay-per-second", 0.0, "what the relay takes at most; 0: no limit"),
        ("plan-us", 10.0, "planning, per recipient"),
    ):
        parser.add_argument(f"--{name}", type=float, default=default, help=f"{meaning} ({default})")
    parser.add_argument("--measured", type=float, default=0.0, help="real messages a second of the first site; 0: none")
    given = vars(parser.parse_args(arguments))
    measured = given.pop("measured")
    costs = Costs(**given)
    found = {"measured": {**vars_of(costs), "per_second": measured}, "simulated": table(costs, measured)}
    print(json.dumps(found, indent=2))


def vars_of(costs: Costs) -> Mapping[str, float]:
    """Return what went in."""
    return {name: getattr(costs, name) for name in Costs.__dataclass_fields__}


if __name__ == "__main__":
    main()
