"""The faults: each strikes once, says what may be in doubt because of it, and is made good some seconds later."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from marketing.channels.email.providers.smtp import CONNECTIONS
from marketing.queue import TaskName
from tests.chaos.members import STOP_SECONDS, Member
from tests.chaos.oracle import Doubt
from tests.chaos.proxy import Cut, Moment
from tests.chaos.receiver import Behaviour
from tests.chaos.rig import LEASE_SECONDS, SMTP_TIMEOUT_SECONDS, Engine, Rig
from tests.chaos.servers import NotReadyError, wait_for

IN_HAND = 50
"""Messages that a worker may leave in doubt, however many threads it has (issue 6)."""
TASKS = 20
BOTH = frozenset(Engine)
SERVER = frozenset({Engine.POSTGRESQL})
EMBEDDED = frozenset({Engine.EMBEDDED})
Mend = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Struck:
    """What a fault did: what it may leave in doubt, and how it is made good after how many seconds."""

    doubts: Sequence[Doubt] = ()
    mend: Mend | None = None
    after: float = 0.0
    cuts: int = 0
    moved: bool = False


Strike = Callable[[Rig, Random, int], Struck]
"""Takes the installation, the round's dice and its campaign."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault by name, and the ways of running in which it can happen."""

    name: str
    strike: Strike
    engines: frozenset[Engine] = BOTH
    early: bool = False
    """Strikes before the campaign starts, so that it meets the planning too."""


def _doubt(rig: Rig, what: str, most: int, lasts: float = 0.0) -> Doubt:
    now = rig.clock()
    return Doubt(what, now, now + timedelta(seconds=lasts), most)


def _on_their_way(rig: Rig) -> int:
    """Return how many contents may wait for their answer at once: one a connection."""
    return min(CONNECTIONS * _threads(rig.workers), IN_HAND * len(rig.workers))


def _threads(members: Sequence[Member]) -> int:
    return sum(member.threads for member in members)


def _restart(rig: Rig, members: Sequence[Member]) -> Mend:
    def start() -> None:
        for member in members:
            if not member.alive:
                member.start()

    return start


def kill_worker(rig: Rig, dice: Random, campaign: int) -> Struck:
    """Kill a worker: as a whole, or only who watches over its processes, or one of these."""
    worker, how = dice.choice(rig.workers), dice.choice(["whole", "whole", "watcher", "one"])
    if how == "watcher":
        worker.kill()
    elif how == "whole" or not worker.kill_one_of_its_own(dice):
        worker.kill_with_children()
    doubt = _doubt(rig, f"kill -9 {worker.name}", IN_HAND)
    return Struck([doubt], _restart(rig, [worker]), after=dice.uniform(0, 2))


def kill_workers(rig: Rig, dice: Random, campaign: int) -> Struck:
    for worker in rig.workers:
        worker.kill_with_children()
    doubt = _doubt(rig, "kill -9 of all workers", IN_HAND * len(rig.workers))
    return Struck([doubt], _restart(rig, rig.workers), after=dice.uniform(0, 2))


def stop_worker(rig: Rig, dice: Random, campaign: int) -> Struck:
    """Ask a worker to stop: it finishes what it has in hand, so that nothing is in doubt, and ends by itself."""
    worker = dice.choice(rig.workers)
    worker.ask_to_stop()
    try:
        wait_for(lambda: not worker.alive, f"{worker.name} after SIGTERM", STOP_SECONDS)
    except NotReadyError as error:
        raise AssertionError(f"{error}: still there after {STOP_SECONDS:.0f} s") from None
    assert worker.ended() == 0, f"{worker.name} ended by {worker.ended()} after SIGTERM"
    return Struck((), _restart(rig, [worker]), after=dice.uniform(0, 1))


def kill_scheduler(rig: Rig, dice: Random, campaign: int) -> Struck:
    chosen = dice.choice([rig.schedulers[:1], rig.schedulers[1:], rig.schedulers])
    for scheduler in chosen:
        scheduler.kill()
    return Struck((), _restart(rig, chosen), after=dice.uniform(0, 3))


def kill_web(rig: Rig, dice: Random, campaign: int) -> Struck:
    if rig.web is None:
        return Struck()
    web = rig.web
    web.kill()

    def start() -> None:
        web.start()
        rig.wait_until_up(web)

    return Struck((), start, after=dice.uniform(0, 1))


def flush_redis(rig: Rig, dice: Random, campaign: int) -> Struck:
    rig.flush_broker()
    return Struck((), rig.flush_broker, after=dice.uniform(0.2, 1))


def _redis_gone(rig: Rig, seconds: float) -> Struck:
    """Take the server away for a while; it comes back empty."""
    if rig.redis is not None:
        rig.redis.kill()
        return Struck((), rig.redis.start, after=seconds)
    assert rig.broker is not None
    rig.broker.kill_with_children()
    return Struck((), _broker_back(rig), after=seconds)


