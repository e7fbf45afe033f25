"""Freezing an audience: one row per person, decided by consent, suppression and cap; and what a claim costs far inside."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from statistics import median

from sqlalchemy import func, literal, select, update
from sqlalchemy.orm import Session

from benchmarks.bench import ENGINES, Bench
from benchmarks.figures import Figure, interleaved, rate_figure, timed
from benchmarks.people import add_people
from marketing.campaigns.planner import STRETCH
from marketing.db.bulk import refresh_statistics
from marketing.db.insert import engine_insert
from marketing.db.models import Address, Campaign, ConsentNow, Contact, Message, MessageRange
from marketing.delivery.claiming import claim
from marketing.delivery.leases import LEASE, Leases
from marketing.delivery.ranges import RANGE
from marketing.domain.message import MessageState
from marketing.domain.quiet_hours import QuietHours
from marketing.queue import TaskName
from tests.support.world import Tasks, World, add_product, promotion

BASELINE = "INSERT … SELECT of the same finished rows in the same stretches, nothing looked up or decided"
AT_FIRST = "the same at the first tenth"
NEAR = 0.05
FAR = 0.9
"""How far inside the audience it is looked again: row 900,000 of a million."""
CLAIMS = 9
LIMIT_SECONDS = 10.0
MILLION = 1_000_000


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Plan a campaign for everyone, next to bare inserts of as many rows, and claim from it at both ends."""
    figures: dict[str, Figure] = {}
    for engine in ENGINES:
        people, rounds = bench.amount((3_000, 1), (MILLION if engine == "postgresql" else MILLION // 5, 2))
        bench.say(f"plan: {people} contacts, {engine}, {rounds} rounds")
        with bench.database(engine) as database:
            world = World.make(database, bench.new_folder())
            add_people(world, people)
            with database.write() as session:
                refresh_statistics(session, Contact, Address, ConsentNow)
            figures |= {f"{name}.{engine}": figure for name, figure in _plans(world, people, rounds).items()}
    return figures


def _plans(world: World, people: int, rounds: int) -> Mapping[str, Figure]:
    product, noted = add_product(world.app, 1), Noted()
    planner = replace(world.app.planner, queue=noted, quiet=QuietHours())  # type: ignore[arg-type]  # a queue that only notes
    planned, bare = ([world.approved(promotion(product)) for _round in range(rounds)] for _kind in range(2))
    waiting, copies = iter(planned), iter(bare)
    seconds = interleaved(
        rounds, plan=lambda: noted.timing(lambda: planner.start(next(waiting))), insert=lambda: _copy(world, planned[0], next(copies))
    )  # fmt: skip
    with world.app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 2 * rounds * people
    queued = world.ledger(planned[0]).of(MessageState.QUEUED)
    first, far = noted.at_both_ends(people)
    claims = _claims(world, planned[0])
    return {
        "recipients": rate_figure(
            "recipients/s", people, seconds["plan"], BASELINE, seconds["insert"], recipients=people, queued=queued,
            seconds_for_a_million=round(median(seconds["plan"]) * MILLION / people, 1), limit_seconds=LIMIT_SECONDS,
            seconds_to_the_first_messages=round(median(noted.firsts), 3),
        ),
        "planning_far_inside": Figure(far, "us/contact", AT_FIRST, first),
        "claim_far_inside": Figure(claims[1] * MILLION, "us/message", "the same at the first row", claims[0] * MILLION),
    }  # fmt: skip


@dataclass(slots=True)
class Noted(Tasks):
    """A queue that notes when it was told of each stretch."""

    firsts: list[float] = field(default_factory=list)
    _told: list[float] = field(default_factory=list)
    _rounds: list[list[float]] = field(default_factory=list)

    def send(self, task: TaskName, **_ids: int | str) -> bool:
        """Note the time."""
        if task is TaskName.DELIVER:
            self._told.append(time.perf_counter())
        return True

    def timing(self, plan: object) -> None:
        """Let a plan run, and keep how long each of its stretches took."""
        assert callable(plan)
        self._told.clear()
        started = time.perf_counter()
        plan()
        self.firsts.append(self._told[0] - started)
        self._rounds.append([after - before for before, after in zip(self._told, self._told[1:], strict=False)])

    def at_both_ends(self, people: int) -> tuple[float, float]:
        """Return microseconds a contact in full stretches of the first tenth, and of the last."""
        few = max(1, round((1 - FAR) * people / STRETCH))
        full = [one[2:-1] or one or [0.0] for one in self._rounds]  # the first two grow, the last is a rest
        each = min(STRETCH, people)
        ends = ([one[:few] for one in full], [one[-few:] for one in full])
        first, far = (median(value for one in end for value in one) * MILLION / each for end in ends)
        return first, far


def _copy(world: World, source: int, target: int) -> None:
    """Insert the rows of one campaign again for another."""
    columns = [column for column in Message.__table__.columns if column.key != "id"]
    read = [literal(target) if column.key == "campaign_id" else column for column in columns]
    with world.app.database.read() as session:
        last = session.scalar(select(func.max(Contact.id))) or 0
    for after in range(0, last, STRETCH):
        mine = (Message.campaign_id == source, Message.contact_id > after, Message.contact_id <= after + STRETCH)
        rows = select(*read).where(*mine).order_by(Message.contact_id)
        with world.app.database.write() as session:
            names = [column.key for column in columns]
            insert = engine_insert(session, Message).from_select(names, rows, include_defaults=False)
            session.execute(insert.on_conflict_do_nothing())


def _claims(world: World, campaign: int) -> tuple[float, float]:
    """Return the seconds that claiming takes per message near the start, past the small ranges that a plan begins with, and far inside."""
    world.clock.forward(hours=1)
    found = []
    for share in (NEAR, FAR):
        with world.app.database.write() as session:
            _settle(session, campaign, world, share)
        found.append(_claim(world, campaign))
    return found[0], found[1]


def _settle(session: Session, campaign: int, world: World, share: float) -> None:
    """Let this share of the ranges have been sent, the week before last."""
    ids = session.scalars(select(MessageRange.id).where(MessageRange.campaign_id == campaign).order_by(MessageRange.id))
    mine = list(ids)
    last = mine[int(len(mine) * share)]
    at = world.clock() - timedelta(days=14)
    values = {"settled_at": at}
    done = (Message.campaign_id == campaign, Message.range_id < last, Message.state == MessageState.QUEUED)
    session.execute(update(Message).where(*done).values(state=MessageState.ACCEPTED, **values))
    session.execute(
        update(MessageRange).where(MessageRange.campaign_id == campaign, MessageRange.id < last).values(values)
    )


def _claim(world: World, campaign: int) -> float:
    database, leases = world.app.database, Leases(world.app.database, world.clock, LEASE)
    cap = world.app.pipeline.cap

    def act() -> int:
        with database.write() as session:
            assert session.get(Campaign, campaign) is not None
            batch = claim(session, campaign, owner="bench", leases=leases, cap=cap, now=world.clock(), limit=RANGE)
            session.rollback()
        assert batch is not None, "it is planned"
        return len(batch.messages) + sum(batch.refused.values())

    size = act()
    return median(timed(act) for _one in range(CLAIMS)) / size
