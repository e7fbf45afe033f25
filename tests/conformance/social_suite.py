"""What every adapter of a social channel must do, written once; a bench is one adapter before its provider's simulator.

The real client library speaks real HTTP to a server that keeps the provider's documented rules. A new channel is tested by
standing in `BENCHES`.
"""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from marketing.channels.base import Absent, AwaitingHuman, Failed, InDoubt, Pending, Published, Publisher, Ready
from marketing.channels.errors import PermanentError, ReconnectError, TemporaryError
from marketing.channels.pace import Pace
from marketing.channels.registry import compose
from marketing.channels.social import Access, Door, SocialProvider
from marketing.channels.telegram.adapter import TelegramDoor
from marketing.demo.simulators import telegram
from marketing.demo.simulators.server import Fault, ProviderServer
from marketing.demo.simulators.telegram import TelegramServer
from marketing.domain.brief import BriefProduct, PostBrief
from marketing.domain.content import MediaRule, OutboundPost, PostPicture
from marketing.domain.types import ChannelName
from marketing.observability import redact
from tests.conformance import social_graph, social_tiktok

SLOW = 0.4  # seconds a client waits in the test of silence
PATIENT = 5.0
TEXT = "Camilan khas SoE, baru digoreng pagi ini."
LOG_CHAT = -1009999999999


@dataclass
class Notes:
    """The memory of an account, in a dictionary."""

    kept: dict[str, Any] = field(default_factory=dict)

    def read(self) -> dict[str, Any]:
        return dict(self.kept)

    def keep(self, **facts: Any) -> None:
        self.kept |= facts


@dataclass
class Bench:
    """One adapter, its simulator, and how to see what stands there.

    `submitting` ends the path of the irreversible call. `delay` is what the provider asks for when it is called too often.
    `can_tell` says whether a lost answer can be looked up.
    """

    channel: ChannelName
    server: ProviderServer
    door: Door
    access: Access
    standing: Callable[[], int]
    submitting: str
    folder: Path
    delay: timedelta
    secrets: tuple[str, ...]
    can_tell: bool = True
    memory: Notes = field(default_factory=Notes)

    @property
    def publisher(self) -> Publisher:
        return self.door.open(self.access, self.memory)

    def post(self, marker: str = "tts-m-1", text: str = TEXT, pictures: int = 1) -> OutboundPost:
        return compose(self.channel, brief(marker, text, self._pictures(pictures)), "Dinas Perindagkop UMKM TTS")

    def publish(self, post: OutboundPost) -> Any:
        """Do what a worker does until there is an answer; raises what the adapter raises."""
        note = ""
        for _step in range(20):
            ready = self.publisher.prepare(post, note)
            if isinstance(ready, Ready):
                return self.finished(post, self.publisher.submit(post, ready.note), ready.note)
            if isinstance(ready, Failed):
                return ready
            note = getattr(ready, "note", note)
            self.server.pass_time(timedelta(minutes=1))
        raise AssertionError("never ready")

    def finished(self, post: OutboundPost, answer: Any, note: str) -> Any:
        """Ask about a pending post until it stands; look a lost one up."""
        self.note = note
        for _step in range(20):
            if not isinstance(answer, Pending):
                return answer
            self.server.pass_time(timedelta(minutes=1))
            answer = self.publisher.poll(post, answer.handle)
        raise AssertionError("pending for ever")

    def _pictures(self, number: int) -> tuple[PostPicture, ...]:
        pictures = []
        for index in range(number):
            path = self.folder / f"gambar-{index}.jpg"
            Image.new("RGB", (1080, 1080), (90, 30 * index, 60)).save(path, "JPEG")
            address = f"https://umkm.ttskab.example/gambar/{index}.jpg"
            pictures.append(PostPicture(str(path), address, "Keripik", 1080, 1080))
        return tuple(pictures)


def brief(marker: str, words: str, pictures: tuple[PostPicture, ...]) -> PostBrief:
    products = tuple(
        BriefProduct(
            f"p{number}",
            f"Keripik Pisang {number}",
            "Dapur Mama Yuli",
            "Rp15.000",
            f"https://umkm.ttskab.example/p/{number}",
            "WhatsApp 0812-3456-7890",
            picture,
        )
        for number, picture in enumerate(pictures, start=1)
    )
    page = "https://umkm.ttskab.example/tts/promo/m"
    return PostBrief(f"k-{marker}", "tts", marker, "Renyah dari SoE", words, page, products, ("umkm",))


@contextmanager
def _telegram(folder: Path, timeout: float = PATIENT) -> Iterator[Bench]:
    with TelegramServer() as server:
        log = telegram.Chat(LOG_CHAT, "catatan")
        server.chats[LOG_CHAT] = log
        settings = {"username": "umkm_tts", "log_chat": str(LOG_CHAT)}
        access = Access(SocialProvider.TELEGRAM, str(telegram.CHANNEL), "UMKM TTS", telegram.TOKEN, settings=settings)
        yield Bench(
            channel=ChannelName.TELEGRAM,
            server=server,
            door=TelegramDoor(Pace(), server.url, timeout),
            access=access,
            standing=lambda: len({message.get("media_group_id", number) for number, message in _messages(server)}),
            submitting="/sendPhoto",
            folder=folder,
            delay=timedelta(seconds=telegram.FLOOD_SECONDS),
            secrets=(telegram.TOKEN, telegram.TOKEN.partition(":")[2]),
            memory=Notes({"last_message": 40}),
        )
        assert not log.messages, "what a look-up forwarded is deleted again"


