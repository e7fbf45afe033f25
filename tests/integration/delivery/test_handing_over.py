"""The last permission before a message leaves: what was withdrawn since it was claimed stays here, and nothing is lost."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, text, update

from marketing.channels.base import Load, SendOutcome
from marketing.contacts import stopping
from marketing.contacts.stopping import hold, stop_messages
from marketing.contacts.unsubscribe import Scope, unsubscribe
from marketing.db.models import ConsentRecord, Contact, Message
from marketing.db.session import Database
from marketing.delivery.handing_over import SUB_BATCH, group_size
from marketing.domain.content import OutboundEmail
from marketing.domain.message import PERMIT_SECONDS, MessageState
from marketing.domain.types import Purpose
from tests.support.orders import add_order, enable, run_automation
from tests.support.postgres import ALONE
from tests.support.world import TENANT, World, add_contact, add_contacts, add_product, messages, promotion

PROMO = Purpose.PROMOTIONAL
LAST = SUB_BATCH + 2


def planned(world: World, people: int = LAST) -> int:
    """Plan a campaign of more people than are permitted at once."""
    add_contacts(world.app, range(1, people + 1), PROMO)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    return campaign


def before_the_first(world: World, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something once the first e-mail is in the messenger's hands and before it answers."""
    original, done = world.outbox.send, []

    def send(batch: Iterable[OutboundEmail]) -> Iterator[SendOutcome]:
        for email in batch:
            if not done:
                done.append(act())
            yield from original([email])

    monkeypatch.setattr(world.outbox, "send", send)


def leave(world: World, message: int) -> None:
    with world.app.database.write() as session:
        assert unsubscribe(session, message, Scope.PURPOSE, source="satu-klik", now=world.clock())


def change_contact(world: World, number: int, **values: object) -> None:
    with world.app.database.write() as session:
        session.execute(update(Contact).where(Contact.id == number).values(**values))


def sent_to(world: World) -> list[int]:
    return [int(email.key) for email in world.outbox.sent]


def test_who_leaves_while_the_batch_is_under_way_gets_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = planned(world)
    before_the_first(world, monkeypatch, lambda: leave(world, LAST))
    world.app.pipeline.deliver(campaign, batches=2)
    assert sent_to(world) == list(range(1, LAST))
    row = messages(world)[-1]
    assert (row.state, row.reason, row.article) == (MessageState.SKIPPED, "withdrawn", "UU 27/2022 Ps. 40")
    assert (row.lease_owner, row.handed_over_at) == (None, None)
    assert world.ledger(campaign).balances


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda world: change_contact(world, LAST, erased_at=world.clock()), "erased"),
        (lambda world: change_contact(world, LAST, restricted_at=world.clock()), "restricted"),
    ],
)
def test_whoever_may_not_be_written_to_any_more_is_given_back_and_decided_anew(
    world: World, monkeypatch: pytest.MonkeyPatch, change: Callable[[World], None], reason: str
) -> None:
    """Not through what also skips what waits, as a withdrawal does: a change of the facts alone is enough."""
    campaign = planned(world)
    before_the_first(world, monkeypatch, lambda: change(world))
    world.app.pipeline.deliver(campaign, batches=2)
    assert sent_to(world) == list(range(1, LAST))
    row = messages(world)[-1]
    assert (row.state, row.attempt, row.lease_owner) == (MessageState.QUEUED, 0, None)
    world.clock.forward(seconds=6)
    world.run(campaign)
    assert sent_to(world) == list(range(1, LAST))
    assert dict(world.ledger(campaign).skipped_by_reason) == {reason: 1}
    assert world.ledger(campaign).settled


def test_the_line_that_allowed_a_message_is_written_to_it(world: World) -> None:
    campaign = planned(world, 1)
    world.run(campaign)
    with world.app.database.read() as session:
        line = session.scalars(select(ConsentRecord)).one()
        row = session.scalars(select(Message)).one()
    assert (row.consent_event_id, row.handed_over_at) == (line.id, world.clock())


def test_order_mail_rests_on_no_line_and_no_withdrawal_holds_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    buyer = add_contact(world.app, 1, PROMO)
    add_order(world.app, 1, buyer, events=["paid"])
    enable(world, "transaksi")
    before_the_first(world, monkeypatch, lambda: world.withdraw(buyer, *Purpose))
    run_automation(world, "transaksi")
    assert [(row.state, row.consent_event_id) for row in messages(world)] == [(MessageState.ACCEPTED, None)]


def test_a_permit_that_grew_old_over_a_slow_relay_is_asked_for_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = planned(world, 3)
    seconds = [0.0]
    monkeypatch.setattr(
        stopping, "LONGEST_WAIT_SECONDS", 0.05
    )  # the third is marked and in the hands of this very thread
    before_the_first(world, monkeypatch, lambda: (leave(world, 3), seconds.append(PERMIT_SECONDS)))
    pipeline = replace(world.app.pipeline, timer=lambda: seconds[-1])
    pipeline.deliver(campaign, batches=2)
    assert sent_to(world) == [1, 2]
    world.clock.forward(seconds=6)
    world.run(campaign)
    assert dict(world.ledger(campaign).skipped_by_reason) == {"withdrawn": 1}


