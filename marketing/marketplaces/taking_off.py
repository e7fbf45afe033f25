"""Taking one listing off sale, wherever it stands under its SKU; deleting it where it cannot be unlisted."""

from marketing.channels.marketplace.errors import Failure, Refused
from marketing.channels.marketplace.port import Done, Gone, ListingState, RemoteId, RemoteListing
from marketing.marketplaces.shop import OpenShop


def take_off(shop: OpenShop, remote: RemoteId | None, sku: str) -> Done | Gone | Failure:
    """Take it off sale; `Gone` when nothing stands. The listing we know goes first, then whatever else has the SKU."""
    if remote is not None and (problem := _off(shop, remote)) is not None:
        return problem
    found = shop.ask(lambda market, now: market.find_by_sku(sku, now))
    if not isinstance(found, tuple):
        return found if remote is None else Done()  # ours is off; a search that fails must not keep it on record
    standing = [one for one in found if _on_sale(one) and one.remote.item != (remote.item if remote else "")]
    for one in standing:
        if (problem := _off(shop, one.remote)) is not None:
            return problem
    return Done() if found or remote is not None else Gone()


def _on_sale(found: RemoteListing) -> bool:
    return found.state is not ListingState.UNLISTED


def _off(shop: OpenShop, remote: RemoteId) -> Failure | None:
    """Unlist, or delete what cannot be unlisted; None when it is off sale."""
    problem = _one(shop, remote, delete=False)
    return _one(shop, remote, delete=True) if isinstance(problem, Refused) else problem


def _one(shop: OpenShop, remote: RemoteId, *, delete: bool) -> Failure | None:
    if delete:
        answer = shop.ask_one(lambda market, now: market.delete([remote], now))
    else:
        answer = shop.ask_one(lambda market, now: market.unlist([remote], now))
    return None if isinstance(answer, Done | Gone) else answer
