"""News of an order by WhatsApp beside the e-mail: to buyers who agreed, once each, in the template that an approver chose."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from marketing.campaigns.automations.order_chat import switch_off_chat, switch_on_chat
from marketing.db.models import Campaign, Message
from marketing.demo.simulators.server import Fault
from marketing.domain.campaign import ChatTemplate
from marketing.domain.message import MessageState
from marketing.domain.types import ChannelName, Purpose, Role
from marketing.errors import InvalidInputError, NotAllowedError
from marketing.tenants.profile import profile_of
from tests.support.chat_campaign import PROMO, Chats, add_buyer, chats_of, digits_of
from tests.support.orders import add_event, add_order, enable, run_automation
from tests.support.world import TENANT, World, add_product

MAIL, CHAT = "transaksi", "transaksi-whatsapp"
TEMPLATE = ChatTemplate("kabar_pesanan", "id")


@pytest.fixture
def chats(world: World) -> Iterator[Chats]:
    with chats_of(world) as one:
        switch_on(one)
        yield one


def switch_on(chats: Chats, template: ChatTemplate = TEMPLATE, role: Role = Role.APPROVER) -> None:
    world = chats.world
    with world.app.database.write() as session:
        switch_on_chat(
            session, approver=world.staff(role), profile=profile_of(TENANT), wanted=template, now=world.clock()
        )


def of_chat(world: World) -> list[tuple[MessageState, str]]:
    with world.app.database.read() as session:
        rows = session.scalars(select(Message).where(Message.channel == ChannelName.WHATSAPP).order_by(Message.id))
        return [(row.state, row.reason) for row in rows]


def said(chats: Chats) -> list[list[str]]:
    return [[one["text"] for one in sent.content["components"][0]["parameters"]] for sent in chats.server.sent]


def test_a_buyer_who_agreed_gets_both_and_one_who_did_not_the_mail_alone(chats: Chats) -> None:
    world = chats.world
    product = add_product(world.app, 1)
    agreed, other = add_buyer(world, 1, PROMO, email=""), add_buyer(world, 2, Purpose.PROMOTIONAL, email="")
    enable(world, MAIL)
    for number, buyer in enumerate((agreed, other), 1):
        add_order(world.app, number, buyer, products=[product], events=["approved", "paid", "shipped"])
    for _round in range(2):
        run_automation(world, MAIL)
        run_automation(world, CHAT)
    assert said(chats) == [
        ["Orang 1", "SO-1", "sudah disetujui penjual"],
        ["Orang 1", "SO-1", "sudah kami terima pembayarannya"],
        ["Orang 1", "SO-1", "sudah dikirim (Kurir Timor RESI-1)"],
    ]
    assert {one.to for one in chats.server.sent} == {digits_of(1)}
    assert len(world.outbox.sent) == 6
    chats.told()
    assert of_chat(world) == [(MessageState.DELIVERED, "")] * 3
    with world.app.database.read() as session:
        campaigns = session.scalars(select(Campaign).where(Campaign.automation == CHAT)).all()
        assert {row.purpose for row in campaigns} == {PROMO}
    assert all(world.ledger(row.id).balances for row in campaigns)


def test_an_order_s_news_is_held_back_by_no_cap_and_no_pause_but_by_a_withdrawal(chats: Chats) -> None:
    world = chats.world
    buyer = add_buyer(world, 1, PROMO)
    for number in range(1, world.app.planner.cap.limit + 3):
        add_order(world.app, number, buyer, products=[], events=["approved"])
    run_automation(world, CHAT)
    assert len(chats.reached) == world.app.planner.cap.limit + 2
    world.withdraw(buyer, PROMO)
    add_order(world.app, 90, buyer, events=["approved"])
    run_automation(world, CHAT)
    assert len(chats.reached) == world.app.planner.cap.limit + 2


def test_what_waits_is_stopped_by_stop(chats: Chats) -> None:
    world = chats.world
    add_order(world.app, 1, add_buyer(world, 1, PROMO), events=["approved"])
    world.app.automations.run(TENANT, CHAT)
    chats.server.writes(digits_of(1), "STOP")
    chats.told()
    run_automation(world, CHAT)
    assert (chats.reached, of_chat(world)) == ([], [(MessageState.SKIPPED, "withdrawn")])


def test_a_lost_answer_is_never_repeated_although_order_mail_would_be(chats: Chats) -> None:
    world = chats.world
    add_order(world.app, 1, add_buyer(world, 1, PROMO), events=["approved"])
    chats.server.break_next("/messages", Fault.DROP_ANSWER)
    for _round in range(3):
        run_automation(world, CHAT)
        world.clock.forward(hours=1)
    assert chats.reached == [digits_of(1)]
    assert of_chat(world)[0][0] is MessageState.UNKNOWN
    chats.told()
    assert of_chat(world) == [(MessageState.DELIVERED, "")]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_shipment_is_told_once_it_is_paid(chats: Chats) -> None:
    world = chats.world
    order = add_order(world.app, 1, add_buyer(world, 1, PROMO), status="approved", events=["shipped"])
    run_automation(world, CHAT)
    assert chats.reached == []
    add_event(world.app, order, "paid")
    run_automation(world, CHAT)
    assert [words[2] for words in said(chats)] == [
        "sudah kami terima pembayarannya",
        "sudah dikirim (Kurir Timor RESI-1)",
    ]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_another_template_serves_what_comes_next_and_off_ends_it(chats: Chats) -> None:
    world = chats.world
    buyer = add_buyer(world, 1, PROMO)
    switch_on(chats, ChatTemplate("pesanan_dikirim", "id"))
    add_order(world.app, 1, buyer, events=["approved"])
    run_automation(world, CHAT)
    assert said(chats) == [["Orang 1"]]
    with world.app.database.write() as session:
        switch_off_chat(session, approver=world.staff(Role.APPROVER), now=world.clock())
    add_order(world.app, 2, buyer, events=["approved"])
    run_automation(world, CHAT)
    assert len(chats.reached) == 1
    assert world.audited()[-1] == "automation.off"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_only_an_approver_chooses_and_only_a_utility_template(chats: Chats) -> None:
    with pytest.raises(NotAllowedError):
        switch_on(chats, role=Role.MARKETER)
    for template, words in ((ChatTemplate("promo_umkm", "id"), "utilitas"), (ChatTemplate("tidak", "id"), "tidak ada")):
        with pytest.raises(InvalidInputError, match=words):
            switch_on(chats, template)
