"""Two pulls of one folder in a process of their own, so that the peak of memory is theirs: `python -m benchmarks.pull`."""

import json
import logging
import resource
import sys
import time
from datetime import datetime
from pathlib import Path

from catalog_sync.service import SyncResult, sync
from catalog_sync.sources.contract import open_source
from marketing.accounts.tenants import ensure_tenants
from marketing.db.session import Database
from marketing.tenants.profile import profile_of

KEY = b"k" * 32
MEGABYTE_IN_KB = 1024
STATUS = Path("/proc/self/status")


def pull_twice(url: str, folder: Path, now: datetime) -> dict[str, float]:
    """Pull into an empty database, pull again, and return what each took."""
    database, profile = Database(url), profile_of("tts")
    with database.write() as session:
        ensure_tenants(session, now)
    before = peak_megabytes()

    def pull() -> tuple[float, SyncResult]:
        started = time.perf_counter()
        source = open_source(str(folder))
        result = sync(database, source, profile=profile, source_name="katalog", signing_key=KEY, now=now)
        return time.perf_counter() - started, result

    first, result = pull()
    peak = peak_megabytes()
    second, again = pull()
    database.close()
    assert again.unchanged == result.new == result.total, "the second pull must find everything unchanged"
    return {
        "first": first,
        "second": second,
        "products": result.new,
        "promotable": result.promotable,
        "peak_mb": peak,
        "peak_before_mb": before,
    }


def peak_megabytes() -> float:
    """Return the largest resident size of this process so far; on Linux without what the parent had before exec."""
    if STATUS.is_file():
        line = next(line for line in STATUS.read_text("ascii").splitlines() if line.startswith("VmHWM:"))
        return round(int(line.split()[1]) / MEGABYTE_IN_KB, 1)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE_IN_KB, 1)


if __name__ == "__main__":
    logging.disable(logging.INFO)
    address, where, moment = sys.argv[1:]
    print(json.dumps(pull_twice(address, Path(where), datetime.fromisoformat(moment))))
