"""The feeds follow the gate, not the calendar of the catalogue."""

from datetime import date, timedelta

from marketing.domain.product import Category, HalalStatus
from marketing.tenants.profile import profile_of
from marketing.web.queries.feeds import Newest, Scope, newest
from tests.support.world import START, TENANT, World, add_product


def listed(world: World) -> Newest:
    with world.app.database.read() as session:
        return newest(session, profile_of(TENANT), Scope(), 10, world.clock())


def names(found: Newest) -> set[str]:
    return {entry.offer.facts.name for entry in found.entries}


def test_what_expires_leaves_the_feeds_without_a_pull(world: World) -> None:
    last_day: date = (START + timedelta(days=1)).date()
    permit = {"type": "PIRT", "number": "2065302010123-29", "expires": last_day.isoformat()}
    food = {"category": Category.MAKANAN_OLAHAN, "halal_status": HalalStatus.NOT_HALAL, "permits": [permit]}
    add_product(world.app, 1)
    add_product(world.app, 2, **food)
    before = listed(world)
    assert names(before) == {"Tenun 1", "Tenun 2"}
    assert before.changed is not None
    world.clock.forward(days=3)
    after = listed(world)
    assert names(after) == {"Tenun 1"}
    assert after.changed is None or after.changed > before.changed, "a reader that asks by date must be told"
