"""Retention and personalised mail: to whom, how often, with which products and which reasons (TTS Ps. 7(3)d–e)."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from marketing.campaigns.automations import AUTOMATIONS
from marketing.db.models import Approval, Automation, Contact, Exposure, Product
from marketing.domain.campaign import CampaignState
from marketing.domain.consent import ConsentState
from marketing.domain.message import MessageState
from marketing.domain.types import ChannelName, Purpose, Role
from marketing.errors import NotAllowedError, NotFoundError
from marketing.queue import TaskName
from tests.support.orders import add_order, enable, run_automation
from tests.support.world import TENANT, World, add_contact, add_product, campaign_by_slug, messages, promotion

RETENTION, CHOICE = "retensi-2026-t4", "pilihan-2026-11"
LONG_AGO, LATELY = timedelta(days=200), timedelta(days=20)


def buyer(world: World, number: int, product: int, *purposes: Purpose, ago: timedelta, times: int = 1) -> int:
    contact = add_contact(world.app, number, *purposes)
    for time in range(times):
        add_order(world.app, 100 * number + time, contact, products=[product], placed_at=world.clock() - ago)
    return contact


def choices(world: World, contact_id: int) -> list[tuple[int, str]]:
    (row,) = [row for row in messages(world) if row.contact_id == contact_id]
    return [(choice["id"], choice["why"]) for choice in row.context["products"]]


@pytest.mark.parametrize("slug", ["retensi", "pilihan", "transaksi"])
def test_nothing_happens_unless_it_was_switched_on(small_world: World, slug: str) -> None:
    world = small_world
    contact = buyer(world, 1, add_product(world.app, 1), Purpose.RETENTION, Purpose.PERSONALISED, ago=LATELY)
    add_order(world.app, 1, contact, events=["paid"])
    run_automation(world, slug)
    assert messages(world) == []
    enable(world, slug)
    with world.app.database.write() as session:
        session.get_one(Automation, (TENANT, slug)).enabled = False
    run_automation(world, slug)
    assert messages(world) == []
    assert world.tasks.asked == []


def test_only_an_approver_switches_it_on_and_each_run_names_that_person(small_world: World) -> None:
    from marketing.campaigns.automation_service import switch_on

    world = small_world
    for role in Role:
        if role is not Role.APPROVER:
            with pytest.raises(NotAllowedError), world.app.database.write() as session:
                switch_on(session, slug="retensi", approver=world.staff(role), now=world.clock())
    with pytest.raises(NotFoundError), world.app.database.write() as session:
        switch_on(session, slug="apa", approver=world.staff(Role.APPROVER), now=world.clock())
    enable(world, "retensi")
    enable(world, "retensi")
    run_automation(world, "retensi")
    with world.app.database.read() as session:
        from sqlalchemy import select

        (approval,) = session.scalars(select(Approval)).all()
    assert (approval.approver_id, approval.author_id) == (world.staff(Role.APPROVER).id, None)
    assert world.audited() == ["automation.on"]


def test_retention_reaches_the_inactive_who_agreed_and_nobody_else(world: World) -> None:
    product = add_product(world.app, 1)
    add_product(world.app, 2)
    willing = buyer(world, 1, product, Purpose.RETENTION, ago=LONG_AGO)
    silent = buyer(world, 2, product, Purpose.PERSONALISED, Purpose.PROMOTIONAL, ago=LONG_AGO)
    buyer(world, 3, product, Purpose.RETENTION, ago=LATELY)
    add_contact(world.app, 4, Purpose.RETENTION)
    enable(world, "retensi")
    run_automation(world, "retensi")
    run_automation(world, "retensi")
    states = {row.contact_id: (row.state, row.reason) for row in messages(world)}
    assert states == {willing: (MessageState.ACCEPTED, ""), silent: (MessageState.SKIPPED, "no_consent")}
    campaign = campaign_by_slug(world, RETENTION)
    assert campaign.state is CampaignState.SENT
    assert world.ledger(campaign.id).balances
    (email,) = world.outbox.sent
    assert "Tenun 1" in email.text
    assert "6 Mei 2026" in email.text


def test_an_invitation_uses_what_was_bought_only_where_that_was_agreed_to(small_world: World) -> None:
    world = small_world
    product = add_product(world.app, 1)
    plain = buyer(world, 1, product, Purpose.RETENTION, ago=LONG_AGO)
    willing = buyer(world, 2, product, Purpose.RETENTION, Purpose.PERSONALISED, ago=LONG_AGO)
    enable(world, "retensi")
    run_automation(world, "retensi")
    assert choices(world, plain) == [(product, "fair")]
    assert choices(world, willing) == [(product, "bought")]
    said = {email.recipient_address: email.text for email in world.outbox.sent}
    assert "Anda pernah membelinya" in said["orang2@surat.example"]
    assert "membelinya" not in said["orang1@surat.example"]


def test_an_automation_speaks_the_language_of_its_reader(small_world: World) -> None:
    world = small_world
    contact = buyer(world, 1, add_product(world.app, 1), Purpose.RETENTION, ago=LONG_AGO)
    with world.app.database.write() as session:
        session.get_one(Contact, contact).locale = "en"
    enable(world, "retensi")
    run_automation(world, "retensi")
    (email,) = world.outbox.sent
    assert email.subject == "It has been a while"
    assert "6 May 2026" in email.text


def test_retention_comes_once_a_quarter(small_world: World) -> None:
    world = small_world
    buyer(world, 1, add_product(world.app, 1), Purpose.RETENTION, ago=LONG_AGO)
    enable(world, "retensi")
    for _day in range(45):  # 22 November to 5 January
        run_automation(world, "retensi")
        world.clock.forward(days=1)
    assert len(world.outbox.sent) == 2
    assert campaign_by_slug(world, "retensi-2027-t1").state is CampaignState.SENT


def test_a_quarter_and_a_month_begin_at_midnight_of_the_daerah(small_world: World) -> None:
    world = small_world
    enable(world, "retensi", "pilihan")
    world.clock.now = world.clock.now.replace(month=12, day=31, hour=15, minute=59)  # 23.59 in SoE
    run_automation(world, "retensi")
    run_automation(world, "pilihan")
    world.clock.forward(minutes=1)
    run_automation(world, "retensi")
    run_automation(world, "pilihan")
    for slug in ("retensi-2026-t4", "retensi-2027-t1", "pilihan-2026-12", "pilihan-2027-01"):
        assert campaign_by_slug(world, slug).automation in AUTOMATIONS


def test_personal_choice_follows_own_frequency_and_says_why(world: World) -> None:
    often, once, new = (add_product(world.app, number) for number in (1, 2, 3))
    contact = buyer(world, 1, often, Purpose.PERSONALISED, ago=LATELY, times=3)
    add_order(world.app, 1, contact, products=[once], placed_at=world.clock() - LATELY)
    enable(world, "pilihan")
    run_automation(world, "pilihan")
    assert choices(world, contact) == [(often, "bought"), (once, "bought"), (new, "fair")]
    (email,) = world.outbox.sent
    said = [email.text.index(reason) for reason in ("membelinya 3 kali", "pernah membelinya", "belum sering tampil")]
    assert said == sorted(said)
    assert "riwayat belanja" in email.text


def test_personal_choice_comes_once_a_month_and_only_to_the_active_who_agreed(small_world: World) -> None:
    world = small_world
    product = add_product(world.app, 1)
    buyer(world, 1, product, Purpose.PERSONALISED, ago=LATELY)
    buyer(world, 2, product, Purpose.RETENTION, ago=LATELY)
    buyer(world, 3, product, Purpose.PERSONALISED, ago=LONG_AGO)
    enable(world, "pilihan")
    for _day in range(12):  # 22 November to 3 December
        run_automation(world, "pilihan")
        world.clock.forward(days=1)
    assert [email.recipient_address for email in world.outbox.sent] == ["orang1@surat.example"] * 2


def test_one_place_goes_to_a_business_shown_least(small_world: World) -> None:
    world = small_world
    own = [add_product(world.app, number) for number in range(1, 6)]
    shown, hidden = add_product(world.app, 6), add_product(world.app, 7)
    world.run(world.approved(promotion(shown, channels=(ChannelName.FACEBOOK,))))
    contact = add_contact(world.app, 7, Purpose.PERSONALISED)  # 7 people would start elsewhere in a list of 7
    for number in range(2):
        add_order(world.app, number, contact, products=own, placed_at=world.clock() - LATELY)
    enable(world, "pilihan")
    run_automation(world, "pilihan")
    picked = [product for product, _reason in choices(world, contact)]
    assert len(picked) == 4
    assert set(picked[:3]) <= set(own)
    assert picked[3] == hidden


def test_what_a_person_was_shown_counts_for_the_business(small_world: World) -> None:
    from sqlalchemy import select

    world = small_world
    products = [add_product(world.app, number) for number in (1, 2)]
    for number in (1, 2):
        buyer(world, number, products[0], Purpose.PERSONALISED, ago=LATELY)
    enable(world, "pilihan")
    run_automation(world, "pilihan")
    with world.app.database.read() as session:
        shown = session.execute(select(Exposure.product_id, Exposure.audience).order_by(Exposure.product_id)).all()
    assert [tuple(row) for row in shown] == [(products[0], 2), (products[1], 2)]


def test_held_products_are_left_out_and_without_any_there_is_nothing_to_say(small_world: World) -> None:
    world = small_world
    held, fine = (add_product(world.app, number) for number in (1, 2))
    contact = buyer(world, 1, held, Purpose.RETENTION, ago=LONG_AGO)
    with world.app.database.write() as session:
        session.execute(update(Product).where(Product.id == held).values(promotable=False))
    enable(world, "retensi")
    run_automation(world, "retensi")
    assert [product for product, _reason in choices(world, contact)] == [fine]
    with world.app.database.write() as session:
        session.execute(update(Product).values(promotable=False))
    world.clock.forward(days=60)
    run_automation(world, "retensi")
    (empty,) = [row for row in messages(world) if row.state is MessageState.SKIPPED]
    assert empty.reason == "nothing_to_say"
    assert len(world.outbox.sent) == 1


def test_a_product_held_between_plan_and_send_is_left_out_and_a_mail_without_any_is_not_sent(world: World) -> None:
    first, second = (add_product(world.app, number) for number in (1, 2))
    buyer(world, 1, first, Purpose.RETENTION, ago=LONG_AGO)
    enable(world, "retensi")
    world.app.automations.run(TENANT, "retensi")
    with world.app.database.write() as session:
        session.execute(update(Product).where(Product.id == first).values(stock=0))
    campaign = campaign_by_slug(world, RETENTION).id
    assert TaskName.DELIVER in {task for task, _ids in world.tasks.asked}
    with world.app.database.write() as session:
        session.execute(update(Product).where(Product.id == second).values(stock=0))
    world.app.pipeline.deliver(campaign, batches=2)
    assert world.outbox.sent == []
    assert dict(world.ledger(campaign).skipped_by_reason) == {"nothing_to_say": 1}
    world.app.sweeper.sweep()
    assert world.campaign(campaign).state is CampaignState.SENT


def test_cancelled_orders_are_no_history(small_world: World) -> None:
    world = small_world
    product = add_product(world.app, 1)
    contact = add_contact(world.app, 1, Purpose.PERSONALISED)
    for number, status in enumerate(("cancelled", "refunded")):
        add_order(world.app, number, contact, products=[product], status=status)
    enable(world, "pilihan")
    run_automation(world, "pilihan")
    assert messages(world) == []


def test_a_withdrawal_after_the_plan_stops_the_mail(small_world: World) -> None:
    world = small_world
    contact = buyer(world, 1, add_product(world.app, 1), Purpose.PERSONALISED, ago=LATELY)
    enable(world, "pilihan")
    world.app.automations.run(TENANT, "pilihan")
    world.withdraw(contact, Purpose.PERSONALISED)
    run_automation(world, "pilihan")
    world.app.pipeline.deliver(campaign_by_slug(world, CHOICE).id, batches=1)
    assert [(row.state, row.reason) for row in messages(world)] == [(MessageState.SKIPPED, ConsentState.WITHDRAWN)]
    assert world.outbox.sent == []
