"""The facts of the decision as the database knows them: wishes, lists, texts, counts, the clock of each person."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, update

from marketing.contacts.consent_service import history
from marketing.contacts.permission_facts import ContactFacts, gather_facts
from marketing.contacts.wordings import publish
from marketing.db.bulk import insert_rows
from marketing.db.models import Address, Contact, Suppression
from marketing.domain.campaign import CampaignState
from marketing.domain.consent import ConsentState
from marketing.domain.consent_wording import LABELS, Element, composed
from marketing.domain.frequency import FrequencyCap
from marketing.domain.message import MessageState
from marketing.domain.quiet_hours import QuietHours
from marketing.domain.types import ChannelName, Purpose
from tests.support.world import TENANT, World, add_contact, add_product, messages, promotion

PROMO = Purpose.PROMOTIONAL
CAP = FrequencyCap()


def facts_of(world: World, contact_id: int, cap: FrequencyCap = CAP, purpose: Purpose | None = PROMO) -> ContactFacts:
    with world.app.database.read() as session:
        found = gather_facts(
            session, tenant_id=TENANT, contact_ids=[contact_id], purpose=purpose, cap=cap, now=world.clock()
        )
    return found[contact_id]


def change(world: World, contact_id: int, **values: object) -> None:
    with world.app.database.write() as session:
        session.execute(update(Contact).where(Contact.id == contact_id).values(**values))


def publish_text(world: World, version: str) -> None:
    """Publish a text, in force at once: a new series asks for something else, a revision mends the words."""
    told = dict.fromkeys(Element, "Diberitahukan dengan kalimat yang cukup panjang.")
    with world.app.database.write() as session:
        publish(
            session,
            tenant_id=TENANT,
            version=version,
            purpose=PROMO,
            language="id",
            text=composed("Saya setuju menerima promosi.", {key: told[key] for key in LABELS["id"]}, "id"),
            valid_from=world.clock(),
            now=world.clock(),
        )


def test_the_wishes_of_a_person_and_the_reason_on_the_list(world: World) -> None:
    person = add_contact(world.app, 1, PROMO)
    pause = world.clock() + timedelta(days=3)
    change(world, person, restricted_at=world.clock(), paused_until=pause, weekly_limit=1, zone="Asia/Jayapura")
    world.suppress(person)
    with world.app.database.write() as session:
        session.execute(update(Suppression).values(reason="hard_bounce"))
    known = facts_of(world, person).facts
    assert (known.restricted, known.paused, known.weekly_limit) == (True, True, 1)
    assert (known.suppressed, known.suppression) == (True, "hard_bounce")
    assert known.local is not None
    assert (known.local, known.local.tzinfo) == (world.clock(), ZoneInfo("Asia/Jayapura"))
    assert known.local.hour == 10
    world.clock.forward(days=4)
    assert not facts_of(world, person).facts.paused


@pytest.mark.parametrize("zone", ["", "Asia/Tidakada"])
def test_a_person_without_a_zone_lives_by_the_clock_of_the_daerah(small_world: World, zone: str) -> None:
    person = add_contact(small_world.app, 1)
    change(small_world, person, zone=zone)
    known = facts_of(small_world, person).facts
    assert known.local is not None
    assert known.local.tzinfo == ZoneInfo("Asia/Makassar")


def test_a_consent_outlives_mended_words_and_ends_with_another_text(world: World) -> None:
    person = add_contact(world.app, 1, PROMO)  # on 2026-1, which is shipped
    line = facts_of(world, person).consent_line
    world.clock.forward(days=1)
    publish_text(world, "2026-1.1")
    assert not facts_of(world, person).facts.outdated
    world.clock.forward(days=1)
    publish_text(world, "2026-2")
    later = facts_of(world, person)
    assert later.facts.outdated == {PROMO}
    assert (later.facts.consent[PROMO], later.consent_line) == (ConsentState.GIVEN, line)


def test_all_messages_of_the_week_count_also_those_in_hand_and_order_mail_never(world: World) -> None:
    person = add_contact(world.app, 1, PROMO)
    product = add_product(world.app, 1)
    for _number in range(2):
        world.run(world.approved(promotion(product)))
        world.clock.forward(days=5)
    known = facts_of(world, person, FrequencyCap(window=timedelta(days=30))).facts
    assert (known.marketing_recently, known.marketing_this_week) == (2, 1)
    assert facts_of(world, person, FrequencyCap(window=timedelta(days=1))).facts.marketing_recently == 0


def test_at_night_a_plan_waits_for_the_morning_and_then_everybody_gets_it(world: World) -> None:
    for number in (1, 2):
        add_contact(world.app, number, PROMO)
    change(world, 2, zone="Asia/Jayapura")
    campaign = world.approved(promotion(add_product(world.app, 1)), hours=11)
    world.clock.forward(hours=11)  # 20.00 WITA
    planner = replace(world.app.planner, quiet=QuietHours())
    pipeline = replace(world.app.pipeline, quiet=QuietHours())
    planner.start(campaign)
    assert [(row.state, row.not_before.hour if row.not_before else None) for row in messages(world)] == [
        (MessageState.DEFERRED, 0),
        (MessageState.DEFERRED, 23),
    ]
    assert not pipeline.deliver(campaign, batches=3)
    world.app.sweeper.sweep()
    assert (world.outbox.sent, world.campaign(campaign).state) == ([], CampaignState.SENDING)
    world.clock.forward(hours=11)  # 07.00 WITA, 08.00 WIT
    pipeline.deliver(campaign, batches=3)
    assert [email.recipient_address for email in world.outbox.sent] == ["orang2@surat.example"]
    world.clock.forward(hours=1)
    pipeline.deliver(campaign, batches=3)
    world.app.sweeper.sweep()
    assert (len(world.outbox.sent), world.campaign(campaign).state) == (2, CampaignState.SENT)


def test_what_was_queued_by_day_and_claimed_at_night_waits(world: World) -> None:
    add_contact(world.app, 1, PROMO)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    world.clock.forward(hours=12)
    replace(world.app.pipeline, quiet=QuietHours()).deliver(campaign, batches=3)
    (row,) = messages(world)
    assert (world.outbox.sent, row.state) == ([], MessageState.DEFERRED)


@contextmanager
def counting(world: World) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(world.app.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(world.app.database.engine, "before_cursor_execute", note)


def test_many_people_are_one_query_and_the_texts_of_consent_another(small_world: World) -> None:
    for number in range(30):
        add_contact(small_world.app, number, PROMO)
    numbers = []
    for ids in ([1], list(range(1, 31))):
        with counting(small_world) as asked, small_world.app.database.read() as session:
            gather_facts(session, tenant_id=TENANT, contact_ids=ids, purpose=PROMO, cap=CAP, now=small_world.clock())
        numbers.append(len([one for one in asked if one.startswith("SELECT")]))
    assert numbers == [2, 2]


def test_with_several_addresses_the_oldest_counts_and_every_consent_keeps_its_line(world: World) -> None:
    contact_id = add_contact(world.app, 1, PROMO, Purpose.NEWSLETTER)
    alone = add_contact(world.app, 2)
    first = facts_of(world, contact_id)
    later = {"tenant_id": TENANT, "contact_id": contact_id, "channel": ChannelName.EMAIL}
    with world.app.database.write() as session:
        insert_rows(session, Address, [{**later, "normalised": "a@surat.example", "hash": "0"}])
        lines = history(session, tenant_id=TENANT, contact_id=contact_id)
    again = facts_of(world, contact_id)
    assert (again.address_id, again.address) == (first.address_id, first.address) != (None, "a@surat.example")
    assert len(lines) == 2
    for line in lines:
        known = facts_of(world, contact_id, purpose=line.purpose)
        assert (known.consent_line, known.facts.consent) == (line.id, {line.purpose: ConsentState.GIVEN})
    nobody = facts_of(world, alone)
    owed = facts_of(world, contact_id, purpose=None)
    assert [(one.consent_line, one.facts.consent) for one in (nobody, owed)] == [(None, {})] * 2
