"""Follow the file that a relay logs to: from where the last reading ended, through rotation and truncation.

The place is kept beside the data, not in the database: it belongs to this machine's file, and a restored database reads again
what it has forgotten (taking the same lines in twice changes nothing).
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

from marketing.channels.email.inbound.relay_log import lines_of
from marketing.db.exclusive import exclusively
from marketing.delivery.relay_log import LogMemory, LogResult, RelayLog
from marketing.errors import StorageError
from marketing.i18n import gettext as _
from marketing.observability import get_logger

log = get_logger(__name__)
STATE: Final = "log-relai.json"
MOST: Final = 256 * 1024 * 1024
"""Bytes that one reading takes; the next one goes on."""
_CHUNK: Final = 1024 * 1024
_HEAD: Final = 512
_ROTATED: Final = (".1", ".0")


@dataclass(slots=True)
class Place:
    """How far a file was read: bytes, and by what it is known again (the hash of its first `head` bytes)."""

    head: int = 0
    hash: str = ""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class LogFollower:
    """Reads one file again and again; only one reading at a time, on however many workers."""

    path: Path
    state: Path
    reader: RelayLog

    def read(self) -> LogResult | None:
        """Take in what was written since the last time; None while another worker reads. StorageError when it cannot be opened."""
        with exclusively(self.reader.database, "relay-log") as mine:
            return self._read() if mine else None

    def _read(self) -> LogResult:
        place, memory = _load(self.state)
        try:
            with self.path.open("rb") as file:
                before: Iterator[bytes] = iter(())
                if not _is_same(file, place):
                    before, place = self._rest_of_rotated(place, memory), Place()
                file.seek(place.offset)
                read = _Counted(file)
                result = self.reader.read(chain(before, read.lines()), memory)
                place = _place(file, place.offset + read.done)
        except OSError as error:
            raise StorageError(
                _("Log relai “{path}” tidak dapat dibaca ({reason}).").format(
                    path=self.path, reason=error.strerror or error
                )
            ) from error
        _save(self.state, place, memory)
        return result

    def _rest_of_rotated(self, place: Place, memory: LogMemory) -> Iterator[bytes]:
        """Yield what was still written to the file before it was put away; what cannot be found is a gap in what is covered."""
        for ending in _ROTATED:
            with suppress(OSError), self.path.with_name(self.path.name + ending).open("rb") as old:
                if place.hash and _is_same(old, place):
                    old.seek(place.offset)
                    yield from _Counted(old).lines()
                    return
        if place.hash:
            log.warning("the relay's log was rotated away before it was read to its end")
        memory.since = memory.until = None


@dataclass(slots=True)
class _Counted:
    """Finished lines of a file from where it stands, and how many bytes they took."""

    file: BinaryIO
    done: int = 0

    def lines(self) -> Iterator[bytes]:
        chunks = iter(lambda: self.file.read(_CHUNK), b"")
        for line, done in lines_of(chunks):
            self.done = done
            yield line
            if done > MOST:
                return


def _place(file: BinaryIO, offset: int) -> Place:
    head = min(_HEAD, offset)
    return Place(head, _hash(file, head), offset)


def _is_same(file: BinaryIO, place: Place) -> bool:
    size = os.fstat(file.fileno()).st_size
    return bool(place.hash) and size >= place.offset and _hash(file, place.head) == place.hash


def _hash(file: BinaryIO, head: int) -> str:
    file.seek(0)
    return hashlib.sha256(file.read(head)).hexdigest() if head else ""


def _load(state: Path) -> tuple[Place, LogMemory]:
    try:
        kept = json.loads(state.read_bytes())
        place = Place(int(kept["head"]), str(kept["hash"]), int(kept["offset"]))
        memory = LogMemory(
            queue={str(key): int(number) for key, number in kept["queue"].items()},
            waiting=dict.fromkeys(int(number) for number in kept["waiting"]),
            since=_moment(kept["since"]),
            until=_moment(kept["until"]),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Place(), LogMemory()
    return place, memory


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _save(state: Path, place: Place, memory: LogMemory) -> None:
    kept = {
        "head": place.head,
        "hash": place.hash,
        "offset": place.offset,
        "queue": memory.queue,
        "waiting": list(memory.waiting),
        "since": memory.since.isoformat() if memory.since else "",
        "until": memory.until.isoformat() if memory.until else "",
    }
    fresh = state.with_suffix(".baru")
    fresh.write_text(json.dumps(kept), "utf-8")
    fresh.replace(state)
