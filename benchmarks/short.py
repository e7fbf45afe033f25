"""The 10 kB promotion, as the newsletter is measured."""

from collections.abc import Mapping

from benchmarks.bench import Bench
from benchmarks.figures import Figure
from benchmarks.newsletter import measure_edition


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Send the short mail on both engines."""
    return measure_edition(bench, "short", people=bench.amount(300, 60_000), by_hand=bench.amount(50, 2_000))
