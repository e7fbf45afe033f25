"""What is new, what changed: a stable hash over what a record says, and the sorting of a page by it. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

FORM: Final = b"siar-record-1"
"""Goes into every raw hash: a new number after a change of parse or mapping makes the next pull look at all records."""


@dataclass(frozen=True, slots=True)
class Known:
    """A row we already have."""

    id: int
    content_hash: str
    version: int = 0
    deleted: bool = False
    raw_hash: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """What one pull did to one kind of record."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.deleted + other.deleted,
        )


@dataclass(frozen=True, slots=True)
class Diff:
    """External ids by what has to be done about them, in the order in which they came."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]

    @property
    def counts(self) -> Counts:
        """Return the numbers alone."""
        return Counts(len(self.new), len(self.changed), len(self.unchanged))


def compare(hashes: Mapping[str, str], known: Mapping[str, Known]) -> Diff:
    """Sort external ids by what we know of them; one that was deleted and is back counts as changed."""
    changed: list[str] = []
    unchanged: list[str] = []
    for external_id, content_hash in hashes.items():
        row = known.get(external_id)
        if row is not None:
            same = row.content_hash == content_hash and not row.deleted
            (unchanged if same else changed).append(external_id)
    return Diff(tuple(key for key in hashes if key not in known), tuple(changed), tuple(unchanged))


def raw_hash(raw: Any, key: bytes) -> str:
    """Return a keyed hash over a record as it came, empty when there can be none; the same for every order of keys.

    It spares a record that did not change its whole check. Keyed, because a raw business still holds the owner's NIK.
    """
    try:
        text = json.dumps(raw, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        return ""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=key[:64], digest_size=20, person=FORM).hexdigest()


def content_hash(values: Mapping[str, Any] | Iterable[Any]) -> str:
    """Return SHA-256 over canonical JSON: the same for every order of keys and every zone a moment is written in."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
