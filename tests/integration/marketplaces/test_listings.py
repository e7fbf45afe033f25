"""What an account's turn does: one listing for each product that may stand, kept as the catalogue says, taken off when it may not."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from marketing.db.models import Business, Product
from marketing.domain.account import AccountState
from marketing.domain.listing import ListingState
from marketing.domain.types import Role
from tests.support.market import Market
from tests.support.marketplace import Fault
from tests.support.world import World


def change(world: World, product_id: int, **values: Any) -> None:
    """Do what a pull does with a changed product."""
    from marketing.products.gate import evaluate_gate
    from marketing.tenants.profile import profile_of

    with world.app.database.write() as session:
        session.execute(
            update(Product)
            .where(Product.id == product_id)
            .values(catalog_version=Product.catalog_version + 1, **values)
        )
        evaluate_gate(session, profile_of("tts"), world.clock(), [product_id])


def test_what_may_stand_is_listed_once_and_the_ledger_says_where(market: Market) -> None:
    market.product(1)
    market.product(2, kind="service") if False else market.product(2)
    done = market.round()
    assert (done.done, done.failed, done.problem) == (2, 0, "")
    assert len(market.on_sale(1)) == len(market.on_sale(2)) == 1
    row = market.row(1)
    assert (row.state, row.price, row.stock, row.reason) == (ListingState.LISTED, 100_000, 5, "")
    assert str(market.on_sale(1)[0]) in (row.remote_id or "")
    asked = len(market.server.asked)
    assert market.round().done == 0
    assert len(market.server.asked) == asked, "nothing has changed, so nothing is asked"
