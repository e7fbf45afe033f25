"""What no linter here sees: the clock is read in one place, the environment in another, and every time has its zone."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.repo.conftest import ROOT, Files

PRODUCT = ("marketing", "catalog_sync", "workers")
CLOCK = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "datetime.utcfromtimestamp"}
MAY_READ_THE_CLOCK = {
    "marketing/bootstrap.py",
    "marketing/observability/beat.py",  # signs of life are compared between machines; nothing is decided by them
    "marketing/demo/simulators/server.py",  # a provider has a clock of its own
}
MAY_READ_THE_ENVIRONMENT = {"marketing/settings.py"}
SLEEP = {"time.sleep"}
ENVIRONMENT = {"os.environ", "os.getenv", "os.environb", "os.putenv"}
SLOW_SERVERS = {"tests/integration/catalog_sync/test_sources.py", "tests/unit/channels/test_http_guard.py"}
"""These play a server that drips its answer; the test itself waits for nothing."""
WATCHERS = {"tests/chaos/rounds.py", "tests/chaos/servers.py"}
"""These watch processes of their own until something has happened, within a bound."""
ZONE = {"datetime": 7, "datetime.now": 0, "datetime.fromtimestamp": 1}
"""Calls that make a naive time unless they get a zone: at this position or as `tz`/`tzinfo`."""


def trees(files: Files, *folders: str, names: Iterable[str]) -> Iterator[tuple[str, ast.Module]]:
    """Return the files in which one of the names can stand: the others need not be parsed. Our source is formatted."""
    words = {"os import"} | {
        f".{last}" if owner else f"{last}(" for owner, _, last in (n.rpartition(".") for n in names)
    }
    for path in files(*folders):
        text = path.read_text("utf-8")
        if any(word in text for word in words):
            yield str(path.relative_to(ROOT)), ast.parse(text, str(path))


def dotted(node: ast.AST) -> str:
    """Return the last two names of `a.b.c`, or one name."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value).rpartition(".")[2]
        return f"{before}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def uses(tree: ast.Module, names: set[str]) -> list[int]:
    imported = {f"os.{name.name}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "os" for name in node.names}  # fmt: skip
    lines = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and dotted(node) in names]
    return lines + ([0] if imported & names else [])


def test_only_the_composition_root_reads_the_clock(files: Files) -> None:
    found = {path: lines for path, tree in trees(files, *PRODUCT, names=CLOCK) if (lines := uses(tree, CLOCK))}
    assert set(found) == MAY_READ_THE_CLOCK


def test_only_the_settings_read_the_environment(files: Files) -> None:
    found = {
        path: lines for path, tree in trees(files, *PRODUCT, names=ENVIRONMENT) if (lines := uses(tree, ENVIRONMENT))
    }
    assert set(found) == MAY_READ_THE_ENVIRONMENT


def test_every_time_has_its_zone(files: Files) -> None:
    naive = [
        f"{path}:{node.lineno}"
        for path, tree in trees(files, *PRODUCT, names=ZONE)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (place := ZONE.get(dotted(node.func))) is not None
        and len(node.args) <= place
        and not any(keyword.arg in {"tz", "tzinfo"} for keyword in node.keywords)
    ]
    assert naive == []


def test_no_test_sleeps(files: Files) -> None:
    found = {path for path, tree in trees(files, "tests", names=SLEEP) if uses(tree, SLEEP)}
    assert found <= SLOW_SERVERS | WATCHERS


def test_the_checks_above_see_what_they_look_for(tmp_path: Path) -> None:
    tree = ast.parse("import os\nfrom datetime import datetime\nx = os.environ['A']\ny = datetime.now()\n")
    assert uses(tree, ENVIRONMENT) == [3]
    assert uses(tree, CLOCK) == [4]
    assert uses(ast.parse("from os import environ"), ENVIRONMENT) == [0]
