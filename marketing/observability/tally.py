"""The numbers of one process: plain additions under a lock, so that counting a sub-batch costs about a microsecond.

A process tells its tally as JSON (`told`); the web puts those of all processes together. That is why no registry of a
metrics library stands here: it would be loaded by every command and could not be handed over.
"""

import threading
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from marketing.observability.catalogue import BUCKETS, BY_NAME, Kind, Metric

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """A histogram's state: how many lay in each bucket (the last is beyond all bounds), and the sum in seconds."""

    counts: tuple[int, ...]
    seconds: float


class Tally:
    """Counters, histograms and gauges by metric and label values; safe between threads."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lock = threading.Lock()
        self._numbers: dict[tuple[str, Labels], float] = {}
        self._spreads: dict[tuple[str, Labels], list[float]] = {}

    def add(self, metric: Metric, labels: Labels = (), number: float = 1) -> None:
        """Add to a counter."""
        key = (metric.name, labels)
        with self._lock:
            self._numbers[key] = self._numbers.get(key, 0) + number

    def put(self, metric: Metric, value: float, labels: Labels = ()) -> None:
        """Set a gauge."""
        with self._lock:
            self._numbers[metric.name, labels] = value

    def observe(self, metric: Metric, seconds: float, labels: Labels = ()) -> None:
        """Add one duration to a histogram."""
        place = bisect_left(BUCKETS, seconds)
        with self._lock:
            row = self._spreads.get((metric.name, labels))
            if row is None:
                row = self._spreads[metric.name, labels] = [0] * (len(BUCKETS) + 2)
            row[place] += 1
            row[-1] += seconds

    def total(self, metric: Metric, **wanted: str) -> float:
        """Return a counter's sum over all labels, or over those with these values."""
        places = {metric.labels.index(name): value for name, value in wanted.items()}
        with self._lock:
            return sum(
                number
                for (name, labels), number in self._numbers.items()
                if name == metric.name and all(labels[place] == value for place, value in places.items())
            )

    def told(self) -> dict[str, Any]:
        """Return everything as JSON: {"numbers": [[name, labels, value]], "spreads": [[name, labels, counts, seconds]]}."""
        with self._lock:
            numbers = [[name, list(labels), value] for (name, labels), value in self._numbers.items()]
            spreads = [[name, list(labels), row[:-1], row[-1]] for (name, labels), row in self._spreads.items()]
        return {"numbers": numbers, "spreads": spreads}


def heard(told: Mapping[str, Any]) -> Iterator[tuple[Metric, Labels, float | Spread]]:
    """Yield what a process told, leaving out what this version does not know or cannot read: it may run another one."""
    for kind, rows in (("numbers", told.get("numbers")), ("spreads", told.get("spreads"))):
        for row in rows if isinstance(rows, list) else ():
            try:
                name, labels, *values = row
                metric, names = BY_NAME[name], tuple(map(str, labels))
                if len(names) != len(metric.labels) or (metric.kind is Kind.HISTOGRAM) != (kind == "spreads"):
                    continue
                if kind == "numbers":
                    yield metric, names, float(values[0])
                elif len(values[0]) == len(BUCKETS) + 1:
                    yield metric, names, Spread(tuple(map(int, values[0])), float(values[1]))
            except (ValueError, TypeError, KeyError, IndexError):
                continue


TALLY: Final = Tally()
"""This process's own."""
