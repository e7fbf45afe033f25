"""Files stay small enough to read at one sitting, and none is a drawer for everything."""

from pathlib import Path

from tests.repo.conftest import ROOT, Files

CEILING = 400
READ_BY_PEOPLE = (".py", ".html", ".css", ".mjs", ".js", ".mjml", ".toml", ".sh")
DRAWERS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_no_file_is_longer_than_the_ceiling(files: Files) -> None:
    found = files(suffixes=READ_BY_PEOPLE)
    assert len(found) > 200
    assert {str(path.relative_to(ROOT)): lines(path) for path in found if lines(path) > CEILING} == {}


def test_no_file_or_folder_is_a_drawer_for_everything(files: Files) -> None:
    parts = {part.partition(".")[0] for path in files(suffixes=READ_BY_PEOPLE) for part in path.relative_to(ROOT).parts}
    assert parts & DRAWERS == set()
