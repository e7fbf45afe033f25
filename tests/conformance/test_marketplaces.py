import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from marketing.channels.marketplace.errors import Later, Paused, Reconnect, Refused, TokenExpired
from marketing.channels.marketplace.port import Change, Choice, InDoubt, Prepared, Tokens
from marketing.channels.marketplace.wire import Wire
from marketing.demo.simulators.server import START, Fault, Reply
from tests.conformance import marketplace_suite as suite


@pytest.fixture(params=sorted(suite.BENCHES))
def bench(request: pytest.FixtureRequest) -> Iterator[suite.Bench]:
    with suite.BENCHES[request.param]() as made:
        yield made


def test_a_listing_is_made_found_changed_unlisted_and_deleted(bench: suite.Bench) -> None:
    suite.check_life_of_a_listing(bench)


@pytest.mark.parametrize("fault", [Fault.DROP_ANSWER, Fault.STORED_500, Fault.STORED_GARBAGE])
def test_a_lost_answer_never_makes_a_second_listing(bench: suite.Bench, fault: Fault) -> None:
    suite.check_lost_answer_makes_no_second_listing(bench, fault)


@pytest.mark.parametrize("provider", sorted(suite.BENCHES))
def test_silence_is_in_doubt_and_not_waited_out(provider: str) -> None:
    with suite.BENCHES[provider](timeout=suite.SLOW) as bench:
        suite.check_lost_answer_makes_no_second_listing(bench, Fault.SLOW)


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.BUSY, Fault.REDIRECT])
def test_a_fault_of_the_provider_is_in_doubt_even_when_nothing_was_stored(bench: suite.Bench, fault: Fault) -> None:
    suite.check_fault_before_storing_is_in_doubt_too(bench, fault)


def test_two_listings_under_one_sku_are_both_seen_and_no_other(bench: suite.Bench) -> None:
    suite.check_duplicates_are_seen(bench)


def test_unlisting_what_does_not_exist_is_as_good_as_done(bench: suite.Bench) -> None:
    suite.check_unlisting_what_is_gone(bench)


def test_a_batch_yields_one_outcome_per_item(bench: suite.Bench) -> None:
    suite.check_one_outcome_per_item(bench)


def test_a_rate_limit_ends_the_batch_without_more_calls(bench: suite.Bench) -> None:
    suite.check_what_stops_the_account_stops_the_batch(bench)


def test_a_refresh_rotates_and_the_old_token_says_reconnect(bench: suite.Bench) -> None:
    suite.check_refresh_rotates_and_works_once(bench)


def test_an_expired_token_is_told_without_a_call(bench: suite.Bench) -> None:
    suite.check_expired_token_is_told_without_a_call(bench)


def test_each_fault_has_its_outcome(bench: suite.Bench) -> None:
    suite.check_each_fault_has_its_outcome(bench)


@pytest.mark.parametrize("words", suite.HOSTILE, ids=range(len(suite.HOSTILE)))
def test_hostile_words_are_carried_safely(bench: suite.Bench, words: str) -> None:
    suite.check_hostile_words_are_carried_safely(bench, words)


def test_what_cannot_be_listed_is_refused_before_any_upload(bench: suite.Bench) -> None:
    suite.check_what_cannot_be_listed_is_refused_before_uploading(bench)


