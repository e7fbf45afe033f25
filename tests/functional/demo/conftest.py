"""One run of the demo per way of running, shared by the tests that look at it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.postgres import PostgresCluster
from tests.support.redis import RedisServer


@dataclass(frozen=True)
class Played:
    """What a demo left behind."""

    folder: Path
    result: dict[str, Any]
    environment: dict[str, str]
    flags: tuple[str, ...] = ()

    def again(self) -> "Played":
        environment = {name: value for name, value in self.environment.items() if name != "SIAR_DATA_DIR"}
        return play(self.folder, *self.flags, **environment)


def play(folder: Path, *flags: str, **environment: str) -> Played:
    """Run `siar demo --once --json` as a person would and read what it printed."""
    chosen = {"SIAR_DATA_DIR": str(folder), **environment}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SIAR_")}
    command = [sys.executable, "-m", "marketing.cli", "demo", "--once", "--json", *flags]
    done = subprocess.run(
        command, env={**inherited, **chosen}, capture_output=True, text=True, timeout=500, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert "Traceback" not in done.stderr, done.stderr[-4000:]
    return Played(folder, json.loads(done.stdout), chosen, flags)


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
