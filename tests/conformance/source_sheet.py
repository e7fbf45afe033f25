"""The small catalogue as a Dinas keeps it: a CSV from a regional Excel, and an XLSX."""

import csv
from collections.abc import Iterable

import xlsxwriter

from catalog_sync.sources.base import SourceFormat
from tests.conformance.source_suite import Bench, Ware

HEADINGS = ("Kode Produk", "Nama Produk", "Nama Usaha", "Kategori", "Harga (Rp)", "Stok", "Foto", "Deskripsi")


class SheetCsv(Bench):
    format = SourceFormat.SPREADSHEET
    prices = (
        ("Rp 50.000", 50_000),
        ("50000", 50_000),
        ("Rp50.000,-", 50_000),
        ("50.000,00", 50_000),
        ("1,250,000", 1_250_000),
        ("50,000", None),
        ("mahal", None),
        ("-5", None),
    )
    name = "daftar.csv"

    def write(self, wares: Iterable[Ware], gone: Iterable[str] = ()) -> None:
        with (self.folder / self.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerows([HEADINGS, *map(cells, wares)])

    def location(self) -> str:
        return str(self.folder / self.name)

    def garble(self) -> None:
        (self.folder / self.name).write_bytes(b"\x89PNG\r\n\xff\x00" * 50)

    def nowhere(self) -> list[str]:
        return [str(self.folder / f"tidak-ada-{self.name}"), str(self.folder / "tidak-ada")]


class SheetXlsx(SheetCsv):
    prices = ((50_000, 50_000), (50_000.0, 50_000), *SheetCsv.prices, (50_000.5, None), (True, None))
    name = "daftar.xlsx"
    longest = 32_000  # Excel's cells end at 32,767

    def write(self, wares: Iterable[Ware], gone: Iterable[str] = ()) -> None:
        with xlsxwriter.Workbook(self.folder / self.name) as book:
            sheet = book.add_worksheet("Produk")
            for number, row in enumerate([HEADINGS, *map(cells, wares)]):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, column, cell)
                    else:
                        sheet.write(number, column, cell)


def cells(ware: Ware) -> tuple[object, ...]:
    first = (ware.id, ware.name, ware.maker, ware.category.replace("_", " ").title())
    return (*first, ware.price, ware.stock, ware.picture, ware.description)
