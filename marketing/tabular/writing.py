"""Lists as files for spreadsheets: CSV with semicolons as they expect it in Indonesia, or XLSX; no cell is ever a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from marketing.domain.text import one_line

FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
MARK: Final = "\ufeff"
"""Begins a CSV file: without it a spreadsheet takes it for a local code page."""
ROWS: Final = 1_048_576
"""Rows of a sheet, headings and all (Excel specifications and limits)."""


def csv_line(cells: Iterable[str]) -> str:
    """Return one line of a CSV file whose cells no spreadsheet takes for formulas."""
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerow([safe_cell(cell) for cell in cells])
    return written.getvalue()


def safe_cell(text: str) -> str:
    """Return text with an apostrophe before what would begin a formula (OWASP, CSV injection); a number keeps its plus so.

    Tabs and line ends, which may hide such a letter, have become blanks before it is looked at.
    """
    plain = one_line(text)
    return f"'{plain}" if plain.startswith(FORMULA_STARTS) else plain


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write a new file and return how many rows it has under its headings; FileExistsError when there is one."""
    count = 0
    with path.open("x", encoding="utf-8", newline="") as file:
        file.write(MARK + csv_line(headings))
        for row in rows:
            file.write(csv_line(row))
            count += 1
    return count


def write_xlsx(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write a new workbook of texts in constant memory, a sheet for each million rows, and return how many rows it has."""
    import xlsxwriter  # noqa: PLC0415  2 MB of every process

    count = 0
    with path.open("xb") as file:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(file, options) as book:
            sheet, at = None, ROWS
            for row in rows:
                if at >= ROWS:
                    sheet, at = book.add_worksheet(), 1
                    _put(sheet, 0, headings)
                _put(sheet, at, row)
                at, count = at + 1, count + 1
            if sheet is None:
                _put(book.add_worksheet(), 0, headings)
    return count


def _put(sheet: object, number: int, cells: Sequence[str]) -> None:
    for column, cell in enumerate(cells):
        sheet.write_string(number, column, one_line(cell))  # type: ignore[attr-defined]  # xlsxwriter ships no types
