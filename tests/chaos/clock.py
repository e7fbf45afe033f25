"""A clock that a whole installation shares, and that the harness moves: an offset in a file that every process maps."""

import mmap
import struct
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

_SECONDS = struct.Struct("d")


class SharedClock:
    """The real time plus the offsets that stand in some files; the last file is the one that this clock moves."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._maps = [_mapped(path) for path in paths]

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self.offset, UTC)

    @property
    def offset(self) -> float:
        """Seconds that this clock is ahead."""
        return float(sum(_SECONDS.unpack_from(shared)[0] for shared in self._maps))

    def move(self, length: timedelta) -> None:
        """Let time pass, or go back."""
        (before,) = _SECONDS.unpack_from(self._maps[-1])
        _SECONDS.pack_into(self._maps[-1], 0, before + length.total_seconds())

    def right(self) -> None:
        """Take back every move of the last file."""
        _SECONDS.pack_into(self._maps[-1], 0, 0.0)


def _mapped(path: Path) -> mmap.mmap:
    if not path.exists():
        path.write_bytes(_SECONDS.pack(0.0))
    with path.open("r+b") as file:
        return mmap.mmap(file.fileno(), _SECONDS.size)
