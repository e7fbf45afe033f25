"""Small spreadsheets for the tests, and what a source makes of them."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from catalog_sync.contract import Kind, SetAside, parse
from catalog_sync.sources.base import SourceOptions
from catalog_sync.sources.spreadsheet import open_source

REGION = "53.02"
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Found:
    """Everything a source yielded, and what it wants remembered."""

    products: list[dict[str, Any]]
    businesses: list[dict[str, Any]]
    set_aside: list[SetAside]
    memory: Mapping[str, Any]

    @property
    def product(self) -> dict[str, Any]:
        assert len(self.products) == 1
        return self.products[0]

    @property
    def business(self) -> dict[str, Any]:
        assert len(self.businesses) == 1
        return self.businesses[0]

    @property
    def reasons(self) -> str:
        return "\n".join(line.reason for line in self.set_aside)


def read(path: Path, **options: Any) -> Found:
    """Read a location; every record must be one that the contract takes."""
    source = open_source(str(path), SourceOptions(**{"region_code": REGION, **options}))
    products: list[dict[str, Any]] = []
    businesses: list[dict[str, Any]] = []
    aside: list[SetAside] = []
    for page in source.pages(None):
        products += page.records.get(Kind.PRODUCT, ())
        businesses += page.records.get(Kind.BUSINESS, ())
        aside += page.set_aside
        for kind, raws in page.records.items():
            for raw in raws:
                assert not isinstance(parse(kind, raw), SetAside), parse(kind, raw)
    return Found(products, businesses, aside, source.memory)


def write_csv(path: Path, rows: Rows, delimiter: str = ";", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def write_xlsx(path: Path, **sheets: Rows) -> Path:
    """Write sheets by their title; a text is never made a formula or a link."""
    with xlsxwriter.Workbook(path) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title.replace("_", " "))
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, column, cell)
                    elif cell is not None:
                        sheet.write(number, column, cell)
    return path


HEADINGS = ("No", "Nama Produk", "Kategori", "Harga (Rp)", "Satuan", "Nama Usaha", "NIB")


def line(number: int = 1, name: str = "Selendang", price: Any = "Rp 50.000", **change: Any) -> list[Any]:
    """Return a row under HEADINGS."""
    facts = {"kind": "Kerajinan", "unit": "lembar", "business": "Tenun Nunkolo", "nib": "0220123456789", **change}
    return [number, name, facts["kind"], price, facts["unit"], facts["business"], facts["nib"]]
