"""`python -m benchmarks` prints one JSON object in which every number stands next to its baseline."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def benchmarks(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_a_measurement_says_its_value_its_unit_and_how_it_relates_to_what() -> None:
    done = benchmarks("gate", "--size", "small")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["size"] == "small"
    assert report["machine"]["cores"] >= 1
    assert len(report["load"]["before"]) == 3
    figure = report["measurements"]["gate"]["decisions"]
    assert figure["unit"] == "decisions/s"
    assert figure["baseline"]
    assert len(figure["rounds"]) == 3
    assert 0 < figure["notes"]["promotable"] < figure["notes"]["products"]
    assert figure["ratio"] == float(f"{figure['ratio']:.4g}")
    assert abs(figure["ratio"] - figure["value"] / figure["baseline_value"]) < 0.01


def test_an_unknown_measurement_is_named() -> None:
    done = benchmarks("cepat")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "cepat" in done.stderr
