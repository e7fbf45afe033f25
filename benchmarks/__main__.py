"""The command: choose measurements, run them one after the other, print one JSON object."""

import argparse
import json
import logging
import os
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench
from benchmarks.figures import Figure, load, machine
from benchmarks.processes import MachineTime, cpu_seconds
from benchmarks.sinks import NotMeasuredError
from benchmarks.table import table

# Loaded when asked for: the gate is measured without the web framework.
MEASUREMENTS: Mapping[str, str] = {
    "gate": "benchmarks.gate",
    "sync": "benchmarks.sync",
    "permission": "benchmarks.permission",
    "plan": "benchmarks.planning",
    "rendering": "benchmarks.rendering",
    "smtp": "benchmarks.smtp",
    "newsletter": "benchmarks.newsletter",
    "short": "benchmarks.short",
    "postfix": "benchmarks.postfix",
    "sendgrid": "benchmarks.sendgrid",
    "far_relay": "benchmarks.far_relay",
    "large": "benchmarks.large",
    "contacts": "benchmarks.contacts",
    "web": "benchmarks.web",
    "segments": "benchmarks.segments",
}


def main(arguments: Sequence[str]) -> None:
    """Measure what was asked for, by default everything."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"{', '.join(MEASUREMENTS)}; none: all")
    parser.add_argument("--size", choices=("small", "full"), default="full", help="small ends within a minute")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.names) - set(MEASUREMENTS)
    if unknown:
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    logging.disable(logging.INFO)
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))  # servers and folders go with us
    report = run(chosen.names or list(MEASUREMENTS), chosen.size)
    print(json.dumps(report, indent=2))
    print(f"\n{table(report)}", file=sys.stderr)


def run(names: Sequence[str], size: str) -> dict[str, Any]:
    """Return the measurements as one JSON object."""
    started, before, machine_time = time.monotonic(), load(), MachineTime.read()
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="siar-bench-", ignore_cleanup_errors=True) as folder:
        bench = Bench("small" if size == "small" else "full", Path(folder))
        try:
            for name in names:
                begun = time.monotonic()
                found[name] = _figures(bench, name)
                bench.say(f"{name}: {time.monotonic() - begun:.1f} s")
        finally:
            bench.close()
    return {
        "size": size,
        "machine": machine(),
        "load": {"before": before, "after": load()},
        "noise": MachineTime.read().since(machine_time, cpu_seconds([os.getpid()])),
        "seconds": round(time.monotonic() - started, 1),
        "measurements": found,
    }


def _figures(bench: Bench, name: str) -> Mapping[str, Any]:
    try:
        figures: Mapping[str, Figure] = import_module(MEASUREMENTS[name]).measure(bench)
    except NotMeasuredError as lacking:
        bench.say(f"{name}: {lacking}")
        return {"not_measured": str(lacking)}
    return {key: figure.as_json() for key, figure in figures.items()}


if __name__ == "__main__":
    main(sys.argv[1:])
