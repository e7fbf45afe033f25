r"""A row of WooCommerce's product export to an item, and the variations to their products. Pure.

How cells are written is told by WC_CSV_Exporter and WC_Product_CSV_Exporter (looked up 2026-11): lists are joined by a
comma with `\,` for a comma inside, line ends of descriptions are the two characters `\n`, and an apostrophe stands
before whatever a spreadsheet would take for a formula.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from catalog_sync.contract import Kind, SetAside
from catalog_sync.sources.woocommerce.columns import Columns
from catalog_sync.sources.woocommerce.facts import facts_of
from catalog_sync.sources.woocommerce.item import Item
from catalog_sync.sources.woocommerce.records import set_aside
from catalog_sync.sources.woocommerce.variations import with_variations
from marketing.i18n import gettext as _
from marketing.tabular.local_time import rfc3339

_FORMULA: Final = tuple("=+-@\t\r")
_STATUS: Final = {"1": "publish", "0": "private", "-1": "draft", "2": "pending"}
_STOCK: Final = {"1": "instock", "backorder": "onbackorder"}
_DATE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?: (\d{1,2}:\d{2}:\d{2}))?", re.ASCII)
_NUMBER: Final = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")
_COMMA: Final = re.compile(r"(?<!\\),")
_TYPE_WORDS: Final = frozenset({"virtual", "downloadable"})


def item_of_row(row: Sequence[str], columns: Columns, zone: ZoneInfo) -> tuple[Item, str]:
    """Return the item and its SKU; the parent of a variation is still written as the export writes it."""

    def cell(key: str) -> str:
        return at(columns.at.get(key, -1))

    def at(place: int) -> str:
        return unescaped(row[place]) if 0 <= place < len(row) else ""

    types = [one for one in split_list(cell("type").casefold()) if one not in _TYPE_WORDS]
    stock = cell("stock").strip()
    item = Item(
        id=cell("id").strip(),
        type=types[0] if types else "simple",
        name=html.unescape(cell("name")),
        status=_STATUS.get(cell("published").strip(), "draft"),
        hidden=cell("catalog_visibility").strip().casefold() == "hidden",
        description=_lines(cell("description")),
        short_description=_lines(cell("short_description")),
        regular_price=cell("regular_price"),
        sale_price=cell("sale_price"),
        sale_from=_moment(cell("date_on_sale_from"), zone),
        sale_to=_moment(cell("date_on_sale_to"), zone, end_of_day=True),
        manage_stock=bool(_NUMBER.fullmatch(stock)),
        stock_quantity=stock,
        stock_status=_STOCK.get(cell("stock_status").strip().casefold(), "outofstock")
        if "stock_status" in columns.at
        else "instock",
        weight=cell("weight"),
        weight_unit=columns.weight_unit,
        categories=tuple(split_list(cell("category_ids"))),
        images=tuple((url, "") for url in split_list(cell("images"))),
        external_url=cell("product_url").strip(),
        button_text=cell("button_text"),
        parent=cell("parent_id").strip(),
        facts=facts_of(
            [(at(name), ", ".join(split_list(at(value)))) for name, value in columns.attributes],
            [(key, at(place)) for key, place in columns.meta.items()],
        ),
    )
    return item, cell("sku").strip()


def split_list(text: str) -> list[str]:
    r"""Return the parts of a list cell; `\,` is a comma inside a part."""
    return [part.replace("\\,", ",").strip() for part in _COMMA.split(text) if part.strip()]


def unescaped(text: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from running it."""
    return text[1:] if text.startswith("'") and text[1:2] in _FORMULA else text


@dataclass(slots=True)
class Families:
    """Which variations belong to which product: learnt from all rows, then asked row by row.

    A variation names its product by SKU, or by `id:` and number where that has none, and may stand before it.
    """

    _products: set[str] = field(default_factory=set)
    _by_sku: dict[str, str] = field(default_factory=dict)
    _variations: dict[str, list[Item]] = field(default_factory=dict)

    def learn(self, item: Item, sku: str) -> None:
        """Remember what a row says of its family; a row without an id says nothing."""
        if not _is_id(item.id):
            return
        if item.type == "variable":
            self._products.add(item.id)
            if sku:
                self._by_sku.setdefault(sku, item.id)
        elif item.type == "variation":
            self._variations.setdefault(item.parent, []).append(item)

    def product(self, item: Item, sku: str, line: int) -> Item | SetAside | None:
        """Return what a row is once all are known: a product, nothing for a variation, or why it cannot be used."""
        if not _is_id(item.id):
            return SetAside(Kind.PRODUCT, "", _("Baris {line}: kolom ID tidak berisi nomor produk.").format(line=line))
        if item.type == "variable":
            own = self._variations.get(f"id:{item.id}", [])
            if sku and self._by_sku.get(sku) == item.id:
                own = own + self._variations.get(sku, [])
            return with_variations(item, own)
        if item.type != "variation":
            return item
        if item.parent in self._by_sku or item.parent.removeprefix("id:") in self._products:
            return None
        return set_aside(
            item,
            _("Baris {line}: produk induk varian ini tidak ada dalam berkas; ekspor semua jenis produk.").format(
                line=line
            ),
        )


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _lines(text: str) -> str:
    r"""Return a description with its line ends: `\n` is one, `\\n` the two characters themselves."""
    return "\\n".join(part.replace("\\n", "\n") for part in text.split("\\\\n"))


def _moment(text: str, zone: ZoneInfo, *, end_of_day: bool = False) -> str:
    """Return RFC 3339 for a local `2026-12-01 0:00:00`; other texts are passed on, so that the contract refuses them."""
    text = text.strip()
    found = _DATE.fullmatch(text)
    if not found:
        return text
    try:
        if not found[2]:
            return rfc3339(datetime.strptime(found[1], "%Y-%m-%d").date(), zone, end_of_day=end_of_day)  # noqa: DTZ007  a day
        return rfc3339(datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone), zone)
    except (ValueError, OverflowError):
        return text
