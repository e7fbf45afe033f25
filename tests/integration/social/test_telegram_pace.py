"""Telegram's three limits, kept by two processes together: a second for a chat, thirty a second for a bot, twenty a minute for a group."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.redis import RedisServer

PROGRAM = """
import json, sys, time
from dataclasses import replace
from marketing.channels.errors import TemporaryError
from marketing.channels.pace import Pace
from marketing.channels.social import Access, SocialProvider
from marketing.channels.telegram.adapter import TelegramDoor
from marketing.domain.content import OutboundPost, PostPicture

class Nothing:
    def read(self): return {}
    def keep(self, **facts): pass

door = TelegramDoor(Pace.shared(sys.argv[1]))
words = OutboundPost("k", "tts", "m", "Keripik", "Keripik baru.", "https://umkm.example/p")
album = replace(words, pictures=(PostPicture("a.jpg", "https://umkm.example/a.jpg", "Keripik", 1080, 1080),) * 10)
posts = {**{str(-100 - chat): words for chat in range(80)}, "-7": album}
publishers = {chat: door.open(Access(SocialProvider.TELEGRAM, chat, chat, "1:a"), Nothing()) for chat in posts}
print("ready", flush=True)
sys.stdin.readline()
left, until = [], time.monotonic() + 1.7
while time.monotonic() < until:
    for chat, publisher in publishers.items():
        try:
            publisher.prepare(posts[chat], "")
        except TemporaryError:
            continue
        left.append((time.time(), chat))
print(json.dumps(left))
"""


@pytest.mark.skipif(not RedisServer.available(), reason="redis-server is not installed")
def test_two_processes_keep_every_limit_together(tmp_path: Path) -> None:
    server = RedisServer(tmp_path)
    try:
        command = [sys.executable, "-c", PROGRAM, server.url]
        workers = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _worker in range(2)
        ]
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()
        told = [json.loads(worker.communicate(timeout=60)[0]) for worker in workers]
    finally:
        server.stop()
    assert all(told), "both had work"
    left = sorted((float(at), str(chat)) for one in told for at, chat in one)
    moments = [at for at, _chat in left]
    slack = 0.05  # a count is written before the process looks at its clock
    assert max(sum(at <= other < at + 1 - slack for other in moments) for at in moments) <= 30
    for chat in {chat for _at, chat in left}:
        own = [at for at, whose in left if whose == chat]
        assert all(after - before >= 1 - slack for before, after in pairwise(own)), chat
    assert sum(chat == "-7" for _at, chat in left) <= 2, "an album of ten counts as ten of the twenty"
