"""Mass-upload files, opened again: the right columns, nothing that runs, and a reason for everything left out."""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from marketing.channels.marketplace.listing import Listing
from marketing.channels.marketplace.mass_upload.limits import Destination
from marketing.channels.marketplace.mass_upload.templates import TEMPLATES
from marketing.channels.marketplace.mass_upload.workbook import GUIDE, LEFT_OUT, Written, write_workbook
from tests.unit.channels.listing_samples import HOSTILE, listing, picture

EVERY = pytest.mark.parametrize("destination", list(Destination))


def made(tmp_path: Path, destination: Destination, listings: Iterable[Listing]) -> tuple[Any, Written]:
    path = tmp_path / "berkas.xlsx"
    written = write_workbook(path, TEMPLATES[destination], listings)
    return load_workbook(path), written


def products(book: Any, destination: Destination) -> list[dict[str, Any]]:
    template = TEMPLATES[destination]
    keys = [column.code.partition("|")[0] or column.label for column in template.columns]
    values = book[template.sheet].iter_rows(min_row=len(template.headings) + 1, values_only=True)
    return [dict(zip(keys, row, strict=False)) for row in values]


@EVERY
def test_the_sheets_are_products_those_left_out_and_a_guide(tmp_path: Path, destination: Destination) -> None:
    book, written = made(tmp_path, destination, [listing(), listing(sku="tts-P-2", weight_gram=None, stock=None)])
    assert book.sheetnames == [TEMPLATES[destination].sheet, LEFT_OUT, GUIDE]
    assert written == Written(taken=1, left_out=1)
    assert len(products(book, destination)) == 1
    told = list(book[LEFT_OUT].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in told] == ["tts-P-2", "tts-P-2"]
    assert all(all(row) for row in told)
    assert book[GUIDE].max_row == len(TEMPLATES[destination].to_complete) + 3


def test_shopees_codes_stand_in_row_one_and_products_begin_in_row_seven(tmp_path: Path) -> None:
    book, _written = made(tmp_path, Destination.SHOPEE, [listing(min_order=3, pictures=(picture(1), picture(2)))])
    sheet = book["Template"]
    codes = [cell.value for cell in sheet[1]]
    assert codes[:3] == ["ps_category|0|0", "ps_product_name|1|0", "ps_product_description|1|0"]
    assert sheet.cell(7, codes.index("ps_sku_short|0|0") + 1).value == "tts-P-001"
    (row,) = products(book, Destination.SHOPEE)
    assert (row["ps_price"], row["ps_stock"], row["ps_weight"]) == (350_000, 12, 0.3)
    assert row["ps_minimum_purchase_quantity"] == 3
    assert row["ps_item_cover_image"].endswith("1.persegi.jpg")
    assert row["ps_item_image_1"].endswith("2.persegi.jpg")
    assert row["ps_item_image_2"] is None
    assert row["ps_gtin_code"] is None


def test_tiktok_shop_takes_grams_and_begins_in_row_six(tmp_path: Path) -> None:
    book, _written = made(tmp_path, Destination.TOKOPEDIA, [listing()])
    codes = [cell.value for cell in book["Template"][1]]
    assert codes[:5] == ["category", "brand", "product_name", "product_description", "main_image"]
    assert book["Template"].cell(6, codes.index("parcel_weight") + 1).value == 300
    (row,) = products(book, Destination.TOKOPEDIA)
    assert (row["price"], row["quantity"], row["seller_sku"]) == (350_000, 12, "tts-P-001")


def test_lazada_takes_kilograms_and_blibli_grams(tmp_path: Path) -> None:
    book, _written = made(tmp_path, Destination.LAZADA, [listing()])
    assert products(book, Destination.LAZADA)[0]["package_weight"] == 0.3
    book, _written = made(tmp_path, Destination.BLIBLI, [listing()])
    row = products(book, Destination.BLIBLI)[0]
    assert (row["Berat (gram)*"], row["Harga Penjualan (Rp)*"], row["Available Stock*"]) == (300, 350_000, 12)


@EVERY
def test_no_cell_is_a_formula_or_a_link_whatever_it_is_called(tmp_path: Path, destination: Destination) -> None:
    hostile = [
        listing(sku=f"tts-{number}", title=text, business=text, description=f"{text} {'x' * 30}", weight_gram=weight)
        for number, text in enumerate(HOSTILE)
        for weight in (300, None)
    ]
    book, written = made(tmp_path, destination, hostile)
    assert written.taken + written.left_out == len(hostile)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert not any(cell.hyperlink for cell in cells)
    with zipfile.ZipFile(tmp_path / "berkas.xlsx") as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in sheet or b"<hyperlink" in sheet for sheet in sheets)


def test_a_sku_of_digits_keeps_its_zeros(tmp_path: Path) -> None:
    book, _written = made(tmp_path, Destination.SHOPEE, [listing(sku="0012345678901234567")])
    assert products(book, Destination.SHOPEE)[0]["ps_sku_short"] == "0012345678901234567"


def test_a_description_longer_than_a_cell_is_cut_before_it_is_written(tmp_path: Path) -> None:
    book, _written = made(tmp_path, Destination.LAZADA, [listing(description="tenun " * 20_000)])
    assert len(products(book, Destination.LAZADA)[0]["description"]) <= 5_000


def test_a_stream_that_breaks_says_so_and_leaves_no_warning(tmp_path: Path) -> None:
    def broken() -> Iterator[Listing]:
        yield listing()
        raise LookupError("basis data hilang")

    with pytest.raises(LookupError):
        write_workbook(tmp_path / "a.xlsx", TEMPLATES[Destination.SHOPEE], broken())


def test_a_folder_that_is_not_there_is_an_error_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_workbook(tmp_path / "tidak" / "ada.xlsx", TEMPLATES[Destination.SHOPEE], [listing()])
