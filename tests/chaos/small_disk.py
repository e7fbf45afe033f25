"""A disk for the embedded database that can be full: a small file system where root may mount one, a limit otherwise."""

import os
import resource
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

MEGABYTES = 400
BALLAST = "ballast"
BLOCK = bytes(1 << 20)


class Running(Protocol):
    """A process that the limit is put on."""

    pid: int

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        ...


class SmallDisk:
    """The data folder; full when told, as when somebody else's file has taken the rest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        options = ["-o", f"size={MEGABYTES}m,mode=700"]
        command = ["mount", "-t", "tmpfs", *options, "siar-chaos", str(folder)]
        self.real = os.geteuid() == 0 and subprocess.run(command, check=False, capture_output=True).returncode == 0
        self._database = folder / "siar.sqlite3"

    def fill(self, members: Sequence[Running]) -> None:
        """Leave no room: the next page that a database needs is refused."""
        if not self.real:
            self._limit(members, self._database.stat().st_size)
            return
        with (self.folder / BALLAST).open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(BLOCK)
            except OSError:
                return

    def make_room(self, members: Sequence[Running]) -> None:
        """Take away what filled it."""
        if not self.real:
            self._limit(members, resource.RLIM_INFINITY)
            return
        (self.folder / BALLAST).unlink(missing_ok=True)

    def close(self) -> None:
        """Give the disk back."""
        if self.real:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=False)

    def _limit(self, members: Sequence[Running], size: int) -> None:
        for member in members:
            if member.alive:
                resource.prlimit(member.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
