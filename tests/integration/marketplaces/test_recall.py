"""A listing whose product lost its standing is off sale: by call, again and again, or by a named person."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from catalog_sync.recall import LISTING
from marketing.channels.marketplace.port import Provider
from marketing.db.models import Withdrawal
from marketing.demo.simulators.server import Fault
from marketing.domain.account import AccountState
from marketing.domain.listing import ListingState
from marketing.domain.types import Role
from marketing.domain.withdrawal import WithdrawalState
from marketing.errors import NotAllowedError, NotFoundError
from marketing.marketplaces.ledger import PLACE
from tests.support.market import Market, market_of
from tests.support.world import World, add_user

L, W = ListingState, WithdrawalState
OFF = {Provider.SHOPEE: "unlist_item", Provider.TIKTOK_SHOP: "products/deactivate"}
DELETE = {Provider.SHOPEE: "delete_item", Provider.TIKTOK_SHOP: "/202309/products"}


def withdrawal(market: Market) -> Withdrawal:
    with market.world.app.database.read() as session:
        return session.scalars(select(Withdrawal).where(Withdrawal.place.startswith(PLACE))).one()


def listed(market: Market) -> int:
    product = market.product(1)
    market.round()
    assert len(market.on_sale(1)) == 1
    return product


def at_step(market: Market, name: str, act: Callable[[], object]) -> None:
    """Let something happen once, in the middle of the next turn."""
    waiting = [act]

    def step(reached: str) -> None:
        if reached == name and waiting:
            waiting.pop()()

    object.__setattr__(market.gateway, "tap", step)


def recalled(market: Market, product: int) -> None:
    market.forward(seconds=1)
    market.revoke(product)
    market.world.app.recall.run("tts")


def test_both_sides_call_the_place_the_same() -> None:
    assert PLACE == LISTING


def test_a_revoked_product_is_gone_from_sale_and_the_record_names_the_article(market: Market) -> None:
    product = listed(market)
    market.forward(minutes=1)
    market.revoke(product)
    market.world.app.recall.run("tts")
    assert market.on_sale(1) == []
    row = withdrawal(market)
    assert (row.state, row.code, row.done_at, row.done_by) == (W.DONE, "TTS 10(1)c", market.world.clock(), None)
    assert market.row(1).state is L.UNLISTED
    assert "Pasal 10" in market.row(1).reason
    asked = len(market.server.asked)
    market.round()
    market.world.app.recall.run("tts")
    assert len(market.server.asked) == asked, "nothing is left to do"


def test_a_marketplace_that_is_down_is_asked_again_until_it_has_done_it(market: Market) -> None:
    product = listed(market)
    market.revoke(product)
    market.server.break_next(OFF[market.provider], *[Fault.SERVER_ERROR] * 3)
    for wait in (16, 31, 61):
        assert market.world.app.recall.run("tts").failing == 1
        assert len(market.on_sale(1)) == 1
        market.forward(seconds=wait)
    assert market.world.app.recall.run("tts").done == 1
    assert market.on_sale(1) == []
    assert withdrawal(market).attempts == 4


def test_a_rate_limit_is_respected(market: Market) -> None:
    product = listed(market)
    market.revoke(product)
    market.server.break_next(OFF[market.provider], Fault.HTTP_429)
    market.world.app.recall.run("tts")
    assert withdrawal(market).next_try_at == market.world.clock() + timedelta(seconds=77)


def test_an_account_that_waits_for_its_owner_makes_it_a_persons_task(market: Market) -> None:
    product = listed(market)
    market.server.refresh_tokens.clear()
    market.forward(hours=5)
    market.revoke(product)
    assert market.world.app.recall.run("tts").handed_over == 1
    assert market.account().state is AccountState.RECONNECT
    assert withdrawal(market).state is W.AWAITING_HUMAN
    row, marketer = market.row(1), market.world.staff(Role.MARKETER)
    assert row.state is L.LISTED, "it still stands"
    stranger = add_user(market.world.app, Role.MARKETER, "x@blitar.example", "blitar")
    with pytest.raises(NotFoundError):
        market.parts.accounts.deleted_by_hand(stranger, row.id)
    with pytest.raises(NotAllowedError):
        market.parts.accounts.deleted_by_hand(market.world.staff(Role.APPROVER), row.id)
    market.parts.accounts.deleted_by_hand(marketer, row.id)
    done = withdrawal(market)
    assert (done.state, done.done_by, done.done_at) == (W.DONE, marketer.id, market.world.clock())
    assert market.row(1).state is L.UNLISTED
    assert "listing.deleted_by_hand" in market.world.audited()
    with pytest.raises(NotAllowedError):
        market.parts.accounts.deleted_by_hand(marketer, row.id)


def test_an_account_connected_again_does_what_a_person_was_asked_for(market: Market) -> None:
    product = listed(market)
    market.server.refresh_tokens.clear()
    market.forward(hours=5)
    market.revoke(product)
    market.world.app.recall.run("tts")
    market.connect()
    market.forward(seconds=1)
    market.round()
    assert market.on_sale(1) == []
    assert (withdrawal(market).state, withdrawal(market).done_by) == (W.DONE, None)


def test_pausing_an_account_does_not_keep_what_must_leave(market: Market) -> None:
    product = listed(market)
    market.parts.accounts.pause(market.world.staff(Role.OPERATOR), market.account_id)
    market.revoke(product)
    assert market.world.app.recall.run("tts").done == 1
    assert market.on_sale(1) == []


def test_a_removed_account_leaves_its_listings_to_a_person(market: Market) -> None:
    product = listed(market)
    market.parts.accounts.remove(market.world.staff(Role.OPERATOR), market.account_id)
    assert market.account().sealed_credentials == ""
    market.revoke(product)
    assert market.world.app.recall.run("tts").handed_over == 1


def test_what_cannot_be_unlisted_is_deleted(small_world: World) -> None:
    """Shopee unlists nothing that it has banned or has under review."""
    with market_of(small_world, Provider.SHOPEE) as market:
        product = listed(market)
        (key,) = market.on_sale(1)
        market.server.items[key]["item_status"] = "BANNED"  # type: ignore[union-attr]
        market.revoke(product)
        market.world.app.recall.run("tts")
        assert market.standing(1) == []
        assert withdrawal(market).state is W.DONE


def test_a_listing_in_doubt_is_looked_for_before_it_counts_as_gone(market: Market) -> None:
    """The answer to its creation was lost, and its product is revoked meanwhile."""
    product = market.product(1)
    market.server.break_next(market.create_path, Fault.DROP_ANSWER)
    market.round()
    assert market.row(1).state is L.UNCONFIRMED
    market.revoke(product)
    assert market.world.app.recall.run("tts").done == 1
    assert market.on_sale(1) == []
    assert market.row(1).state is L.UNLISTED


def test_one_that_may_not_have_come_into_being_is_not_gone_before_its_time(market: Market) -> None:
    product = market.product(1)
    market.server.break_next(market.create_path, Fault.SERVER_ERROR)
    market.round()
    market.revoke(product)
    assert market.world.app.recall.run("tts").failing == 1, "a search index may lag"
    market.forward(minutes=6)
    assert market.world.app.recall.run("tts").done == 1
    market.round()
    assert market.standing(1) == []


def test_a_second_listing_under_the_sku_leaves_too(market: Market) -> None:
    """Somebody has copied it in the seller centre."""
    product = listed(market)
    (key,) = market.standing(1)
    if market.provider is Provider.SHOPEE:
        market.server.items[9_999] = dict(market.server.items[key])  # type: ignore[union-attr]
    else:
        market.server.products["9999"] = {**market.server.products[key], "id": "9999"}  # type: ignore[union-attr]
    assert len(market.on_sale(1)) == 2
    market.revoke(product)
    market.world.app.recall.run("tts")
    assert market.on_sale(1) == []


def test_a_product_lost_between_plan_and_call_is_not_listed(market: Market) -> None:
    product = market.product(1)
    at_step(market, "after prepare", lambda: market.revoke(product))
    market.round()
    assert market.standing(1) == [], "the gate is asked at the last moment"
    market.forward(minutes=2)
    market.round()
    assert market.row(1).state is L.UNLISTED


def test_a_recall_in_the_middle_of_a_change_wins(market: Market) -> None:
    product = listed(market)
    market.change(product, name="Tenun nama baru")
    at_step(market, "after update", lambda: recalled(market, product))
    market.round()
    market.round()
    assert market.on_sale(1) == []
    assert (market.row(1).state, market.row(1).next_try_at) == (L.UNLISTED, None)


def test_a_recall_while_a_listing_comes_back_wins(market: Market) -> None:
    product = listed(market)
    recalled(market, product)
    market.change(product, verification_status="verified")
    at_step(market, "after relist", lambda: recalled(market, product))
    market.round()
    assert len(market.on_sale(1)) == 1, "its answer was on the way"
    market.forward(seconds=16)
    market.world.app.recall.run("tts")
    assert market.on_sale(1) == []
    assert market.row(1).state is L.UNLISTED


def test_only_one_process_has_an_account_in_hand(market: Market) -> None:
    market.product(1)
    seen: list[object] = []
    at_step(market, "after prepare", lambda: seen.append(market.round()))
    market.round()
    assert seen == [None]
    assert len(market.standing(1)) == 1
