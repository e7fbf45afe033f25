"""Posts on Telegram in their forms: a button under a single one, the link in an album's words, topics, and what cannot be deleted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from marketing.channels.base import Published
from marketing.channels.errors import PermanentError, ReconnectError
from marketing.channels.pace import Pace
from marketing.demo.simulators import telegram
from marketing.demo.simulators.telegram import TelegramServer
from tests.conformance.social_suite import BENCHES, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with BENCHES["telegram"](tmp_path) as made:
        yield made


def server(bench: Bench) -> TelegramServer:
    assert isinstance(bench.server, TelegramServer)
    return bench.server


def sent(bench: Bench, pictures: int = 1) -> Published:
    bench.door = replace(bench.door, pace=Pace())  # type: ignore[type-var]
    outcome = bench.publish(bench.post(pictures=pictures))
    assert isinstance(outcome, Published)
    return outcome


@pytest.mark.parametrize("pictures", [0, 1])
def test_a_single_post_bears_a_button_to_its_products(bench: Bench, pictures: int) -> None:
    sent(bench, pictures)
    (message,) = server(bench).standing()
    ((key,),) = message["reply_markup"]["inline_keyboard"]
    assert key == {"text": "Lihat produk", "url": bench.post().link}


def test_a_link_that_the_internet_cannot_reach_makes_no_button(bench: Bench) -> None:
    post = replace(bench.post(), link="http://localhost:8000/p/1")
    assert isinstance(bench.publish(post), Published)
    assert "reply_markup" not in server(bench).standing()[0]


@pytest.mark.parametrize("pictures", [2, 10])
def test_an_album_says_its_words_once_with_the_link_in_them(bench: Bench, pictures: int) -> None:
    outcome = sent(bench, pictures)
    messages = server(bench).standing()
    assert len(messages) == pictures == len(outcome.handle.split(","))
    assert len({message["media_group_id"] for message in messages}) == 1
    assert bench.post().link in messages[0]["caption"]
    assert not any("caption" in message or "reply_markup" in message for message in messages[1:])


@pytest.mark.parametrize("pictures", [0, 1, 3])
def test_a_topic_is_kept_to_and_one_that_is_gone_is_told(bench: Bench, pictures: int) -> None:
    server(bench).chats[telegram.CHANNEL].topics = frozenset({5})
    bench.access = replace(bench.access, settings={**bench.access.settings, "topic": 5})
    sent(bench, pictures)
    bench.access = replace(bench.access, settings={**bench.access.settings, "topic": 6})
    with pytest.raises(ReconnectError, match="Topik"):
        sent(bench, pictures)


@pytest.mark.parametrize("pictures", [0, 1, 3])
def test_what_is_too_old_to_delete_loses_its_words_and_button_and_waits_for_a_person(
    bench: Bench, pictures: int
) -> None:
    outcome = sent(bench, pictures)
    server(bench).chats[telegram.CHANNEL].deletes_old = False
    bench.server.pass_time(timedelta(hours=49))
    assert [bench.publisher.withdraw(outcome.handle) for _time in range(2)] == [False, False]
    first = server(bench).standing()[0]
    assert first.get("caption", first.get("text")) == "Kiriman ini sudah ditarik."
    assert "reply_markup" not in first


def test_what_is_young_or_an_administrators_is_deleted_whole(bench: Bench) -> None:
    server(bench).chats[telegram.CHANNEL].deletes_old = False
    young = sent(bench, 3)
    bench.server.pass_time(timedelta(hours=47))
    assert bench.publisher.withdraw(young.handle)
    server(bench).chats[telegram.CHANNEL].deletes_old = True
    old = sent(bench, 3)
    bench.server.pass_time(timedelta(days=400))
    assert bench.publisher.withdraw(old.handle)
    assert server(bench).standing() == []


def test_a_picture_that_telegram_cannot_read_is_refused_in_words(bench: Bench) -> None:
    post = bench.post()
    Path(post.pictures[0].path).write_bytes(b"bukan gambar")
    with pytest.raises(PermanentError, match="Ganti foto"):
        bench.publish(post)
