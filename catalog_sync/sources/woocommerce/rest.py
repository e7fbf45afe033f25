"""A WooCommerce shop over its REST API v3.

Products come ordered by id, a hundred to a page. One that is deleted while the pages are read moves the rest to the left,
and one of them would slip through between two pages: so a page is read once more whenever the shop's own count fell.
When not everything was seen all the same, the pull is no snapshot and nothing is taken for deleted.

`modified_after` needs WooCommerce 5.8. What was moved to the bin is asked for by its status; what was deleted at once,
and a variation's new price, are noticed when everything is read.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from catalog_sync.contract import Kind, SetAside
from catalog_sync.sources.base import Page, SourceOptions
from catalog_sync.sources.outside import OutsideOnly
from catalog_sync.sources.woocommerce.answers import FIELDS, item_of
from catalog_sync.sources.woocommerce.businesses import Businesses, Shop
from catalog_sync.sources.woocommerce.connection import Listing, ShopConnection
from catalog_sync.sources.woocommerce.item import Item
from catalog_sync.sources.woocommerce.options import RUPIAH, shop_options, wrong_currency
from catalog_sync.sources.woocommerce.records import product_page
from catalog_sync.sources.woocommerce.variations import with_variations
from marketing.errors import CatalogError
from marketing.i18n import gettext as _

PER_PAGE: Final = 100  # WooCommerce gives no more
PAGE_LIMIT: Final = 2_000
VARIATION_PAGES: Final = 10
TRASH: Final = "trash"


class WooCommerceShop:
    """Products of one shop with the businesses they belong to."""

    picture_folder: Path | None = None

    def __init__(self, location: str, options: SourceOptions, *, transport: httpx.BaseTransport | None = None) -> None:
        """Prepare; nothing is asked yet. CatalogError when address, keys or settings do not fit."""
        self._options = shop_options(options)
        self._location, self._token = location, options.token
        self._timeout, self._transport = options.timeout, transport
        shop = self._connect()
        self._host, self._url = shop.host, str(shop.base).rstrip("/")
        shop.close()
        self._remembered = frozenset(one for one in _list(options.memory.get("businesses")) if isinstance(one, str))
        self.snapshot = False
        self.memory: dict[str, Any] = dict(options.memory)

    @property
    def picture_hosts(self) -> frozenset[str]:
        return frozenset() if isinstance(self._transport, OutsideOnly) else frozenset({self._host})

    def pages(self, since: datetime | None, *, resume: str = "") -> Iterator[Page]:
        self.snapshot = False
        shop = self._connect()
        try:
            if not self._options.currency and shop.currency() not in ("", RUPIAH):
                raise wrong_currency()
            name = str(self._options.business.get("name") or "") or shop.name()
            remembered = self._remembered if since or resume else frozenset()
            businesses = Businesses(self._options, Shop(name, self._url), remembered)
            yield from self._products(shop, businesses, since, int(resume) if resume.isdigit() else 1)
            if since is not None:
                yield from self._binned(shop, since)
            known = businesses.from_products | (self._remembered if since or resume else set())
            self.memory = {"businesses": sorted(known)} if known else {}
        finally:
            shop.close()

    def _connect(self) -> ShopConnection:
        return ShopConnection(self._location, self._token, timeout=self._timeout, transport=self._transport)

    def _products(
        self, shop: ShopConnection, businesses: Businesses, since: datetime | None, first: int
    ) -> Iterator[Page]:
        query = {"status": "any", "_fields": FIELDS, **_order(), **_after(since)}
        seen: set[str] = set()
        total: int | None = None
        number = first = max(first - 1, 1)  # the page before may have moved while nobody looked
        for _request in range(PAGE_LIMIT):
            listing = shop.listing("products", {**query, "page": str(number)})
            if total is not None and listing.total is not None and listing.total < total and number > first:
                total, number = listing.total, number - 1
                listing = shop.listing("products", {**query, "page": str(number)})
            total = listing.total
            items, aside = _items(listing.rows, seen)
            full = len(listing.rows) >= PER_PAGE
            last = not listing.rows or (not full if listing.pages is None else number >= listing.pages)
            yield self._page(shop, businesses, items, aside, resume="" if last else str(number + 1))
            if last:
                whole = total is None or len(seen) + (first - 1) * PER_PAGE >= total
                self.snapshot = since is None and whole
                return
            number += 1
        raise CatalogError(
            _("{where} tidak berakhir sesudah {count} halaman. Laporkan kepada pengelola katalog.").format(
                where=f"{self._host}/products", count=PAGE_LIMIT
            )
        )

    def _page(
        self, shop: ShopConnection, businesses: Businesses, items: list[Item], aside: list[SetAside], *, resume: str
    ) -> Page:
        whole = [self._whole(shop, item) for item in items]
        return product_page(whole, self._options, businesses=businesses.met(whole), aside=aside, resume=resume)

    def _whole(self, shop: ShopConnection, item: Item) -> Item:
        """Return the item with its variations where its own price would be one of a reduction, or an operator wants all."""
        if item.type != "variable" or not (item.on_sale or self._options.variations):
            return item
        rows: list[Any] = []
        for number in range(1, VARIATION_PAGES + 1):
            query = {"status": "publish", "_fields": FIELDS, **_order(), "page": str(number)}
            listing = shop.listing(f"products/{item.id}/variations", query)
            rows += listing.rows
            if len(listing.rows) < PER_PAGE:
                break
        return with_variations(item, [item_of(row, parent=item.id) for row in rows if isinstance(row, dict)])

    def _binned(self, shop: ShopConnection, since: datetime) -> Iterator[Page]:
        query = {"status": TRASH, "_fields": "id,status", **_order(), **_after(since)}
        for number in range(1, PAGE_LIMIT + 1):
            listing: Listing = shop.listing("products", {**query, "page": str(number)})
            found = [item_of(row) for row in listing.rows if isinstance(row, dict)]
            yield Page({}, deleted={Kind.PRODUCT: [one.id for one in found if one.id and one.status == TRASH]})
            if len(listing.rows) < PER_PAGE:
                return


def _items(rows: list[Any], seen: set[str]) -> tuple[list[Item], list[SetAside]]:
    """Return what was not seen yet: a product that moved between two pages comes twice."""
    items: list[Item] = []
    aside: list[SetAside] = []
    for row in rows:
        item = item_of(row) if isinstance(row, dict) else Item("")
        if not item.id:
            aside.append(SetAside(Kind.PRODUCT, "", _("Toko mengirim produk tanpa nomor.")))
        elif item.id not in seen and item.status != TRASH:
            seen.add(item.id)
            items.append(item)
    return items, aside


def _order() -> dict[str, str]:
    return {"per_page": str(PER_PAGE), "orderby": "id", "order": "asc"}


def _after(since: datetime | None) -> dict[str, str]:
    """Return the filter of changes, a second early: WooCommerce keeps whole seconds and leaves out the one it is given."""
    if since is None:
        return {}
    moment = since.astimezone(UTC).replace(microsecond=0) - timedelta(seconds=1)
    return {"modified_after": f"{moment:%Y-%m-%dT%H:%M:%S}", "dates_are_gmt": "true"}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
