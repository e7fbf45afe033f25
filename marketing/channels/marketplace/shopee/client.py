"""One shop on Shopee Open Platform v2 behind the marketplace port.

Source: v2.product.*, v2.media_space.upload_image, v2.logistics.get_channel_list, v2.order.* (congminh1254/shopee-sdk, `schemas/*.json`,
read 22 Nov 2026). Not tried against Shopee's sandbox, which needs an account. There is no idempotency key: only the look-up
by SKU keeps a lost answer from becoming a second listing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
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
from marketing.channels.marketplace.shopee import auth
from marketing.channels.marketplace.shopee.caller import Caller
from marketing.channels.marketplace.shopee.errors import item_error
from marketing.channels.marketplace.shopee.orders import (
    OPTIONAL,
    PAGE_SIZE,
    first_cursor,
    next_cursor,
    order_record,
    window,
)
from marketing.channels.marketplace.shopee.payload import add_body, item_body
from marketing.channels.marketplace.shopee.prepare import prepare
from marketing.channels.marketplace.wire import LOST, Wire, inner, objects

_PRODUCT: Final = "/api/v2/product/"
_ORDER: Final = "/api/v2/order/"
_MAX_PAGES: Final = 10
_STATES: Final = {
    "NORMAL": ListingState.ON_SALE,
    "UNLIST": ListingState.UNLISTED,
    "BANNED": ListingState.BANNED,
    "REVIEWING": ListingState.REVIEWING,
}
_DELETED: Final = ("SELLER_DELETE", "SHOPEE_DELETE")


@dataclass(frozen=True, slots=True)
class Shopee:
    """One shop; the wire belongs to the caller."""

    wire: Wire
    credentials: Credentials
    provider: Provider = Provider.SHOPEE
    min_stock: int = 0

    def refresh(self, now: datetime) -> Tokens | Failure:
        return auth.refresh(self.wire, self.credentials, now)

    def find_by_sku(self, sku: str, now: datetime) -> tuple[RemoteListing, ...] | Failure:
        call = self._caller(now)
        try:
            items = _described(call, _searched(call, sku))
        except ProviderError as error:
            return error.failure
        # The search may find more than asked (it also reads the SKUs of variants), so each is looked at.
        standing = [item for item in items if item.get("item_sku") == sku and item.get("item_status") not in _DELETED]
        return tuple(_remote_listing(item) for item in standing)

    def prepare(self, listing: Listing, pictures: Sequence[bytes], choice: Choice, now: datetime) -> Prepared | Failure:
        try:
            return prepare(self._caller(now), listing, pictures, choice)
        except ProviderError as error:
            return error.failure

    def create(self, listing: Listing, prepared: Prepared, key: str, now: datetime) -> Created | InDoubt | Failure:  # noqa: ARG002  Shopee takes no key
        try:
            stored = self._caller(now).post(f"{_PRODUCT}add_item", add_body(listing, prepared, listing.price_at(now)))
        except ProviderError as error:
            return InDoubt(error.code) if error.unsure else error.failure
        number = stored.get("item_id")
        return Created(RemoteId(str(number))) if isinstance(number, int) else InDoubt("item_id_missing")

    def update(self, remote: RemoteId, listing: Listing, prepared: Prepared, now: datetime) -> Done | Gone | Failure:
        call = self._caller(now)

        def write() -> None:
            body = {"item_id": int(remote.item), **item_body(listing, prepared)}
            call.post(f"{_PRODUCT}update_item", body)
            _set(call, Change(remote, listing.stock or 0, listing.price_at(now)))

        return done_or(write)

    def set_stock_and_price(self, changes: Sequence[Change], now: datetime) -> Iterator[ItemOutcome]:
        """Shopee takes one item a call, and stock and price apart: two calls for each."""
        call = self._caller(now)
        return each(changes, lambda change: change.remote, lambda change: _set(call, change))

    def unlist(self, remotes: Sequence[RemoteId], now: datetime) -> Iterator[ItemOutcome]:
        return self._list_or_not(remotes, now, unlist=True)

    def relist(self, remotes: Sequence[RemoteId], now: datetime) -> Iterator[ItemOutcome]:
        return self._list_or_not(remotes, now, unlist=False)

    def delete(self, remotes: Sequence[RemoteId], now: datetime) -> Iterator[ItemOutcome]:
        call = self._caller(now)

        def drop(remote: RemoteId) -> None:
            call.post(f"{_PRODUCT}delete_item", {"item_id": int(remote.item)})

        return each(remotes, lambda remote: remote, drop)

    def orders(
        self, since: datetime, until: datetime, cursor: str, product_of: ProductOf, now: datetime
    ) -> OrderPage | Failure:
        start, end, inner = window(cursor or first_cursor(since), until)
        call = self._caller(now)
        query = (
            ("time_range_field", "update_time"),
            ("time_from", str(int(start.timestamp()))),
            ("time_to", str(int(end.timestamp()))),
            ("page_size", str(PAGE_SIZE)),
            ("cursor", inner),
        )
        try:
            found = call.get(f"{_ORDER}get_order_list", query)
            numbers = [str(order.get("order_sn")) for order in objects(found, "order_list")]
            details: Sequence[Mapping[str, Any]] = ()
            if numbers:
                asked = (("order_sn_list", ",".join(numbers)), ("response_optional_fields", OPTIONAL))
                details = objects(call.get(f"{_ORDER}get_order_detail", asked), "order_list")
        except ProviderError as error:
            return error.failure
        following = next_cursor(start, end, until, found.get("more"), found.get("next_cursor"))
        return page(details, lambda raw: order_record(raw, product_of), lambda raw: str(raw.get("order_sn")), following)

    def _caller(self, now: datetime) -> Caller:
        return Caller(self.wire, self.credentials, now)

    def _list_or_not(self, remotes: Sequence[RemoteId], now: datetime, *, unlist: bool) -> Iterator[ItemOutcome]:
        checked_batch(remotes)
        if not remotes:
            return
        body = {"item_list": [{"item_id": int(remote.item), "unlist": unlist} for remote in remotes]}
        try:
            answer = self._caller(now).post(f"{_PRODUCT}unlist_item", body)
        except ProviderError as error:
            yield from (ItemOutcome(remote, failed(error)) for remote in remotes)
            return
        reasons = {str(item.get("item_id")): item.get("failed_reason") for item in objects(answer, "failure_list")}
        done = {str(item.get("item_id")) for item in objects(answer, "success_list")}
        for remote in remotes:
            if remote.item in reasons:
                yield ItemOutcome(remote, failed(item_error(reasons[remote.item])))
            elif remote.item in done:
                yield ItemOutcome(remote, Done())
            else:
                yield ItemOutcome(remote, ProviderError(LOST, "not_mentioned").failure)


def _searched(call: Caller, sku: str) -> list[int]:
    """Return what the search finds. An answer that is not understood is no proof that nothing stands, so it is a fault."""
    numbers: list[int] = []
    offset = ""
    for _page in range(_MAX_PAGES):
        query = (("offset", offset), ("page_size", "100"), ("item_sku", sku))
        found = call.get(f"{_PRODUCT}search_item", query if offset else query[1:])
        listed = [] if found.get("total_count") == 0 else found.get("item_id_list")
        if not isinstance(listed, list) or not all(isinstance(number, int) for number in listed):
            raise ProviderError(LOST, "item_id_list_missing")
        numbers += listed
        offset = str(found.get("next_offset") or "")
        if not offset or not listed:
            return numbers
    raise ProviderError(LOST, "too_many_items")


def _described(call: Caller, numbers: Sequence[int]) -> list[Mapping[str, Any]]:
    """Return the item behind each number; one that is not told is a fault."""
    items: dict[int, Mapping[str, Any]] = {}
    for start in range(0, len(numbers), PAGE_SIZE):
        asked = ",".join(str(number) for number in numbers[start : start + PAGE_SIZE])
        told = objects(call.get(f"{_PRODUCT}get_item_base_info", (("item_id_list", asked),)), "item_list")
        items |= {item["item_id"]: item for item in told if isinstance(item.get("item_id"), int)}
    if not items.keys() >= set(numbers):
        raise ProviderError(LOST, "items_missing")
    return [items[number] for number in sorted(numbers)]


def _set(call: Caller, change: Change) -> None:
    item = int(change.remote.item)
    price = {"item_id": item, "price_list": [{"model_id": 0, "original_price": change.price}]}
    stock = {"item_id": item, "stock_list": [{"model_id": 0, "seller_stock": [{"stock": change.stock}]}]}
    for path, body in ((f"{_PRODUCT}update_price", price), (f"{_PRODUCT}update_stock", stock)):
        answer = call.post(path, body)
        if reasons := objects(answer, "failure_list"):
            raise item_error(reasons[0].get("failed_reason"))


def _remote_listing(item: Mapping[str, Any]) -> RemoteListing:
    prices = objects(item, "price_info") or ({},)
    price = prices[0].get("original_price")
    stock = inner(inner(item, "stock_info_v2"), "summary_info").get("total_available_stock")
    return RemoteListing(
        RemoteId(str(item["item_id"])),
        str(item["item_sku"]),
        _STATES.get(str(item.get("item_status")), ListingState.REVIEWING),
        str(item.get("item_name") or ""),
        rupiah(price) if isinstance(price, int | Decimal) and price == int(price) else None,
        stock if isinstance(stock, int) else None,
    )
