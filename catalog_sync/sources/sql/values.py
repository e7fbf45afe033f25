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

from catalog_sync.sources.spreadsheet import words
from catalog_sync.sources.spreadsheet.numbers import grams, money, quantity
from catalog_sync.sources.sql.columns import Target
from marketing.i18n import gettext as _
from marketing.tabular.cells import UnreadableError
from marketing.tabular.local_time import read_moment, rfc3339

DAY: Final = "day"
TIME_OF_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?", re.ASCII)
WHOLE: Final = re.compile(r"(-?\d{1,18})(?:\.0{1,2})?", re.ASCII)  # three noughts would be thousands
SEVERAL: Final = re.compile(r"\s*[|\n\r]\s*|,\s*(?=https?://)|;\s*")
_Read = Callable[[Any, tzinfo], Any]


def value_of(cell: Any, target: Target, zone: tzinfo) -> Any:
    """Return what the field holds, None for NULL; UnreadableError says why a cell has no place in it.

    Words and amounts that people typed are read as in a sheet; what merely does not fit is left for `parse` to name.
    """
    if cell is None:
        return None
    if isinstance(cell, bytes | bytearray | memoryview):
        cell = bytes(cell).decode("utf-8", "surrogateescape")
    if isinstance(cell, str) and not cell.strip():
        return None
    if isinstance(cell, str) and target.path in _TYPED:
        return _TYPED[target.path](cell)
    return _READ[_sort(target.type)](cell, zone)


def typed_stock(cell: str) -> int | None:
    """Return a count, 0 for “habis”, None for “ada”."""
    try:
        return quantity(cell)
    except UnreadableError:
        return words.stock_word(cell)


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
    return cell if isinstance(cell, list | dict) else str(cell)  # a list is for `parse` to refuse


def _number(cell: Any, _zone: tzinfo) -> Any:
    if isinstance(cell, str):
        found = WHOLE.fullmatch(cell.strip())
        if found:
            return int(found[1])
        raise UnreadableError(_("bukan bilangan bulat tanpa pemisah, misalnya 50000"))
    if isinstance(cell, float | Decimal):
        number = _whole(cell)
        if number is None:
            raise UnreadableError(_("bukan bilangan bulat"))
        return number
    return cell


def _whole(cell: float | Decimal) -> int | None:
    """Return the integer a number is, None for a fraction, NaN or infinity."""
    finite = cell.is_finite() if isinstance(cell, Decimal) else math.isfinite(cell)
    return int(cell) if finite and cell == int(cell) else None


def _flag(cell: Any, _zone: tzinfo) -> Any:
    if isinstance(cell, bool):
        return cell
    return words.yes(cell if isinstance(cell, str | int) else str(cell))


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


_TYPED: Final[Mapping[str, Callable[[str], Any]]] = MappingProxyType(
    {
        "price": money,
        "sale.price": money,
        "stock": typed_stock,
        "min_order": quantity,
        "weight_gram": grams,
        "verification.status": words.status,
        "halal.status": lambda cell: words.halal(cell)[0],
        "scale": words.scale,
        "role": words.role,
    }
)
_READ: Final[Mapping[str, _Read]] = MappingProxyType(
    {"text": _text, "number": _number, "flag": _flag, "moment": _moment, DAY: _day, "list": _list}
)
