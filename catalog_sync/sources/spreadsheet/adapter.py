"""The spreadsheet as a source: a file, or a folder with `produk.*` and `usaha.*`, read twice and never as a whole.

The first reading gathers the businesses, the second yields the products that belong to them, page by page.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from catalog_sync.contract import Kind, SetAside
from catalog_sync.sources.base import Page, SourceOptions
from catalog_sync.sources.spreadsheet import words
from catalog_sync.sources.spreadsheet.businesses import Businesses
from catalog_sync.sources.spreadsheet.facts import FactReader, check_defaults
from catalog_sync.sources.spreadsheet.fields import OF_BUSINESSES, OF_PRODUCTS, REFERENCES, Field
from catalog_sync.sources.spreadsheet.files import Given, given_files, open_sheets
from catalog_sync.sources.spreadsheet.listing import Listing, Taken, entries, torn
from catalog_sync.sources.spreadsheet.regions import daerah_of
from catalog_sync.sources.spreadsheet.rules import read_rules
from catalog_sync.sources.spreadsheet.tables import Table, find_tables, remembered
from marketing.errors import CatalogError
from marketing.i18n import gettext as _
from marketing.tabular.cells import UnreadableError
from marketing.tabular.local_time import zone_of
from marketing.tabular.sheets import Row

RECORDS_A_PAGE: Final = 500
LEAST: Final = 2  # a lone cell in a list of businesses is a note


class SpreadsheetSource:
    """CSV and XLSX as a Dinas keeps them. A pull lists everything: a row that is gone has left the catalogue."""

    snapshot = True
    picture_hosts: frozenset[str] = frozenset()

    def __init__(self, path: Path, options: SourceOptions) -> None:
        """Read the operator's mapping; CatalogError when it does not fit. Nothing else is read yet."""
        self._path = path
        self._rules = read_rules(options.mapping, options.memory)
        self._memory: Mapping[str, Any] = options.memory
        self._zone = zone_of(options.region_code)
        self._daerah = daerah_of(options.region_code)
        check_defaults(self._rules.defaults, self._zone, self._daerah)

    @property
    def picture_folder(self) -> Path | None:
        return self._path if self._path.is_dir() else self._path.parent

    @property
    def memory(self) -> Mapping[str, Any]:
        return self._memory

    def pages(self, since: datetime | None, *, resume: str = "") -> Iterator[Page]:  # noqa: ARG002  files are read whole
        files = given_files(self._path)
        before = _marks(files)
        with ExitStack() as stack:
            sheets, told = open_sheets(files, stack)
            products, businesses = find_tables(sheets, self._rules, told)
            owners = self._businesses(products, businesses)
            self._unchanged(files, before)
            yield from _paged(Kind.BUSINESS, owners.records())
            yield from self._product_pages(products, owners)
            self._unchanged(files, before)
            self._memory = {"columns": remembered([*businesses, *products])}

    def _businesses(self, products: list[Table], businesses: list[Table]) -> Businesses:
        """Gather every business; a product table beside a list of businesses adds to it when it says more than the name."""
        owners = Businesses()
        for table in businesses:
            self._gather(owners, table, table.rows())
        for table in products:
            if table.describes_businesses or not businesses:
                self._gather(owners, table, (row for row in entries(table) if not table.is_torn(row)))
        owners.settle()
        return owners

    def _gather(self, owners: Businesses, table: Table, rows: Iterator[Row]) -> None:
        reader = self._reader(table, OF_BUSINESSES)
        for row in rows:
            if table.is_torn(row):
                owners.refuse(SetAside(Kind.BUSINESS, "", f"{table.place(row)}: {torn()}."))
                continue
            facts = reader.read(row)
            if not table.of_business or facts.filled >= LEAST:
                owners.add(facts, table.place(row))

    def _product_pages(self, tables: list[Table], owners: Businesses) -> Iterator[Page]:
        listing = Listing(owners)
        for table in tables:
            about, whose = self._reader(table, OF_PRODUCTS), self._reader(table, REFERENCES)
            yield from _paged(Kind.PRODUCT, listing.of(table, about, whose))
        if not listing.rows:
            raise CatalogError(
                _(
                    "Tidak ada satu produk pun di bawah judul kolom berkas “{name}”. Periksa apakah berkasnya benar."
                ).format(name=self._path.name)
            )

    def _reader(self, table: Table, fields: Container[Field]) -> FactReader:
        defaults = dict(self._rules.defaults)
        if not table.has(Field.CATEGORY) and Field.CATEGORY not in defaults:
            with suppress(UnreadableError):
                defaults[Field.CATEGORY] = words.category(table.sheet.title)  # a sheet “Kerajinan” lists nothing else
        return FactReader.of(table, fields, self._zone, self._daerah, defaults)

    def _unchanged(self, files: list[Given], before: list[tuple[int, int]]) -> None:
        if _marks(files) != before:
            raise CatalogError(
                _("“{name}” berubah ketika sedang dibaca. Ambil lagi sesudah selesai disimpan.").format(
                    name=self._path.name
                )
            )


def _paged(kind: Kind, taken: Iterable[Taken]) -> Iterator[Page]:
    """Yield pages of records and of the lines about them, which stand together, so that each line finds its record."""
    records: list[dict[str, Any]] = []
    aside: list[SetAside] = []
    for record, lines in taken:
        if len(records) + len(aside) + 1 + len(lines) > RECORDS_A_PAGE and (records or aside):
            yield Page({kind: records}, set_aside=aside)
            records, aside = [], []
        records += [record] if record else []
        aside += lines
    if records or aside:
        yield Page({kind: records}, set_aside=aside)


def _marks(files: list[Given]) -> list[tuple[int, int]]:
    """Return size and time of every file, so that one saved in between is noticed."""
    try:
        found = [one.path.stat() for one in files]
    except OSError as error:
        raise CatalogError(_("Berkas tidak dapat dibaca ({reason}).").format(reason=error.strerror)) from error
    return [(one.st_size, one.st_mtime_ns) for one in found]
