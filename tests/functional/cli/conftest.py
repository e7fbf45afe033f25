"""The `siar` command as a person runs it: what it prints, what it answers, and what it leaves behind."""

import contextvars
import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from marketing.cli import main


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """What the command said on standard error: exactly one line."""
        assert self.code != 0, self.out
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("siar: "), self.err
        return lines[0].removeprefix("siar: ")


Siar = Callable[..., Done]


@pytest.fixture
def installed(sqlite_template: Path, tmp_path: Path) -> Path:
    """The database that `siar migrate` leaves; the making itself is looked at by `newcomer`s."""
    path = tmp_path / "data" / "siar.sqlite3"
    path.parent.mkdir()
    shutil.copy(sqlite_template, path)
    return path


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """Give the root logger back as it was: commands send it to the standard error of the test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level


@pytest.fixture
def newcomer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Siar:
    """Run `siar` where nothing is; an error that is no sentence reaches the test as it is."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **settings: Any) -> Done:
        capsys.readouterr()
        with monkeypatch.context() as patch, pytest.raises(SystemExit) as ended:
            patch.setattr("sys.argv", ["siar", *arguments])
            for name, value in settings.items():
                patch.setenv(name, str(value))
            contextvars.copy_context().run(main)
        printed = capsys.readouterr()
        return Done(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def siar(newcomer: Siar, installed: Path) -> Siar:
    """Run `siar` with these arguments and settings, on a database that `siar migrate` has made."""
    assert installed.exists()
    return newcomer
