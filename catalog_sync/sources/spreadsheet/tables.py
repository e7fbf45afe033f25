"""Which sheets list products, which businesses, where their headings stand and what each column means."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from catalog_sync.sources.spreadsheet.fields import OF_BUSINESS, REFERENCES, SEVERAL, Field
from catalog_sync.sources.spreadsheet.headings import EXPECTED, field_of, is_weak
from catalog_sync.sources.spreadsheet.rules import IGNORED, Rules
from marketing.domain.text import one_line
from marketing.errors import CatalogError
from marketing.i18n import gettext as _
from marketing.tabular.cells import Cell, UnreadableError, is_nothing, shown, text_of
from marketing.tabular.headings import key
from marketing.tabular.sheets import COLUMNS, Row, Sheet

LOOKED_AT: Final = 60
LEAST: Final = 2
SHOWN: Final = 40
MAPPED: Final = -1  # surer than any word of the lists
_TOTALS: Final = frozenset(
    map(
        key,
        (
            "jumlah", "total", "grand total", "subtotal", "jumlah total", "total keseluruhan", "jumlah keseluruhan",
            "total produk", "jumlah produk", "jumlah seluruhnya", "total usaha", "jumlah usaha",
        ),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column by its place (from 0), its heading as written, and what it holds."""

    index: int
    heading: str
    field: Field


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with its headings: `header` is their row, `width` how many cells that row has."""

    sheet: Sheet
    header: int
    width: int
    columns: tuple[Column, ...]
    of_business: bool
    headings: tuple[str, ...]

    def has(self, field: Field) -> bool:
        """Return whether a column holds this field."""
        return any(column.field is field for column in self.columns)

    @property
    def describes_businesses(self) -> bool:
        """Whether more is said about businesses than which one is meant."""
        return any(column.field.of_business and column.field not in REFERENCES for column in self.columns)

    def rows(self) -> Iterator[Row]:
        """Yield the rows under the headings without column numbers and sums."""
        for row in self.sheet.rows():
            if row.number > self.header and not _is_sum(row.cells) and not _counts_columns(row.cells):
                yield row

    def is_torn(self, row: Row) -> bool:
        """Return whether a text file's row has more cells than there are headings: its columns are shifted."""
        return self.sheet.exact and any(not is_nothing(cell) for cell in row.cells[self.width :])

    def place(self, row: Row) -> str:
        """Return where a row stands, for people."""
        if self.sheet.title:
            where = _("lembar “{sheet}” baris {row}").format(sheet=one_line(self.sheet.title), row=row.number)
        else:
            where = _("baris {row}").format(row=row.number)
        where = f"{self.sheet.file} {where}" if self.sheet.file else where
        return where[:1].upper() + where[1:]


def find_tables(sheets: Sequence[Sheet], rules: Rules, told: Mapping[int, bool]) -> tuple[list[Table], list[Table]]:
    """Return the tables of products and those of businesses. `told` says by its place what a file's name says of it.

    CatalogError when there are no products, or when the operator named a sheet or a column that is not there.
    """
    wanted = {key(title) for title in rules.sheets}
    found: list[Table] = []
    headings: list[str] = []
    for number, sheet in enumerate(sheets):
        if wanted and key(sheet.title) not in wanted:
            continue
        rows = list(islice(sheet.rows(), LOOKED_AT))
        kinds = (told[number],) if number in told else (False, True)
        candidates = [table for of_business in kinds if (table := _table(sheet, rows, rules, of_business=of_business))]
        table = _likelier(candidates)
        if table is not None:
            found.append(table)
        headings += table.headings if table else _widest(rows)
    _check_named(sheets, rules, headings)
    products = [table for table in found if not table.of_business]
    if any(
        table.has(Field.PRICE) for table in products
    ):  # a list of businesses may name what they make, without prices
        aside = [table for table in products if not table.has(Field.PRICE) and table.has(Field.BUSINESS_NAME)]
        found = [_as_businesses(table, rules) if table in aside else table for table in found]
    products = [table for table in found if not table.of_business]
    if not products:
        raise CatalogError(
            _(
                "Tidak ada kolom nama produk. Judul kolom yang ditemukan: {found}. Yang dicari antara lain: {expected}."
            ).format(found=_listed(headings), expected=", ".join(EXPECTED))
        )
    return products, [table for table in found if table.of_business]


def remembered(tables: Iterable[Table]) -> dict[str, str]:
    """Return which heading was read as which field, for the next pull."""
    return {
        column.heading: column.field.removeprefix(OF_BUSINESS) if table.of_business else column.field.value
        for table in tables
        for column in table.columns
        if column.heading
    }


def _likelier(candidates: Sequence[Table]) -> Table | None:
    """Choose what a sheet lists: products when it names them or prices them, else businesses."""
    products = next((table for table in candidates if not table.of_business), None)
    businesses = next((table for table in candidates if table.of_business), None)
    if products is None or businesses is None:
        return products or businesses
    named = next(column for column in products.columns if column.field is Field.NAME)
    if products.has(Field.PRICE) or not is_weak(named.heading):
        return products
    return businesses


