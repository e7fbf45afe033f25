"""A mass-upload file as XLSX: the products that fit, those that do not with what cures it, and what is left to fill in.

Nothing in it is ever a formula or a link: every text is written as text, so a product called `=HYPERLINK(…)` is only a name
and a SKU of digits keeps its zeros. Rows go to disk as they come, so that 100,000 products need no memory.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from marketing.channels.marketplace.listing import Listing
from marketing.channels.marketplace.mass_upload.limits import fits
from marketing.channels.marketplace.mass_upload.template import Cell, Template
from marketing.domain.text import cleaned
from marketing.i18n import gettext as _

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LEFT_OUT: Final = "Tidak ikut"
GUIDE: Final = "Petunjuk"
_SAFE: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_MAX_CELL: Final = 32_767  # characters (Excel specifications and limits)


@dataclass(frozen=True, slots=True)
class Written:
    """How many products went into the file and how many were left out."""

    taken: int
    left_out: int


def write_workbook(path: Path, template: Template, listings: Iterable[Listing]) -> Written:
    """Write the file; OSError when the disk refuses. Whoever calls throws the file away when this fails."""
    try:
        with path.open("wb") as file, xlsxwriter.Workbook(file, {"constant_memory": True, **_SAFE}) as book:
            return _fill(book, template, listings)
    except FileCreateError as error:
        raise OSError(str(error)) from error


def _fill(book: Any, template: Template, listings: Iterable[Listing]) -> Written:
    products, left_out, guide = (book.add_worksheet(name) for name in (template.sheet, LEFT_OUT, GUIDE))
    for number, heading in enumerate(template.headings):
        _write(products, number, heading)
    _write(left_out, 0, (_("SKU"), _("Produk"), _("Usaha"), _("Alasan"), _("Supaya ikut")))
    taken = refused = reasons = 0
    for listing in listings:
        misfits = fits(listing, template.limits)
        if not misfits:
            _write(products, len(template.headings) + taken, template.row(listing))
            taken += 1
            continue
        refused += 1
        for misfit in misfits:
            reasons += 1
            _write(left_out, reasons, (listing.sku, listing.title, listing.business, misfit.text, misfit.cure))
    lines = (template.limits.name, *(_(line) for line in template.to_complete), template.source, template.limits.source)
    for number, line in enumerate(lines):
        _write(guide, number, (line,))
    return Written(taken, refused)


def _write(sheet: Any, row: int, cells: Iterable[Cell]) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            if text := cleaned(cell)[:_MAX_CELL]:  # what XML cannot carry would end the whole file
                sheet.write_string(row, column, text)
        elif cell is not None:
            sheet.write_number(row, column, cell)
