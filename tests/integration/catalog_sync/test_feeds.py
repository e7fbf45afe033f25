"""The feeds follow the gate, not the calendar of the catalogue."""

from datetime import date, timedelta

import pytest

from marketing.domain.product import Category, HalalStatus
from marketing.errors import CatalogError
from tests.support.world import START, TENANT, World, add_product


def test_what_expires_leaves_the_feeds_although_the_catalogue_is_down(world: World) -> None:
    last_day: date = (START + timedelta(days=1)).date()
    permit = {"type": "PIRT", "number": "2065302010123-29", "expires": last_day.isoformat()}
    food = {"category": Category.MAKANAN_OLAHAN, "halal_status": HalalStatus.NOT_HALAL, "permits": [permit]}
    add_product(world.app, 1)
    add_product(world.app, 2, **food)
    assert world.app.catalog.refresh_feeds(TENANT) == 2
    feed = world.app.settings.website_dir / TENANT / "feed.json"
    assert "Tenun 2" in feed.read_text("utf-8")
    world.clock.forward(days=3)
    with pytest.raises(CatalogError):
        world.app.catalog.pull(TENANT, "http://127.0.0.1:9/")
    assert "Tenun 1" in feed.read_text("utf-8")
    assert "Tenun 2" not in feed.read_text("utf-8")
