"""Two things at once: cancelled while planned or handed over, held while many deliver, written by two people."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from marketing.accounts.audit import verify_audit, write_audit
from marketing.campaigns import planner
from marketing.channels.base import Deferred, SendOutcome
from marketing.contacts.consent_proof import verify_ledger
from marketing.contacts.unsubscribe import Scope, unsubscribe
from marketing.db.models import Campaign, Post, Product
from marketing.delivery.exposure import record_exposure
from marketing.domain.campaign import CampaignState
from marketing.domain.content import OutboundEmail
from marketing.domain.types import ChannelName, Purpose, Role
from tests.support.world import START, TENANT, World, add_contact, add_contacts, add_product, messages, promotion

PROMO = Purpose.PROMOTIONAL


def cancel(world: World, campaign: int) -> None:
    with world.app.database.write() as session:
        world.app.campaigns.cancel(session, world.staff(Role.MARKETER), campaign)


def test_a_campaign_cancelled_while_it_is_planned_is_planned_no_further(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner, "FIRST", 2)
    add_contacts(world.app, range(6), PROMO)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    send = world.tasks.send

    def cancel_after_the_first_range(*arguments: object, **ids: object) -> bool:
        if world.campaign(campaign).state is CampaignState.SENDING:
            cancel(world, campaign)
        return send(*arguments, **ids)  # type: ignore[arg-type]

    monkeypatch.setattr(world.tasks, "send", cancel_after_the_first_range)
    world.app.planner.start(campaign)
    assert len(messages(world)) == 2
    ledger = world.ledger(campaign)
    assert (dict(ledger.skipped_by_reason), ledger.balances) == ({"cancelled": 2}, True)


def test_what_comes_back_to_a_cancelled_campaign_is_skipped_not_left_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_contact(world.app, 1, PROMO)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)

    def send(batch: Sequence[OutboundEmail]) -> Iterator[SendOutcome]:
        cancel(world, campaign)
        return iter([Deferred(email.key, "smtp_451", timedelta(minutes=1)) for email in batch])

    monkeypatch.setattr(world.outbox, "send", send)
    world.app.pipeline.deliver(campaign, batches=1)
    world.app.sweeper.sweep()
    ledger = world.ledger(campaign)
    assert (dict(ledger.skipped_by_reason), ledger.settled, ledger.balances) == ({"cancelled": 1}, True, True)


def test_what_is_being_handed_over_counts_against_the_cap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    add_contact(world.app, 1, PROMO)
    campaigns = [world.approved(promotion(add_product(world.app, number))) for number in range(1, 6)]
    for campaign in campaigns:
        world.app.planner.start(campaign)
    waiting, send = iter(campaigns), world.outbox.send

    def in_hand(batch: Iterable[OutboundEmail]) -> Iterator[SendOutcome]:
        for email in batch:
            world.clock.forward(seconds=1)
            deliver()  # the next campaign meets a mail that is on its way and not yet answered for
            yield from send([email])

    def deliver() -> None:
        if campaign := next(waiting, None):
            world.app.pipeline.deliver(campaign, batches=1)

    monkeypatch.setattr(world.outbox, "send", in_hand)
    deliver()
    assert [email.campaign for email in world.outbox.sent] == campaigns[3::-1]
    assert dict(world.ledger(campaigns[-1]).skipped_by_reason) == {"too_often": 1}


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_many_workers_meet_a_held_product_and_one_pauses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from marketing.delivery import claiming

    add_contacts(world.app, range(8), PROMO)
    product = add_product(world.app, 1)
    campaign = world.approved(promotion(product))
    world.app.planner.start(campaign)
    with world.app.database.write() as session:
        session.execute(update(Product).where(Product.id == product).values(stock=0))
    together, first_held = threading.Barrier(4), claiming.first_held

    def after_all_have_looked(*arguments: object) -> object:
        found = first_held(*arguments)  # type: ignore[arg-type]
        together.wait(20)
        return found

    monkeypatch.setattr(claiming, "first_held", after_all_have_looked)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _n: world.app.pipeline.deliver(campaign, batches=1), range(4)))
    assert done == [False] * 4
    assert world.campaign(campaign).state is CampaignState.PAUSED
    assert world.outbox.sent == []


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("what", ["audit", "consent"])
def test_a_sealed_line_waits_for_no_row_that_only_points_to_the_tenant(world: World, what: str) -> None:
    add_contact(world.app, 1, PROMO)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    (message,) = messages(world)

    def write(session: Session) -> None:
        if what == "audit":
            write_audit(session, tenant_id=TENANT, user_id=None, action="x", subject="y", now=START)
        else:
            unsubscribe(session, message.id, Scope.PURPOSE, source="halaman", now=START)

    with world.app.database.write() as one, world.app.database.write() as other:
        write_product(one)
        write_product(other)
        other.execute(text("SET LOCAL lock_timeout = '2s'"))
        write(other)  # two of these would otherwise wait for each other: a deadlock


def write_product(session: Session) -> None:
    session.execute(
        text(
            "INSERT INTO sync_run (tenant_id, source, started_at, state, counts) VALUES ('tts', 'x', now(), 'x', '{}')"
        )
    )


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_many_people_leaving_at_once_keep_the_ledgers_seals_whole(world: World) -> None:
    add_contacts(world.app, range(8), PROMO)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    leaving = [row.id for row in messages(world)] * 2  # and each of them twice, as mail providers do
    together = threading.Barrier(len(leaving))

    def leave(message: int) -> bool:
        together.wait(20)
        with world.app.database.write() as session:
            return unsubscribe(session, message, Scope.ALL, source="satu-klik", now=world.clock())

    with ThreadPoolExecutor(len(leaving)) as pool:
        assert all(pool.map(leave, leaving))
    with world.app.database.read() as session:
        assert verify_ledger(session, TENANT) is None
    assert dict(world.ledger(campaign).skipped_by_reason) == {"withdrawn": 8}


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_many_acts_at_once_keep_the_audit_log_in_one_row(world: World) -> None:
    product, author = add_product(world.app, 1), world.staff(Role.MARKETER)
    together = threading.Barrier(6)

    def create(_number: int) -> None:
        together.wait(20)
        with world.app.database.write() as session:
            world.app.campaigns.create(
                session, author, name="x", content=promotion(product), scheduled_at=world.clock()
            )

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(create, range(6)))
    with world.app.database.read() as session:
        assert verify_audit(session, TENANT) is None
    assert world.audited() == ["campaign.create"] * 6


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_campaign_started_again_and_the_answer_of_a_channel_do_not_wait_for_each_other(world: World) -> None:
    campaign = world.approved(promotion(add_product(world.app, 1), channels=(ChannelName.EMAIL, ChannelName.TELEGRAM)))
    world.app.planner.start(campaign)
    with world.app.database.write() as session:
        session.execute(update(Campaign).where(Campaign.id == campaign).values(planned_at=None))
    with ThreadPoolExecutor(1) as pool:
        with world.app.database.write() as answering:
            moved = update(Post).where(Post.campaign_id == campaign).values(marker=Post.marker, account=Post.account)
            answering.execute(moved)
            again = pool.submit(world.app.planner.start, campaign)
            wait_until_blocked(world)
            record_exposure(answering, campaign, ChannelName.TELEGRAM, audience=0, now=world.clock())
        again.result(20)


def wait_until_blocked(world: World) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _try in range(2_000):
        with world.app.database.read() as session:
            if session.scalar(waiting):
                return
    raise AssertionError("nobody waits")
