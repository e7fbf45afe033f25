"""A large catalogue over HTTP: the first pull, one with 1 % changed, and a revocation until nothing of it stands."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from sqlalchemy import select, text

from benchmarks.bench import ENGINES, Bench
from benchmarks.catalogue import change_prices, revoke, write_catalogue
from benchmarks.figures import Figure, rates
from marketing.db.models import Product
from marketing.db.session import Database
from tests.support.world import START

FLOOR = "json.loads of the file and one executemany of (id, record) per 200 into a bare table"
BATCH = 200
PERCENT = 100


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Pull a small and a large catalogue into both engines."""
    few, many = bench.amount((100, 500), (10_000, 100_000))
    folders = {count: bench.new_folder() for count in (few, many)}
    for count, folder in folders.items():
        write_catalogue(folder, count, START)
    figures: dict[str, Figure] = {}
    for engine in ENGINES:
        bench.say(f"sync: {many} products, {engine}")
        with _served(folders[few]) as address:
            small = _Catalogue(bench, engine, folders[few], address).pull()
        with bench.database(engine) as bare:
            floor = _floor(bare, folders[many] / "products.json")
        with _served(folders[many]) as address:
            figures |= _large(_Catalogue(bench, engine, folders[many], address), (few, small), (many, floor))
    return figures


def _large(catalogue: "_Catalogue", few: tuple[int, dict[str, float]], many: tuple[int, float]) -> dict[str, Figure]:
    engine, (small_count, small), (count, floor) = catalogue.engine, few, many
    first = catalogue.pull()
    change_prices(catalogue.folder, count // PERCENT)
    changed = catalogue.pull()
    assert changed["changed"] == count // PERCENT, changed
    product = catalogue.a_promotable_product()
    revoke(catalogue.folder, product)
    recalled = catalogue.pull(product)
    cost, small_cost = first["seconds"] / count, small["seconds"] / small_count
    notes = {
        "products": count,
        "promotable": int(first["promotable"]),
        "seconds": round(first["seconds"], 1),
        "cost_per_product_us": round(cost * 1_000_000),
        f"cost_per_product_vs_{small_count}": round(cost / small_cost, 2),
        "memory_peak_mb": first["peak_mb"],
        "memory_before_mb": first["peak_before_mb"],
        f"memory_peak_mb_at_{small_count}": small["peak_mb"],
    }
    rate = rates(count, [first["seconds"]])
    return {
        f"first_pull.{engine}": Figure(median(rate), "products/s", FLOOR, median(rates(count, [floor])), rate, notes),
        f"one_percent_changed.{engine}": Figure(
            changed["seconds"], "s", "the first pull", first["seconds"], notes={"memory_peak_mb": changed["peak_mb"]}
        ),
        f"revocation_to_withdrawn.{engine}": Figure(
            recalled["seconds"], "s", "the pull with 1 % changed", changed["seconds"], notes={"posts": 2}
        ),
    }


class _Catalogue:
    """One database of one engine and the served folder it pulls."""

    def __init__(self, bench: Bench, engine: str, folder: Path, address: str) -> None:
        self.engine, self.folder, self._address = engine, folder, address
        self._url, self._data = bench.new_url(engine), bench.new_folder()

    def pull(self, *product: str) -> dict[str, float]:
        moment = START.isoformat()
        command = [sys.executable, "-m", "benchmarks.pull", self._url, self._address, moment, str(self._data), *product]
        found: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        return found

    def a_promotable_product(self) -> str:
        database = Database(self._url)
        with database.read() as session:
            found = session.scalars(select(Product.external_id).where(Product.promotable).limit(1)).one()
        database.close()
        return found


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """Serve a folder by the sample server in a process of its own."""
    command = [sys.executable, "-m", "marketing.sample.server", "--folder", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip().rpartition(" ")[2]
        finally:
            server.send_signal(signal.SIGTERM)


def _floor(database: Database, path: Path) -> float:
    """Do the least that could be called a pull: read, keep, nothing checked, compared or decided; return seconds."""
    started = time.perf_counter()
    records = json.loads(path.read_bytes())["products"]
    with database.write() as session:
        session.execute(text("CREATE TABLE IF NOT EXISTS floor (id text PRIMARY KEY, record text)"))
        session.execute(text("DELETE FROM floor"))
    for start in range(0, len(records), BATCH):
        with database.write() as session:
            rows = [{"id": record["id"], "record": json.dumps(record)} for record in records[start : start + BATCH]]
            session.execute(text("INSERT INTO floor VALUES (:id, :record)"), rows)
    return time.perf_counter() - started
