"""While a campaign of a million runs: its first message, order mail beside it, a pause, and the memory of the workers."""

import time
from collections.abc import Mapping
from dataclasses import replace
from statistics import median, quantiles

from sqlalchemy import select

from benchmarks.bench import Bench
from benchmarks.edition import EDITIONS
from benchmarks.figures import Figure
from benchmarks.newsletter import WORKERS
from benchmarks.office import BULK, TRANSACTIONAL, Office, running_office
from benchmarks.sending import REST, prepare, warm_up
from benchmarks.sinks import Sink, mail_sink
from marketing.db.models import Product
from marketing.domain.types import Role
from marketing.queue import TaskName
from tests.support.orders import add_order, enable
from tests.support.world import TENANT, add_contact

MARK = "pembeli"
FIRST_LIMIT = ORDER_LIMIT = 1.0  # seconds, of issue 6
PAUSE_LIMIT = 2.0
MEMORY_LIMIT = 150.0  # MB
EVERY = 0.2
"""Seconds between two orders."""


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Start a campaign for everybody, let orders happen while it runs, pause it, and look."""
    people, orders = bench.amount((1_000, 5), (1_000_000, 300))
    bench.say(f"large: {people} readers, PostgreSQL, {orders} orders meanwhile")
    prepared = prepare(bench, "postgresql", EDITIONS["newsletter"], people)
    with mail_sink(bench.folder, mark=MARK) as sink, running_office(bench, prepared.url, smtp_port=sink.port) as office:
        enable(office.world, "transaksi")
        office.start_workers(1, TRANSACTIONAL)
        office.start_workers(WORKERS, BULK)
        warm_up(office, sink, prepared)
        alone = _latencies(office, sink, range(min(orders, 50)))
        sink.reset()
        started = time.monotonic()
        campaign = office.world.approved(replace(prepared.content, audience=REST))
        office.wait(lambda: sink.count().taken > 0, "the first message")
        first = sink.count().first - started
        busy = _latencies(office, sink, range(1_000, 1_000 + orders))
        stopped = _pause(office, campaign)
        time.sleep(PAUSE_LIMIT * 2)
        count = sink.count()
        memory = office.memory()
    bulk = count.taken - len(count.marked)
    bench.say(f"  first {first:.2f} s, orders {_p99(busy):.2f} s, pause {count.last - stopped:.2f} s, {memory:.0f} MB")
    return {
        "first_message": Figure(first, "s", "limit", FIRST_LIMIT, notes={"audience": people}),
        "order_mail_p99": Figure(
            _p99(busy),
            "s",
            "the same while nothing else is sent",
            _p99(alone),
            notes={
                "limit": ORDER_LIMIT,
                "p50": round(median(busy), 3),
                "orders": orders,
                "slowest": round(max(busy), 3),
            },
        ),
        "pause": Figure(max(count.last - stopped, 0.0), "s", "limit", PAUSE_LIMIT, notes={"sent_until_then": bulk}),
        "worker_memory": Figure(memory, "MB", "limit", MEMORY_LIMIT, notes={"messages": bulk, "workers": WORKERS}),
    }


def _latencies(office: Office, sink: Sink, numbers: range) -> list[float]:
    """Let an order be approved now and then; return the seconds from each event to its mail at the relay."""
    with office.app.database.read() as session:
        product = session.scalars(select(Product.id).limit(1)).one()
    buyers = {number: add_contact(office.app, 2_000_000 + number, email=_address(number)) for number in numbers}
    happened: dict[str, float] = {}
    for number, contact in buyers.items():
        add_order(office.app, number, contact, products=[product], events=["approved"])
        happened[_address(number)] = time.monotonic()
        office.app.queue.send(TaskName.ORDER_MAIL, tenant_id=TENANT)  # as a pull does once it has read the orders
        time.sleep(EVERY)
    office.wait(lambda: len(_told(sink, happened)) == len(happened), "the mail of every order")
    told = _told(sink, happened)
    return [told[address] - at for address, at in happened.items()]


def _told(sink: Sink, happened: Mapping[str, float]) -> dict[str, float]:
    return {address: at for address, at in sink.count().marked if address in happened}


def _address(number: int) -> str:
    return f"{MARK}{number}@surat.example"


def _pause(office: Office, campaign: int) -> float:
    """Pause as a person does; returns when that was committed."""
    with office.app.database.write() as session:
        office.app.campaigns.pause(session, office.world.staff(Role.MARKETER), campaign)
    return time.monotonic()


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[98]