def test_no_secret_reaches_log_repr_or_outcome(bench: suite.Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown = ""
    for fault in (None, Fault.RATE, Fault.DROP_ANSWER, Fault.SERVER_ERROR, Fault.STORED_GARBAGE):
        if fault:
            bench.server.break_next(bench.create_path, fault)
        shown += repr(bench.market.create(suite.listing(), bench.prepared(), "n", bench.now))
    shown += repr(bench.market.refresh(bench.now))  # spends the tokens the bench holds
    shown += repr(bench.market.find_by_sku("x", bench.now))  # the fakes echo the refused token in their message
    shown += repr(bench.market.refresh(bench.now))
    assert len(caplog.records) > 20, "httpx and httpcore do log"
    suite.check_nothing_secret_is_shown(bench, shown + caplog.text)


def test_a_wrong_secret_pauses_the_account(bench: suite.Bench) -> None:
    credentials = bench.shop.credentials
    wrong = replace(credentials, application=replace(credentials.application, app_secret="kunci-yang-salah"))
    found = replace(bench.shop, credentials=wrong).find_by_sku("x", bench.now)
    assert isinstance(found, Paused)
    assert "Kunci aplikasi" in found.detail


def test_a_clock_six_minutes_slow_pauses_the_account_and_four_are_borne(bench: suite.Bench) -> None:
    early = bench.now - timedelta(minutes=6)
    found = bench.market.find_by_sku("x", early)
    assert isinstance(found, Paused)
    assert "Jam server" in found.detail
    assert isinstance(bench.market.find_by_sku("x", bench.now - timedelta(minutes=4)), tuple)


def test_an_unreachable_provider_has_seen_nothing(bench: suite.Bench) -> None:
    prepared = bench.prepared()
    with Wire("http://127.0.0.1:1", 2) as nowhere:
        shop = replace(bench.shop, wire=nowhere)
        found = shop.create(suite.listing(), prepared, "n", bench.now)
    assert isinstance(found, Later), "no connection, so no doubt"
    assert found.code == "unreachable"


def test_what_the_provider_refuses_stores_nothing(bench: suite.Bench) -> None:
    prepared = bench.prepared()
    for item in (suite.listing(price=1), suite.listing(price=999_999_999)):
        found = bench.market.create(item, prepared, f"n-{item.price}", bench.now)
        assert isinstance(found, Refused)
        assert "arga" in found.detail
    missing = replace(prepared, pictures=("id-tidak-diunggah",))
    found = bench.market.create(suite.listing(), missing, "n-3", bench.now)
    assert isinstance(found, Refused)
    assert "ambar" in found.detail
    assert bench.standing() == ()


def test_nonsense_from_the_provider_is_never_an_exception(bench: suite.Bench) -> None:
    nonsense: list[object] = [
        None,
        [],
        "x",
        5,
        [None],
        [[]],
        {"item_id": None},
        [{"id": {}}],
        -1,
        True,
        [{"item_id": {}}],
    ]
    names = (
        "item_id_list",
        "products",
        "item_list",
        "order_list",
        "orders",
        "shops",
        "list",
        "skus",
        "product_id",
        "uri",
    )
    answer = type(bench.server).answer
    try:
        for junk in nonsense:
            body = {"error": "", "code": 0, "response": dict.fromkeys(names, junk), "data": dict.fromkeys(names, junk)}
            type(bench.server).answer = lambda *_, body=body: Reply(body)  # type: ignore[method-assign]
            now, remote, market = bench.now, suite.UNKNOWN, bench.market
            prepared = Prepared("1", ("a",), ("1",), (1, 99), (1, 99))
            assert not isinstance(market.create(suite.listing(), prepared, "n", now), Refused | TokenExpired | Paused)
            assert market.find_by_sku("x", now) != () or junk == [], "what is not understood proves nothing"
            market.prepare(suite.listing(), [suite.jpeg()], Choice(category_id="1"), now)
            market.orders(START, now, "", str, now)
            assert not isinstance(market.refresh(now), Tokens | Reconnect)
            for act in (market.unlist, market.relist, market.delete):
                assert len(list(act([remote], now))) == 1
            assert len(list(market.set_stock_and_price([Change(remote, 1, 1_000)], now))) == 1
    finally:
        type(bench.server).answer = answer  # type: ignore[method-assign]


def test_in_doubt_names_no_sentence_but_a_code(bench: suite.Bench) -> None:
    prepared = bench.prepared()
    bench.server.break_next(bench.create_path, Fault.DROP_ANSWER)
    assert bench.market.create(suite.listing(), prepared, "n", bench.now) == InDoubt("connection_lost")
