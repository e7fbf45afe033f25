"""The sample catalogues of the demo, written once per data folder and served by a real HTTP process."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from marketing.installation import connects, free_port
from marketing.sample.generator import generate
from marketing.settings import child_environment
from marketing.supervisor import wait_until
from marketing.tenants.profile import load_profiles

SEED = 7


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one catalogue stands; kept, so that a second run in the same folder meets the same catalogue."""

    port: int
    anchor: datetime

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serve_catalogues(folder: Path, now: datetime) -> Iterator[Mapping[str, str]]:
    """Generate what is missing, serve all, and yield the address per tenant."""
    addresses: dict[str, str] = {}
    servers: list[subprocess.Popen[bytes]] = []
    try:
        for tenant_id in load_profiles():
            catalogue = folder / tenant_id
            place = _place(tenant_id, catalogue, now)
            command = [
                sys.executable,
                "-m",
                "marketing.sample.server",
                "--folder",
                str(catalogue),
                "--port",
                str(place.port),
            ]
            servers.append(
                subprocess.Popen(command, env=child_environment(), start_new_session=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own command
            )
            addresses[tenant_id] = place.address
            wait_until(partial(connects, "127.0.0.1", place.port), f"katalog {tenant_id}", servers[-1])
        yield addresses
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait()


def _place(tenant_id: str, catalogue: Path, now: datetime) -> _Place:
    note = catalogue / "letak.json"
    if note.is_file():
        kept = json.loads(note.read_text("utf-8"))
        place = _Place(kept["port"], datetime.fromisoformat(kept["anchor"]))
        if not connects("127.0.0.1", place.port):
            return place
        place = _Place(free_port(), place.anchor)  # the port went to another program: the same catalogue moves
    else:
        place = _Place(free_port(), now)
    generate(tenant_id, seed=SEED, anchor=place.anchor, base_url=place.address, out=catalogue)
    note.write_text(json.dumps({"port": place.port, "anchor": place.anchor.isoformat()}), "utf-8")
    return place
