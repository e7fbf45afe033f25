"""XLSX: visible sheets, row by row; values that Excel computed, merged cells filled downwards, targets of hyperlinks."""

import re
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from html import unescape
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.utils.cell import range_boundaries

from marketing.tabular.archive import check_archive
from marketing.tabular.cells import Cell
from marketing.tabular.sheets import COLUMNS, Limits, Row, too_many_rows, unreadable

LAST_ROW: Final = 1_048_576
BATCH: Final = 20  # rows may be 16.384 cells wide
CHUNK: Final = 256 * 1024
TAG_LIMIT: Final = 8 * 1024
MARKS: Final = 100_000
_MARK: Final = re.compile(rb"<(?:[\w.-]+:)?(mergeCell|hyperlink)\s([^<>]{1,8000})>")
_ATTRIBUTE: Final = re.compile(r"(?:[\w.-]+:)?(ref|id)\s*=\s*[\"']([^\"']*)[\"']")
_ZEROS: Final = re.compile(r"0{2,20}")
_NO_LINKS: Final[Mapping[int, str]] = {}


class Workbook:
    """An open XLSX file; close it when done."""

    def __init__(self, path: Path, limits: Limits, file: str = "") -> None:
        """Open the file; CatalogError when it is unsafe or broken."""
        check_archive(path)
        self._file = path.open("rb")  # openpyxl forgets to close what it could not read
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl tells what it leaves out: validation, styles, extensions
                self._book = load_workbook(self._file, read_only=True, data_only=True, keep_links=False)
        except Exception as error:  # a broken part makes openpyxl raise whatever it stumbles over
            self._file.close()
            raise unreadable(path.name) from error
        visible = [sheet for sheet in self._book.worksheets if sheet.sheet_state == "visible"]
        self.sheets = [WorkbookSheet(path, sheet, limits, file) for sheet in visible]

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()
        self._file.close()


class WorkbookSheet:
    """One visible sheet."""

    exact = False

    def __init__(self, path: Path, sheet: Any, limits: Limits, file: str) -> None:
        self.file = file
        self.title: str = sheet.title
        self._path = path
        self._sheet = sheet
        self._limits = limits
        self._marks: _Marks | None = None

    def rows(self) -> Iterator[Row]:
        marks = self._marks = self._marks or self._read_marks()
        fill = _Downwards(marks.merged)
        count = 0
        for number, cells in self._cells():
            values = [_value(cell) for cell in cells]
            fill.into(number, values)
            if all(value is None for value in values):
                continue
            count += 1
            if count > self._limits.rows:
                raise too_many_rows(self._path.name, self._limits.rows)
            yield Row(number, values, marks.links.get(number, _NO_LINKS))

    def _cells(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """Yield numbered rows; the dimensions a file claims for itself are not believed."""
        self._sheet.reset_dimensions()
        rows = enumerate(self._sheet.iter_rows(), 1)
        while True:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter(
                        "ignore"
                    )  # a date out of range comes as #VALUE!, which is told where it stands
                    batch = list(islice(rows, BATCH))
            except Exception as error:  # as above: whatever a broken part makes it raise
                raise unreadable(self._path.name) from error
            if not batch or batch[0][0] > LAST_ROW:
                return
            yield from ((number, cells[:COLUMNS]) for number, cells in batch if cells)

    def _read_marks(self) -> "_Marks":
        part = str(self._sheet._worksheet_path)  # noqa: SLF001  openpyxl reads no merged cells and links in a stream
        try:
            with ZipFile(self._path) as archive:
                relations = get_rels_path(part)
                targets: dict[str, str] = {}
                if relations in archive.namelist():
                    targets = {
                        one.Id: one.Target
                        for one in get_dependents(archive, relations)
                        if one.TargetMode == "External" and one.Target
                    }
                return _marks_in(archive, part, targets)
        except Exception as error:  # as above: whatever a broken part makes it raise
            raise unreadable(self._path.name) from error


class _Marks:
    """`merged`: by first row, (column, last row); `links`: by row and column, the target."""

    def __init__(self) -> None:
        self.merged: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.links: dict[int, dict[int, str]] = defaultdict(dict)


def _marks_in(archive: ZipFile, part: str, targets: Mapping[str, str]) -> _Marks:
    """Find merged cells and links, which stand after the rows of a sheet."""
    marks, count, rest = _Marks(), 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            text = rest + chunk
            end = 0
            for found in _MARK.finditer(text):
                end = found.end()
                count += 1
                if count > MARKS:
                    return marks
                _keep(marks, found[1], dict(_ATTRIBUTE.findall(found[2].decode("utf-8", "replace"))), targets)
            rest = text[max(end, len(text) - TAG_LIMIT) :]
    return marks


def _keep(marks: _Marks, tag: bytes, told: Mapping[str, str], targets: Mapping[str, str]) -> None:
    left, top, _right, bottom = range_boundaries(told.get("ref", ""))
    if None in (left, top, bottom) or left > COLUMNS:
        return
    if tag == b"mergeCell" and bottom > top:
        marks.merged[top].append((left - 1, bottom))
    elif tag == b"hyperlink" and told.get("id") in targets:
        marks.links[top][left - 1] = unescape(targets[told["id"]])


class _Downwards:
    """Gives the rows under a merged cell its value: one business beside several products."""

    def __init__(self, merged: Mapping[int, list[tuple[int, int]]]) -> None:
        self._merged = merged
        self._open: dict[int, tuple[Cell, int]] = {}

    def into(self, number: int, values: list[Cell]) -> None:
        for column, (value, last) in list(self._open.items()):
            if number > last:
                del self._open[column]
            elif column < len(values) and values[column] is None:
                values[column] = value
            elif column >= len(values):
                values += [None] * (column - len(values)) + [value]
        for column, last in self._merged.get(number, ()):
            if column < len(values) and values[column] is not None:
                self._open[column] = (values[column], last)


def _value(cell: Any) -> Cell:
    """Return a cell's value; leading zeros that only the number format shows are part of the number."""
    value = cell.value
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool | datetime | date):
        return value
    if isinstance(value, int):
        shape = cell.number_format
        return f"{value:0{len(shape)}d}" if shape != "General" and _ZEROS.fullmatch(shape) else value
    if isinstance(value, float):
        return value
    return str(value)
