"""A process that ends at any line of a turn never leaves a second listing behind, and the ledger comes right by itself."""

from marketing.domain.listing import ListingState
from tests.support.market import Killed, Market


def test_a_kill_at_any_step_of_creating_makes_exactly_one_listing(market: Market) -> None:
    number = 0
    while True:
        number += 1
        market.product(number)
        market.tap.again(at=number)
        try:
            with market.tap.commits(market.world):
                market.round()
            killed = False
        except Killed:
            killed = True
        market.tap.again()
        market.forward(minutes=6)  # what is in doubt is looked up after five
        market.round()
        market.round()  # an intention that was repeated is compared once more
        assert len(market.standing(number)) == 1, (number, market.standing(number))
        assert len(market.on_sale(number)) == 1
        row = market.row(number)
        assert (row.state, row.next_try_at, row.lease_until) == (ListingState.LISTED, None, None), number
        assert str(market.on_sale(number)[0]) in (row.remote_id or "")
        if not killed:
            break
    assert number > 13, "every call and every commit was a step"
    assert market.round().done == 0


def test_a_kill_at_any_step_of_a_change_leaves_the_change_done_after_the_next_turn(market: Market) -> None:
    product = market.product(1)
    market.round()
    step, killed = 0, True
    while killed:
        step += 1
        market.change(product, name=f"Tenun ikat perubahan {step}", price=100_000 + step, stock=5 + step)
        market.tap.again(at=step)
        try:
            with market.tap.commits(market.world):
                market.round()
            killed = False
        except Killed:
            pass
        market.tap.again()
        market.round()
        title, price, stock = market.said(1)
        assert title.startswith(f"Tenun ikat perubahan {step}")
        assert (price, stock) == (100_000 + step, 5 + step)
        assert market.row(1).state is ListingState.LISTED
    assert step > 8


def test_a_kill_at_any_step_of_taking_off_and_coming_back(market: Market) -> None:
    product = market.product(1)
    market.round()
    step, killed = 0, True
    while killed:
        step += 1
        market.tap.again(at=step)
        try:
            with market.tap.commits(market.world):
                market.revoke(product)
                market.world.app.recall.run("tts")
                market.change(product, verification_status="verified")
                market.round()
            killed = False
        except Killed:
            pass
        market.tap.again()
        market.forward(seconds=1)
        market.revoke(product)
        market.forward(minutes=6)
        market.world.app.recall.run("tts")
        assert market.on_sale(1) == [], step
        market.change(product, verification_status="verified")
        market.round()
        assert len(market.on_sale(1)) == len(market.standing(1)) == 1, step
        assert market.row(1).state is ListingState.LISTED, step
    assert step > 15
