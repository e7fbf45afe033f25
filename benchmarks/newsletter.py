"""The 40 kB newsletter with 16 counted links and the 10 kB promotion, two worker processes, next to the loop written by hand."""

from collections.abc import Mapping
from statistics import median
from typing import Any

from benchmarks.bench import Bench
from benchmarks.by_hand import BASELINE, send_by_hand
from benchmarks.edition import EDITIONS, LINKS
from benchmarks.figures import Figure
from benchmarks.office import running_office
from benchmarks.sending import Sent, letters, prepare, send, warm_up
from benchmarks.sinks import mail_sink

WORKERS = 2


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Send the newsletter on both engines."""
    return measure_edition(bench, "newsletter", people=bench.amount(300, 60_000), by_hand=bench.amount(50, 2_000))


def measure_edition(bench: Bench, name: str, *, people: int, by_hand: int) -> Mapping[str, Figure]:
    """Send an edition on both engines into the fast sink, a new copy of the database in every round."""
    figures: dict[str, Figure] = {}
    for engine in bench.engines:
        rounds = bench.amount(1, 3)
        bench.say(f"{name}: {people} readers, {engine}, {rounds} rounds")
        prepared = prepare(bench, engine, EDITIONS[name], people)
        written = letters(bench, prepared, by_hand)
        sent, loop = list[Sent](), list[float]()
        with mail_sink(bench.folder) as sink:
            for _round in range(rounds):
                url = bench.copy(prepared.url)
                with running_office(bench, url, smtp_port=sink.port) as office:
                    office.start_workers(WORKERS)
                    warm_up(office, sink, prepared)
                    sent.append(send(office, prepared, sink.process.pid, sink))
                bench.drop(url)
                sink.reset()
                loop.append(by_hand / send_by_hand(written, sink.port, bench.folder, WORKERS))
                sink.count()
                sink.reset()
                bench.say(f"  {sent[-1].rate:.0f}/s {sent[-1].cpu}, by hand {loop[-1]:.0f}/s, {sent[-1].machine}")
        bench.drop(prepared.url)
        figures[f"messages.{engine}"] = Figure(
            median(one.rate for one in sent),
            "messages/s",
            BASELINE,
            median(loop),
            [one.rate for one in sent],
            {
                "workers": WORKERS,
                "messages": people,
                "counted_links": LINKS if name == "newsletter" else 1,
                **summary(sent),
            },
        )
    return figures


def summary(sent: list[Sent], *names: str) -> dict[str, Any]:
    """Return what the rounds say besides their rate, as medians; without names everything."""

    def middle(values: list[float]) -> float:
        return round(median(values), 3)

    found = {
        "us_per_message": {part: middle([one.cpu[part] for one in sent]) for part in sent[0].cpu},
        "first_after_s": middle([one.first for one in sent]),
        "last_after_s": middle([one.last for one in sent]),
        "recorded_after_s": middle([one.seconds for one in sent]),
        "peak_mb": middle([one.memory for one in sent]),
        "machine": {part: middle([one.machine[part] for one in sent]) for part in sent[0].machine},
    }
    return {name: found[name] for name in names or found}
