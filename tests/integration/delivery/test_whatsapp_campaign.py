"""Personal messages of WhatsApp go through the engine with all its promises, talking to a simulated Cloud API, on either engine."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from marketing.channels.base import Load, SendOutcome
from marketing.contacts.suppressions import Reason
from marketing.db.models import Campaign, ConsentNow, Event, Link, Product, Suppression, WhatsAppTemplate
from marketing.delivery.handing_over import group_size
from marketing.delivery.leases import LEASE
from marketing.demo.simulators.server import Fault
from marketing.domain.campaign import CampaignState, ChatTemplate
from marketing.domain.consent import ConsentState
from marketing.domain.events import EventType
from marketing.domain.links import LinkPurpose
from marketing.domain.message import MessageState
from marketing.domain.types import ChannelName, EmailType, Purpose
from marketing.domain.whatsapp_message import OutboundTemplate
from marketing.domain.whatsapp_template import TemplateState
from marketing.errors import InvalidInputError
from marketing.whatsapp import templates_of
from tests.support.chat_campaign import PROMO, Chats, add_buyer, chats_of, digits_of, message_of
from tests.support.killed import KilledError
from tests.support.world import TENANT, World, add_contact, add_product, messages

S = MessageState


@pytest.fixture
def chats(world: World) -> Iterator[Chats]:
    with chats_of(world) as one:
        yield one


def states(world: World) -> dict[int, tuple[MessageState, str]]:
    return {row.contact_id: (row.state, row.reason) for row in messages(world)}


def test_from_approval_to_read_only_the_willing_are_written_to_and_the_ledger_balances(chats: Chats) -> None:
    world = chats.world
    willing = add_buyer(world, 1, PROMO)
    by_mail_only = add_buyer(world, 2, Purpose.PROMOTIONAL)
    numberless = add_contact(world.app, 3, PROMO)
    suppressed = add_buyer(world, 4, PROMO)
    world.suppress(suppressed)
    campaign = chats.approved(add_product(world.app, 1))
    chats.run(campaign)
    assert states(world) == {
        willing: (S.ACCEPTED, ""),
        by_mail_only: (S.SKIPPED, "no_consent"),
        numberless: (S.SKIPPED, "no_address"),
        suppressed: (S.SKIPPED, "suppressed"),
    }
    assert {row.channel for row in messages(world)} == {ChannelName.WHATSAPP}
    assert world.outbox.sent == []
    (sent,) = chats.server.sent
    assert sent.to == digits_of(1)
    body, button = sent.content["components"]
    assert [one["text"] for one in body["parameters"]] == ["Orang 1", "Tenun 1", "Usaha 1"]
    row = next(row for row in messages(world) if row.contact_id == willing)
    ids = world.app.signer.read(LinkPurpose.CLICK, button["parameters"][0]["text"])
    with world.app.database.read() as session:
        assert ids is not None
        url = session.get_one(Link, ids[1]).url
    assert (ids[0], "utm_medium=whatsapp" in url) == (row.id, True)
    assert (row.provider_id, row.consent_event_id is not None) == (sent.wamid, True)
    assert chats.told([2, 0, 1]) == 3  # read, sent, delivered
    assert states(world)[willing] == (S.DELIVERED, "")
    ledger = world.ledger(campaign)
    assert (ledger.balances, ledger.audience, ledger.sent) == (True, 4, 1)
    assert world.campaign(campaign).state is CampaignState.SENT
    with world.app.database.read() as session:
        kinds = Counter(session.scalars(select(Event.type).where(Event.message_id == row.id)))
    assert kinds == {EventType.ACCEPTED: 1, EventType.DELIVERED: 1, EventType.OPENED: 1}


def test_the_same_statuses_twice_change_nothing_and_a_stranger_s_settles_nothing(chats: Chats) -> None:
    world = chats.world
    add_buyer(world, 1, PROMO)
    chats.run(chats.approved(add_product(world.app, 1)))
    hooks = list(chats.server.hooks)
    assert chats.told() == 3
    chats.server.hooks = hooks
    assert chats.told() == 0
    for one in hooks:
        status = one["entry"][0]["changes"][0]["value"]["statuses"][0]
        status |= {"status": "failed", "biz_opaque_callback_data": "1.AAAAAAAAAAAAAAAAAAAAAA"}
    chats.server.hooks = hooks
    assert chats.told() == 0
    assert [row.state for row in messages(world)] == [S.DELIVERED]


def test_stop_in_the_chat_ends_it_for_good(chats: Chats) -> None:
    world = chats.world
    leaving = add_buyer(world, 1, PROMO)
    chats.run(chats.approved(add_product(world.app, 1)))
    waiting = chats.approved(add_product(world.app, 2))
    world.app.planner.start(waiting)
    chats.server.writes(digits_of(1), "Stop")
    chats.told()
    chats.run(waiting)
    world.clock.forward(days=8)
    chats.run(chats.approved(add_product(world.app, 3)))
    assert chats.reached == [digits_of(1)]
    assert Counter((row.contact_id, row.reason) for row in messages(world)) == {
        (leaving, ""): 1,
        (leaving, "withdrawn"): 2,
    }


def test_who_stopped_marketing_inside_whatsapp_is_withdrawn_and_barred_until_they_consent_anew(chats: Chats) -> None:
    world = chats.world
    leaving, staying = add_buyer(world, 1, PROMO), add_buyer(world, 2, PROMO)
    chats.server.person(digits_of(1)).stopped_marketing = True
    chats.run(chats.approved(add_product(world.app, 1)))
    chats.told()
    assert states(world) == {leaving: (S.BOUNCED, "bounce_none"), staying: (S.DELIVERED, "")}
    with world.app.database.read() as session:
        said = session.scalars(
            select(ConsentNow.state).where(ConsentNow.contact_id == leaving, ConsentNow.purpose == PROMO)
        ).one()
        barred = session.execute(select(Suppression.channel, Suppression.reason)).all()
    assert said is ConsentState.WITHDRAWN
    assert barred == [(ChannelName.WHATSAPP, Reason.UNSUBSCRIBE_ALL)]
    world.clock.forward(days=8)
    chats.run(chats.approved(add_product(world.app, 2)))
    assert Counter(chats.reached) == {digits_of(1): 1, digits_of(2): 2}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_choice_made_inside_whatsapp_counts_without_a_message(chats: Chats) -> None:
    world = chats.world
    add_buyer(world, 1, PROMO)
    chats.server.chooses(digits_of(1), "stop")
    chats.server.chooses(digits_of(1), "resume")  # a consent is given to the Dinas, not to Meta
    assert chats.told() == 1
    chats.run(chats.approved(add_product(world.app, 1)))
    assert chats.reached == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_number_without_whatsapp_comes_back_and_only_counts(chats: Chats) -> None:
    world = chats.world
    gone = add_buyer(world, 1, PROMO)
    chats.server.person(digits_of(1)).has_whatsapp = False
    chats.run(chats.approved(add_product(world.app, 1)))
    chats.told()
    assert states(world) == {gone: (S.BOUNCED, "bounce_soft")}
    with world.app.database.read() as session:
        assert session.scalars(select(Suppression)).all() == []


@dataclass
class Between:
    """A courier that lets something happen when it is asked to carry the first message."""

    chats: Chats
    happens: object
    name: ChannelName = ChannelName.WHATSAPP

    def in_hand(self, tenant: str, email_type: EmailType) -> int:
        return self.chats.messenger.in_hand(tenant, email_type)

    def send(self, batch: Load[OutboundTemplate] | Iterable[OutboundTemplate]) -> Iterator[SendOutcome]:
        if callable(self.happens):
            self.happens()
            self.happens = None
        yield from self.chats.messenger.send(batch)


def test_a_withdrawal_after_the_decision_stops_what_is_not_permitted_yet(chats: Chats) -> None:
    world = chats.world
    people = [add_buyer(world, number, PROMO) for number in range(1, 8)]  # two sub-batches of five
    campaign = chats.approved(add_product(world.app, 1))
    world.app.planner.start(campaign)
    pipeline = chats.pipeline(Between(chats, lambda: world.withdraw(people[-1], PROMO)))
    while pipeline.deliver(campaign, batches=3):
        pass
    assert sorted(chats.reached) == [digits_of(number) for number in range(1, 7)]
    assert states(world)[people[-1]] == (S.SKIPPED, "withdrawn")
    assert world.ledger(campaign).balances


@dataclass
class Deadly(Between):
    """A courier that dies with a message that WhatsApp has taken and whose answer nobody recorded."""

    def send(self, batch: Load[OutboundTemplate] | Iterable[OutboundTemplate]) -> Iterator[SendOutcome]:
        for _outcome in self.chats.messenger.send(batch):
            raise KilledError
        yield from ()


@pytest.mark.parametrize("email_type", [EmailType.PROMOTIONAL, EmailType.TRANSACTIONAL])
def test_a_worker_that_dies_leaves_doubt_and_nobody_gets_it_twice(chats: Chats, email_type: EmailType) -> None:
    world, group = chats.world, group_size(5, ahead=chats.world.app.database.on_server)
    for number in range(1, 9):
        add_buyer(world, number, PROMO)
    campaign = chats.approved(add_product(world.app, 1))
    world.app.planner.start(campaign)
    with world.app.database.write() as session:  # as an order's update would be: mail of that kind is repeated
        session.execute(update(Campaign).where(Campaign.id == campaign).values(email_type=email_type))
    with pytest.raises(KilledError):
        chats.pipeline(Deadly(chats, None)).deliver(campaign, batches=1)
    world.clock.now += LEASE * 2
    chats.server.now = world.clock.now
    world.app.sweeper.sweep()
    chats.run(campaign)
    unknown = [row for row in messages(world) if row.state is S.UNKNOWN]
    assert len(unknown) == group  # what was permitted together
    assert set(Counter(chats.reached).values()) == {1}
    assert len(chats.reached) == 1 + 8 - group
    chats.told()  # the one that was taken is settled by its own statuses
    assert Counter(row.state for row in messages(world)) == {
        S.DELIVERED: 9 - group,
        S.UNKNOWN: group - 1,
    }
    assert world.ledger(campaign).balances


def test_a_lost_answer_is_not_repeated_and_its_status_settles_it(chats: Chats) -> None:
    world = chats.world
    add_buyer(world, 1, PROMO)
    campaign = chats.approved(add_product(world.app, 1))
    chats.server.faults["/messages"].append(Fault.DROP_ANSWER)
    chats.run(campaign)
    for _round in range(3):
        world.clock.forward(hours=7)
        chats.run(campaign)
    assert chats.reached == [digits_of(1)]
    chats.told()
    assert [row.state for row in messages(world)] == [S.DELIVERED]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_cap_of_whatsapp_is_respected_for_a_day_and_then_given_up(chats: Chats) -> None:
    world = chats.world
    add_buyer(world, 1, PROMO)
    chats.server.refusals.append(131049)
    campaign = chats.approved(add_product(world.app, 1))
    chats.run(campaign)
    (row,) = messages(world)
    assert (row.state, row.reason) == (S.DEFERRED, "wa_131049")
    assert row.not_before is not None
    assert row.not_before - world.clock() >= timedelta(hours=24)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_template_that_meta_pauses_pauses_the_campaign_before_anything_leaves(chats: Chats) -> None:
    world = chats.world
    add_buyer(world, 1, PROMO)
    campaign = chats.approved(add_product(world.app, 1))
    world.app.planner.start(campaign)
    with world.app.database.write() as session:
        session.execute(update(WhatsAppTemplate).values(state=TemplateState.PAUSED))
    chats.run(campaign)
    paused = world.campaign(campaign)
    assert (paused.state, "promo_tautan" in paused.state_reason) == (CampaignState.PAUSED, True)
    assert chats.reached == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_product_that_falls_pauses_it_too(chats: Chats) -> None:
    world = chats.world
    add_buyer(world, 1, PROMO)
    campaign = chats.approved(add_product(world.app, 1))
    world.app.planner.start(campaign)
    with world.app.database.write() as session:
        session.execute(update(Product).values(stock=0))
    chats.run(campaign)
    assert world.campaign(campaign).state is CampaignState.PAUSED
    assert chats.reached == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_mail_and_whatsapp_share_one_cap(chats: Chats) -> None:
    world = chats.world
    eager = add_buyer(world, 1, PROMO, Purpose.PROMOTIONAL, email="")
    limit = world.app.planner.cap.limit
    for number in range(1, limit + 1):
        chats.run(chats.approved(add_product(world.app, number)))
    chats.run(chats.approved(add_product(world.app, 99)))
    last = messages(world)[-1]
    assert (last.contact_id, last.state, last.reason) == (eager, S.SKIPPED, "too_often")


LACKING: tuple[tuple[ChatTemplate | None, str], ...] = (
    (None, "Pilih templat"),
    (ChatTemplate("tidak_ada", "id", ()), "Pilih templat"),
    (ChatTemplate("kabar_pesanan", "id", ("nama", "produk", "usaha")), "bukan templat pemasaran"),
    (ChatTemplate("promo_tautan", "id", ("nama",)), "ada 3 isian"),
    (ChatTemplate("promo_tautan", "id", ("nama", "nomor", "kabar")), "ada 3 isian"),
    (ChatTemplate("tanpa_stop", "id", ("nama",)), "Balas STOP"),
    (ChatTemplate("situs_lain", "id", ("nama",)), "https://siar.example/k/{{1}}"),
)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_a_template_lacks_is_said_before_anybody_approves_it(chats: Chats) -> None:
    elsewhere = {"type": "URL", "text": "Lihat", "url": "https://lain.example/{{1}}"}
    chats.server.templates.add("tanpa_stop", "Halo {{1}} semua.")
    chats.server.templates.add("situs_lain", "Halo {{1}}. Balas STOP untuk berhenti.", buttons=[elsewhere])
    templates_of(chats.world.app).sync(TENANT)
    product = add_product(chats.world.app, 1)
    for chat, said in LACKING:
        with pytest.raises(InvalidInputError) as error:
            chats.world.approved(message_of(product, chat=chat))
        assert said in str(error.value), chat


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_one_campaign_writes_to_persons_on_one_channel(chats: Chats) -> None:
    product = add_product(chats.world.app, 1)
    with pytest.raises(InvalidInputError, match="satu kanal saja"):
        chats.world.approved(message_of(product, channels=(ChannelName.EMAIL,)))
