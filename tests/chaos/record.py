"""What the receiver wrote down: one line per message that came in whole, written before it was answered."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Verdict(StrEnum):
    """What the receiver did with one message."""

    TAKEN = "taken"
    """Delivered, and the answer was sent (the connection may have broken under it)."""
    TAKEN_UNANSWERED = "taken-unanswered"
    """Delivered; the sender never heard of it."""
    DROPPED_UNANSWERED = "dropped-unanswered"
    """Not delivered; the sender never heard of it either."""
    REFUSED = "refused"
    BUSY = "busy"


DELIVERED = frozenset({Verdict.TAKEN, Verdict.TAKEN_UNANSWERED})
UNANSWERED = frozenset({Verdict.TAKEN_UNANSWERED, Verdict.DROPPED_UNANSWERED})


@dataclass(frozen=True, slots=True)
class Line:
    """One message as the receiver saw it; `at` in seconds since 1970, `message_id` empty where only the recipient was heard."""

    verdict: Verdict
    at: float
    recipient: str
    message_id: str
    client: str = ""

    def written(self) -> bytes:
        """Return the line as it stands in the file."""
        return f"{self.verdict}\t{self.at:.6f}\t{self.recipient}\t{self.message_id}\t{self.client}\n".encode()


class Record:
    """The receiver's file; survives the receiver's death, because the system has every line before the sender has its answer."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)

    def write(self, line: Line) -> None:
        """Add one line in one call of the system: whole or not at all."""
        os.write(self._file, line.written())

    def size(self) -> int:
        """Return the bytes written so far: it grows while mail comes in."""
        return os.fstat(self._file).st_size

    def lines(self, since: int = 0) -> Iterator[Line]:
        """Yield the lines from an offset of `size` on."""
        with self.path.open("rb") as file:
            file.seek(since)
            for raw in file:
                verdict, at, recipient, message_id, client = raw.decode().rstrip("\n").split("\t")
                yield Line(Verdict(verdict), float(at), recipient, message_id, client)

    def close(self) -> None:
        """Give the file back."""
        os.close(self._file)
