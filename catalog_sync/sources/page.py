"""Bytes of a page object to a Page, so that one bad record never costs its neighbours. Pure.

Broken UTF-8 is carried along as lone surrogates and meets its reason in `parse`; numbers that no database keeps become
text and fail where a number is asked for; only what is no page at all is an error.
"""

import json
import math
from dataclasses import dataclass
from typing import Any, Final

from catalog_sync.contract import SCHEMA, Kind
from catalog_sync.sources.base import Page
from marketing.errors import CatalogError
from marketing.i18n import gettext as _

INT_DIGITS: Final = 300
CURSOR_LIMIT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Received:
    """A page and where the next one is."""

    page: Page
    next_cursor: str | None


def read_page(body: bytes, where: str) -> Received:
    """Read one page object; CatalogError names `where` it came from."""
    raw = read_json(body, where)
    if not isinstance(raw, dict):
        raise CatalogError(_("{where} bukan halaman katalog: isinya bukan objek JSON.").format(where=where))
    version = raw.get("schema")
    if version != SCHEMA:
        shown = version[:40] if isinstance(version, str) and version.isprintable() else "-"
        raise CatalogError(
            _("{where} memakai versi skema “{version}”, sedangkan Siar membaca “{ours}”.").format(
                where=where, version=shown, ours=SCHEMA
            )
        )
    records = {kind: _list(raw, kind.feed, where) for kind in Kind if raw.get(kind.feed) is not None}
    gone = raw.get("deleted")
    if gone is not None and not isinstance(gone, dict):
        raise CatalogError(_("{where}: “deleted” harus berupa objek.").format(where=where))
    deleted = {kind: _list(gone, kind.feed, where) for kind in Kind if gone and gone.get(kind.feed) is not None}
    cursor = raw.get("next_cursor")
    if cursor is not None and not (isinstance(cursor, str) and len(cursor) <= CURSOR_LIMIT):
        raise CatalogError(_("{where}: “next_cursor” harus berupa teks pendek.").format(where=where))
    region = raw.get("region")
    return Received(Page(records, deleted, region.strip() if isinstance(region, str) else ""), cursor or None)


def read_json(body: bytes, where: str) -> Any:
    """Return what a body of JSON holds, broken characters and impossible numbers left to their record; CatalogError when none."""
    text = body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    try:
        return json.loads(text, parse_int=_int, parse_float=_float, parse_constant=str)
    except json.JSONDecodeError as error:
        raise CatalogError(
            _("{where} bukan JSON yang sah (baris {line}, kolom {column}).").format(
                where=where, line=error.lineno, column=error.colno
            )
        ) from error
    except RecursionError as error:
        raise CatalogError(_("{where} bersarang terlalu dalam.").format(where=where)) from error


def _int(text: str) -> int | str:
    return int(text) if len(text) <= INT_DIGITS else text


def _float(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text


def _list(raw: dict[str, Any], name: str, where: str) -> list[Any]:
    found = raw[name]
    if not isinstance(found, list):
        raise CatalogError(_("{where}: “{name}” harus berupa daftar.").format(where=where, name=name))
    return found
