"""The port of a marketplace: values in, values out; an adapter sees no database, keeps nothing and never sleeps.

Who calls holds the account's lock, saves new tokens before using them, and looks a SKU up before every `create`: a lost answer
is told as `InDoubt`, and the next round finds what was stored instead of making it twice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Protocol, Self

from marketing.channels.marketplace.errors import LOOK_UP_AFTER, Failure, Refused
from marketing.channels.marketplace.listing import Listing

BATCH: Final = 50  # Shopee v2 unlist_item "Length should be between 1 to 50" (schema of 24 Apr 2026)
TOKEN_MARGIN: Final = timedelta(minutes=5)
ProductOf = Callable[[str], str | None]


class Provider(StrEnum):
    """The marketplaces with a signed API here; Tokopedia is part of TikTok Shop's."""

    SHOPEE = "shopee"
    TIKTOK_SHOP = "tiktok_shop"


@dataclass(frozen=True, slots=True)
class Application:
    """The office's own registration with the provider (partner id and key, app key and secret)."""

    app_id: str
    app_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an authorisation or a refresh gave; both ends are UTC-aware moments."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_expires_at: datetime


@dataclass(frozen=True, slots=True)
class Credentials:
    """One shop's access. `shop_cipher` is TikTok Shop's; empty for Shopee. Its repr holds no secret."""

    application: Application
    shop_id: str
    tokens: Tokens
    shop_cipher: str = field(default="", repr=False)

    def with_tokens(self, tokens: Tokens) -> Self:
        """Return the same shop with a new pair of tokens."""
        return replace(self, tokens=tokens)

    def usable(self, now: datetime) -> bool:
        """Return whether the access token outlives the next few minutes."""
        return self.tokens.access_expires_at - TOKEN_MARGIN > now


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop that an authorisation covers."""

    shop_id: str
    name: str
    cipher: str = field(default="", repr=False)


class ListingState(StrEnum):
    """Where a listing stands at the provider."""

    ON_SALE = "on_sale"
    REVIEWING = "reviewing"
    UNLISTED = "unlisted"
    BANNED = "banned"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class RemoteId:
    """A listing's identity at the provider; variant and place (sku id, warehouse id) are TikTok Shop's.

    Each part is a number; ValueError otherwise, since it becomes part of an address.
    """

    item: str
    variant: str = ""
    place: str = ""

    def __post_init__(self) -> None:
        if not self.item or not all(
            part.isascii() and part.isdigit() for part in (self.item, self.variant, self.place) if part
        ):
            raise ValueError("remote id")

    def __str__(self) -> str:
        return f"{self.item}.{self.variant}.{self.place}".rstrip(".")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str()` wrote; ValueError when it is no such text."""
        parts = text.split(".")
        if len(parts) > 3:  # noqa: PLR2004  three parts, named above
            raise ValueError(text)
        return cls(*parts)


@dataclass(frozen=True, slots=True)
class RemoteListing:
    """What the provider has under a SKU; `price` in whole rupiah, None where it does not say."""

    remote: RemoteId
    sku: str
    state: ListingState
    title: str = ""
    price: int | None = None
    stock: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What an office decided for a listing where the provider asks more than a catalogue knows.

    An empty `category_id` leaves it to the provider's recommendation; attributes go by the provider's names; the parcel is
    length, width and height in whole centimetres.
    """

    category_id: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    parcel_cm: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """A filled attribute; `value_id` is "0" or empty where the value is our own text."""

    attribute_id: str
    value_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What had to be found or uploaded before a listing can be written; keep it, and nothing is uploaded twice.

    `places` are enabled logistic channels (Shopee) or the warehouse (TikTok Shop); the lengths are least and most characters.
    """

    category_id: str
    pictures: tuple[str, ...]
    places: tuple[str, ...]
    title_length: tuple[int, int]
    description_length: tuple[int, int]
    attributes: tuple[Attribute, ...] = ()
    parcel_cm: tuple[int, int, int] | None = None
    gtin: str = ""


