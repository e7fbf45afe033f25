import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from marketing.demo.simulators.server import Fault
from tests.conformance import social_suite as suite

LOST = [Fault.DROP_ANSWER, Fault.STORED_500, Fault.STORED_GARBAGE]


@pytest.fixture(params=sorted(suite.BENCHES))
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[suite.Bench]:
    with suite.BENCHES[request.param](tmp_path) as made:
        yield made


def test_a_post_is_published_and_taken_down(bench: suite.Bench) -> None:
    suite.check_a_post_is_published_and_taken_down(bench)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_one_picture_or_several_are_one_post(bench: suite.Bench, number: int) -> None:
    suite.check_every_number_of_pictures(bench, number)


def test_a_rate_limit_waits_as_long_as_the_provider_says(bench: suite.Bench) -> None:
    suite.check_a_rate_limit_waits_as_long_as_the_provider_says(bench)


def test_a_revoked_access_asks_for_a_person(bench: suite.Bench) -> None:
    suite.check_a_revoked_access_asks_for_a_person(bench)


@pytest.mark.parametrize("fault", [Fault.PERMISSION, Fault.POLICY])
def test_a_refused_right_or_a_block_is_no_matter_of_trying_again(bench: suite.Bench, fault: Fault) -> None:
    suite.check_a_refused_right_or_a_block_is_no_matter_of_trying_again(bench, fault)


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_is_found_and_never_repeated(bench: suite.Bench, fault: Fault) -> None:
    suite.check_a_lost_answer_is_found_and_never_repeated(bench, fault)


@pytest.mark.parametrize("provider", sorted(suite.BENCHES))
def test_silence_is_a_lost_answer(provider: str, tmp_path: Path) -> None:
    with suite.BENCHES[provider](tmp_path, timeout=suite.SLOW) as bench:
        suite.check_a_lost_answer_is_found_and_never_repeated(bench, Fault.SLOW)


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.BUSY])
def test_a_fault_before_anything_was_stored_is_told_apart(bench: suite.Bench, fault: Fault) -> None:
    suite.check_a_fault_before_anything_was_stored_is_told_apart(bench, fault)


def test_unsupported_content_makes_no_call(bench: suite.Bench) -> None:
    suite.check_unsupported_content_makes_no_call(bench)


def test_no_secret_is_ever_told(bench: suite.Bench, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        suite.check_no_secret_is_ever_told(bench, lambda: caplog.text)


def test_nobody_there_is_no_doubt(bench: suite.Bench) -> None:
    suite.check_nobody_there_is_no_doubt(bench)


def test_whoever_calls_may_have_an_event_loop_running(bench: suite.Bench) -> None:
    async def within_a_loop() -> None:
        suite.check_a_post_is_published_and_taken_down(bench)

    asyncio.run(within_a_loop())
