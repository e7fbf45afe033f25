import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import structlog

from marketing.channels.base import AwaitingHuman, Failed, Ready
from marketing.channels.registry import compose
from marketing.channels.social import Access, SocialProvider
from marketing.channels.whatsapp.group import GroupDoor
from marketing.demo.simulators.server import Fault
from marketing.domain.content import PostPicture
from marketing.domain.types import ChannelName
from marketing.observability import configure_logging
from tests.conformance import social_audit as audit
from tests.conformance.social_suite import BENCHES, Notes, brief

FAULTS = [
    Fault.RATE,
    Fault.TOKEN,
    Fault.PERMISSION,
    Fault.POLICY,
    Fault.BUSY,
    Fault.DROP_ANSWER,
]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("provider", sorted(BENCHES))
def test_a_fault_at_any_call_never_makes_two_posts(provider: str, fault: Fault, tmp_path: Path) -> None:
    with BENCHES[provider](tmp_path) as bench:
        number = audit.calls_of_a_life(bench)
    for before in range(number):
        with BENCHES[provider](tmp_path) as bench:
            audit.check_a_fault_at_a_call(bench, fault, before)


@pytest.mark.parametrize("provider", sorted(BENCHES))
def test_a_gateway_that_says_slow_down_is_obeyed_to_the_second(provider: str, tmp_path: Path) -> None:
    with BENCHES[provider](tmp_path) as bench:
        bench.server.break_next(bench.submitting, Fault.HTTP_429)
        life = audit.lived(bench, bench.post())
        assert timedelta(seconds=77) in life.waits
        assert life.looked == 0, "nothing stands, so nothing is looked up"
        assert bench.standing() == 1


@pytest.mark.parametrize("hours", [-8, 8])
@pytest.mark.parametrize("provider", ["facebook", "instagram"])
def test_a_host_whose_clock_shows_local_time_finds_its_posts_all_the_same(
    provider: str, hours: int, tmp_path: Path
) -> None:
    with BENCHES[provider](tmp_path) as bench:
        audit.check_clocks_that_differ(bench, timedelta(hours=hours))


@pytest.fixture(name="written")
def _written() -> Iterator[StringIO]:
    """Return what a process that logs everything writes, of our libraries too."""
    root, kept, levels = logging.getLogger(), structlog.get_config(), {}
    handlers, level = root.handlers, root.level
    configure_logging("DEBUG")
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.stream = StringIO()
    for name in ("httpx", "httpcore", "telegram", "urllib3", "requests"):  # more than an operator can switch on
        levels[name] = logging.getLogger(name).level
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield handler.stream
    root.handlers, root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.configure(**kept)


@pytest.mark.parametrize("provider", sorted(BENCHES))
def test_no_secret_stands_in_a_log_of_everything(provider: str, written: StringIO, tmp_path: Path) -> None:
    with BENCHES[provider](tmp_path) as bench:
        audit.troubled(bench)
        lines = written.getvalue()
        assert lines.count("\n") > 20
        for secret in bench.secrets:
            assert secret not in lines


def test_a_group_is_a_kit_for_a_person_and_calls_nobody(tmp_path: Path) -> None:
    access = Access(SocialProvider.WHATSAPP_GROUP, "mollo", "UMKM Mollo")
    publisher = GroupDoor().open(access, Notes())
    (tmp_path / "a.jpg").write_bytes(b"")
    picture = PostPicture(str(tmp_path / "a.jpg"), "https://umkm.ttskab.example/a.jpg", "Keripik", 1080, 1080)
    post = compose(ChannelName.WHATSAPP, brief("tts-m-1", "Baru digoreng.", (picture,)), "Dinas")
    ready = publisher.prepare(post, "")
    assert isinstance(ready, Ready)
    kit = publisher.submit(post, ready.note)
    assert isinstance(kit, AwaitingHuman)
    # Killed at any step and asked again it is the same kit, so one task.
    assert [publisher.find(post, ready.note), publisher.poll(post, kit.handle)] == [kit, kit]
    assert publisher.withdraw(kit.handle) is False
    for bad in (replace(post, text="a" * 70_000), replace(post, text=" "), replace(post, pictures=(picture,) * 31)):
        refused = publisher.prepare(bad, "")
        assert isinstance(refused, Failed)
        assert audit.is_sentence(refused.detail), refused.detail
