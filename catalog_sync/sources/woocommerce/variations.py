"""A variable product and its variations become one product of the contract. Pure.

A buyer sees one thing with a size or a colour to choose, so it is promoted once: at its lowest normal price, with all
its pieces. A variation's own reduction is not told, because it does not hold for the others.
"""

from collections.abc import Sequence
from dataclasses import replace

from catalog_sync.sources.woocommerce.amounts import UnreadableError, rupiah
from catalog_sync.sources.woocommerce.item import Item
from catalog_sync.sources.woocommerce.records import PUBLISHED, price_and_sale, stock


def with_variations(item: Item, variations: Sequence[Item]) -> Item:
    """Return the product with the price and the stock of its variations; one whose price is unreadable counts as none."""
    offered = [one for one in variations if one.status == PUBLISHED]
    there = [one for one in offered if _stock(item, one) != 0]
    prices = [price for one in there or offered if (price := _price(one)) is not None]
    total: int | None = 0
    for one in there:
        pieces = _stock(item, one)
        total = None if pieces is None or total is None else total + pieces
    if item.manage_stock and any(not one.manage_stock for one in there):
        total = stock(item)
    return replace(
        item,
        regular_price=str(min(prices)) if prices else "",
        highest_price=max(prices) if prices and max(prices) > min(prices) else None,
        sale_price="",
        active_price="",
        sale_from="",
        sale_to="",
        manage_stock=total is not None,
        stock_quantity="" if total is None else str(total),
        stock_status="instock" if there else "outofstock",
    )


def _stock(item: Item, variation: Item) -> int | None:
    """Return a variation's pieces; one that does not count its own shares those of its product."""
    if not variation.manage_stock and item.manage_stock and variation.stock_status == "instock":
        return stock(item)
    return stock(variation)


def _price(variation: Item) -> int | None:
    try:
        if variation.sale_from or variation.sale_to:
            return rupiah(variation.regular_price)
        return price_and_sale(variation)[0]
    except UnreadableError:
        return None
