"""Ranges are leased, renewed and taken over; whatever the clocks say, nothing leaves twice and nothing is forgotten."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from marketing.channels.base import SendOutcome
from marketing.channels.errors import TemporaryError
from marketing.db.models import Campaign, MessageRange
from marketing.delivery import leases
from marketing.delivery.handing_over import SUB_BATCH, group_size
from marketing.delivery.leases import LEASE, Leases
from marketing.delivery.pipeline import LEAST_IN_HAND
from marketing.domain.campaign import CampaignState
from marketing.domain.content import OutboundEmail
from marketing.domain.message import MessageState
from marketing.domain.types import Purpose
from tests.support.killed import Deadly, KilledError, die
from tests.support.world import World, add_contacts, add_product, messages, promotion

PROMO = Purpose.PROMOTIONAL


def planned(world: World, people: int) -> int:
    add_contacts(world.app, range(1, people + 1), PROMO)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    return campaign


def the_range(world: World) -> MessageRange:
    with world.app.database.read() as session:
        return session.scalars(select(MessageRange)).one()


def during(world: World, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object], at: int = 1) -> None:
    """Do something while the messenger has its message of this number in hand."""
    original, taken = world.outbox.send, []

    def send(batch: Iterable[OutboundEmail]) -> Iterator[SendOutcome]:
        for email in batch:
            taken.append(email)
            if len(taken) == at:
                act()
            yield from original([email])

    monkeypatch.setattr(world.outbox, "send", send)


def test_a_range_that_is_done_is_settled_and_one_with_more_to_come_is_due_then(world: World) -> None:
    campaign = planned(world, 3)
    assert the_range(world).due_at == world.clock()
    assert world.app.pipeline.deliver(campaign, batches=1)
    row = the_range(world)
    assert (row.settled_at, row.due_at, row.lease_owner) == (world.clock(), None, None)


def test_at_most_a_sub_batch_is_in_doubt_and_the_rest_goes_out_at_once(world: World) -> None:
    campaign = planned(world, SUB_BATCH + 3)
    die(world, campaign)
    states = [row.state for row in messages(world)]
    lost = states.count(MessageState.SENDING)
    assert lost == group_size(SUB_BATCH, ahead=world.app.database.on_server) <= SUB_BATCH
    assert not world.app.pipeline.deliver(campaign, batches=9), "its lease still runs"
    world.clock.now += LEASE + timedelta(seconds=1)
    while world.app.pipeline.deliver(campaign, batches=9):
        pass
    ledger = world.ledger(campaign)
    left = SUB_BATCH + 3 - lost
    assert (ledger.of(MessageState.UNKNOWN), ledger.sent, ledger.balances) == (lost, left, True)
    assert len(world.outbox.sent) == left


def test_threads_of_a_process_share_what_may_be_in_doubt(small_world: World) -> None:
    world = small_world
    campaign = planned(world, SUB_BATCH)
    for threads, share in ((4, SUB_BATCH // 4), (9, LEAST_IN_HAND)):
        with pytest.raises(KilledError):
            replace(world.app.pipeline, messenger=Deadly(), threads=threads).deliver(campaign, batches=1)
        assert [row.state for row in messages(world)].count(MessageState.SENDING) == group_size(share, ahead=False)
        world.clock.now += LEASE + timedelta(seconds=1)
        world.app.sweeper.sweep()


def test_a_clock_that_was_set_back_does_not_keep_a_dead_workers_range(world: World) -> None:
    campaign = planned(world, 2)
    die(world, campaign)
    world.clock.forward(hours=-1)
    with world.app.database.write() as session:  # due by the clock of before
        session.execute(update(MessageRange).values(due_at=world.clock()))
    world.app.sweeper.sweep()
    assert world.ledger(campaign).of(MessageState.UNKNOWN) == 2
    assert world.campaign(campaign).state is CampaignState.SENT


def test_a_host_whose_clock_is_ahead_does_not_put_off_what_it_leaves_to_others(world: World) -> None:
    campaign = planned(world, SUB_BATCH + 3)
    ahead = replace(world.app.pipeline, clock=lambda: world.clock() + timedelta(minutes=90))
    assert ahead.deliver(campaign, batches=1)
    assert world.ledger(campaign).sent == SUB_BATCH
    while world.app.pipeline.deliver(campaign, batches=1):
        pass
    assert world.ledger(campaign).sent == SUB_BATCH + 3


def test_people_whom_a_host_whose_clock_is_ahead_wrote_to_are_written_to_again_by_others(world: World) -> None:
    first = planned(world, 2)
    ahead = replace(world.app.pipeline, clock=lambda: world.clock() + timedelta(minutes=90))
    assert ahead.deliver(first, batches=1)
    with world.app.database.write() as session:  # not closed, so that the next one is not alone
        session.execute(update(Campaign).values(state=CampaignState.PAUSED))
    second = world.approved(promotion(add_product(world.app, 2)))
    world.run(second)
    assert (world.ledger(first).sent, world.ledger(second).sent) == (2, 2)


def test_a_slow_worker_whose_lease_was_taken_still_records_what_it_knows_and_nothing_leaves_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = planned(world, 3)

    def another_takes_over() -> None:
        world.clock.now += LEASE * 3
        while replace(world.app.pipeline, messenger=type(world.outbox)()).deliver(campaign, batches=2):
            pass
        assert {row.state for row in messages(world)} == {MessageState.UNKNOWN}

    during(world, monkeypatch, another_takes_over)
    world.app.pipeline.deliver(campaign, batches=1)
    assert {row.state for row in messages(world)} == {MessageState.ACCEPTED}
    assert len(world.outbox.sent) == 3


@pytest.mark.parametrize("state", [CampaignState.PAUSED, CampaignState.CANCELLED])
def test_a_campaign_that_is_stopped_ends_with_the_sub_batch_in_hand(
    world: World, monkeypatch: pytest.MonkeyPatch, state: CampaignState
) -> None:
    campaign = planned(world, SUB_BATCH * 2)
    group = group_size(SUB_BATCH, ahead=world.app.database.on_server)

    def stop() -> None:
        with world.app.database.write() as session:
            session.execute(update(Campaign).values(state=state))

    during(world, monkeypatch, stop)
    prompt = replace(world.app.pipeline, timer=lambda: 0.0)  # however busy the machine is, no permission grows old
    assert not prompt.deliver(campaign, batches=9)
    assert world.ledger(campaign).sent == group
    assert the_range(world).lease_owner is None
    if state is CampaignState.CANCELLED:
        world.app.sweeper.sweep()
        assert dict(world.ledger(campaign).skipped_by_reason) == {"cancelled": SUB_BATCH * 2 - group}


def test_a_worker_that_is_asked_to_end_gives_back_what_has_not_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = planned(world, 5)
    during(world, monkeypatch, world.app.stopping.set, at=2)
    world.app.pipeline.deliver(campaign, batches=9)
    assert [(row.state, row.attempt) for row in messages(world)] == [("accepted", 1)] * 2 + [("queued", 0)] * 3
    row = the_range(world)
    assert (row.lease_owner, row.due_at) == (None, world.clock())


def test_what_nobody_can_carry_for_a_moment_stays_queued_and_its_range_comes_back_then(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = planned(world, 2)
    wait = timedelta(seconds=1)

    def send(batch: Iterable[OutboundEmail]) -> Iterator[SendOutcome]:
        yield world.outbox.answer(next(iter(batch)))
        raise TemporaryError("rate", wait)

    monkeypatch.setattr(world.outbox, "send", send)
    turn = world.app.pipeline.turn(campaign, batches=1)
    assert (turn.more, turn.again_after) == (False, wait)
    assert [row.state for row in messages(world)] == [MessageState.ACCEPTED, MessageState.QUEUED]
    assert the_range(world).due_at == world.clock() + wait


def test_a_lease_is_renewed_while_its_worker_waits_for_a_relay(
    small_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = small_world
    campaign, seen = planned(world, 1), threading.Event()
    monkeypatch.setattr(leases, "BEATS", 3_000)
    renewed: list[object] = []

    def wait_for_a_beat() -> None:
        before = the_range(world).lease_until
        world.clock.forward(seconds=5)
        while not seen.wait(0.005) and len(renewed) < 1_000:
            renewed.append(the_range(world).lease_until)
            if renewed[-1] != before:
                seen.set()

    during(world, monkeypatch, wait_for_a_beat)
    world.app.pipeline.deliver(campaign, batches=1)
    assert renewed[-1] == world.clock() + LEASE


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_sweepers_at_once_settle_a_dead_worker_once(world: World) -> None:
    campaign = planned(world, 2)
    die(world, campaign)
    now = world.clock.now = world.clock() + LEASE * 2
    with world.app.database.write() as first:
        assert len(Leases(world.app.database, world.clock).take_expired(first, now, 9)) == 1
        with world.app.database.write() as second:
            assert Leases(world.app.database, world.clock).take_expired(second, now, 9) == []
