"""Every test that asks for a market runs with both providers and on both engines: the one here, the other there."""

from collections.abc import Iterator

import pytest

from marketing.channels.marketplace.port import Provider
from tests.support.market import SELLS_ON, Market, market_of
from tests.support.world import World


@pytest.fixture
def market(world: World) -> Iterator[Market]:
    """A connected shop, empty."""
    with market_of(world, SELLS_ON[world.app.database.engine.dialect.name]) as found:
        yield found


@pytest.fixture(params=list(Provider))
def small_market(request: pytest.FixtureRequest, small_world: World) -> Iterator[Market]:
    """Either provider on SQLite alone, for what no engine changes."""
    with market_of(small_world, request.param) as found:
        yield found
