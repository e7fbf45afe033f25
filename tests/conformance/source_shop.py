"""The small catalogue in a WooCommerce shop: its product export, and its REST API."""

import csv
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from catalog_sync.sources.base import SourceFormat, SourceOptions
from tests.conformance.source_contract import CLOSED
from tests.conformance.source_suite import Bench, Ware
from tests.support.woocommerce import TOKEN, WooServer, running_shop, woo_product

HEADINGS = (
    *("ID", "Type", "SKU", "Name", "Published", "Description", "In stock?", "Stock", "Regular price", "Categories"),
    *("Images", "Attribute 1 name", "Attribute 1 value(s)"),
)


class ShopExport(Bench):
    format = SourceFormat.WOOCOMMERCE
    prices = (
        ("15000", 15_000),
        ("15000.00", 15_000),
        ("15000,00", 15_000),
        ("15.000", None),
        ("15,000", None),
        ("15000.50", None),
        ("Rp 15.000", None),
    )

    def write(self, wares: Iterable[Ware], gone: Iterable[str] = ()) -> None:
        with (self.folder / "wc-product-export.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            for one in wares:
                shown = (one.id, "simple", f"S-{one.id}", one.name, 1, one.description, int(one.stock > 0), one.stock)
                writer.writerow([*shown, one.price, one.category, one.picture, "Nama Usaha", one.maker])

    def location(self) -> str:
        return str(self.folder / "wc-product-export.csv")

    def garble(self) -> None:
        (self.folder / "wc-product-export.csv").write_bytes(b"\x89PNG\r\n\xff\x00" * 50)

    def nowhere(self) -> list[str]:
        return [str(self.folder / "tidak-ada.csv"), str(self.folder)]


class ShopServer(ShopExport):
    prices = (("15000", 15_000), ("15000.00", 15_000), ("15.000", None), ("15000.50", None), ("gratis", None))
    _shop: WooServer | None = None

    def shop(self) -> WooServer:
        if self._shop is None:
            stack = ExitStack()
            self._shop = stack.enter_context(running_shop())
            self.closing.append(stack.close)
        return self._shop

    def options(self) -> SourceOptions:
        return replace(super().options(), token=TOKEN)

    def write(self, wares: Iterable[Ware], gone: Iterable[str] = ()) -> None:
        self.shop().products = [shop_product(ware) for ware in wares]

    def location(self) -> str:
        return self.shop().address

    def garble(self) -> None:
        self.shop().scripted = lambda path, query: (200, {"Content-Type": "text/html"}, b"<html>\x00\xff")

    def nowhere(self) -> list[str]:
        return [CLOSED, "http://"]


def shop_product(ware: Ware) -> dict[str, Any]:
    return woo_product(
        int(ware.id),
        name=ware.name,
        description=ware.description,
        price=str(ware.price),
        regular_price=str(ware.price),
        stock_quantity=ware.stock,
        stock_status="instock" if ware.stock else "outofstock",
        categories=[{"id": 9, "name": ware.category, "slug": ware.category}],
        images=[{"id": 1, "src": ware.picture, "name": "", "alt": ""}],
        attributes=[{"id": 1, "name": "Nama Usaha", "options": [ware.maker]}],
        meta_data=[],
    )
