"""One cell of a database as the JSON value the contract wants for its field, or why it cannot be one. Pure."""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from types import MappingProxyType, UnionType
from typing import Any, Final, Union, get_args, get_origin
from uuid import UUID

from pydantic import AwareDatetime

from catalog_sync.sources.local_time import read_moment, rfc3339
from marketing.i18n import gettext as _

DAY: Final = "day"
TIME_OF_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?", re.ASCII)
WHOLE: Final = re.compile(r"(-?\d{1,18})(?:\.0{1,2})?", re.ASCII)  # three noughts would be thousands
SEVERAL: Final = re.compile(r"\s*[|\n\r]\s*|,\s*(?=https?://)|;\s*")
YES: Final = frozenset({"1", "t", "true", "y", "ya", "yes", "benar"})
NO: Final = frozenset({"0", "f", "false", "n", "tidak", "no", "salah", "bukan"})

_Read = Callable[[Any, tzinfo], Any]


class UnreadableError(ValueError):
    """A cell that has no place in its field; the message is the reason for people and never the value."""


def value_of(cell: Any, field: Any, zone: tzinfo) -> Any:
    """Return what the field of this type holds; None for NULL. What merely does not fit is left for `parse` to name."""
    if cell is None:
        return None
    if isinstance(cell, bytes | bytearray | memoryview):
        cell = bytes(cell).decode("utf-8", "surrogateescape")
    if isinstance(cell, str) and not cell.strip():
        return None
    return _READ[_sort(field)](cell, zone)


def _sort(field: Any) -> str:
    """Return which reader a field of the contract needs."""
    if field == DAY:
        return DAY
    for one in _bare(field):
        if one is AwareDatetime or one is datetime:
            return "moment"
        if one is date:
            return DAY
        if get_origin(one) is list:
            return "list"
        if one is bool:
            return "flag"
        if one is int:
            return "number"
    return "text"


def _bare(field: Any) -> list[Any]:
    """Return the types of a field without `| None` and without what `Annotated` adds."""
    if get_origin(field) in (Union, UnionType):
        return [one for part in get_args(field) for one in _bare(part)]
    if hasattr(field, "__metadata__"):
        return _bare(field.__origin__)
    return [field]


def _text(cell: Any, zone: tzinfo) -> Any:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | UUID):
        return str(cell)
    if isinstance(cell, float | Decimal):
        number = _whole(cell)
        return str(number if number is not None else cell)
    if isinstance(cell, date):
        return rfc3339(cell, zone) if isinstance(cell, datetime) else cell.isoformat()
    return cell


def _number(cell: Any, _zone: tzinfo) -> Any:
    if isinstance(cell, str):
        found = WHOLE.fullmatch(cell.strip())
        if found:
            return int(found[1])
        raise UnreadableError(_("bukan bilangan bulat tanpa pemisah, misalnya 50000"))
    if isinstance(cell, float | Decimal):
        number = _whole(cell)
        if number is None:
            raise UnreadableError(_("pecahan, bukan bilangan bulat"))
        return number
    return cell


def _whole(cell: float | Decimal) -> int | None:
    """Return the integer a number is, None for a fraction, NaN or infinity."""
    if not math.isfinite(cell):
        return None
    return int(cell) if cell == int(cell) else None


def _flag(cell: Any, _zone: tzinfo) -> Any:
    if isinstance(cell, bool):
        return cell
    told = str(cell).strip().casefold()
    if told in YES or told in NO:
        return told in YES
    raise UnreadableError(_("bukan ya atau tidak"))


def _moment(cell: Any, zone: tzinfo) -> Any:
    if isinstance(cell, date):
        return _guarded(lambda: rfc3339(cell, zone))
    return _guarded(lambda: read_moment(cell, zone)) if isinstance(cell, str) else cell


def _guarded(read: Callable[[], str]) -> str:
    try:
        return read()
    except (ValueError, OverflowError):
        raise UnreadableError(_("bukan waktu, misalnya 2026-08-01 09:00")) from None


def _day(cell: Any, zone: tzinfo) -> Any:
    if isinstance(cell, datetime):
        return (cell.astimezone(zone) if cell.utcoffset() is not None else cell).date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        found = TIME_OF_DAY.fullmatch(cell.strip())
        return found[1] if found else cell.strip()
    return cell


def _list(cell: Any, _zone: tzinfo) -> Any:
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    if text[:1] not in "[{":
        return [one for one in (part.strip() for part in SEVERAL.split(text)) if one]
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableError(_("bukan JSON yang sah")) from None
    return found if isinstance(found, list) else [found]


_READ: Final[Mapping[str, _Read]] = MappingProxyType(
    {"text": _text, "number": _number, "flag": _flag, "moment": _moment, DAY: _day, "list": _list}
)
