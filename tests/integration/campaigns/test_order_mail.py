"""Order mail: once per event, with what the law asks, and never a promise the order does not keep (TTS Ps. 7(3)b, Blitar Ps. 10(1))."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketing.db.models import Message
from marketing.db.session import Database
from marketing.delivery.leases import LEASE
from marketing.domain.message import MessageState
from marketing.domain.types import EmailType, Purpose, Role
from marketing.errors import NotAllowedError
from marketing.queue import TaskName
from tests.support.killed import die
from tests.support.orders import add_event, add_order, enable, run_automation
from tests.support.world import TENANT, World, add_contact, campaign_by_slug, messages

EVENTS = ("approved", "paid", "shipped")


def test_each_event_of_an_order_is_one_mail_however_often_it_runs(world: World) -> None:
    buyer = add_contact(world.app, 1)
    add_order(world.app, 1, buyer, events=EVENTS)
    enable(world, "transaksi")
    for _time in range(3):
        run_automation(world, "transaksi")
        world.clock.forward(minutes=1)
    assert [email.subject for email in world.outbox.sent] == [
        "Pesanan SO-1 disetujui penjual",
        "Faktur dan bukti pembayaran pesanan SO-1",
        "Pesanan SO-1 dalam pengiriman",
    ]
    assert {email.email_type for email in world.outbox.sent} == {EmailType.TRANSACTIONAL}
    assert all(email.unsubscribe_url == "" for email in world.outbox.sent)
    for variant in ("pesanan", "faktur", "pengiriman"):
        ledger = world.ledger(campaign_by_slug(world, f"transaksi-{variant}").id)
        assert (ledger.audience, ledger.sent, ledger.balances) == (1, 1, True)


def test_other_events_cause_no_mail(small_world: World) -> None:
    world = small_world
    add_order(world.app, 1, add_contact(world.app, 1), events=("invoiced", "delivered", "refunded"))
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    assert messages(world) == []


@pytest.mark.parametrize("status", ["cancelled", "refunded"])
def test_an_order_that_is_off_brings_no_good_news(small_world: World, status: str) -> None:
    world = small_world
    add_order(world.app, 1, add_contact(world.app, 1), status=status, events=("approved", "paid"))
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    assert messages(world) == []


@pytest.mark.parametrize(("age", "number"), [(71.9, 1), (72.1, 0), (-0.1, 0)])
def test_what_is_older_than_three_days_or_yet_to_come_is_no_news(small_world: World, age: float, number: int) -> None:
    world = small_world
    order = add_order(world.app, 1, add_contact(world.app, 1))
    add_event(world.app, order, "paid", at=world.clock() - timedelta(hours=age))
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    assert len(world.outbox.sent) == number


def test_a_shipment_before_payment_waits_with_its_article_and_leaves_once_paid(world: World) -> None:
    order = add_order(world.app, 1, add_contact(world.app, 1), status="shipped", events=["shipped"])
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    run_automation(world, "transaksi")
    assert world.outbox.sent == []
    (held,) = messages(world)
    assert (held.state, held.reason, held.article, held.not_before) == (
        MessageState.DEFERRED,
        "not_paid",
        "Perwali Blitar 24/2024 Ps. 10(1)",
        None,
    )
    world.clock.forward(hours=1)
    add_event(world.app, order, "paid")
    run_automation(world, "transaksi")
    run_automation(world, "transaksi")
    assert [email.subject.split()[0] for email in world.outbox.sent] == ["Faktur", "Pesanan"]
    ledger = world.ledger(campaign_by_slug(world, "transaksi-pengiriman").id)
    assert (ledger.audience, ledger.sent, ledger.balances) == (1, 1, True)


def test_a_buyer_without_an_address_is_a_skipped_row_and_one_nobody_knows_is_none(small_world: World) -> None:
    world = small_world
    add_order(world.app, 1, add_contact(world.app, 1, email=None), events=["paid"])
    add_order(world.app, 2, None, events=["paid"])
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    assert [(row.state, row.reason) for row in messages(world)] == [(MessageState.SKIPPED, "no_address")]


def test_it_needs_no_consent_and_no_withdrawal_stops_it(small_world: World) -> None:
    world = small_world
    buyer = add_contact(world.app, 1)
    world.suppress(buyer)
    world.withdraw(buyer, *Purpose)
    add_order(world.app, 1, buyer, events=["paid"])
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    assert [email.recipient_address for email in world.outbox.sent] == ["orang1@surat.example"]


def test_after_a_lost_worker_it_is_repeated_under_the_same_message_id(world: World) -> None:
    add_order(world.app, 1, add_contact(world.app, 1), events=["paid"])
    enable(world, "transaksi")
    world.app.automations.run(TENANT, "transaksi")
    campaign = campaign_by_slug(world, "transaksi-faktur").id
    die(world, campaign)
    world.clock.now += LEASE * 2
    world.tasks.asked.clear()
    world.app.sweeper.sweep()
    (row,) = messages(world)
    assert (row.state, row.settled_at) == (MessageState.QUEUED, None)
    world.app.sweeper.sweep()
    assert (TaskName.DELIVER_TRANSACTIONAL, {"campaign_id": campaign}) in world.tasks.asked
    world.app.pipeline.deliver(campaign, batches=1)
    (email,) = world.outbox.sent
    assert email.message_id == f"<{world.app.signer.reference(row.id)}@notifikasi.ttskab.example>"
    (row,) = messages(world)
    assert (row.state, row.attempt) == (MessageState.ACCEPTED, 2)


def test_it_is_asked_for_in_its_own_lane_also_after_a_pause(small_world: World) -> None:
    world = small_world
    add_order(world.app, 1, add_contact(world.app, 1), events=["paid"])
    enable(world, "transaksi")
    world.app.automations.run(TENANT, "transaksi")
    assert {task for task, _ids in world.tasks.asked} == {TaskName.DELIVER_TRANSACTIONAL}
    campaign = campaign_by_slug(world, "transaksi-faktur").id
    approver = world.staff(Role.APPROVER)
    world.tasks.asked.clear()
    with world.app.database.write() as session:
        world.app.campaigns.pause(session, approver, campaign)
        world.app.campaigns.resume(session, approver, campaign)
    assert (TaskName.DELIVER_TRANSACTIONAL, {"campaign_id": campaign}) in world.tasks.asked
    assert TaskName.DELIVER not in {task for task, _ids in world.tasks.asked}


def test_while_paused_nothing_is_lost_and_nobody_can_end_it_for_good(small_world: World) -> None:
    world = small_world
    enable(world, "transaksi")
    world.app.automations.run(TENANT, "transaksi")
    campaign, approver = campaign_by_slug(world, "transaksi-faktur").id, world.staff(Role.APPROVER)
    with world.app.database.write() as session:
        world.app.campaigns.pause(session, approver, campaign)
    add_order(world.app, 1, add_contact(world.app, 1), events=["paid"])
    run_automation(world, "transaksi")
    assert world.outbox.sent == []
    with pytest.raises(NotAllowedError, match="dijeda"), world.app.database.write() as session:
        world.app.campaigns.cancel(session, approver, campaign)
    with world.app.database.write() as session:
        world.app.campaigns.resume(session, approver, campaign)
    run_automation(world, "transaksi")
    assert len(world.outbox.sent) == 1


def test_orders_of_one_daerah_cause_no_mail_of_another(small_world: World) -> None:
    world = small_world
    add_order(world.app, 1, add_contact(world.app, 1), events=["paid"])
    enable(world, "transaksi")
    world.app.automations.run("blitar", "transaksi")
    assert messages(world) == []


@pytest.mark.postgres
def test_two_workers_at_the_very_first_run_make_one_campaign_and_one_mail(database: Database, world: World) -> None:
    from concurrent.futures import ThreadPoolExecutor

    add_order(world.app, 1, add_contact(world.app, 1), events=EVENTS)
    enable(world, "transaksi")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _n: world.app.automations.run(TENANT, "transaksi"), range(4)))
    with world.app.database.read() as session:
        assert len(session.scalars(select(Message)).all()) == 3
