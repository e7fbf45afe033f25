from dataclasses import replace
from pathlib import Path

import pytest

from marketing.channels.base import Deferred, Failed
from marketing.channels.registry import PUBLISHING_CHANNELS, build_publishers, capabilities, compose
from marketing.domain.content import fits
from marketing.domain.types import ChannelName
from tests.conformance import channel_suite as suite

UNSAFE = [
    "",
    ".",
    "..",
    "../x",
    "a/b",
    "a\\b",
    "/etc/passwd",
    "a.b",
    "a\x00",
    "a\n",
    "-a",
    "ä",
    "x" * 101,
    "C:x",
    "a b",
]


@pytest.fixture(params=PUBLISHING_CHANNELS, ids=str)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> suite.Bench:
    return suite.Bench.of(request.param, tmp_path)


def test_every_channel_but_email_publishes(tmp_path: Path) -> None:
    publishers = build_publishers(outbox_dir=tmp_path, website_dir=tmp_path, public_url=suite.PUBLIC_URL)
    assert set(publishers) == set(ChannelName) - {ChannelName.EMAIL} == set(PUBLISHING_CHANNELS)
    with pytest.raises(KeyError):
        capabilities(ChannelName.EMAIL)


def test_what_compose_makes_is_what_the_publisher_takes(bench: suite.Bench) -> None:
    assert bench.publisher.capabilities is capabilities(bench.channel)
    assert not fits(compose(bench.channel, suite.brief(), suite.DINAS), capabilities(bench.channel)).misfits


def test_capabilities_are_declared_with_their_source(bench: suite.Bench) -> None:
    suite.check_capabilities_are_declared(bench)


def test_a_marker_is_published_once(bench: suite.Bench) -> None:
    suite.check_published_once_per_marker(bench)


def test_looking_up_publishes_nothing(bench: suite.Bench) -> None:
    suite.check_looking_up_publishes_nothing(bench)


def test_unsupported_content_fails_and_stores_nothing(bench: suite.Bench) -> None:
    suite.check_unsupported_content_stores_nothing(bench)


def test_a_mixed_batch_yields_one_outcome_per_item(bench: suite.Bench) -> None:
    suite.check_one_outcome_per_item(bench)


@pytest.mark.parametrize("text", suite.HOSTILE)
def test_hostile_text_is_carried_safely(bench: suite.Bench, text: str) -> None:
    suite.check_hostile_text_is_carried_safely(bench, text)


def test_withdrawing_twice_is_withdrawing_once(bench: suite.Bench) -> None:
    suite.check_withdraw_is_idempotent(bench)


@pytest.mark.parametrize("marker", UNSAFE)
def test_a_marker_cannot_leave_the_folder(bench: suite.Bench, marker: str) -> None:
    suite.check_unsafe_marker_is_refused(bench, marker)


@pytest.mark.parametrize("handle", ["", "tts", "tts.", ".m", "../a.b", "tts.../m", "tts.a/b", "tts.m.n"])
def test_a_handle_cannot_leave_the_folder(bench: suite.Bench, handle: str) -> None:
    with pytest.raises(ValueError):
        bench.publisher.withdraw(handle)


def test_a_full_disk_defers_only_what_it_concerns(bench: suite.Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    written = Path.replace

    def full_for_m1(self: Path, target: Path) -> Path:
        if "m-1.json" in str(target):
            raise OSError(28, "No space left on device")
        return written(self, target)

    monkeypatch.setattr(Path, "replace", full_for_m1)
    outcomes = bench.publish(bench.post("m-1"), bench.post("m-2"))
    assert isinstance(outcomes[0], Deferred)
    assert not isinstance(outcomes[1], Deferred | Failed)
    assert [record["marker"] for record in bench.stored()] == ["m-2"], "and no temporary file is left"


def test_two_tenants_may_use_the_same_marker(bench: suite.Bench) -> None:
    one, other = bench.publish(bench.post(), replace(bench.post(), tenant="blitar"))
    assert one.handle != other.handle  # type: ignore[union-attr]
    assert len(bench.files()) == 2
