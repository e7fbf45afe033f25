"""Processor time and memory of processes, and what else happens on the machine, as Linux tells them in /proc."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")
KILO = 1024


@dataclass(frozen=True, slots=True)
class MachineTime:
    """Seconds of all processors together since the machine started."""

    busy: float
    stolen: float
    all: float

    @classmethod
    def read(cls) -> "MachineTime":
        """Read the clock of the machine."""
        values = [int(one) / TICK for one in (PROC / "stat").read_text().splitlines()[0].split()[1:9]]
        idle = values[3] + values[4]
        return cls(sum(values) - idle - values[7], values[7], sum(values))

    def since(self, start: "MachineTime", ours: float) -> dict[str, float]:
        """Return the shares of all processor time from `start` to this: stolen by the host, used by others than us."""
        whole = max(self.all - start.all, 1 / TICK)
        others = max(self.busy - start.busy - ours, 0.0)
        return {"stolen": round((self.stolen - start.stolen) / whole, 3), "others": round(others / whole, 3)}


def cpu_seconds(roots: Iterable[int]) -> float:
    """Return the processor time of these processes, of all that descend from them, and of those children that ended."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for folder in PROC.iterdir():
        stat = _read(folder / "stat").rpartition(")")[2].split() if folder.name.isdigit() else []
        if stat:
            pid = int(folder.name)
            parents[pid] = int(stat[1])
            ticks[pid] = sum(int(one) for one in stat[11:15])  # utime, stime, cutime, cstime: proc(5), fields 14 to 17
    wanted = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in wanted} - wanted:
        wanted |= more
    return sum(ticks.get(pid, 0) for pid in wanted) / TICK


def peak_megabytes(pid: int) -> float:
    """Return the most memory a process has held (VmHWM), in MB of 2^20 bytes; 0 when it is gone."""
    found = re.search(r"VmHWM:\s+(\d+)", _read(PROC / str(pid) / "status"))
    return int(found[1]) / KILO if found else 0.0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # the process has ended
        return ""
