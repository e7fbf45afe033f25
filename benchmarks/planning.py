"""Freezing an audience: one row per person, decided by consent, suppression and cap."""

from collections.abc import Mapping

from sqlalchemy import func, insert, select

from benchmarks.bench import ENGINES, Bench
from benchmarks.figures import Figure, interleaved, rate_figure
from benchmarks.people import add_people
from marketing.db.models import Message
from marketing.db.session import Database
from marketing.domain.message import MessageState
from tests.support.world import World, add_product, promotion

BASELINE = "insert of the same finished rows in the same ranges, nothing looked up or decided"
RANGE = 1_000
DERIVED = {"id", "campaign_id"}


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Plan campaigns for everyone, next to bare inserts of as many rows."""
    people, rounds = bench.amount((1_000, 1), (20_000, 2))
    figures: dict[str, Figure] = {}
    for engine in ENGINES:
        bench.say(f"plan: {people} contacts, {engine}, {rounds} rounds")
        with bench.database(engine) as database:
            world = World.make(database, bench.new_folder())
            add_people(world, people)
            product = add_product(world.app, 1)
            planned = [world.approved(promotion(product)) for _round in range(rounds)]
            bare = [world.approved(promotion(product)) for _round in range(rounds)]
            waiting, copies = iter(planned), iter(bare)
            seconds = interleaved(
                rounds,
                plan=lambda world=world, waiting=waiting: world.app.planner.start(next(waiting)),
                insert=lambda database=database, copies=copies, source=planned[0]: _copy(
                    database, source, next(copies)
                ),
            )
            with database.read() as session:
                assert session.scalar(select(func.count()).select_from(Message)) == 2 * rounds * people
            queued = world.ledger(planned[0]).of(MessageState.QUEUED)
        figures[f"recipients.{engine}"] = rate_figure(
            "recipients/s", people, seconds["plan"], BASELINE, seconds["insert"], recipients=people, queued=queued
        )
    return figures


def _copy(database: Database, source: int, target: int) -> None:
    """Insert the rows of one campaign again for another."""
    columns = [column for column in Message.__table__.columns if column.key not in DERIVED]
    with database.read() as session:
        rows = [dict(row) for row in session.execute(select(*columns).where(Message.campaign_id == source)).mappings()]
    for start in range(0, len(rows), RANGE):
        with database.write() as session:
            session.execute(insert(Message), [{**row, "campaign_id": target} for row in rows[start : start + RANGE]])
