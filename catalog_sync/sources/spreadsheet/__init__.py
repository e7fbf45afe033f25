"""Catalogues that a Dinas keeps in Excel or CSV, under the headings it is used to. For the Dinas: docs/katalog-spreadsheet.md."""

from pathlib import Path

from catalog_sync.sources.base import SourceOptions
from catalog_sync.sources.spreadsheet.adapter import SpreadsheetSource
from marketing.errors import CatalogError
from marketing.i18n import gettext as _

__all__ = ["SpreadsheetSource", "open_source"]


def open_source(location: str, options: SourceOptions) -> SpreadsheetSource:
    """Return the source for a file or a folder; CatalogError for an address or a mapping that does not fit."""
    if "://" in location:
        raise CatalogError(_("Spreadsheet dibaca dari berkas. Unduh dulu sebagai XLSX, lalu isi lokasi berkasnya."))
    return SpreadsheetSource(Path(location), options)
