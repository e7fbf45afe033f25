"""The facts of 1,000 contacts, as a plan asks for them, among many; and one decision."""

import time
from collections.abc import Mapping
from datetime import timedelta
from statistics import median

from sqlalchemy import select, text

from benchmarks.bench import ENGINES, Bench
from benchmarks.figures import Figure, rate_figure
from benchmarks.people import add_people
from marketing.contacts.permission_facts import gather_facts
from marketing.db.models import Contact
from marketing.db.session import Database
from marketing.domain.permission import FrequencyCap, decide
from marketing.domain.quiet_hours import QuietHours
from marketing.domain.types import EmailType, Purpose
from tests.support.world import TENANT, World

RANGE = 1_000
BASELINE = "the names and zones of the same 1,000 contacts, nothing else looked up"


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Gather the facts of ranges spread over all contacts; PostgreSQL holds ten times as many as SQLite."""
    ranges = bench.amount(5, 20)
    figures: dict[str, Figure] = {}
    for engine in ENGINES:
        people = bench.amount(5_000, 1_000_000 if engine == "postgresql" else 100_000)
        bench.say(f"permission: {people} contacts, {engine}, {ranges} ranges")
        with bench.database(engine) as database:
            world = World.make(database, bench.new_folder())
            add_people(world, people)
            with database.write() as session:
                session.execute(text("ANALYZE"))
            starts = [1 + (people - RANGE) * number // ranges for number in range(ranges)]
            facts, bare, decided = [], [], []
            for start in starts:
                ids = list(range(start, start + RANGE))
                bare.append(_bare(database, ids))
                looked, chosen = _facts(world, database, ids)
                facts.append(looked)
                decided.append(chosen)
        figures[f"facts.{engine}"] = rate_figure(
            "contacts/s",
            RANGE,
            facts,
            BASELINE,
            bare,
            contacts=people,
            ms_per_range=round(median(facts) * 1_000, 1),
            slowest_range_ms=round(max(facts) * 1_000, 1),
            us_per_decision=round(median(decided) * 1_000_000 / RANGE, 2),
        )
    return figures


def _facts(world: World, database: Database, ids: list[int]) -> tuple[float, float]:
    """Return the seconds for the facts of a range, and for deciding about all of them."""
    now, cap, quiet = world.clock() + timedelta(days=1), FrequencyCap(), QuietHours()
    with database.read() as session:
        started = time.perf_counter()
        found = gather_facts(session, tenant_id=TENANT, contact_ids=ids, purpose=Purpose.PROMOTIONAL, cap=cap, now=now)
        looked = time.perf_counter()
    for known in found.values():
        decide(known.facts, EmailType.PROMOTIONAL, cap, quiet)
    assert len(found) == len(ids)
    return looked - started, time.perf_counter() - looked


def _bare(database: Database, ids: list[int]) -> float:
    with database.read() as session:
        started = time.perf_counter()
        session.execute(select(Contact.id, Contact.name, Contact.zone).where(Contact.id.in_(ids))).all()
        return time.perf_counter() - started
