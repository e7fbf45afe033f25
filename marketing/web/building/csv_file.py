"""Lists as CSV files: semicolons as spreadsheets in Indonesia expect, UTF-8 with its mark, and no cell a formula."""

import csv
import io
from typing import Final

from marketing.domain.text import one_line

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_MARK: Final = "\ufeff"  # without it a spreadsheet takes the file for a local code page


def first_line(*cells: str) -> str:
    """Return the headings, with the mark that says how the file is written."""
    return _MARK + line(*cells)


def line(*cells: str) -> str:
    """Return one line of the file."""
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerow([_cell(cell) for cell in cells])
    return written.getvalue()


def headers(name: str) -> dict[str, str]:
    """Return what makes a browser keep the answer as a file of this name, ours and plain ASCII."""
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


def _cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe goes before its first letter (OWASP, CSV injection).

    Tabs and line ends, which may hide such a letter, have become blanks before it is looked at.
    """
    plain = one_line(text)
    return f"'{plain}" if plain.startswith(FORMULA_STARTS) else plain
