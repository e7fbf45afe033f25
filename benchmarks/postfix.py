"""Into postfix's own receiver: the newsletter as Siar sends it, next to `smtp-source`, postfix's load generator in C."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from statistics import median

from benchmarks.bench import Bench
from benchmarks.by_hand import send_by_hand
from benchmarks.edition import EDITIONS
from benchmarks.figures import Figure
from benchmarks.newsletter import WORKERS, summary
from benchmarks.office import running_office
from benchmarks.sending import Sent, letters, prepare, send, warm_up
from benchmarks.sinks import NotMeasuredError
from marketing.installation import connects, free_port

SYSTEM = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"
SESSIONS = 10
BASELINE = f"postfix smtp-source, {SESSIONS} sessions, a fixed text of the same size into the same receiver"


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Send into `smtp-sink`, on both engines; the two senders take turns."""
    source, people = _program("smtp-source"), bench.amount(300, 30_000)
    figures: dict[str, Figure] = {}
    for engine in bench.engines:
        rounds = bench.amount(1, 3)
        bench.say(f"postfix: {people} readers, {engine}, {rounds} rounds")
        prepared = prepare(bench, engine, EDITIONS["newsletter"], people)
        written = letters(bench, prepared, bench.amount(20, 1_000))
        size = sum(len(one["text"]) + len(one["html"]) for one in written) * 11 // len(written) // 10
        sent, fixed, loop = list[Sent](), list[float](), list[float]()
        with _smtp_sink() as (port, pid):
            for _round in range(rounds):
                url = bench.copy(prepared.url)
                with running_office(bench, url, smtp_port=port) as office:
                    office.start_workers(WORKERS)
                    warm_up(office, None, prepared)
                    sent.append(send(office, prepared, pid))
                bench.drop(url)
                fixed.append(people / _smtp_source(source, port, people, size))
                loop.append(len(written) / send_by_hand(written, port, bench.folder, WORKERS))
                bench.say(f"  {sent[-1].rate:.0f}/s, smtp-source {fixed[-1]:.0f}/s, by hand {loop[-1]:.0f}/s")
        bench.drop(prepared.url)
        figures[f"messages.{engine}"] = Figure(
            median(one.rate for one in sent),
            "messages/s",
            BASELINE,
            median(fixed),
            [one.rate for one in sent],
            {"by_hand": round(median(loop)), "messages": people, **summary(sent, "recorded_after_s", "peak_mb")},
        )
    return figures


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path=SYSTEM)
    if found is None:
        raise NotMeasuredError(f"not measured: no {name} (Debian: apt install postfix)")
    return found


@contextmanager
def _smtp_sink() -> Iterator[tuple[int, int]]:
    """Run postfix's receiver; yields its port and process."""
    port = free_port()
    rights = ["-u", "nobody"] if os.geteuid() == 0 else []  # it refuses to run as root
    command = [_program("smtp-sink"), *rights, f"127.0.0.1:{port}", "1000"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        while not connects("127.0.0.1", port):
            assert process.poll() is None, "smtp-sink ended at once"
            time.sleep(0.01)
        try:
            yield port, process.pid
        finally:
            process.terminate()


def _smtp_source(program: str, port: int, messages: int, size: int) -> float:
    """Return the seconds that postfix's sender takes."""
    command = [program, "-s", str(SESSIONS), "-m", str(messages), "-l", str(size), f"127.0.0.1:{port}"]
    started = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    return time.monotonic() - started
