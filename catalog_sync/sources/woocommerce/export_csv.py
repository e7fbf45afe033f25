"""WooCommerce's own product export (Products > Export) as a catalogue: no column is mapped by hand."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from catalog_sync.contract import Kind, SetAside
from catalog_sync.sources.base import Page
from catalog_sync.sources.http_page import MEGABYTE, PAGE_BYTES
from catalog_sync.sources.woocommerce.businesses import Businesses
from catalog_sync.sources.woocommerce.columns import Columns, find_columns
from catalog_sync.sources.woocommerce.item import Item
from catalog_sync.sources.woocommerce.options import ShopOptions
from catalog_sync.sources.woocommerce.records import product_page
from catalog_sync.sources.woocommerce.rows import assembled, item_of_row
from marketing.errors import CatalogError
from marketing.i18n import gettext as _

RECORDS_A_PAGE: Final = 500
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
        found = list(assembled(list(self._rows())))
        items = [one for one in found if isinstance(one, Item)]
        if not items:
            raise CatalogError(
                _("Berkas “{name}” tidak memuat satu produk pun. Ekspor ulang dari WooCommerce.").format(
                    name=self._path.name
                )
            )
        aside = [one for one in found if isinstance(one, SetAside)]
        yield Page({Kind.BUSINESS: Businesses(self._options).met(items)}, set_aside=aside)
        for start in range(0, len(items), RECORDS_A_PAGE):
            yield product_page(items[start : start + RECORDS_A_PAGE], self._options)

    def _rows(self) -> Iterator[tuple[Item, str, int]]:
        text = _decoded(_read(self._path))
        csv.field_size_limit(PAGE_BYTES)  # a description may be long; the file as a whole is limited
        delimiter, columns = _heading(text.partition("\n")[0])
        if columns.missing:
            raise CatalogError(
                _("“{name}” bukan ekspor produk WooCommerce: kolom {columns} tidak ada. Ekspor semua kolom.").format(
                    name=self._path.name, columns=", ".join(columns.missing)
                )
            )
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        next(reader)
        for row in reader:
            if any(cell.strip() for cell in row):
                yield *item_of_row(row, columns, self._options.zone), reader.line_num


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(PAGE_BYTES + 1)
    except OSError as error:
        raise CatalogError(
            _("Berkas “{name}” tidak dapat dibaca ({reason}).").format(name=path.name, reason=error.strerror)
        ) from error
    if len(body) > PAGE_BYTES:
        raise CatalogError(
            _("Berkas “{name}” lebih besar dari {limit} MB. Ekspor per kategori ke beberapa sumber.").format(
                name=path.name, limit=PAGE_BYTES // MEGABYTE
            )
        )
    return body


def _decoded(body: bytes) -> str:
    """Return the text: UTF-8 as WooCommerce writes it, or what Excel made of it; broken characters stay with their record."""
    marked = body.startswith(BOM)
    try:
        return body.removeprefix(BOM).decode()
    except UnicodeDecodeError:
        return body.removeprefix(BOM).decode("utf-8" if marked else "cp1252", "surrogateescape")


def _heading(line: str) -> tuple[str, Columns]:
    """Return the delimiter that makes most sense of the first line, and the columns it gives."""
    found = [(mark, find_columns(next(csv.reader([line], delimiter=mark), []))) for mark in DELIMITERS]
    return max(found, key=lambda one: len(one[1].at))
