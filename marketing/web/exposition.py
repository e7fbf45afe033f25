"""The page that Prometheus reads: what every process counted, and what the database and the broker say now."""

import platform
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Any, Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.core import Metric as Family
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from marketing.observability.catalogue import BUCKETS, BUILD, Kind, Metric
from marketing.observability.tally import Labels, Spread, heard

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
Fact = tuple[Metric, Labels, float]
_BOUNDS: Final = (*(str(bound) for bound in BUCKETS), "+Inf")


def exposition(facts: Iterable[Fact], tallies: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Return the text format: facts as gauges, and each process's own numbers under its name.

    Processes are not added up here: when one ends, the sum would fall, which Prometheus takes for a counter that began anew.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Gathered(facts, tallies))
    return generate_latest(registry)


class _Gathered:
    """What one request found, in the shape that the library writes."""

    def __init__(self, facts: Iterable[Fact], tallies: Mapping[str, Mapping[str, Any]]) -> None:
        self._facts = facts
        self._tallies = tallies

    def collect(self) -> Iterator[Family]:
        found: dict[Metric, list[tuple[Labels, float]]] = defaultdict(list)
        found[BUILD].append(((version("siar-umkm"), platform.python_version()), 1))
        for metric, labels, value in self._facts:
            found[metric].append((labels, value))
        for metric, rows in found.items():
            gauge = GaugeMetricFamily(metric.name, metric.help, labels=metric.labels)
            for labels, value in rows:
                gauge.add_metric(labels, value)
            yield gauge
        yield from self._counted()

    def _counted(self) -> Iterator[Family]:
        families: dict[Metric, Family] = {}
        for process, told in self._tallies.items():
            for metric, labels, value in heard(told):
                names = (*metric.labels, "process")
                own = (*labels, process)
                if isinstance(value, Spread):
                    family = families.setdefault(metric, HistogramMetricFamily(metric.name, metric.help, labels=names))
                    assert isinstance(family, HistogramMetricFamily), "a metric has one kind"
                    family.add_metric(own, list(zip(_BOUNDS, _added_up(value.counts), strict=True)), value.seconds)
                elif metric.kind is Kind.COUNTER:
                    family = families.setdefault(metric, CounterMetricFamily(metric.name, metric.help, labels=names))
                    assert isinstance(family, CounterMetricFamily), "a metric has one kind"
                    family.add_metric(own, value)
                else:
                    family = families.setdefault(metric, GaugeMetricFamily(metric.name, metric.help, labels=names))
                    assert isinstance(family, GaugeMetricFamily), "a metric has one kind"
                    family.add_metric(own, value)
        yield from families.values()


def _added_up(counts: Iterable[int]) -> Iterator[float]:
    total = 0
    for number in counts:
        total += number
        yield total
