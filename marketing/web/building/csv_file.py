"""Lists as CSV files to download: semicolons as spreadsheets in Indonesia expect, UTF-8 with its mark, and no cell a formula."""

from typing import Final

from marketing.tabular.writing import MARK, csv_line

MEDIA_TYPE: Final = "text/csv; charset=utf-8"


def first_line(*cells: str) -> str:
    """Return the headings, with the mark that says how the file is written."""
    return MARK + csv_line(cells)


def line(*cells: str) -> str:
    """Return one line of the file."""
    return csv_line(cells)


def headers(name: str) -> dict[str, str]:
    """Return what makes a browser keep the answer as a file of this name, ours and plain ASCII."""
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
