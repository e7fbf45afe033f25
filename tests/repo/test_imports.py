"""An arrow may only point down: the layers of pyproject.toml hold."""

import subprocess
import sys

from tests.repo.conftest import ROOT


def test_the_layers_hold() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "0 broken" in done.stdout


def test_the_libraries_of_the_networks_are_loaded_at_first_use() -> None:
    heavy = ("telegram", "pywa", "facebook_business")
    asked = f"import sys, workers.app, marketing.web.app, marketing.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"
