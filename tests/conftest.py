"""Real servers for the tests, started once and shared; a skip is a failure where SIAR_REQUIRE_ALL=1 (CI)."""

import gc
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import settings

from marketing.accounts import users
from marketing.db.migrate import migrate
from marketing.db.session import Database
from tests.support.engines import opened
from tests.support.postgres import PostgresCluster
from tests.support.world import World

pytest_plugins = ["tests.support.demo"]
REQUIRE_ALL = os.environ.get("SIAR_REQUIRE_ALL") == "1"
EXAMPLES = int(os.environ.get("SIAR_EXAMPLES", "40"))
"""Of each law that names no number of its own; `SIAR_EXAMPLES=1000` looks for longer."""
settings.register_profile("suite", max_examples=EXAMPLES, deadline=None)  # how busy the machine is proves nothing
settings.load_profile("suite")


_counted = itertools.count()


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the test's own; pytest's looks through the thousands before it for the next free name, each time."""
    return tmp_path_factory.mktemp(f"t{next(_counted)}", numbered=False)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresCluster]:
    """A real PostgreSQL from a wheel, with a migrated template database."""
    cluster = PostgresCluster(tmp_path_factory.mktemp("pg"))
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating anew takes longer than most tests."""
    path = tmp_path_factory.mktemp("sqlite") / "siar.sqlite3"
    database = opened(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


def copied(template: Path, folder: Path) -> Database:
    path = folder / "siar.sqlite3"
    shutil.copy(template, path)
    return opened(f"sqlite:///{path}")


@contextmanager
def _copied(template: Path, folder: Path) -> Iterator[Database]:
    """The same until the test has ended: thousands of files that stayed would all be written to the disk."""
    database = copied(template, folder)
    yield database
    database.close()
    (folder / "siar.sqlite3").unlink()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database; every test that asks for it runs on both engines."""
    if request.param == "sqlite":
        with _copied(request.getfixturevalue("sqlite_template"), tmp_path) as database:
            yield database
        return
    cluster: PostgresCluster = request.getfixturevalue("postgres")
    database = opened(cluster.borrow())
    yield database
    database.close()
    cluster.give_back(str(database.engine.url.database))


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    """The real application on an empty database of either engine."""
    return World.make(database, tmp_path)


@pytest.fixture
def small_world(sqlite_template: Path, tmp_path: Path) -> Iterator[World]:
    """The same on SQLite alone, for what no engine changes."""
    with _copied(sqlite_template, tmp_path) as database:
        yield World.make(database, tmp_path)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hash passwords as cheaply as Argon2 allows: nobody attacks the users of a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(users, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(autouse=True)
def _own_settings(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No test reads the developer's own environment or writes outside its folder, which few need to have made."""
    asked = "tmp_path" in request.fixturenames
    folder = request.getfixturevalue("tmp_path") if asked else tmp_path_factory.getbasetemp() / f"t{next(_counted)}"
    for name in [
        name
        for name in os.environ
        if name.startswith("SIAR_") and name not in {"SIAR_REQUIRE_ALL", "SIAR_SPECS", "SIAR_SHOTS"}
    ]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SIAR_DATA_DIR", str(folder / "data"))
    monkeypatch.setenv("SIAR_QUIET_HOURS", "false")  # no test depends on the hour at which it runs


def pytest_collection_finish() -> None:
    """Leave what is imported by now to itself: walking through all of it again and again took one second in twenty."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(3000, 10, 10)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Let one worker have all tests of a module that shares something among them: two would make it twice."""
    for item in items:
        shared = item._fixtureinfo.name2fixturedefs.values()
        if item.get_closest_marker("xdist_group") is None and any(one[-1].scope == "module" for one in shared):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Turn skips into a failure where everything must run; providers' own documents may be missing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter is not None else []
    if REQUIRE_ALL and exitstatus == 0 and any("SIAR_SPECS" not in str(report.longrepr) for report in skipped):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