def _table(sheet: Sheet, rows: Sequence[Row], rules: Rules, *, of_business: bool) -> Table | None:
    """Find the row (or the two rows) that names the most fields; None without a name of what is listed."""
    best: Table | None = None
    for at, row in enumerate(rows):
        texts = _texts(row)
        table = _headed(sheet, row.number, texts, rules, of_business=of_business)
        if at + 1 < len(rows):
            below = _texts(rows[at + 1])
            if _all_headings(below, of_business=of_business):
                both = [low or high for high, low in zip(*_same_length(texts, below), strict=True)]
                double = _headed(sheet, rows[at + 1].number, both, rules, of_business=of_business)
                single = _headed(sheet, rows[at + 1].number, below, rules, of_business=of_business)
                if len(double.columns) > max(len(table.columns), len(single.columns)):
                    table = double
        if len(table.columns) >= LEAST and (best is None or len(table.columns) > len(best.columns)):
            best = table
    name = Field.BUSINESS_NAME if of_business else Field.NAME
    return best if best is not None and best.has(name) else None


def _headed(sheet: Sheet, number: int, texts: Sequence[str], rules: Rules, *, of_business: bool) -> Table:
    """Read a row as headings: what the operator said wins, then what was remembered, then the surest word."""
    ranked: list[tuple[int, int, Field]] = []
    for index, text in enumerate(texts[:COLUMNS]):
        given = rules.field_of(text, of_business=of_business) if text else IGNORED
        if given == IGNORED:
            continue
        found = (Field(given), MAPPED) if given else field_of(text, of_business=of_business)
        if found and (found[0].of_business or not of_business):
            ranked.append((found[1], index, found[0]))
    columns: list[Column] = []
    taken: set[Field] = set()
    for _rank, index, field in sorted(ranked):
        if field not in taken or field in SEVERAL:
            columns.append(Column(index, one_line(texts[index]), field))
        taken.add(field)
    width = max((index + 1 for index, text in enumerate(texts) if text), default=0)
    shown = tuple(one_line(text) for text in texts if text)
    ordered = tuple(sorted(columns, key=lambda column: column.index))
    return Table(sheet, number, max(width, len(texts)), ordered, of_business, shown)


def _as_businesses(table: Table, rules: Rules) -> Table:
    rows = [row for row in islice(table.sheet.rows(), LOOKED_AT) if row.number <= table.header]
    again = _table(table.sheet, rows, rules, of_business=True)
    return again or replace(
        table, of_business=True, columns=tuple(column for column in table.columns if column.field.of_business)
    )


def _texts(row: Row) -> list[str]:
    return [_text(cell) for cell in row.cells]


def _text(cell: Cell) -> str:
    try:
        return text_of(cell)
    except UnreadableError:
        return ""


def _all_headings(texts: Sequence[str], *, of_business: bool) -> bool:
    named = [text for text in texts if text]
    return len(named) >= LEAST and all(field_of(text, of_business=of_business) for text in named)


def _same_length(first: list[str], second: list[str]) -> tuple[list[str], list[str]]:
    length = max(len(first), len(second))
    return first + [""] * (length - len(first)), second + [""] * (length - len(second))


def _is_sum(cells: Sequence[Cell]) -> bool:
    first = next(
        (cell for cell in cells if cell is not None and not (isinstance(cell, str) and not cell.strip())), None
    )
    return isinstance(first, str) and key(first) in _TOTALS


def _counts_columns(cells: Sequence[Cell]) -> bool:
    """Return whether a row only numbers the columns (1), (2), (3), as official tables do under their headings."""
    number = 0
    for cell in cells:
        if cell is not None and (text := _text(cell)):
            number += 1
            if text.strip("()[]. ") != str(number):
                return False
    return number > LEAST


def _widest(rows: Sequence[Row]) -> list[str]:
    return max(([one_line(text) for text in _texts(row) if text] for row in rows), key=len, default=[])


def _check_named(sheets: Sequence[Sheet], rules: Rules, headings: Sequence[str]) -> None:
    for title in rules.sheets:
        if key(title) not in {key(sheet.title) for sheet in sheets}:
            raise CatalogError(
                _("Lembar “{title}” tidak ada. Lembar yang ditemukan: {found}.").format(
                    title=one_line(title)[:60], found=_listed([sheet.title for sheet in sheets])
                )
            )
    there = {key(heading) for heading in headings}
    for heading in rules.columns:
        if heading not in there:
            raise CatalogError(
                _("Kolom “{heading}” dalam pemetaan tidak ada lagi. Judul kolom yang ditemukan: {found}.").format(
                    heading=one_line(rules.written[heading])[:60], found=_listed(headings)
                )
            )


def _listed(texts: Iterable[str]) -> str:
    """Return texts in quotes, each once, cut short: a headless file could put anything here."""
    known = list(dict.fromkeys(shown(text)[:SHOWN] for text in texts if text.strip()))
    more = _(" dan {count} lagi").format(count=len(known) - SHOWN) if len(known) > SHOWN else ""
    return (", ".join(f"“{text}”" for text in known[:SHOWN]) or "-") + more
