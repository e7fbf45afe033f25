"""The rows of product tables: which of them list a product, whose it is, and what it is called by."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from catalog_sync.contract import SetAside
from catalog_sync.sources.spreadsheet.businesses import Businesses, derived_id
from catalog_sync.sources.spreadsheet.facts import FactReader, Facts
from catalog_sync.sources.spreadsheet.fields import Field
from catalog_sync.sources.spreadsheet.products import aside, lost, product_record
from catalog_sync.sources.spreadsheet.tables import Table
from marketing.i18n import gettext as _
from marketing.tabular.cells import UnreadableError, is_nothing
from marketing.tabular.headings import key
from marketing.tabular.sheets import Row

ENTRY: Final = 3
"""A row without a product's name or id is one all the same when this many cells say something, one of them about it."""


Taken = tuple[dict[str, Any] | None, list[SetAside]]


def torn() -> str:
    """Return why a row with more cells than headings is not read."""
    return _("isinya lebih banyak daripada judul kolom; periksa tanda kutip dan pemisahnya")


def entries(table: Table) -> Iterator[Row]:
    """Yield the rows that are meant to be a product, without notes and signatures between and under them."""
    names = {column.index for column in table.columns if column.field in (Field.ID, Field.NAME)}
    own = {column.index for column in table.columns if not column.field.of_business}
    known = [column.index for column in table.columns]
    for row in table.rows():
        filled = [index for index in known if index < len(row.cells) and not is_nothing(row.cells[index])]
        if not names.isdisjoint(filled) or (len(filled) >= ENTRY and not own.isdisjoint(filled)):
            yield row


@dataclass(slots=True)
class Listing:
    """Every product of every table, each id once; `rows` counts what was met."""

    owners: Businesses
    rows: int = 0
    _seen: dict[str, str] = field(default_factory=dict)

    def of(self, table: Table, about: FactReader, whose: FactReader) -> Iterator[Taken]:
        """Yield the record of each row, if it has one, and what was not read of it."""
        for row in entries(table):
            self.rows += 1
            place = table.place(row)
            facts = about.read(row)
            identity = str(facts.values.get(Field.ID, ""))
            if table.is_torn(row):
                yield None, [aside(identity, place, torn())]
                continue
            try:
                owner = self.owners.owner_of(whose.read(row).values)
                identity = _identity(facts, owner)
            except UnreadableError as error:
                yield None, [aside(identity, place, str(error), lost(facts))]
                continue
            if identity in self._seen:
                yield None, [aside(identity, place, _twice(self._seen[identity]))]
                continue
            self._seen[identity] = place
            yield product_record(facts, identity, owner, place)


def _identity(facts: Facts, owner: str) -> str:
    """Return the id in the row, or one made of business and name; UnreadableError when there is none."""
    for remark in facts.remarks:
        if remark.field is Field.ID:
            raise UnreadableError(_("ID produk: {reason}").format(reason=remark.reason))
    name = facts.values.get(Field.NAME, "")
    if not name:
        raise UnreadableError(_("nama produk belum diisi"))
    return str(facts.values.get(Field.ID, "")) or derived_id(name, owner, key(name))


def _twice(first: str) -> str:
    return _("produk ini sudah ada di {first}; beri ID Produk yang berbeda atau bedakan namanya").format(
        first=first[:1].lower() + first[1:]
    )