def test_what_the_messenger_never_took_is_given_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = planned(world, 3)
    original = world.outbox.send

    def send(batch: Iterable[OutboundEmail]) -> Iterator[SendOutcome]:
        yield from original([next(iter(batch))])

    monkeypatch.setattr(world.outbox, "send", send)
    world.app.pipeline.deliver(campaign, batches=1)
    assert [(row.state, row.attempt) for row in messages(world)] == [("accepted", 1), ("queued", 0), ("queued", 0)]
    monkeypatch.setattr(world.outbox, "send", original)
    world.run(campaign)
    assert sorted(sent_to(world)) == [1, 2, 3]


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_worker_does_not_wait_for_a_withdrawal_that_waits_for_it(world: World) -> None:
    """A withdrawal in progress holds its person's lock: the worker leaves that person out and records its answers."""
    campaign = planned(world)
    person = messages(world)[-1].contact_id
    with world.app.database.write() as leaving:
        stop_messages(leaving, tenant_id=TENANT, contact_ids=[person], purposes=[PROMO], now=world.clock())
        with world.app.database.write() as worker:
            assert hold(worker, [person, person + 1]) == 1
        world.app.pipeline.deliver(campaign, batches=2)
    assert len(sent_to(world)) == LAST - 1
    assert dict(world.ledger(campaign).skipped_by_reason) == {"withdrawn": 1}


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_withdrawal_waits_until_the_mail_in_hand_is_out_and_no_longer_than_it_promises(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = planned(world, 1)
    in_hand, go_on = threading.Event(), threading.Event()
    before_the_first(world, monkeypatch, lambda: (in_hand.set(), go_on.wait(20)))
    worker = threading.Thread(target=world.app.pipeline.deliver, args=(campaign,), kwargs={"batches": 2})
    worker.start()
    assert in_hand.wait(20)
    leaving = threading.Thread(target=leave, args=(world, 1))
    leaving.start()
    leaving.join(0.2)
    assert leaving.is_alive(), "the mail has not left yet"
    go_on.set()
    leaving.join(20)
    worker.join(20)
    assert not leaving.is_alive()
    with world.app.database.write() as session:  # as a worker that died leaves it
        session.execute(update(Message).values(state=MessageState.SENDING, handed_over_at=world.clock()))
    monkeypatch.setattr(stopping, "LONGEST_WAIT_SECONDS", 0.1)
    began = time.monotonic()
    leave(world, 1)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("together", [1, 3, 500])
def test_no_more_are_in_doubt_than_are_handed_over_together(
    world: World, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    add_contacts(world.app, range(7), PROMO)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    world.outbox.together = together
    in_doubt: list[int] = []
    answer = world.outbox.answer

    def looking(email: OutboundEmail) -> SendOutcome:
        in_doubt.append(world.ledger(campaign).of(MessageState.SENDING))
        return answer(email)

    monkeypatch.setattr(world.outbox, "answer", looking)
    world.app.pipeline.deliver(campaign, batches=10)
    group = group_size(together, ahead=world.app.database.on_server)
    assert min(group, 7) <= max(in_doubt) <= together
    assert world.ledger(campaign).sent == 7


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("when", [1, 2, 30, 49, 50])
def test_connections_cut_at_any_moment_cost_nobody_their_mail_and_give_it_to_nobody_twice(
    world: World, monkeypatch: pytest.MonkeyPatch, when: int
) -> None:
    """Also while the next group is being marked: then nobody knows whether it was, and it is marked again."""
    campaign, url = planned(world, 70), world.app.database.engine.url.render_as_string(hide_password=False)
    answer, answered = world.outbox.answer, list[str]()

    def cutting(email: OutboundEmail) -> SendOutcome:
        answered.append(email.key)
        if len(answered) == when:
            another = Database(url)
            with another.read() as session:
                session.execute(text(ALONE))
            another.close()
        return answer(email)

    monkeypatch.setattr(world.outbox, "answer", cutting)
    while world.app.pipeline.deliver(campaign, batches=9):
        pass
    assert len(answered) == len(set(answered)) == world.ledger(campaign).sent == 70


def test_a_relay_that_answers_late_gets_more_only_while_few_enough_are_in_doubt(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, together = planned(world, 23), 10
    world.outbox.together = together
    loads, in_doubt = [], []

    def send(batch: Load[OutboundEmail]) -> Iterator[SendOutcome]:
        loads.append(batch.size)
        owed = list[OutboundEmail]()
        for email in batch:
            if email is not None:
                owed.append(email)
                in_doubt.append(world.ledger(campaign).of(MessageState.SENDING))
            else:
                yield world.outbox.answer(owed.pop(0))
        yield from map(world.outbox.answer, owed)

    monkeypatch.setattr(world.outbox, "send", send)
    world.app.pipeline.deliver(campaign, batches=1)
    assert (loads, max(in_doubt)) == ([23], together)
    assert world.ledger(campaign).sent == len(in_doubt) == 23
