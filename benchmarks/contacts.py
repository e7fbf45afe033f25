"""Import of contacts: a file of people with two addresses and two consents each, into an empty database, then once more.

Each import runs in a process of its own, so that its peak of memory is its own; the floor is the least that could be called
an import: the file read, the rows inserted, nothing normalised, compared or proved.
"""

import csv
import json
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.bench import ENGINES, Bench
from benchmarks.figures import Figure, rates
from marketing.db.session import Database
from tests.support.world import TENANT, World

HEADINGS = (
    "ID", "Nama", "Surel", "WhatsApp", "Jenis", "Kecamatan", "Minat", "Persetujuan", "Waktu persetujuan", "Versi kalimat",
    "Sumber",
)  # fmt: skip
FLOOR = "the file read and its rows inserted into one table, 2,000 a transaction"
TARGET_SECONDS = 300
MILLION = 1_000_000
PART = 2_000


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Return rows a second on both engines, the second import of the same file, and the memory against a small file."""
    found: dict[str, Figure] = {}
    for engine in ENGINES:
        for rows in _amounts(bench, engine):
            found |= _engine(bench, engine, rows)
    return found


def _amounts(bench: Bench, engine: str) -> tuple[int, ...]:
    if bench.size == "small":
        return (5_000,)
    return (100_000,) if engine == "sqlite" else (100_000, MILLION)


def _engine(bench: Bench, engine: str, rows: int) -> Mapping[str, Figure]:
    folder = bench.new_folder()
    path, few = folder / "orang.csv", folder / "sedikit.csv"
    _write(path, rows)
    _write(few, max(rows // 10, PART * 2))
    small = _import(bench.new_url(engine), few, folder / "kecil")
    url = bench.new_url(engine)
    bench.say(f"{engine}: {rows} contacts")
    first = _import(url, path, folder / "data")
    again = _import(url, path, folder / "data")
    database = Database(bench.new_url(engine))
    floor = _floor(database, path)
    database.close()
    notes: dict[str, Any] = {
        "rows": rows,
        "seconds": round(first["seconds"], 1),
        "seconds_for_a_million": round(first["seconds"] * MILLION / rows),
        "target_seconds_for_a_million": TARGET_SECONDS,
        "new": int(first["new"]),
        "consents": int(first["consents"]),
        "memory_peak_mb": first["peak_mb"],
        f"memory_peak_mb_at_{max(rows // 10, PART * 2)}": small["peak_mb"],
    }
    return {
        f"import_{rows}.{engine}": Figure(
            rows / first["seconds"], "rows/s", FLOOR, rows / floor, rates(rows, [first["seconds"]]), notes
        ),
        f"import_{rows}_again.{engine}": Figure(
            rows / again["seconds"],
            "rows/s",
            "the first import",
            rows / first["seconds"],
            notes={"unchanged": int(again["unchanged"])},
        ),
    }


def _write(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, delimiter=";")
        lines.writerow(HEADINGS)
        for one in range(rows):
            lines.writerow(
                (
                    f"K-{one:07d}", f"Orang Ke-{one}", f"Orang{one}@Surat{one % 97}.example", f"0812{one:08d}", "Masyarakat",
                    "Kota Soe", "tenun, kopi", "promosi, buletin", "2026-01-05 10:00", "2026-1", "formulir pameran",
                )
            )  # fmt: skip


def _import(url: str, path: Path, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.contacts", url, str(path), str(folder)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def _floor(database: Database, path: Path) -> float:
    """Do the least that could be called an import; return seconds."""
    started = time.perf_counter()
    with database.write() as session:
        session.execute(text("CREATE TABLE floor (id text PRIMARY KEY, name text, email text, phone text)"))
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, delimiter=";")
        next(lines)
        while part := [row for _number, row in zip(range(PART), lines, strict=False)]:
            rows = [{"id": row[0], "name": row[1], "email": row[2], "phone": row[3]} for row in part]
            with database.write() as session:
                session.execute(text("INSERT INTO floor VALUES (:id, :name, :email, :phone)"), rows)
    return time.perf_counter() - started


def main(url: str, path: str, folder: str) -> None:
    """Import one file into one database and print what it took."""
    database = Database(url)
    world = World.make(database, Path(folder))
    started = time.perf_counter()
    job = world.app.imports.run_file(TENANT, Path(path), {}, dry_run=False, errors=None)
    seconds = time.perf_counter() - started
    database.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**job.counts, "seconds": seconds, "peak_mb": round(peak)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
