"""Every test that asks for a market runs with both providers on both engines."""

from collections.abc import Iterator

import pytest

from marketing.channels.marketplace.port import Provider
from tests.support.market import Market, market_of
from tests.support.world import World


@pytest.fixture(params=list(Provider))
def market(request: pytest.FixtureRequest, world: World) -> Iterator[Market]:
    """A connected shop, empty."""
    with market_of(world, request.param) as found:
        yield found


@pytest.fixture(params=list(Provider))
def small_market(request: pytest.FixtureRequest, small_world: World) -> Iterator[Market]:
    """The same on SQLite alone, for what no engine changes."""
    with market_of(small_world, request.param) as found:
        yield found
