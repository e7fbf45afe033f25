"""WooCommerce's own product export (Products > Export) as a catalogue: no column is mapped by hand.

The file is read twice, once to learn who belongs to whom and once to yield it, so that its size hardly costs memory.
"""

import codecs
import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from catalog_sync.contract import SetAside
from catalog_sync.sources.base import Page
from catalog_sync.sources.http_page import MEGABYTE
from catalog_sync.sources.woocommerce.businesses import Businesses
from catalog_sync.sources.woocommerce.columns import Columns, find_columns
from catalog_sync.sources.woocommerce.item import Item
from catalog_sync.sources.woocommerce.options import ShopOptions
from catalog_sync.sources.woocommerce.records import product_page
from catalog_sync.sources.woocommerce.rows import Families, item_of_row
from marketing.errors import CatalogError
from marketing.i18n import gettext as _

RECORDS_A_PAGE: Final = 500
FILE_BYTES: Final = 256 * MEGABYTE
CELL_LENGTH: Final = 16 * MEGABYTE
DELIMITERS: Final = (",", ";", "\t")
BOM: Final = b"\xef\xbb\xbf"


class WooCommerceExport:
    """One CSV file. It lists the whole shop, so what it does not list has left it."""

    snapshot: bool = True
    picture_hosts: frozenset[str] = frozenset()
    picture_folder: Path | None = None  # an export names pictures by address only
    memory: Mapping[str, Any] = {}

    def __init__(self, path: Path, options: ShopOptions) -> None:
        self._path = path
        self._options = options

    def pages(self, since: datetime | None, *, resume: str = "") -> Iterator[Page]:  # noqa: ARG002  always read whole
        try:
            yield from self._pages(_encoding(self._path))
        except OSError as error:
            raise CatalogError(
                _("Berkas “{name}” tidak dapat dibaca ({reason}).").format(name=self._path.name, reason=error.strerror)
            ) from error
        except csv.Error as error:
            raise CatalogError(
                _("Berkas “{name}” bukan CSV yang utuh. Ekspor ulang dari WooCommerce.").format(name=self._path.name)
            ) from error

    def _pages(self, encoding: str) -> Iterator[Page]:
        families = Families()
        businesses = Businesses(self._options).met(self._learnt(families, encoding))
        if not businesses:
            raise CatalogError(
                _("Berkas “{name}” tidak memuat satu produk pun. Ekspor ulang dari WooCommerce.").format(
                    name=self._path.name
                )
            )
        items: list[Item] = []
        aside: list[SetAside] = []
        for item, sku, line in self._rows(encoding):
            found = families.product(item, sku, line)
            if isinstance(found, SetAside):
                aside.append(found)
            elif found is not None:
                items.append(found)
            if len(items) + len(aside) >= RECORDS_A_PAGE:
                yield product_page(items, self._options, businesses=businesses, aside=aside)
                items, aside, businesses = [], [], []
        yield product_page(items, self._options, businesses=businesses, aside=aside)

    def _learnt(self, families: Families, encoding: str) -> Iterator[Item]:
        for item, sku, _line in self._rows(encoding):
            families.learn(item, sku)
            if item.type != "variation":
                yield item

    def _rows(self, encoding: str) -> Iterator[tuple[Item, str, int]]:
        csv.field_size_limit(CELL_LENGTH)  # the module's own limit is for the whole process and far below a description
        with self._path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
            delimiter, columns = _heading(file.readline(CELL_LENGTH))
            if columns.missing:
                raise CatalogError(
                    _(
                        "“{name}” bukan ekspor produk WooCommerce: kolom {columns} tidak ada. Ekspor semua kolom."
                    ).format(name=self._path.name, columns=", ".join(columns.missing))
                )
            reader = csv.reader(file, delimiter=delimiter)
            for row in reader:
                if any(cell.strip() for cell in row):
                    yield *item_of_row(row, columns, self._options.zone), reader.line_num + 1


def _encoding(path: Path) -> str:
    """Return how the file is written: UTF-8 as WooCommerce does, or what Excel made of it; CatalogError when it is too large.

    Broken characters stay with their record. OSError when the file cannot be read.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        marked = file.read(len(BOM)) == BOM
        file.seek(0)
        size = 0
        while chunk := file.read(MEGABYTE):
            size += len(chunk)
            if size > FILE_BYTES:
                raise CatalogError(
                    _("Berkas “{name}” lebih besar dari {limit} MB. Ekspor per kategori ke beberapa sumber.").format(
                        name=path.name, limit=FILE_BYTES // MEGABYTE
                    )
                )
            try:
                decoder.decode(chunk, final=len(chunk) < MEGABYTE)
            except UnicodeDecodeError:
                return "utf-8-sig" if marked else "cp1252"
    return "utf-8-sig"


def _heading(line: str) -> tuple[str, Columns]:
    """Return the delimiter that makes most sense of the first line, and the columns it gives."""
    found = [(mark, find_columns(next(csv.reader([line], delimiter=mark), []))) for mark in DELIMITERS]
    return max(found, key=lambda one: len(one[1].at))
