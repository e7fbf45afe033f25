"""The demo, played once per way of running for all tests that look at it, and one that stands for the browser tests."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from marketing.demo.people import Login
from marketing.demo.run import demo_settings, running_demo
from marketing.domain.types import Role
from marketing.settings import Settings
from tests.support.postgres import PostgresCluster
from tests.support.redis import RedisServer


@dataclass(frozen=True)
class Played:
    """What a demo left behind."""

    folder: Path
    result: dict[str, Any]

    @property
    def mails(self) -> list[str]:
        """The names of the mails that have arrived."""
        return mails_in(self.folder)

    @property
    def address(self) -> str:
        """Where its pages stood: its posts and mails lead there for ever."""
        feed = Path(self.result["tenants"]["tts"]["feed"]["path"]).with_name("feed.json").read_text("utf-8")
        found = re.search(r"http://127\.0\.0\.1:\d+", feed)
        assert found
        return found[0]


@dataclass(frozen=True)
class Site:
    """A demo that runs: its address, its people, how it is set up, and what it printed and had sent when it began."""

    url: str
    logins: list[Login]
    settings: Settings
    result: dict[str, Any]
    mails: list[str]
    sessions: dict[Role, Any] = field(default_factory=dict)
    """The cookies of who has signed in."""

    @property
    def inbox(self) -> Path:
        """The folder in which its mails arrive."""
        return self.settings.inbox_dir

    def login_of(self, role: Role, tenant: str = "tts") -> Login:
        return next(login for login in self.logins if login.role is role and login.tenant_id == tenant)


def mails_in(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "kotak-surat").glob("*.eml"))


def play(folder: Path, *flags: str, **environment: str) -> Played:
    """Run `siar demo --once --json` as a person would and read what it printed."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SIAR_")}
    command = [sys.executable, "-m", "marketing.cli", "demo", "--once", "--json", *flags]
    chosen = {**inherited, "SIAR_DATA_DIR": str(folder), **environment}
    done = subprocess.run(command, env=chosen, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    assert "Traceback" not in done.stderr, done.stderr[-4000:]
    return Played(folder, json.loads(done.stdout))


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The embedded way: SQLite, Valkey from a wheel, the local inbox, and social networks that are simulated."""
    return play(tmp_path_factory.mktemp("demo"), "--simulate-providers")


@pytest.fixture(scope="session")
def production(tmp_path_factory: pytest.TempPathFactory, postgres: PostgresCluster) -> Iterator[Played]:
    """The production way: PostgreSQL and Redis."""
    if not RedisServer.available():
        pytest.skip("redis-server tidak terpasang (apt install redis-server)")
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    try:
        folder = tmp_path_factory.mktemp("demo-pg")
        yield play(folder, SIAR_DATABASE_URL=postgres.new_database(), SIAR_BROKER_URL=server.url)
    finally:
        server.stop()


@pytest.fixture(scope="session")
def site(embedded: Played, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A second run on what the first left, which then stands while browsers look at it; the first stays as it was."""
    folder = tmp_path_factory.mktemp("standing") / "data"
    shutil.copytree(embedded.folder, folder)
    here = {"public_url": embedded.address, "port": int(embedded.address.rpartition(":")[2])}
    with (
        demo_settings(Settings(data_dir=folder, log_level="WARNING"), once=True) as settings,
        running_demo(settings.model_copy(update=here), providers=True) as (installation, result),
    ):
        assert result.balanced
        url = installation.settings.public_url
        yield Site(url, result.logins, installation.settings, result.numbers, mails_in(folder))
