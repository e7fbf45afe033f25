"""Opens and clicks: counted once, machines apart, a person named only if they agreed and their browser does not object."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketing.db.models import Event, Link
from marketing.domain.events import EventType
from marketing.domain.types import Purpose
from marketing.engagement.tracking import Hit, destination, record_hit
from tests.support.world import World, add_contact, add_product, messages, promotion

TRACKED = (Purpose.PROMOTIONAL, Purpose.ENGAGEMENT_TRACKING)


def sent(world: World, *purposes: Purpose) -> Hit:
    """Send one message and return a person's hit on it."""
    add_contact(world.app, 1, *purposes)
    world.run(world.approved(promotion(add_product(world.app, 1))))
    (message,) = messages(world)
    return Hit(message.id, "tanda", machine=False, opted_out=False, at=world.clock())


def hit(world: World, what: Hit, kind: EventType = EventType.CLICKED, link_id: int | None = None) -> bool:
    with world.app.database.write() as session:
        return record_hit(session, what, kind, link_id=link_id)


def events(world: World) -> list[Event]:
    with world.app.database.read() as session:
        return list(session.scalars(select(Event).order_by(Event.id)))


def links(world: World, campaign_id: int) -> list[int]:
    with world.app.database.read() as session:
        return list(session.scalars(select(Link.id).where(Link.campaign_id == campaign_id).order_by(Link.id)))


def test_the_same_act_within_the_minute_counts_once(world: World) -> None:
    first = sent(world, *TRACKED)
    assert hit(world, first)
    assert not hit(world, first)
    assert not hit(world, replace(first, at=first.at + timedelta(seconds=59)))
    assert hit(world, replace(first, at=first.at + timedelta(seconds=60)))
    assert len(events(world)) == 2


def test_each_kind_link_and_reader_counts_for_itself(world: World) -> None:
    first = sent(world, *TRACKED)
    one, other = links(world, 1)[:2]
    assert hit(world, first, EventType.OPENED)
    assert hit(world, first, EventType.WEB_VIEWED)
    assert hit(world, first, link_id=one)
    assert hit(world, first, link_id=other)
    assert hit(world, replace(first, machine=True), link_id=one)
    assert not hit(world, first, link_id=one)
    found = events(world)
    assert [event.machine for event in found] == [False] * 4 + [True]
    assert [event.link_id for event in found] == [None, None, one, other, one]
    assert {event.campaign_id for event in found} == {1}


@pytest.mark.parametrize(
    ("purposes", "opted_out", "named"),
    [
        (TRACKED, False, True),
        (TRACKED, True, False),
        ((Purpose.PROMOTIONAL,), False, False),
        ((Purpose.PROMOTIONAL,), True, False),
    ],
)
def test_a_person_is_named_only_if_they_agreed(
    world: World, purposes: tuple[Purpose, ...], opted_out: bool, named: bool
) -> None:
    first = replace(sent(world, *purposes), opted_out=opted_out)
    assert hit(world, first)
    (event,) = events(world)
    assert (event.contact_id is not None, event.message_id is not None) == (named, named)
    assert event.campaign_id == 1


def test_who_takes_the_agreement_back_is_named_no_more(small_world: World) -> None:
    world = small_world
    first = sent(world, *TRACKED)
    assert hit(world, first)
    (message,) = messages(world)
    world.withdraw(message.contact_id, Purpose.ENGAGEMENT_TRACKING)
    assert hit(world, replace(first, at=first.at + timedelta(minutes=5)))
    assert [event.contact_id for event in events(world)] == [message.contact_id, None]


def test_a_link_leads_on_only_from_a_message_of_its_own_campaign(small_world: World) -> None:
    world = small_world
    first = sent(world, *TRACKED)
    world.run(world.approved(promotion(add_product(world.app, 2))))
    own, foreign = links(world, 1)[0], links(world, 2)[0]
    with world.app.database.read() as session:
        assert destination(session, first.message_id, own) is not None
        assert destination(session, first.message_id, foreign) is None
        assert destination(session, first.message_id, 999) is None
        assert destination(session, 999, own) is None


def test_a_message_nobody_knows_is_counted_for_nobody(small_world: World) -> None:
    assert not hit(small_world, Hit(999, "tanda", machine=False, opted_out=False, at=small_world.clock()))
    assert events(small_world) == []
