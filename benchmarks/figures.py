"""What a measurement says: a value with its unit, next to a baseline measured in the same run."""

import gc
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from statistics import median
from typing import Any

PACKAGES = ("sqlalchemy", "psycopg", "jinja2", "mjml", "fastapi", "pydantic")
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `ratio` is this value divided by the baseline's; `rounds` are the values behind the median."""

    value: float
    unit: str
    baseline: str
    baseline_value: float
    rounds: Sequence[float] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """How this value relates to the baseline's."""
        return self.value / self.baseline_value

    def as_json(self) -> dict[str, Any]:
        """Return the figure as plain JSON values, rounded to what the clock can tell."""
        return {
            "value": _short(self.value),
            "unit": self.unit,
            "baseline": self.baseline,
            "baseline_value": _short(self.baseline_value),
            "ratio": _short(self.ratio),
            "rounds": [_short(value) for value in self.rounds],
            **({"notes": dict(self.notes)} if self.notes else {}),
        }


def rates(done: int, seconds: Sequence[float]) -> list[float]:
    """Return things per second, round by round."""
    return [done / one for one in seconds]


def rate_figure(
    unit: str, done: int, seconds: Sequence[float], baseline: str, against: Sequence[float], **notes: Any
) -> Figure:
    """Return the median rate of `done` things a round, next to that of the baseline doing as many."""
    values = rates(done, seconds)
    return Figure(median(values), unit, baseline, median(rates(done, against)), values, notes)


def timed(act: Callable[[], object]) -> float:
    """Return the seconds an act takes, garbage of earlier acts put away first."""
    gc.collect()
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def interleaved(rounds: int, **acts: Callable[[], object]) -> dict[str, list[float]]:
    """Run the acts in turn, `rounds` times: a busy neighbour then slows all of them, and the ratio stands."""
    seconds: dict[str, list[float]] = {name: [] for name in acts}
    for _round in range(rounds):
        for name, act in acts.items():
            seconds[name].append(timed(act))
    return seconds


def microseconds(seconds: float, done: int) -> float:
    """Return microseconds per thing."""
    return round(seconds * MILLION / done, 1)


def machine() -> dict[str, Any]:
    """Return what the numbers were measured on."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def load() -> list[float]:
    """Return the load averages of 1, 5 and 15 minutes."""
    return [round(value, 2) for value in os.getloadavg()]


def _short(value: float) -> float:
    return float(f"{value:.4g}")
