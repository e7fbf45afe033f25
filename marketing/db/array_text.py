"""Lists as PostgreSQL reads them from text (“Arrays”, 8.15.6); pure.

For statements that run thousands of times an hour: the driver writes a list value by value, and that costs as much as the
statement itself.
"""

from collections.abc import Iterable
from datetime import datetime

_NOTHING = "NULL"


def numbers(values: Iterable[int | None]) -> str:
    """Return whole numbers, to be cast to `bigint[]`."""
    return "{" + ",".join([_NOTHING if value is None else str(value) for value in values]) + "}"


def texts(values: Iterable[str | None]) -> str:
    """Return texts, to be cast to `text[]`."""
    written: dict[str | None, str] = {None: _NOTHING}  # most of them are the same few
    return "{" + ",".join([written.get(value) or written.setdefault(value, _quoted(value)) for value in values]) + "}"


def moments(values: Iterable[datetime | None]) -> str:
    """Return moments with their zone, to be cast to `timestamptz[]`."""
    return texts(None if value is None else value.isoformat() for value in values)


def _quoted(value: str | None) -> str:
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
