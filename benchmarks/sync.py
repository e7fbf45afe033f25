"""The first pull of a large catalogue, and the second that finds nothing new."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import text

from benchmarks.bench import ENGINES, Bench
from benchmarks.catalogue import write_catalogue
from benchmarks.figures import Figure, interleaved, rates
from marketing.db.session import Database
from tests.support.world import START

FLOOR = "json.loads of the file and one executemany of (id, record) per 200 into a bare table"
BATCH = 200


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Pull a small and a large catalogue into both engines."""
    few, many = bench.amount((100, 500), (1_000, 10_000))
    folders = {count: bench.new_folder() for count in (few, many)}
    for count, folder in folders.items():
        write_catalogue(folder, count, START)
    figures: dict[str, Figure] = {}
    for engine in ENGINES:
        bench.say(f"sync: {many} products, {engine}")
        figures |= _measure(bench, engine, (few, folders[few]), (many, folders[many]))
    return figures


def _measure(bench: Bench, engine: str, few: tuple[int, Path], many: tuple[int, Path]) -> Mapping[str, Figure]:
    small: list[dict[str, float]] = []
    large: list[dict[str, float]] = []
    with bench.database(engine) as bare:
        seconds = interleaved(
            bench.amount(1, 2),
            small=lambda: small.append(_pull(bench.new_url(engine), few[1])),
            large=lambda: large.append(_pull(bench.new_url(engine), many[1])),
            floor=lambda: _floor(bare, many[1] / "products.json"),
        )
    return _figures(engine, (few[0], small), (many[0], large), seconds["floor"])


def _figures(
    engine: str, few: tuple[int, list[dict[str, float]]], many: tuple[int, list[dict[str, float]]], floor: list[float]
) -> dict[str, Figure]:
    (small_count, small), (count, large) = few, many
    first = rates(count, [one["first"] for one in large])
    second = rates(count, [one["second"] for one in large])
    small_cost = median(one["first"] for one in small) / small_count
    cost = median(one["first"] for one in large) / count
    notes: dict[str, Any] = {
        "products": count,
        "promotable": int(large[0]["promotable"]),
        "cost_per_product_us": round(cost * 1_000_000),
        f"cost_per_product_vs_{small_count}": round(cost / small_cost, 2),
        "memory_peak_mb": max(one["peak_mb"] for one in large),
        "memory_before_mb": large[0]["peak_before_mb"],
        f"memory_peak_mb_at_{small_count}": max(one["peak_mb"] for one in small),
    }
    return {
        f"first_pull.{engine}": Figure(median(first), "products/s", FLOOR, median(rates(count, floor)), first, notes),
        f"second_pull.{engine}": Figure(median(second), "products/s", "the first pull", median(first), second),
    }


def _pull(url: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.pull", url, str(folder), START.isoformat()]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def _floor(database: Database, path: Path) -> None:
    """Do the least that could be called a pull: read, keep, nothing checked, compared or decided."""
    records = json.loads(path.read_bytes())["products"]
    with database.write() as session:
        session.execute(text("CREATE TABLE IF NOT EXISTS floor (id text PRIMARY KEY, record text)"))
        session.execute(text("DELETE FROM floor"))
    for start in range(0, len(records), BATCH):
        with database.write() as session:
            rows = [{"id": record["id"], "record": json.dumps(record)} for record in records[start : start + BATCH]]
            session.execute(text("INSERT INTO floor VALUES (:id, :record)"), rows)
