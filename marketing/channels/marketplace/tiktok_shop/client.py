"""One shop on TikTok Shop (and Tokopedia, for sellers who came from there) behind the marketplace port.

Source: the operations and models of tiktok-shop-api 0.1.0 (PyPI, Oct 2026) and EcomPHP/tiktokshop-php, read 22 Nov 2026. Not tried
against TikTok's sandbox, which needs an account. A new or edited listing is reviewed first (webhook type 5 or a look-up tells).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from marketing.channels.marketplace.batch import done_or, each, failed
from marketing.channels.marketplace.errors import Failure, ProviderError
from marketing.channels.marketplace.listing import Listing
from marketing.channels.marketplace.order_record import page, rupiah
from marketing.channels.marketplace.port import (
    Change,
    Choice,
    Created,
    Credentials,
    Done,
    Gone,
    InDoubt,
    ItemOutcome,
    ListingState,
    OrderPage,
    Prepared,
    ProductOf,
    Provider,
    RemoteId,
    RemoteListing,
    Tokens,
    checked_batch,
)
from marketing.channels.marketplace.tiktok_shop import auth
from marketing.channels.marketplace.tiktok_shop.caller import Caller
from marketing.channels.marketplace.tiktok_shop.errors import STOCK_OUT_OF_RANGE, error_of
from marketing.channels.marketplace.tiktok_shop.orders import PAGE_SIZE, order_record
from marketing.channels.marketplace.tiktok_shop.payload import STOCK, price_body, product_body, stock_body
from marketing.channels.marketplace.tiktok_shop.prepare import prepare
from marketing.channels.marketplace.wire import LOST, Query, Wire, inner, objects

_PRODUCTS: Final = "/product/202309/products"
_SEARCH: Final = "/product/202502/products/search"
_EDIT: Final = "/product/202509/products"
_ORDERS: Final = "/order/202309/orders/search"
_MAX_IDS: Final = 20  # Deactivate, Activate and Delete Products take at most 20
# The most public state comes first: a listing on sale on one platform is on sale.
_STATES: Final = {
    "ACTIVATE": ListingState.ON_SALE,
    "PENDING": ListingState.REVIEWING,
    "SELLER_DEACTIVATED": ListingState.UNLISTED,
    "FAILED": ListingState.BANNED,
    "PLATFORM_DEACTIVATED": ListingState.BANNED,
    "FREEZE": ListingState.BANNED,
    "DRAFT": ListingState.DRAFT,
}


@dataclass(frozen=True, slots=True)
class TikTokShop:
    """One shop; the wires belong to the caller. `platforms` are named only for sellers who came from Tokopedia."""

    wire: Wire
    auth_wire: Wire
    credentials: Credentials
    platforms: tuple[str, ...] = ()
    provider: Provider = Provider.TIKTOK_SHOP
    min_stock: int = STOCK[0]

    def refresh(self, now: datetime) -> Tokens | Failure:  # noqa: ARG002  the port's moment; this call is not signed
        return auth.refresh(self.auth_wire, self.credentials)

    def find_by_sku(self, sku: str, now: datetime) -> tuple[RemoteListing, ...] | Failure:
        try:
            standing = [_remote_listing(product, sku) for product in _searched(self._caller(now), sku)]
        except ProviderError as error:
            return error.failure
        found = [listing for listing in standing if listing is not None]
        return tuple(sorted(found, key=lambda listing: int(listing.remote.item)))  # numbers grow with time

    def prepare(self, listing: Listing, pictures: Sequence[bytes], choice: Choice, now: datetime) -> Prepared | Failure:
        try:
            return prepare(self._caller(now), listing, pictures, choice)
        except ProviderError as error:
            return error.failure

    def create(self, listing: Listing, prepared: Prepared, key: str, now: datetime) -> Created | InDoubt | Failure:
        body = product_body(listing, prepared, listing.price_at(now), self.platforms)
        try:
            stored = self._caller(now).ask("POST", _PRODUCTS, body={**body, "idempotency_key": key})
        except ProviderError as error:
            return InDoubt(error.code) if error.unsure else error.failure
        skus = objects(stored, "skus") or ({},)
        try:
            return Created(RemoteId(str(stored["product_id"]), str(skus[0]["id"]), prepared.places[0]))
        except (KeyError, ValueError):
            return InDoubt("product_id_missing")

    def update(self, remote: RemoteId, listing: Listing, prepared: Prepared, now: datetime) -> Done | Gone | Failure:
        body = product_body(listing, prepared, listing.price_at(now), self.platforms, remote)

        def write() -> None:
            self._caller(now).ask("PUT", f"{_EDIT}/{remote.item}", body=body)

        return done_or(write)

    def set_stock_and_price(self, changes: Sequence[Change], now: datetime) -> Iterator[ItemOutcome]:
        """Set one product a call, stock and price apart; a stock outside 1 to 99,999 is refused before anything is sent."""
        call = self._caller(now)

        def write(change: Change) -> None:
            if not STOCK[0] <= change.stock <= STOCK[1]:
                raise ProviderError(STOCK_OUT_OF_RANGE, "siar_stock")
            path = f"{_PRODUCTS}/{change.remote.item}"
            _whole(call.ask("POST", f"{path}/prices/update", body=price_body(change)))
            _whole(call.ask("POST", f"{path}/inventory/update", body=stock_body(change)))

        return each(changes, lambda change: change.remote, write)

    def unlist(self, remotes: Sequence[RemoteId], now: datetime) -> Iterator[ItemOutcome]:
        return self._many(remotes, now, "POST", f"{_PRODUCTS}/deactivate", named=True)

    def relist(self, remotes: Sequence[RemoteId], now: datetime) -> Iterator[ItemOutcome]:
        return self._many(remotes, now, "POST", f"{_PRODUCTS}/activate", named=True)

    def delete(self, remotes: Sequence[RemoteId], now: datetime) -> Iterator[ItemOutcome]:
        return self._many(remotes, now, "DELETE", _PRODUCTS, named=False)

    def orders(
        self, since: datetime, until: datetime, cursor: str, product_of: ProductOf, now: datetime
    ) -> OrderPage | Failure:
        query: Query = (("page_size", str(PAGE_SIZE)), ("sort_field", "update_time"), ("sort_order", "ASC"))
        if cursor:
            query = (*query, ("page_token", cursor))
        body = {"update_time_ge": int(since.timestamp()), "update_time_lt": int(until.timestamp())}
        try:
            found = self._caller(now).ask("POST", _ORDERS, query, body)
        except ProviderError as error:
            return error.failure
        token = str(found.get("next_page_token") or "") or None
        raws = objects(found, "orders")
        return page(raws, lambda raw: order_record(raw, product_of), lambda raw: str(raw.get("id")), token)

    def _caller(self, now: datetime) -> Caller:
        return Caller(self.wire, self.credentials, now)

    def _many(
        self, remotes: Sequence[RemoteId], now: datetime, method: str, path: str, *, named: bool
    ) -> Iterator[ItemOutcome]:
        """Send in groups of 20; an answer names only those that failed."""
        checked_batch(remotes)
        call = self._caller(now)
        for start in range(0, len(remotes), _MAX_IDS):
            group = remotes[start : start + _MAX_IDS]
            body: dict[str, Any] = {"product_ids": [remote.item for remote in group]}
            if named and self.platforms:
                body["listing_platforms"] = list(self.platforms)
            try:
                answer = call.ask(method, path, body=body)
            except ProviderError as error:
                yield from (ItemOutcome(remote, failed(error)) for remote in group)
                continue
            errors = {str(inner(error, "detail").get("product_id")): error for error in objects(answer, "errors")}
            for remote in group:
                told = errors.get(remote.item)
                yield ItemOutcome(remote, Done() if told is None else failed(_item_error(told)))


def _whole(answer: Mapping[str, Any]) -> None:
    """Raise what an answer with code 0 tells of single SKUs."""
    if told := objects(answer, "errors"):
        raise _item_error(told[0])


def _item_error(told: Mapping[str, Any]) -> ProviderError:
    return error_of(str(told.get("code") or ""), told.get("message"), 200)


def _searched(call: Caller, sku: str) -> tuple[Mapping[str, Any], ...]:
    """Return what the search finds. An answer that is not understood is no proof that nothing stands, so it is a fault."""
    body = {"seller_skus": [sku], "status": "ALL"}
    found = call.ask("POST", _SEARCH, (("page_size", "100"),), body)
    products = objects(found, "products")
    if found.get("total_count") != 0 and (not products or found.get("next_page_token")):
        raise ProviderError(LOST, "products_missing")
    return products


def _remote_listing(product: Mapping[str, Any], sku: str) -> RemoteListing | None:
    """Return the product if it stands under exactly this SKU and is not deleted; a fault when that cannot be told."""
    skus = objects(product, "skus")
    variant = next((item for item in skus if item.get("seller_sku") == sku), None)
    told = [product.get("status")]
    told += [platform.get("status") for platform in objects(product, "integrated_platform_statuses")]
    if skus and (variant is None or all(status in {None, "DELETED"} for status in told)):
        return None
    variant = variant or {}
    places = objects(variant, "inventory") or ({},)
    numbers = (product.get("id"), variant.get("id"), places[0].get("warehouse_id"))
    try:
        remote = RemoteId(*(str(number or "") for number in numbers))
    except ValueError:
        raise ProviderError(LOST, "product_id_missing") from None
    counts = [place.get("quantity") for place in places]
    stock = sum(count for count in counts if isinstance(count, int))
    price = _price(inner(variant, "price").get("tax_exclusive_price"))
    state = next((_STATES[status] for status in _STATES if status in told), ListingState.REVIEWING)
    return RemoteListing(remote, sku, state, str(product.get("title") or ""), price, stock)


def _price(text: object) -> int | None:
    try:
        return rupiah(text)
    except ValueError:
        return None
