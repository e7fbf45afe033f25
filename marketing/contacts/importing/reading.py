"""The rows of a file of contacts: its table found, its headings understood, one row after the other."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from marketing.contacts.importing.columns import Column, Headings, ask_for_mapping, known_in, read_headings
from marketing.domain.text import one_line
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.tabular.cells import UnreadableError, is_nothing, text_of
from marketing.tabular.headings import LONGEST, key
from marketing.tabular.opening import open_file
from marketing.tabular.sheets import Limits, Row, Sheet

LIMITS: Final = Limits(rows=1_200_000, bytes=200 * 1024 * 1024)
LOOKED_AT: Final = 60
"""Rows in which headings are looked for: titles and notes stand above them."""
SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under their headings; `header` is the number of the row of headings."""

    sheet: Sheet
    header: int
    width: int
    headings: Headings
    written: tuple[str, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """What is read, in the order in which it counts."""
        return self.headings.columns

    def rows(self, after: int = 0) -> Iterator[Row]:
        """Yield the rows under the headings, those up to number `after` left out."""
        first = max(self.header, after)
        return (row for row in self.sheet.rows() if row.number > first)

    def is_torn(self, row: Row) -> bool:
        """Return whether a text file's row has more cells than there are headings: its columns are shifted."""
        return self.sheet.exact and any(not is_nothing(cell) for cell in row.cells[self.width :])

    @property
    def countable(self) -> bool:
        """Whether reading every row once more costs little: that of a workbook costs as much as the import."""
        return self.sheet.exact


def open_table(path: Path, stack: ExitStack, mapping: Mapping[str, str], *, settled: bool = True) -> Table:
    """Return the table of a file, closed with the stack.

    CatalogError when the file cannot be read; InvalidInputError when no row of it names an address, several sheets do, or,
    unless `settled` is False, a heading may mean two things.
    """
    found: list[Table] = []
    seen: list[str] = []
    for sheet in open_file(path, stack, known_in=known_in, limits=LIMITS):
        table = _table(sheet, mapping, seen)
        if table is not None:
            found.append(table)
    if not found:
        raise InvalidInputError(
            _(
                "Tidak ada kolom surel, HP atau Telegram. Judul kolom yang ditemukan: {found}. Beri judul kolom, misalnya "
                "“Nama”, “Surel”, “WhatsApp”, atau tentukan pemetaannya."
            ).format(found=", ".join(seen[:SHOWN]) or "–"),
            field="pemetaan",
        )
    if len(found) > 1:
        raise InvalidInputError(
            _("Ada {count} lembar berisi kontak: {names}. Simpan satu lembar per berkas.").format(
                count=len(found), names=", ".join(f"“{one_line(table.sheet.title)[:SHOWN]}”" for table in found)
            )
        )
    table = found[0]
    if settled and table.headings.unclear:
        raise ask_for_mapping(table.headings.unclear)
    return table


def count_rows(table: Table) -> int:
    """Return how many rows there are; CatalogError when a quotation mark is never closed, before anything was written."""
    return sum(1 for _row in table.rows())


def _table(sheet: Sheet, mapping: Mapping[str, str], seen: list[str]) -> Table | None:
    told = {key(heading) for heading in mapping}
    best: tuple[int, int, tuple[str, ...]] | None = None
    for row in islice(sheet.rows(), LOOKED_AT):
        texts = tuple(_heading(cell) for cell in row.cells)
        score = known_in(texts) + sum(2 for text in texts if text and key(text) in told)
        if best is None or score > best[0]:
            best = (score, row.number, texts)
    if best is None:
        return None
    _score, header, texts = best
    headings = read_headings(texts, mapping)
    if not headings.has_address and not headings.unclear:
        seen += [f"“{text[:SHOWN]}”" for text in texts if text]
        return None
    return Table(sheet, header, len(texts), headings, texts)


def _heading(cell: object) -> str:
    if not isinstance(cell, str) or len(cell) > LONGEST * 2:
        return ""
    try:
        return one_line(text_of(cell))
    except UnreadableError:
        return ""
