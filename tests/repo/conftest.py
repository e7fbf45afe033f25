"""The repository as git knows it: what is tracked or about to be."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Files = Callable[..., list[Path]]


@pytest.fixture(scope="session")
def files() -> Files:
    """Return the files under these folders (all of the repository by default) with one of these endings."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.splitlines()  # fmt: skip
    except (OSError, subprocess.CalledProcessError):  # an archive without git
        listed = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if ".venv" not in path.parts]
    known = sorted({ROOT / name for name in listed})

    def find(*folders: str, suffixes: tuple[str, ...] = (".py",)) -> list[Path]:
        roots = [ROOT / folder for folder in folders] or [ROOT]
        return [
            path
            for path in known
            if path.is_file() and path.suffix in suffixes and any(path.is_relative_to(root) for root in roots)
        ]

    return find