def _messages(server: TelegramServer) -> list[tuple[int, dict[str, Any]]]:
    return list(server.chats[telegram.CHANNEL].messages.items())


BENCHES: dict[str, Callable[..., Any]] = {
    "telegram": _telegram,
    **social_graph.benches(Bench),
    **social_tiktok.benches(Bench),
}


def check_a_post_is_published_and_taken_down(bench: Bench) -> None:
    outcome = bench.publish(bench.post())
    assert isinstance(outcome, Published | AwaitingHuman)
    assert bench.standing() == 1
    if isinstance(outcome, AwaitingHuman):
        return
    assert outcome.permalink.startswith("https://")
    can_delete = bench.publisher.capabilities.can_delete
    assert [bench.publisher.withdraw(outcome.handle) for _time in range(2)] == [can_delete] * 2
    assert bench.standing() == (0 if can_delete else 1)


def check_every_number_of_pictures(bench: Bench, number: int) -> None:
    outcome = bench.publish(bench.post(pictures=number))
    assert isinstance(outcome, Published | AwaitingHuman), outcome
    assert bench.standing() == 1


def check_a_rate_limit_waits_as_long_as_the_provider_says(bench: Bench) -> None:
    bench.server.break_next(bench.submitting, Fault.RATE)
    with pytest.raises(TemporaryError) as caught:
        bench.publish(bench.post())
    assert caught.value.retry_after == bench.delay
    assert bench.standing() == 0


def check_a_revoked_access_asks_for_a_person(bench: Bench) -> None:
    bench.server.break_next(bench.submitting, Fault.TOKEN)
    with pytest.raises(ReconnectError):
        bench.publish(bench.post())
    assert bench.standing() == 0


def check_a_refused_right_or_a_block_is_no_matter_of_trying_again(bench: Bench, fault: Fault) -> None:
    bench.server.break_next(bench.submitting, fault)
    with pytest.raises((PermanentError, TemporaryError)) as caught:
        bench.publish(bench.post())
    if isinstance(caught.value, TemporaryError):
        assert caught.value.retry_after >= timedelta(hours=1), "a block is left alone for hours"
    assert bench.standing() == 0


def check_a_lost_answer_is_found_and_never_repeated(bench: Bench, fault: Fault) -> None:
    post = bench.post()
    bench.server.break_next(bench.submitting, fault)
    outcome = bench.publish(post)
    assert isinstance(outcome, InDoubt), outcome
    bench.server.pass_time(timedelta(minutes=5))
    found = bench.publisher.find(post, bench.note)
    if bench.can_tell:
        assert isinstance(bench.finished(post, found, bench.note), Published | AwaitingHuman), found
    else:
        assert isinstance(found, InDoubt)
    assert bench.standing() == 1


def check_a_fault_before_anything_was_stored_is_told_apart(bench: Bench, fault: Fault) -> None:
    post = bench.post()
    bench.server.break_next(bench.submitting, fault)
    outcome = bench.publish(post)
    assert isinstance(outcome, InDoubt), "from outside it looks like a lost answer"
    bench.server.pass_time(timedelta(minutes=5))
    found = bench.publisher.find(post, bench.note)
    assert isinstance(found, Absent if bench.can_tell else InDoubt), found
    assert bench.standing() == 0


def check_unsupported_content_makes_no_call(bench: Bench) -> None:
    limits = bench.publisher.capabilities
    good = bench.post()
    bad = [replace(good, text="a" * (limits.max_text + 1)), replace(good, text=" ")]
    bad.append(replace(good, pictures=good.pictures * (limits.max_pictures + 1)))
    bad.append(replace(good, pictures=(replace(good.pictures[0], path="a.tiff"),)))
    if limits.media is MediaRule.REQUIRED:
        bad.append(replace(good, pictures=()))
    for post in bad:
        outcome = bench.publish(post)
        assert isinstance(outcome, Failed)
        assert outcome.detail.endswith(".")
    assert bench.server.asked == []


def check_no_secret_is_ever_told(bench: Bench, logged: Callable[[], str]) -> None:
    told: list[str] = [repr(bench.access), repr(bench.door), repr(bench.publisher)]
    for fault in (None, Fault.DROP_ANSWER, Fault.RATE, Fault.TOKEN, Fault.SERVER_ERROR):
        if fault is not None:
            bench.server.break_next(bench.submitting, fault)
        try:
            told.append(repr(bench.publish(bench.post(f"tts-{fault or 'baik'}"))))
        except (PermanentError, TemporaryError) as error:
            told.append("".join(traceback.format_exception(error)))
    everything = " ".join([*told, redact(logged())])  # as every line of a log is before it is written
    for secret in bench.secrets:
        assert secret not in everything


def check_nobody_there_is_no_doubt(bench: Bench) -> None:
    nowhere = replace(bench.door, host="http://127.0.0.1:1")  # type: ignore[type-var]
    publisher = nowhere.open(bench.access, bench.memory)
    with pytest.raises(TemporaryError):
        ready = publisher.prepare(bench.post(), "")
        assert isinstance(ready, Ready)
        publisher.submit(bench.post(), ready.note)
