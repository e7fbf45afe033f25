"""Withdrawing against sending: once a withdrawal is committed, nothing that it forbids begins to leave (UU 27/2022 Ps. 40)."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from random import Random

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks.people import add_people
from marketing.contacts.unsubscribe import Scope, unsubscribe
from marketing.domain.message import MessageState
from marketing.domain.types import Purpose
from marketing.installation import free_port
from tests.support.mail import messenger_of, smtp
from tests.support.world import World, add_product, messages, promotion

PROMO = Purpose.PROMOTIONAL
ROUNDS = 1_000
SENDERS, LEAVERS, WAVE = 2, 3, 100


@dataclass
class Receiver:
    """A real mail server that notes when each mail began to come in, on the clock of this machine."""

    began: dict[str, float] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)

    async def handle_MAIL(  # noqa: N802  the server calls it so
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        session.began = time.monotonic()
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  as above
        for recipient in envelope.rcpt_tos:
            self.began[recipient] = session.began
            self.times[recipient] += 1
        return "250 OK"


@pytest.fixture
def receiver() -> Iterator[tuple[Receiver, int]]:
    handler = Receiver()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield handler, controller.port
    controller.stop()


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_thousand_withdrawals_while_workers_deliver_and_nothing_begins_to_leave_after_one(
    world: World, receiver: tuple[Receiver, int]
) -> None:
    handler, port = receiver
    add_people(world, ROUNDS, all_willing=True)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    committed = race(world, campaign, port)
    late = {
        address: handler.began[address] - moment
        for address, moment in committed.items()
        if handler.began.get(address, 0.0) > moment
    }
    assert late == {}
    assert len(committed) == ROUNDS
    states = Counter((row.state, row.reason) for row in messages(world))
    arrived, stopped = states[MessageState.ACCEPTED, ""], states[MessageState.SKIPPED, "withdrawn"]
    assert arrived + stopped == ROUNDS
    assert (arrived, max(handler.times.values())) == (len(handler.began), 1)
    # each side wins often enough for it to have been a race
    assert min(arrived, stopped) > ROUNDS // 50
    assert world.ledger(campaign).balances


def race(world: World, campaign: int, port: int) -> dict[str, float]:
    """Let everyone withdraw while workers deliver, wave by wave; return when each withdrawal was committed, by address."""
    messenger = messenger_of(smtp(port, timeout_seconds=20), world.clock)
    pipeline = replace(world.app.pipeline, messenger=messenger)
    people = [(row.id, f"orang{row.contact_id}@surat.example") for row in messages(world)]
    waves = [people[start : start + WAVE] for start in range(0, ROUNDS, WAVE)]
    together = threading.Barrier(SENDERS + LEAVERS)
    committed: dict[str, float] = {}
    for wave in waves:
        Random(wave[0][0]).shuffle(wave)

    def send(_number: int) -> None:
        for _wave in waves:
            together.wait(30)
            pipeline.deliver(campaign, batches=1)

    def leave(number: int) -> None:
        for wave in waves:
            together.wait(30)
            for message, address in wave[number::LEAVERS]:
                with world.app.database.write() as session:
                    assert unsubscribe(session, message, Scope.PURPOSE, source="satu-klik", now=world.clock())
                committed[address] = time.monotonic()

    with ThreadPoolExecutor(SENDERS + LEAVERS) as pool:
        running = [pool.submit(send, number) for number in range(SENDERS)]
        running += [pool.submit(leave, number) for number in range(LEAVERS)]
        for one in running:
            one.result()
    messenger.close()
    while pipeline.deliver(campaign, batches=5):
        pass
    return committed
