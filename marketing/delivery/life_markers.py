"""Where it is noted outside of the database how far its life has come: a file in the data folder, a key at the broker.

The file is the one that counts; the broker's key helps where the data folder is thrown away with its container. Neither is
needed: an unreadable, empty or missing one says nothing, and the next beat writes it again.
"""

import contextlib
import json
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import redis

from marketing.domain.life import Mark
from marketing.observability import get_logger

log = get_logger(__name__)
FILE: Final = "penanda-basis-data.json"
_KEY: Final = "siar:umur-basis-data:"
_LONGEST: Final = 1_000
_PATIENCE_SECONDS: Final = 0.5


class Marker(Protocol):
    """One place outside of the database."""

    def read(self, lineage: str) -> Mark | None:
        """Return what is noted there of this database; None where nothing readable is."""
        ...

    def write(self, mark: Mark) -> None:
        """Note it; a place that cannot be written to is passed over."""
        ...


class FileMarker:
    """A file, exchanged as a whole; it never goes back while the database stays the same."""

    def __init__(self, path: Path) -> None:
        """Keep it at this path; the folder is made when something is first written."""
        self._path = path
        self._complained = False

    def read(self, lineage: str) -> Mark | None:
        try:
            with self._path.open("rb") as file:
                mark = _parsed(file.read(_LONGEST))
        except OSError:
            return None
        return mark if mark and mark.lineage == lineage else None

    def write(self, mark: Mark) -> None:
        known = self.read(mark.lineage)
        if known and known.number >= mark.number:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".penanda-", dir=self._path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_written(mark))
                Path(name).replace(self._path)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            if not self._complained:  # once: it is asked every second
                log.warning("the marker of the database cannot be written", error=error.strerror or str(error))
            self._complained = True


class BrokerMarker:
    """A key at the broker, one per database; a broker that was emptied or exchanged holds none."""

    def __init__(self, client: "redis.Redis") -> None:
        """`client` answers or fails within a moment."""
        self._client = client

    @classmethod
    def at(cls, broker: str) -> "BrokerMarker | None":
        """Return the marker at a broker's address (redis://…, rediss://…, redis+socket://…); None for other brokers."""
        address = broker.replace("redis+socket://", "unix://", 1)
        if address.partition("://")[0] not in {"redis", "rediss", "unix"}:
            return None
        return cls(
            redis.Redis.from_url(address, socket_timeout=_PATIENCE_SECONDS, socket_connect_timeout=_PATIENCE_SECONDS)
        )

    def read(self, lineage: str) -> Mark | None:
        with contextlib.suppress(redis.RedisError):
            raw = self._client.get(_KEY + lineage)
            mark = _parsed(raw) if isinstance(raw, bytes) else None
            return mark if mark and mark.lineage == lineage else None
        return None

    def write(self, mark: Mark) -> None:
        with contextlib.suppress(redis.RedisError):
            self._client.set(_KEY + mark.lineage, _written(mark))


def _written(mark: Mark) -> bytes:
    return json.dumps({"lineage": mark.lineage, "number": mark.number, "at": mark.at.isoformat()}).encode()


def _parsed(raw: bytes) -> Mark | None:
    try:
        found = json.loads(raw)
        mark = Mark(str(found["lineage"]), int(found["number"]), datetime.fromisoformat(found["at"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return mark if mark.at.tzinfo is not None else None