@dataclass(frozen=True, slots=True)
class Created:
    """The listing is stored; it may still be in review."""

    remote: RemoteId


@dataclass(frozen=True, slots=True)
class InDoubt:
    """It went out but no usable answer came: look the SKU up, not before `look_up_after`, and never create blindly."""

    code: str
    look_up_after: timedelta = LOOK_UP_AFTER


@dataclass(frozen=True, slots=True)
class Done:
    """It stands as asked."""


@dataclass(frozen=True, slots=True)
class Gone:
    """There is no such listing (any more)."""


@dataclass(frozen=True, slots=True)
class Change:
    """New stock and price of one listing; whole rupiah."""

    remote: RemoteId
    stock: int
    price: int


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """What became of one item of a batch."""

    remote: RemoteId
    result: Done | Gone | Failure


@dataclass(frozen=True, slots=True)
class SetAside:
    """An order that could not be read, and why."""

    order_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Orders in the shape of `siar-catalog/1`; `foreign` counts those without a single product of ours, which are not kept.

    Nothing about the buyer is in them. `next_cursor` is None on the last page.
    """

    orders: tuple[dict[str, Any], ...]
    set_aside: tuple[SetAside, ...]
    foreign: int
    next_cursor: str | None


class Marketplace(Protocol):
    """One shop on one marketplace. Every method returns failures as values; it raises only for programming errors."""

    provider: Provider
    min_stock: int  # a listing below this is unlisted instead

    def refresh(self, now: datetime) -> Tokens | Failure:
        """Trade the refresh token, which works once, for a new pair: save the pair before anything else."""
        ...

    def find_by_sku(self, sku: str, now: datetime) -> tuple[RemoteListing, ...] | Failure:
        """Return what stands under exactly this SKU, the oldest first; more than one means duplicates, deleted ones never."""
        ...

    def prepare(self, listing: Listing, pictures: Sequence[bytes], choice: Choice, now: datetime) -> Prepared | Failure:
        """Find category, attributes and places, check the provider's limits, then upload the pictures."""
        ...

    def create(self, listing: Listing, prepared: Prepared, key: str, now: datetime) -> Created | InDoubt | Failure:
        """Store a listing. `key` names the intention (≤ 128 characters): the same in every repetition of it."""
        ...

    def update(self, remote: RemoteId, listing: Listing, prepared: Prepared, now: datetime) -> Done | Gone | Failure:
        """Bring a listing to what `listing` says, price and stock included."""
        ...

    def set_stock_and_price(self, changes: Sequence[Change], now: datetime) -> Iterator[ItemOutcome]:
        """Set both for at most 50 listings; one outcome per item."""
        ...

    def unlist(self, remotes: Sequence[RemoteId], now: datetime) -> Iterator[ItemOutcome]:
        """Take at most 50 listings off sale; one that does not exist is `Gone`, which is as good."""
        ...

    def relist(self, remotes: Sequence[RemoteId], now: datetime) -> Iterator[ItemOutcome]:
        """Put at most 50 listings on sale again."""
        ...

    def delete(self, remotes: Sequence[RemoteId], now: datetime) -> Iterator[ItemOutcome]:
        """Delete at most 50 listings for good, for what cannot be unlisted."""
        ...

    def orders(
        self, since: datetime, until: datetime, cursor: str, product_of: ProductOf, now: datetime
    ) -> OrderPage | Failure:
        """Return one page of the orders updated in [since, until); an empty cursor begins. `product_of` knows our SKUs."""
        ...


def checked_batch(items: Sequence[object]) -> None:
    """ValueError when a batch is longer than the ports allow: the caller splits, so that one outcome per item is sure."""
    if len(items) > BATCH:
        raise ValueError(f"{len(items)} items, at most {BATCH}")


def refused(code: str, detail: str) -> Refused:
    """Return a refusal of our own, found before anything was sent."""
    return Refused(f"siar_{code}", detail)
