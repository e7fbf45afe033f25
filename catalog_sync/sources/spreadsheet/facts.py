"""One row to facts: every cell read by what its column holds; what cannot be read is a remark and not a fact.

Facts have the form of the contract already, under the name of their field. A remark costs its cell alone; what a missing
fact means (a price, a permit) is decided by `products` and by the gate.
"""

import json
import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any, Final

from catalog_sync.contract import SetAside
from catalog_sync.sources.spreadsheet import links, numbers, words
from catalog_sync.sources.spreadsheet.fields import LINKS, PERSONAL, SEVERAL, Field
from catalog_sync.sources.spreadsheet.regions import Daerah
from catalog_sync.sources.spreadsheet.tables import Column, Table
from marketing.domain.privacy import without_nik
from marketing.domain.text import cleaned, one_line
from marketing.errors import CatalogError
from marketing.i18n import gettext as _
from marketing.tabular import dates
from marketing.tabular.cells import Cell, UnreadableError, identifier, is_nothing, shown, text_of
from marketing.tabular.headings import key
from marketing.tabular.sheets import Row

EXCERPT: Final = 300
_KECAMATAN: Final = re.compile(r"^(?:kecamatan|kec\.?)\s+", re.IGNORECASE)
_CODE: Final = re.compile(r"[0-9]{2},[0-9]{2}")
_KILOGRAMS: Final = re.compile(r"(?:kg|kilogram|kilo)$")
_GRAMS: Final = re.compile(r"(?:gram|gr|g)$")


@dataclass(frozen=True, slots=True)
class Remark:
    """What was wrong with a cell: its column, why in a sentence without its value, and what may be shown of it."""

    field: Field
    heading: str
    reason: str
    cell: str

    def line(self, kind: str, identity: str, place: str, then: str = "") -> SetAside:
        """Return the line for the list of what was set aside; `then` says what follows from it."""
        reason = _("{place}, kolom “{heading}”: {reason}").format(
            place=place, heading=shown(self.heading), reason=self.reason
        )
        excerpt = json.dumps(without_nik({self.heading: self.cell}), ensure_ascii=False)[:EXCERPT] if self.cell else ""
        return SetAside(kind, identity, reason + (f"; {then}." if then else "."), excerpt)


@dataclass(slots=True)
class Facts:
    """What a row says by field, what of it could not be read, and how many cells had anything."""

    values: dict[Field, Any] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    filled: int = 0

    def unreadable(self, *fields: Field) -> bool:
        """Return whether one of these fields was there but could not be read."""
        return any(remark.field in fields for remark in self.remarks)


def _stock(cell: Cell) -> int | None:
    if isinstance(cell, str) and not any(letter.isdigit() for letter in cell):
        return words.stock_word(cell)
    return numbers.quantity(cell)


def _region(cell: Cell) -> str:
    """Return a code or a name; Excel turns 53.10 into the number 53,1."""
    if isinstance(cell, float) and not cell.is_integer():
        return f"{cell:.2f}"
    text = identifier(cell)
    return text.replace(",", ".") if _CODE.fullmatch(text) else text


def _unit_in(heading: str) -> str:
    plain = key(heading)
    return "kg" if _KILOGRAMS.search(plain) else "gram" if _GRAMS.search(plain) else ""