def _broker_back(rig: Rig) -> Mend:
    def start() -> None:
        assert rig.broker is not None
        rig.broker.start()
        rig.wait_until_up(rig.broker)

    return start


def restart_redis(rig: Rig, dice: Random, campaign: int) -> Struck:
    """Kill the server and start it; embedded also only who watches over it, so that the server itself is left behind."""
    if rig.broker is not None and dice.random() < 0.5:
        rig.broker.kill()
        return Struck((), _broker_back(rig))
    return _redis_gone(rig, 0.0)


def redis_away(rig: Rig, dice: Random, campaign: int) -> Struck:
    return _redis_gone(rig, dice.uniform(1, 5))


def redis_away_for_a_minute(rig: Rig, dice: Random, campaign: int) -> Struck:
    return _redis_gone(rig, 60)


def restart_postgres(rig: Rig, dice: Random, campaign: int) -> Struck:
    assert rig.postgres is not None
    begins = rig.clock()
    rig.postgres.restart(at_once=dice.random() < 0.7)
    doubt = _doubt(rig, "PostgreSQL restarted", IN_HAND * len(rig.workers))
    return Struck([replace(doubt, begins=begins)])


def _cut(rig: Rig, cut: Cut, after: float) -> Struck:
    assert rig.proxy is not None
    proxy = rig.proxy
    proxy.tell(cut)
    many = _threads(rig.workers) if cut.at == "now" else min(cut.times, _threads(rig.workers) * 2)
    doubt = _doubt(rig, f"connection cut at {cut.at}", IN_HAND * many, lasts=after + 1)
    return Struck([doubt], lambda: _quiet(rig), after=after)


def _quiet(rig: Rig) -> None:
    assert rig.proxy is not None
    rig.proxy.tell(Cut())


def cut_database(rig: Rig, dice: Random, campaign: int) -> Struck:
    moments: list[Moment] = ["now", "commit", "committed", "claim"]
    return _cut(rig, Cut(dice.choice(moments), times=dice.randint(1, 4)), after=1.0)


def cut_at_commit(rig: Rig, dice: Random, campaign: int) -> Struck:
    return _cut(rig, Cut(dice.choice(["commit", "committed"]), times=dice.randint(1, 6)), after=1.5)


def cut_planning(rig: Rig, dice: Random, campaign: int) -> Struck:
    """Cut while the plan is being written: a row at a time, by COPY or by one statement, whichever it is."""
    moments: list[Moment] = ["plan", "copy", "committed", "commit"]
    return _cut(rig, Cut(dice.choice(moments), times=dice.randint(1, 3)), after=2.0)


def database_away(rig: Rig, dice: Random, campaign: int) -> Struck:
    return _cut(rig, Cut("now", refuse=True), after=dice.uniform(0.5, 3))


def fill_disk(rig: Rig, dice: Random, campaign: int) -> Struck:
    assert rig.disk is not None
    disk, seconds = rig.disk, dice.uniform(0.5, 3)
    disk.fill(rig.members)
    doubt = _doubt(rig, "disk full", IN_HAND * len(rig.workers), lasts=seconds)
    return Struck([doubt], lambda: disk.make_room(rig.members), after=seconds)


def _misbehave(rig: Rig, behaviour: Behaviour, seconds: float, doubts: Sequence[Doubt] = (), cuts: int = 0) -> Struck:
    rig.behave(behaviour)
    return Struck(doubts, lambda: rig.behave(Behaviour()), after=seconds, cuts=cuts)


def receiver_refuses(rig: Rig, dice: Random, campaign: int) -> Struck:
    return _misbehave(rig, Behaviour(refused=dice.randint(2, 10)), dice.uniform(1, 4))


def receiver_is_busy(rig: Rig, dice: Random, campaign: int) -> Struck:
    return _misbehave(rig, Behaviour(busy=dice.choice([50, 300, 1000])), dice.uniform(0.3, 2))


def receiver_closes(rig: Rig, dice: Random, campaign: int) -> Struck:
    return _misbehave(rig, Behaviour(closing=dice.choice([5, 50])), dice.uniform(0.5, 2))


def receiver_is_down(rig: Rig, dice: Random, campaign: int) -> Struck:
    doubt = _doubt(rig, "receiver gone", _on_their_way(rig))
    return _misbehave(rig, Behaviour(down=True), dice.uniform(0.2, 2), [doubt])


def receiver_hangs(rig: Rig, dice: Random, campaign: int) -> Struck:
    seconds = SMTP_TIMEOUT_SECONDS + dice.uniform(0.2, 2)
    doubt = _doubt(rig, "receiver hangs", _on_their_way(rig), lasts=seconds)
    return _misbehave(rig, Behaviour(hang=dice.choice(["keeps", "drops"])), seconds, [doubt])


