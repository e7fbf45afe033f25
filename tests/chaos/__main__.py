"""`python -m tests.chaos`: seeded rounds of faults on real parts; prints each, and what it takes to repeat one that failed."""

import argparse
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from tests.chaos.faults import FAULTS, Fault, drawn
from tests.chaos.rig import Engine, Rig, running
from tests.chaos.rounds import Report, play

FIRST_SEED = 1
STOPPED = 143
PEOPLE = 5_000
ROUNDS = {Engine.POSTGRESQL: 200, Engine.EMBEDDED: 100}


def main(words: Sequence[str] | None = None) -> int:
    """Play what was asked for; returns 1 when a round broke a promise."""
    asked = _arguments(words)
    if asked.report is not None:
        for line in summary(asked.report):
            print(line)
        return 0
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(STOPPED))  # so that everything is put away
    engines = [Engine(asked.engine)] if asked.engine else list(Engine)
    wrong = 0
    for engine in engines:
        with running(engine, asked.people) as rig:
            rig.wait_for_workers()
            if asked.begin is not None:
                rig.clock.move(asked.begin.astimezone(UTC) - rig.clock())
            for number in range(asked.rounds or ROUNDS[engine]):
                if wrong >= asked.most_wrong:
                    return 1
                seed = asked.seed + number
                report = play(rig, _chosen(asked.fault, engine, seed), seed)
                wrong += bool(report.wrong)
                _tell(engine, asked.people, report, asked.log)
                if report.wrong and asked.keep:
                    _keep(rig, asked.keep, seed)
    return min(1, wrong)


def _chosen(named: Sequence[str], engine: Engine, seed: int) -> Sequence[Fault]:
    if named:
        return [FAULTS[name] for name in named]
    return list(drawn(engine, seed, Random(seed)))


def _tell(engine: Engine, people: int, report: Report, log: Path | None) -> None:
    figures = " ".join(f"{name}={number}" for name, number in report.figures.items() if number)
    verdict = "ok" if not report.wrong else "WRONG"
    print(
        f"{verdict} {engine} seed={report.seed} {report.seconds:.1f}s +{report.waited:.0f}s {','.join(report.faults)} {figures}",
        flush=True,
    )
    for fault in report.wrong:
        print(f"   {fault}", flush=True)
    if report.wrong:
        names = " ".join(f"--fault {name}" for name in report.faults)
        print(
            f"   again: python -m tests.chaos --engine {engine} --seed {report.seed} --rounds 1 --people {people} {names}",
            flush=True,
        )
    if log is not None:
        with log.open("a") as file:
            written = {
                "at": time.time(), "engine": engine, "people": people, "seed": report.seed, "faults": report.faults,
                "seconds": report.seconds, "waited": report.waited, "wrong": report.wrong, "figures": dict(report.figures),
            }  # fmt: skip
            file.write(json.dumps(written) + "\n")


def _keep(rig: Rig, folder: Path, seed: int) -> None:
    """Keep what the processes printed, for whoever looks for the cause."""
    for member in rig.members:
        if member.log.exists():
            target = folder / f"{rig.engine}-{seed}"
            target.mkdir(parents=True, exist_ok=True)
            (target / member.log.name).write_bytes(member.log.read_bytes())


def summary(log: Path) -> Iterator[str]:
    """Yield what a log of rounds comes to: by engine, and by fault how many rounds had it and how many broke a promise."""
    rounds = [json.loads(line) for line in log.read_text().splitlines()]
    for engine in sorted({one["engine"] for one in rounds}):
        mine = [one for one in rounds if one["engine"] == engine]
        figures: Counter[str] = Counter()
        played: Counter[str] = Counter()
        broke: Counter[str] = Counter()
        for one in mine:
            figures.update(one["figures"])
            played.update(set(one["faults"]))
            broke.update(set(one["faults"]) if one["wrong"] else ())
        seconds = sorted(one["seconds"] for one in mine)
        wrong = [one["seed"] for one in mine if one["wrong"]]
        yield f"{engine}: {len(mine)} rounds, {len(wrong)} broke a promise {wrong}, median {seconds[len(mine) // 2]:.1f} s"
        yield "  " + " ".join(f"{name}={number}" for name, number in figures.items())
        yield "  " + " ".join(
            f"{name}={number}" + (f"(-{broke[name]})" if broke[name] else "") for name, number in sorted(played.items())
        )


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--engine", choices=[*Engine, ""], default="", help="one way of running; both without it")
    parser.add_argument("--rounds", type=int, default=0, help="200 on PostgreSQL and 100 embedded without it")
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help="of the first round; the next one's is one more")
    parser.add_argument("--people", type=int, default=PEOPLE, help="recipients of a round who agreed")
    parser.add_argument("--fault", action="append", choices=[*FAULTS], default=[], help="these faults and no others")
    parser.add_argument("--begin", type=datetime.fromisoformat, help="the moment at which everybody's clock begins")
    parser.add_argument("--most-wrong", type=int, default=20, help="end when so many rounds broke a promise")
    parser.add_argument("--log", type=Path, help="a file that gets a line of JSON per round")
    parser.add_argument("--keep", type=Path, help="a folder for what the processes printed in rounds that failed")
    parser.add_argument("--report", type=Path, help="play nothing; say what a log holds")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
