"""A refresh token works once: one process asks, the pair is kept before it is used, and a lost pair ends at a person, not in a loop."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from marketing.channels.marketplace.errors import Later
from marketing.channels.marketplace.port import Credentials
from marketing.demo.simulators.server import Fault
from marketing.domain.account import AccountState
from marketing.domain.listing import ListingState
from marketing.errors import SettingsError
from tests.support.market import Killed, Market


def test_an_access_token_is_used_until_five_minutes_before_its_end(market: Market) -> None:
    market.product(1)
    market.forward(hours=3, minutes=54)
    market.round()
    assert market.server.count(market.refresh_path) == 0
    market.product(2)
    market.forward(minutes=2)
    market.round()
    assert market.server.count(market.refresh_path) == 1
    assert len(market.on_sale(2)) == 1
    assert market.account().access_expires_at == market.world.clock() + timedelta(hours=4)
    market.product(3)
    market.round()
    assert market.server.count(market.refresh_path) == 1, "the new pair was kept"


def test_two_threads_with_a_spent_token_refresh_it_once(market: Market) -> None:
    keeper = market.parts.listings.keeper
    for _turn in range(5):
        before = market.server.count(market.refresh_path)
        market.forward(hours=5)
        spent = keeper.credentials(market.account_id)
        assert isinstance(spent, Credentials)
        barrier = threading.Barrier(2)

        def renew(spent: Credentials = spent, barrier: threading.Barrier = barrier) -> object:
            with market.gateway.wires(market.provider) as wires:
                barrier.wait(5)
                return keeper.renewed(market.account_id, spent, wires)

        with ThreadPoolExecutor(2) as pool:
            found = [future.result() for future in [pool.submit(renew), pool.submit(renew)]]
        assert market.server.count(market.refresh_path) == before + 1
        fresh = [one for one in found if isinstance(one, Credentials)]
        assert fresh
        assert all(isinstance(one, Credentials | Later) for one in found), found
        kept = keeper.credentials(market.account_id)
        assert isinstance(kept, Credentials)
        assert all(one.tokens == kept.tokens for one in fresh)
        assert market.account().state is AccountState.ACTIVE


def test_who_comes_late_takes_the_pair_that_another_has_kept(small_market: Market) -> None:
    market, keeper = small_market, small_market.parts.listings.keeper
    old = keeper.credentials(market.account_id)
    assert isinstance(old, Credentials)
    market.forward(hours=5)
    with market.gateway.wires(market.provider) as wires:
        first = keeper.renewed(market.account_id, old, wires)
        second = keeper.renewed(market.account_id, old, wires)
    assert first == second
    assert market.server.count(market.refresh_path) == 1


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.HTTP_429])
def test_a_refresh_without_an_answer_keeps_the_old_pair_and_tries_again(small_market: Market, fault: Fault) -> None:
    market = small_market
    market.product(1)
    market.forward(hours=5)
    market.server.break_next(market.refresh_path, fault)
    assert market.round().failed == 1
    assert market.account().state is AccountState.ACTIVE
    assert market.row(1).state is ListingState.WANTED
    market.forward(minutes=6)
    market.round()
    assert len(market.on_sale(1)) == 1


def test_a_refresh_whose_answer_is_lost_ends_at_a_person_and_not_in_a_loop(market: Market) -> None:
    market.product(1)
    market.forward(hours=5)
    market.server.break_next(market.refresh_path, Fault.DROP_ANSWER)
    market.round()
    assert market.account().state is AccountState.ACTIVE, "nobody knows yet"
    market.forward(minutes=6)
    market.round()
    account = market.account()
    assert account.state is AccountState.RECONNECT
    assert "ambungkan ulang" in account.state_reason
    asked = len(market.server.asked)
    for _turn in range(3):
        market.forward(hours=1)
        assert market.parts.listings.run("tts") == {}
        assert market.parts.orders.run("tts") == {}
    assert len(market.server.asked) == asked
    market.connect()
    assert market.account().state is AccountState.ACTIVE
    market.round()
    assert len(market.on_sale(1)) == 1


def test_a_kill_at_any_step_of_a_refresh_leaves_a_working_account_or_a_person(market: Market) -> None:
    market.product(1)
    step, killed, ended = 0, True, set()
    while killed:
        step += 1
        market.connect()
        market.change(market.row(1).product_id if market.rows() else 1, stock=5 + step)
        market.forward(hours=5)
        market.tap.again(at=step)
        try:
            with market.tap.commits(market.world):
                market.round()
            killed = False
        except Killed:
            pass
        market.tap.again()
        for _turn in range(3):
            market.forward(minutes=6)
            market.round()
        state = market.account().state
        ended.add(state)
        assert state in (AccountState.ACTIVE, AccountState.RECONNECT)
        assert market.server.count(market.refresh_path) <= 3 * step
    assert ended == {AccountState.ACTIVE, AccountState.RECONNECT}, "a kill between answer and commit costs the pair"
    assert len(market.standing(1)) == 1


def test_a_provider_that_refuses_a_fresh_token_is_not_asked_for_ever(small_market: Market) -> None:
    market = small_market
    market.product(1)
    market.server.access.clear()
    grant = market.server.grant

    def worthless() -> tuple[str, str]:
        pair = grant()
        market.server.access.clear()
        return pair

    market.server.grant = worthless  # type: ignore[method-assign]
    market.round()
    assert market.server.count(market.refresh_path) == 1
    market.round()
    assert market.server.count(market.refresh_path) == 1
    assert market.row(1).next_try_at == market.world.clock() + timedelta(minutes=15)


def test_credentials_are_sealed_and_a_lost_key_is_told(small_market: Market) -> None:
    from dataclasses import replace

    from marketing.domain.sealing import Sealer

    market = small_market
    account = market.account()
    assert not any(secret in account.sealed_credentials + repr(account.settings) for secret in market.secrets())
    keeper = replace(market.parts.listings.keeper, sealer=Sealer((b"kunci lain" * 4,)))
    with pytest.raises(SettingsError, match="SIAR_SEAL_KEYS_OLD"):
        keeper.credentials(market.account_id)