_READERS: Final[Mapping[Field, Callable[[Cell], Any]]] = {
    **dict.fromkeys(
        (Field.ID, Field.BUSINESS_ID, Field.NIB, Field.NIK, Field.PIRT, Field.BPOM, Field.PERMIT, Field.SNI, Field.HKI),
        identifier,
    ),
    **dict.fromkeys((Field.PRICE, Field.SALE_PRICE), numbers.money),
    **dict.fromkeys(
        (Field.PERMIT_EXPIRES, Field.PIRT_EXPIRES, Field.BPOM_EXPIRES), lambda cell: dates.day(cell).isoformat()
    ),
    **dict.fromkeys((Field.STATUS, Field.BUSINESS_STATUS), words.status),
    **dict.fromkeys((Field.BINAAN, Field.NIK_VERIFIED), words.yes),
    Field.MIN_ORDER: numbers.quantity,
    Field.STOCK: _stock,
    Field.CATEGORY: words.category,
    Field.KIND: words.kind,
    Field.SCALE: words.scale,
    Field.ROLE: words.role,
    **dict.fromkeys((Field.HALAL, Field.HALAL_NUMBER), lambda cell: words.halal(identifier(cell))),
    Field.PHONE: links.phone,
    Field.ORDER_WHATSAPP: links.phone,
    Field.EMAIL: links.email,
    Field.KECAMATAN: lambda cell: _KECAMATAN.sub("", one_line(text_of(cell))),
    Field.DESCRIPTION: lambda cell: cleaned(text_of(cell)),
    Field.ORDER_TEXT: lambda cell: cleaned(text_of(cell)),
}
_LINKS: Final[Mapping[Field, Callable[[str], Any]]] = {Field.IMAGES: links.pictures, Field.SHOPS: links.addresses}
_MOMENTS: Final = {
    Field.VERIFIED_AT: False,
    Field.BUSINESS_VERIFIED_AT: False,
    Field.SALE_STARTS: False,
    Field.SALE_ENDS: True,
}


@dataclass(frozen=True, slots=True)
class FactReader:
    """Reads the chosen columns of a table; `zone` and `daerah` are those of the tenant, `defaults` fill empty cells."""

    zone: tzinfo
    daerah: Daerah
    defaults: Mapping[Field, str]
    columns: tuple[Column, ...]

    @classmethod
    def of(
        cls, table: Table, fields: Container[Field], zone: tzinfo, daerah: Daerah, defaults: Mapping[Field, str]
    ) -> "FactReader":
        """Return a reader for the columns of a table that hold one of these fields."""
        return cls(
            zone,
            daerah,
            {name: text for name, text in defaults.items() if name in fields},
            tuple(column for column in table.columns if column.field in fields),
        )

    def read(self, row: Row) -> Facts:
        """Return what these columns of a row say."""
        facts = Facts()
        for column in self.columns:
            cell = row.cells[column.index] if column.index < len(row.cells) else None
            link = row.links.get(column.index, "") if column.field in LINKS else ""
            if is_nothing(cell) and not link:
                continue
            facts.filled += 1
            self._take(facts, column, cell, link)
        for name, text in self.defaults.items():
            if name not in facts.values and not facts.unreadable(name):
                self._take(facts, Column(0, name, name), text, "")
        return facts

    def _take(self, facts: Facts, column: Column, cell: Cell, link: str) -> None:
        try:
            value = self._value(column, cell, link)
        except UnreadableError as error:
            seen = "" if column.field in PERSONAL else shown(cell)
            facts.remarks.append(Remark(column.field, column.heading, str(error), seen))
            return
        if value in (None, "", []):
            return
        if column.field in SEVERAL:
            known = facts.values.setdefault(column.field, [])
            known += [one for one in value if one not in known]
        else:
            facts.values[column.field] = value

    def _value(self, column: Column, cell: Cell, link: str) -> Any:
        name = column.field
        if name in _READERS:
            return _READERS[name](cell)
        if name in _MOMENTS:
            return dates.moment(cell, self.zone, end_of_day=_MOMENTS[name])
        if name is Field.WEIGHT:
            return numbers.grams(cell, _unit_in(column.heading))
        if name is Field.REGION:
            return self.daerah.code_of(_region(cell), heading=column.heading)
        if name in LINKS:
            return _LINKS.get(name, links.address)(links.linked(text_of(cell), link))
        return one_line(text_of(cell))


def check_defaults(defaults: Mapping[Field, str], zone: tzinfo, daerah: Daerah) -> None:
    """CatalogError for a default that no cell could hold."""
    for remark in FactReader(zone, daerah, defaults, ()).read(Row(0, ())).remarks:
        raise CatalogError(
            _("Pemetaan spreadsheet “{name}” tidak sah: {reason}.").format(name=remark.field, reason=remark.reason)
        )


def told(facts: Facts, kind: str, identity: str, place: str) -> list[SetAside]:
    """Return a line for every cell of a row that could not be read."""
    return [remark.line(kind, identity, place) for remark in facts.remarks]
