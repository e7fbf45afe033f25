"""The Meta catalogue: Meta's columns and formats, and no cell that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.channels.marketplace import meta_catalog
from marketing.channels.marketplace.listing import Listing
from tests.unit.channels.listing_samples import CLOSING, HOSTILE, NOW, SALE, listing, picture


def rows(listings: Iterable[Listing]) -> list[dict[str, str]]:
    text = "".join(meta_catalog.catalog(listings, NOW))
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_columns_and_formats_are_those_of_meta() -> None:
    (row,) = rows([listing(pictures=(picture(1), picture(2), picture(3)))])
    assert tuple(row) == meta_catalog.COLUMNS
    assert row["price"] == "350000.00 IDR"
    assert row["availability"] == "in stock"
    assert row["condition"] == "new"
    assert row["brand"] == "Tenun Nunkolo"
    assert row["quantity_to_sell_on_facebook"] == "12"
    assert row["image_link"].endswith("1.persegi.jpg")
    assert row["additional_image_link"].count(",") == 1
    assert (row["sale_price"], row["sale_price_effective_date"]) == ("", "")


def test_a_sale_has_price_and_dates() -> None:
    (row,) = rows([listing(sale=SALE)])
    assert row["sale_price"] == "300000.00 IDR"
    assert row["sale_price_effective_date"] == "2026-11-21T01:00+00:00/2026-12-01T01:00+00:00"


def test_stock_that_nobody_counts_is_no_zero() -> None:
    (row,) = rows([listing(stock=None)])
    assert row["availability"] == "in stock"
    assert row["quantity_to_sell_on_facebook"] == ""


@pytest.mark.parametrize("refused", [listing(pictures=()), listing(kind="service"), listing(title="=+-")])
def test_what_meta_would_refuse_is_left_out(refused: Listing) -> None:
    assert rows([refused]) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_begins_like_a_formula_and_no_price_changes(text: str) -> None:
    (row,) = rows([listing(title=f"{text} kain", description=f"{text}\n\n{CLOSING}", business=text)])
    for name, cell in row.items():
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", " ")), (name, cell)
    assert row["price"] == "350000.00 IDR"
    assert "kain" in row["title"]


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_stays_in_its_own_cell(title: str, business: str) -> None:
    (row,) = rows([listing(title=f"Kain {title}", business=business)])
    assert None not in row
    assert row["price"] == "350000.00 IDR"
    assert len(row["title"]) <= 150
