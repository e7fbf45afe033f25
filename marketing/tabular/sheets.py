"""A sheet as rows of cells, wherever it comes from, and the limits that hold for all of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from marketing.errors import CatalogError
from marketing.i18n import gettext as _
from marketing.tabular.cells import Cell

COLUMNS: Final = 200


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read: rows that hold something, and bytes of a text file."""

    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its number as Excel counts; `links` are the targets of hyperlinks by column, counted from 0."""

    number: int
    cells: Sequence[Cell]
    links: Mapping[int, str] = field(default_factory=dict)


class Sheet(Protocol):
    """A table as it stands in the file; `rows` may be asked for again and again and leaves out what is empty.

    `exact` says that a row with more cells than the headings is torn (a text file), not merely written beside the table.
    """

    @property
    def file(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def exact(self) -> bool: ...

    def rows(self) -> Iterator[Row]: ...


def unreadable(name: str) -> CatalogError:
    """Return the error for a file that is broken."""
    return CatalogError(
        _(
            "Berkas “{name}” rusak atau bukan spreadsheet. Buka di Excel, lalu simpan lagi sebagai XLSX atau CSV."
        ).format(name=name)
    )


def too_many_rows(name: str, limit: int) -> CatalogError:
    """Return the error for a table without end."""
    return CatalogError(
        _("“{name}” lebih dari {limit} baris. Bagi menjadi beberapa berkas.").format(
            name=name, limit=f"{limit:,}".replace(",", ".")
        )
    )
