"""A worker of bulk mail stays within 150 MB (issue 6): what it does not need is not imported when it starts."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPARED = (
    "PIL", "openpyxl", "xlsxwriter", "aiosmtpd", "rich", "opentelemetry.sdk.metrics", "celery.bin", "fastapi", "uvicorn", "alembic",
    "marketing.web", "marketing.demo",
)  # fmt: skip
"""Pictures, spreadsheets, a mail server, what draws in terminals, what measures redis, the web: 45 MB together."""
LOOK = """
import sys
from marketing.cli import run
from celery.concurrency import thread
import workers.app
print(*sys.modules)
print([int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")])
"""
MOST_MB = 145


@pytest.fixture(scope="module")
def seen() -> list[str]:
    """What a worker has imported, and how large it was at its largest by then, in MB."""
    told = subprocess.run([sys.executable, "-c", LOOK], cwd=ROOT, check=True, capture_output=True, text=True)
    return told.stdout.split()


@pytest.mark.parametrize("module", SPARED)
def test_a_worker_starts_without(seen: list[str], module: str) -> None:
    assert [name for name in seen if name == module or name.startswith(f"{module}.")] == []


def test_a_worker_that_has_just_started_leaves_room_for_its_work(seen: list[str]) -> None:
    """Nothing in it takes much for a moment either, as hashing a password does (64 MB)."""
    assert int(seen[-1].strip("[]")) < MOST_MB
