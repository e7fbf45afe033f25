"""Plan, permit, hand over, record: every person stands in exactly one state, and nobody gets what they did not allow."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from marketing.channels.base import Deferred, Failed, InDoubt, SendOutcome
from marketing.contacts.unsubscribe import Scope, unsubscribe
from marketing.db.models import Exposure, Message, Product
from marketing.db.session import Database
from marketing.delivery.leases import LEASE
from marketing.domain.campaign import CampaignState
from marketing.domain.content import OutboundEmail
from marketing.domain.message import MessageState
from marketing.domain.types import ChannelName, Purpose
from tests.support.killed import die
from tests.support.world import START, World, add_contact, add_contacts, add_product, promotion

PROMO = Purpose.PROMOTIONAL


def test_everyone_stands_in_one_state_and_only_the_willing_are_written_to(world: World) -> None:
    product = add_product(world.app, 1)
    add_contact(world.app, 1, PROMO)
    add_contact(world.app, 2, Purpose.NEWSLETTER)
    add_contact(world.app, 3, PROMO, email=None)
    campaign = world.approved(promotion(product))
    world.run(campaign)
    ledger = world.ledger(campaign)
    assert ledger.balances
    assert (ledger.audience, ledger.sent, dict(ledger.skipped_by_reason)) == (3, 1, {"no_consent": 1, "no_address": 1})
    assert [email.recipient_address for email in world.outbox.sent] == ["orang1@surat.example"]
    assert world.campaign(campaign).state is CampaignState.SENT


def test_starting_twice_plans_nobody_twice(world: World) -> None:
    add_contact(world.app, 1, PROMO)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    world.app.planner.start(campaign)
    world.run(campaign)
    assert world.ledger(campaign).audience == 1
    assert len(world.outbox.sent) == 1


def test_a_withdrawal_between_plan_and_send_stops_the_mail(world: World) -> None:
    add_contact(world.app, 1, PROMO)
    first = world.approved(promotion(add_product(world.app, 1)))
    world.run(first)
    second = world.approved(promotion(add_product(world.app, 2)))
    world.app.planner.start(second)
    with world.app.database.write() as session:
        message = session.scalars(select(Message).where(Message.campaign_id == first)).one()
        assert unsubscribe(session, message.id, Scope.PURPOSE, source="satu-klik", now=world.clock())
    world.run(second)
    assert len(world.outbox.sent) == 1
    assert dict(world.ledger(second).skipped_by_reason) == {"withdrawn": 1}
    assert world.ledger(second).balances


def test_a_held_product_pauses_the_campaign_before_anything_leaves(world: World) -> None:
    product = add_product(world.app, 1)
    add_contact(world.app, 1, PROMO)
    campaign = world.approved(promotion(product, channels=(ChannelName.EMAIL, ChannelName.FACEBOOK)))
    world.app.planner.start(campaign)
    with world.app.database.write() as session:
        session.execute(update(Product).where(Product.id == product).values(stock=0))
    world.run(campaign)
    assert world.outbox.sent == []
    paused = world.campaign(campaign)
    assert paused.state is CampaignState.PAUSED
    assert "TTS 10(1)c" in paused.state_reason


def test_a_late_campaign_waits_for_a_person(world: World) -> None:
    add_contact(world.app, 1, PROMO)
    campaign = world.approved(promotion(add_product(world.app, 1)), hours=1)
    world.run(campaign)
    assert world.campaign(campaign).state is CampaignState.SCHEDULED
    world.clock.forward(hours=8)
    world.run(campaign)
    assert world.campaign(campaign).state is CampaignState.PAUSED
    assert world.outbox.sent == []


def test_what_a_dead_worker_held_is_unknown_and_never_repeated(world: World) -> None:
    add_contact(world.app, 1, PROMO)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    die(world, campaign)
    world.run(campaign)
    assert world.outbox.sent == []
    world.clock.now += LEASE * 2
    world.app.sweeper.sweep()
    world.run(campaign)
    assert world.outbox.sent == []
    assert world.ledger(campaign).of(MessageState.UNKNOWN) == 1
    assert world.campaign(campaign).state is CampaignState.SENT


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        (lambda key: Failed(key, "smtp_550", "5.1.1"), MessageState.FAILED, "smtp_550"),
        (lambda key: InDoubt(key, "lost"), MessageState.UNKNOWN, "lost"),
        (lambda key: Deferred(key, "smtp_451", LEASE), MessageState.DEFERRED, "smtp_451"),
    ],
)
def test_what_the_provider_says_is_what_the_ledger_shows(
    world: World, monkeypatch: pytest.MonkeyPatch, answer: Any, state: MessageState, reason: str
) -> None:
    add_contact(world.app, 1, PROMO)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    monkeypatch.setattr(world.outbox, "answer", lambda email: answer(email.key))
    world.run(campaign)
    with world.app.database.read() as session:
        message = session.scalars(select(Message)).one()
    assert (message.state, message.reason) == (state, reason)
    assert world.ledger(campaign).balances
    assert len(world.outbox.sent) == 1


def test_a_deferred_message_goes_out_later_with_the_same_message_id(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_contact(world.app, 1, PROMO)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    answers: list[SendOutcome] = [Deferred("", "smtp_451", LEASE)]
    good = world.outbox.answer

    def answer(email: OutboundEmail) -> SendOutcome:
        return Deferred(email.key, "smtp_451", LEASE) if answers and answers.pop() else good(email)

    monkeypatch.setattr(world.outbox, "answer", answer)
    world.run(campaign)
    assert world.campaign(campaign).state is CampaignState.SENDING
    world.clock.forward(hours=1)
    world.run(campaign)
    assert [email.message_id for email in world.outbox.sent] == [world.outbox.sent[0].message_id] * 2
    assert world.campaign(campaign).state is CampaignState.SENT


def test_the_cap_holds_over_all_campaigns_together(world: World) -> None:
    add_contact(world.app, 1, PROMO)
    for number in range(5):
        world.run(world.approved(promotion(add_product(world.app, number + 1))))
    assert len(world.outbox.sent) == 4
    world.clock.forward(days=8)
    world.run(world.approved(promotion(add_product(world.app, 9))))
    assert len(world.outbox.sent) == 5


@pytest.mark.postgres
def test_many_workers_share_a_campaign_without_a_duplicate(postgres: Any, tmp_path: Path) -> None:
    database = Database(postgres.new_database())
    world = World.make(database, tmp_path)
    add_contacts(world.app, range(300), PROMO)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _n: world.app.pipeline.deliver(campaign, batches=20), range(6)))
    times = Counter(email.recipient_address for email in world.outbox.sent)
    assert len(times) == 300
    assert set(times.values()) == {1}
    assert world.ledger(campaign).sent == 300
    database.close()


def test_exposure_is_recorded_once_per_channel_and_product(world: World) -> None:
    products = [add_product(world.app, number) for number in (1, 2, 3)]
    add_contact(world.app, 1, PROMO)
    campaign = world.approved(promotion(*products, channels=(ChannelName.EMAIL, ChannelName.FACEBOOK)))
    world.run(campaign)
    world.run(campaign)
    with world.app.database.read() as session:
        shown = session.execute(select(Exposure.channel, Exposure.product_id, Exposure.position)).all()
    assert sorted(shown) == [
        (channel, product, n) for channel in ("email", "facebook") for n, product in enumerate(products, 1)
    ]
    assert world.clock.now == START