def receiver_cuts(rig: Rig, dice: Random, campaign: int) -> Struck:
    number = dice.randint(2, 8)  # from ten on a breaker stops the campaign, and rightly
    return _misbehave(rig, Behaviour(cut=number), 3.0, cuts=number)


def receiver_dies(rig: Rig, dice: Random, campaign: int) -> Struck:
    doubt = _doubt(rig, "receiver dies", _on_their_way(rig), lasts=2)
    rig.behave(Behaviour(die=dice.randint(1, 20)))

    def start() -> None:
        if rig.receiver.alive:
            rig.behave(Behaviour())
        else:
            rig.revive_receiver()

    return Struck([doubt], start, after=1.0)


def repeat_tasks(rig: Rig, dice: Random, campaign: int) -> Struck:
    """Every task twice and more, in no order, also of campaigns long over."""
    queue = rig.app.queue
    tasks = [
        (
            dice.choice([TaskName.DELIVER, TaskName.START_CAMPAIGN, TaskName.DELIVER_TRANSACTIONAL, TaskName.PUBLISH]),
            number,
        )
        for number in [campaign] * TASKS + [max(1, campaign - 1), campaign + 1]
    ]
    for task, number in tasks:
        queue.send(task, campaign_id=number)
        if dice.random() < 0.2:
            queue.send(TaskName.ORDER_MAIL, tenant_id="tts")
    return Struck()


def turn_clock(rig: Rig, dice: Random, campaign: int) -> Struck:
    """Turn one host's clock for a while: what others hold seems to have run out to it, or to last for ever.

    A scheduler that is ahead takes what live workers hold for lost: that much may be in doubt, and no more.
    """
    member = dice.choice([*rig.workers, *rig.schedulers])
    member.turn_clock(timedelta(minutes=dice.choice([-90, -10, 10, 90])))
    doubt = _doubt(rig, f"the clock of {member.name}", IN_HAND * len(rig.workers), lasts=10)
    return Struck([doubt], member.clock.right, after=dice.uniform(2, 4), moved=True)


def freeze_worker(rig: Rig, dice: Random, campaign: int) -> Struck:
    """Let a worker stand still for longer than its lease, then go on: others have taken over what it held."""
    worker = dice.choice(rig.workers)
    worker.freeze(still=True)
    doubt = _doubt(rig, f"{worker.name} frozen", IN_HAND)
    return Struck([doubt], lambda: worker.freeze(still=False), after=LEASE_SECONDS + dice.uniform(1, 2))


FAULTS: Mapping[str, Fault] = {
    fault.name: fault
    for fault in (
        Fault("kill-worker", kill_worker),
        Fault("kill-workers", kill_workers),
        Fault("stop-worker", stop_worker),
        Fault("freeze-worker", freeze_worker),
        Fault("kill-scheduler", kill_scheduler),
        Fault("kill-web", kill_web),
        Fault("redis-flushed", flush_redis),
        Fault("redis-restarted", restart_redis),
        Fault("redis-away", redis_away),
        Fault("redis-away-a-minute", redis_away_for_a_minute),
        Fault("postgres-restarted", restart_postgres, SERVER),
        Fault("database-cut", cut_database, SERVER),
        Fault("database-cut-at-commit", cut_at_commit, SERVER),
        Fault("database-cut-in-planning", cut_planning, SERVER, early=True),
        Fault("database-away", database_away, SERVER),
        Fault("disk-full", fill_disk, EMBEDDED),
        Fault("receiver-refuses", receiver_refuses),
        Fault("receiver-busy", receiver_is_busy),
        Fault("receiver-closes", receiver_closes),
        Fault("receiver-down", receiver_is_down),
        Fault("receiver-hangs", receiver_hangs),
        Fault("receiver-cuts", receiver_cuts),
        Fault("receiver-dies", receiver_dies),
        Fault("tasks-repeated", repeat_tasks, early=True),
        Fault("clock-turned", turn_clock),
    )
}
SELDOM = frozenset({"redis-away-a-minute"})
"""Takes longer than ten other rounds together."""


def drawn(engine: Engine, number: int, dice: Random) -> Iterator[Fault]:
    """Yield the faults of a round: one after the other in turn, so that every one has its rounds, and often one or two more."""
    usual = [fault for name, fault in FAULTS.items() if engine in fault.engines and name not in SELDOM]
    yield usual[number % len(usual)]
    for _more in range(dice.choice([0, 0, 1, 1, 2])):
        yield dice.choice(usual)
    if number % 50 == 49:
        yield FAULTS["redis-away-a-minute"]
