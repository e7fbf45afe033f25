"""What every marketplace adapter must do, written once; a bench is one adapter before its provider's fake, over real HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image

from marketing.channels.marketplace.errors import Later, Paused, Reconnect, Refused, TokenExpired
from marketing.channels.marketplace.listing import Listing, ListingPicture
from marketing.channels.marketplace.port import (
    Application,
    Change,
    Choice,
    Created,
    Credentials,
    Done,
    Gone,
    InDoubt,
    ListingState,
    Marketplace,
    Prepared,
    RemoteId,
    Tokens,
)
from marketing.channels.marketplace.shopee.client import Shopee
from marketing.channels.marketplace.tiktok_shop.client import TikTokShop
from marketing.channels.marketplace.wire import Wire
from marketing.demo.simulators.server import START, Fault
from marketing.domain.product import Category
from tests.support import shopee, tiktok_shop
from tests.support.shopee import ShopeeServer
from tests.support.tiktok_shop import TikTokShopServer

PICTURE = ListingPicture("a" * 64, "gambar/a.jpg", "https://x.example/a.jpg", "https://x.example/k.jpg", 800, 800)
SLOW = 0.4  # seconds a client waits in the test of silence
UNKNOWN = RemoteId("999", "998", tiktok_shop.WAREHOUSE)
HOSTILE = (
    "<script>alert(1)</script>",
    "&#x3c;img src=x onerror=alert(1)&gt;",
    "Keripik 'renyah' \"enak\" & murah",
    "🦋 Keripik 🔥 Pisang 👨‍👩‍👧‍👦🇮🇩",
    '{"item_sku":"lain"}',
    "a&sign=0&access_token=x#",
    "x" * 5_000,
    "क्षि ﷽ ꦱꦠꦼ " * 30,
)


def jpeg(width: int = 800, height: int = 800, color: int = 90) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), (color, 120, 60)).save(out, "JPEG")
    return out.getvalue()


def listing(sku: str = "tts-P-1", **changes: Any) -> Listing:
    made = Listing(
        sku=sku,
        product_id="P-1",
        row_id=1,
        kind="goods",
        category=Category.MAKANAN_OLAHAN,
        title="Keripik Pisang",
        description="Keripik pisang kepok, digoreng pagi hari.\n\nDapur Mama Yuli, P-IRT 2065302010123-29",
        price=15_000,
        sale=None,
        stock=12,
        min_order=1,
        unit="bungkus",
        weight_gram=255,
        pictures=(PICTURE,),
        business="Dapur Mama Yuli",
        business_row_id=1,
        url="https://x.example/p/1",
        closing="Dapur Mama Yuli, P-IRT 2065302010123-29",
    )
    return replace(made, **changes)


@dataclass
class Bench:
    """One shop, its adapter and its provider's fake."""

    server: ShopeeServer | TikTokShopServer
    shop: Any  # a Marketplace whose credentials the bench exchanges
    create_path: str
    price_path: str
    codes: Any

    @property
    def now(self) -> datetime:
        return self.server.now

    @property
    def market(self) -> Marketplace:
        found: Marketplace = self.shop
        return found

    def use(self, tokens: Tokens) -> None:
        self.shop = replace(self.shop, credentials=self.shop.credentials.with_tokens(tokens))

    def prepared(self, item: Listing | None = None, choice: Choice | None = None) -> Prepared:
        found = self.market.prepare(item or listing(), [jpeg()], choice or Choice(), self.now)
        assert isinstance(found, Prepared), found
        return found

    def created(self, item: Listing | None = None, key: str = "niat-1") -> RemoteId:
        item = item or listing()
        found = self.market.create(item, self.prepared(item), key, self.now)
        assert isinstance(found, Created), found
        return found.remote

    def standing(self, sku: str = "tts-P-1") -> Any:
        found = self.market.find_by_sku(sku, self.now)
        assert isinstance(found, tuple), found
        return found


@contextmanager
def shopee_bench(timeout: float = 10) -> Iterator[Bench]:
    with ShopeeServer() as server, Wire(server.url, timeout) as wire:
        access, refresh = server.grant()
        tokens = Tokens(access, refresh, START + timedelta(hours=4), START + timedelta(days=30))
        application = Application(shopee.PARTNER_ID, shopee.PARTNER_KEY)
        shop = Shopee(wire, Credentials(application, shopee.SHOP_ID, tokens))
        yield Bench(server, shop, "add_item", "update_price", shopee)


@contextmanager
def tiktok_shop_bench(timeout: float = 10) -> Iterator[Bench]:
    with TikTokShopServer() as server, Wire(server.url, timeout) as wire:
        access, refresh = server.grant()
        tokens = Tokens(access, refresh, START + timedelta(hours=4), START + timedelta(days=60))
        application = Application(tiktok_shop.APP_KEY, tiktok_shop.APP_SECRET)
        shop = TikTokShop(wire, wire, Credentials(application, "7495", tokens, tiktok_shop.CIPHER))
        yield Bench(server, shop, "/202309/products", "prices/update", tiktok_shop)


BENCHES = {"shopee": shopee_bench, "tiktok_shop": tiktok_shop_bench}


def check_life_of_a_listing(bench: Bench) -> None:
    market, item = bench.market, listing()
    assert bench.standing() == ()
    remote = bench.created(item)
    (found,) = bench.standing()
    assert (found.remote, found.sku, found.state) == (remote, item.sku, ListingState.ON_SALE)
    assert (found.price, found.stock) == (15_000, 12)
    assert RemoteId.parse(str(remote)) == remote
    dearer = listing(title="Keripik Pisang Cokelat Asli", price=17_500, stock=7)
    assert market.update(remote, dearer, bench.prepared(dearer), bench.now) == Done()
    (found,) = bench.standing()
    assert found.title.startswith("Keripik Pisang Cokelat Asli")
    assert (found.price, found.stock) == (17_500, 7)
    (outcome,) = market.set_stock_and_price([Change(remote, 3, 16_000)], bench.now)
    assert (outcome.remote, outcome.result) == (remote, Done())
    (found,) = bench.standing()
    assert (found.price, found.stock) == (16_000, 3)
    assert [outcome.result for outcome in market.unlist([remote], bench.now)] == [Done()]
    (found,) = bench.standing()
    assert found.state is ListingState.UNLISTED
    assert bench.server.on_sale(item.sku) == []
    assert [outcome.result for outcome in market.relist([remote], bench.now)] == [Done()]
    assert len(bench.server.on_sale(item.sku)) == 1
    assert [outcome.result for outcome in market.delete([remote], bench.now)] == [Done()]
    assert bench.standing() == ()


def check_lost_answer_makes_no_second_listing(bench: Bench, fault: Fault) -> None:
    item, prepared = listing(), bench.prepared()
    bench.server.break_next(bench.create_path, fault)
    lost = bench.market.create(item, prepared, "niat-1", bench.now)
    assert isinstance(lost, InDoubt), lost
    assert lost.look_up_after > timedelta(0)
    assert bench.server.count(bench.create_path) == 1, "a client that repeats by itself makes two"
    (found,) = bench.standing()
    assert found.state is ListingState.ON_SALE
    assert len(bench.server.on_sale(item.sku)) == 1


def check_fault_before_storing_is_in_doubt_too(bench: Bench, fault: Fault) -> None:
    prepared = bench.prepared()
    bench.server.break_next(bench.create_path, fault)
    assert isinstance(bench.market.create(listing(), prepared, "niat-1", bench.now), InDoubt)
    assert bench.standing() == ()
    assert isinstance(bench.market.create(listing(), prepared, "niat-1", bench.now), Created)


def check_duplicates_are_seen(bench: Bench) -> None:
    first, second = bench.created(key="niat-1"), bench.created(key="niat-2")
    other = bench.created(listing("tts-P-10"), key="niat-3")
    assert [found.remote for found in bench.standing()] == [first, second], "the oldest first, and no other SKU"
    assert [found.remote for found in bench.standing("tts-P-10")] == [other]


def check_unlisting_what_is_gone(bench: Bench) -> None:
    remote = bench.created()
    outcomes = list(bench.market.unlist([UNKNOWN, remote], bench.now))
    assert [(outcome.remote, outcome.result) for outcome in outcomes] == [(UNKNOWN, Gone()), (remote, Done())]
    assert [outcome.result for outcome in bench.market.delete([UNKNOWN], bench.now)] == [Gone()]
    assert bench.market.update(UNKNOWN, listing(), bench.prepared(), bench.now) == Gone()
    (outcome,) = bench.market.set_stock_and_price([Change(UNKNOWN, 3, 16_000)], bench.now)
    assert outcome.result == Gone()


def check_one_outcome_per_item(bench: Bench) -> None:
    remotes = [bench.created(listing(f"tts-P-{number}"), f"niat-{number}") for number in range(25)]
    mixed = [*remotes, UNKNOWN]
    outcomes = list(bench.market.unlist(mixed, bench.now))
    assert [outcome.remote for outcome in outcomes] == mixed
    assert [outcome.result for outcome in outcomes] == [Done()] * 25 + [Gone()]
    assert [outcome.result for outcome in bench.market.relist(remotes, bench.now)] == [Done()] * 25
    changes = [Change(remotes[0], 5, 16_000), Change(UNKNOWN, 5, 16_000), Change(remotes[1], 500_000, 16_000)]
    changes += [Change(remotes[2], 5, 1), Change(remotes[3], 6, 17_000)]
    results = [outcome.result for outcome in bench.market.set_stock_and_price(changes, bench.now)]
    assert [type(result) for result in results] == [Done, Gone, Refused, Refused, Done]
    assert list(bench.market.unlist([], bench.now)) == []
    for act in (bench.market.unlist, bench.market.delete):
        try:
            list(act([UNKNOWN] * 51, bench.now))
        except ValueError:
            continue
        raise AssertionError("51 items in one batch")


def check_what_stops_the_account_stops_the_batch(bench: Bench) -> None:
    remotes = [bench.created(listing(f"tts-P-{number}"), f"niat-{number}") for number in range(3)]
    bench.server.break_next(bench.price_path, Fault.RATE)
    before = bench.server.count(bench.price_path)
    outcomes = list(bench.market.set_stock_and_price([Change(remote, 1, 9_000) for remote in remotes], bench.now))
    assert len(outcomes) == 3
    assert all(isinstance(outcome.result, Later) for outcome in outcomes)
    assert bench.server.count(bench.price_path) == before + 1, "a rate limit is not answered with more calls"


def check_refresh_rotates_and_works_once(bench: Bench) -> None:
    old = bench.shop.credentials
    tokens = bench.market.refresh(bench.now)
    assert isinstance(tokens, Tokens)
    assert tokens.refresh_token != old.tokens.refresh_token
    assert tokens.access_expires_at == bench.now + timedelta(hours=4)
    assert tokens.refresh_expires_at > bench.now + timedelta(days=29)
    again = bench.market.refresh(bench.now)
    assert isinstance(again, Reconnect), "the old refresh token is spent"
    assert "ambungkan ulang" in again.detail
    assert old.tokens.refresh_token not in repr(again)
    assert isinstance(bench.market.find_by_sku("x", bench.now), TokenExpired), "the old access token is dead"
    bench.use(tokens)
    assert bench.standing() == ()


def check_expired_token_is_told_without_a_call(bench: Bench) -> None:
    later = bench.server.pass_time(timedelta(hours=3, minutes=56))
    before = len(bench.server.asked)
    market, remote = bench.market, UNKNOWN
    prepared = Prepared("1", ("a",), ("1",), (1, 9), (1, 9))
    answers: list[object] = [
        market.find_by_sku("x", later),
        market.create(listing(), prepared, "n", later),
        market.update(remote, listing(), prepared, later),
        market.orders(START, later, "", str, later),
        market.prepare(listing(), [jpeg()], Choice(category_id="1"), later),
    ]
    answers += [outcome.result for outcome in market.unlist([remote], later)]
    answers += [outcome.result for outcome in market.set_stock_and_price([Change(remote, 1, 1_000)], later)]
    assert all(isinstance(answer, TokenExpired) for answer in answers), answers
    assert len(bench.server.asked) == before


def check_each_fault_has_its_outcome(bench: Bench) -> None:
    expected = {
        Fault.RATE: Later,
        Fault.DAILY: Later,
        Fault.HTTP_429: Later,
        Fault.BUSY: Later,
        Fault.SERVER_ERROR: Later,
        Fault.STORED_GARBAGE: Later,
        Fault.REDIRECT: Later,
        Fault.DROP_ANSWER: Later,
        Fault.PERMISSION: Paused,
        Fault.ADDRESS: Paused,
    }
    for fault, outcome in expected.items():
        path = "search_item" if "search_item" in bench.create_path else "search"
        bench.server.break_next("search_item" if bench.codes is shopee else path, fault)
        found = bench.market.find_by_sku("tts-P-1", bench.now)
        assert isinstance(found, outcome), (fault, found)
        assert found.detail.split(" (Jawaban")[0].endswith("."), "a sentence for people"
        if fault is Fault.HTTP_429:
            assert isinstance(found, Later)
            assert found.retry_after == timedelta(seconds=77)


def check_hostile_words_are_carried_safely(bench: Bench, words: str) -> None:
    item = listing(title=words, description=f"{words}\n\n{words}", business=words, closing="")
    remote = bench.created(item)
    (found,) = bench.standing()
    assert found.remote == remote
    assert not set(found.title) & set("\x00\x1b\u202e")
    assert bench.market.update(remote, item, bench.prepared(item), bench.now) == Done()


def check_what_cannot_be_listed_is_refused_before_uploading(bench: Bench) -> None:
    cases = {
        "siar_weight": (listing(weight_gram=None), [jpeg()]),
        "siar_stock": (listing(stock=None), [jpeg()]),
        "siar_service": (listing(kind="service"), [jpeg()]),
        "siar_picture": (listing(), []),
    }
    for code, (item, pictures) in cases.items():
        found = bench.market.prepare(item, pictures, Choice(), bench.now)
        assert isinstance(found, Refused), found
        assert found.code == code
        assert found.detail.endswith(".")
    for bad in (b"GIF89a", b"", b"\xff\xd8\xff" + bytes(10 * 1024 * 1024)):
        found = bench.market.prepare(listing(), [jpeg(), bad], Choice(), bench.now)
        assert isinstance(found, Refused)
        assert "ke-2" in found.detail
    found = bench.market.prepare(listing(), [jpeg()], Choice(category_id="1/../2"), bench.now)
    assert isinstance(found, Refused)
    assert bench.server.pictures == set()


def check_nothing_secret_is_shown(bench: Bench, shown: str) -> None:
    credentials = bench.shop.credentials
    tokens = credentials.tokens
    shown += repr(credentials) + repr(tokens) + repr(bench.shop) + str(bench.server.faults)
    for secret in (credentials.application.app_secret, tokens.access_token, tokens.refresh_token):
        assert secret not in shown
    if credentials.shop_cipher:
        assert credentials.shop_cipher not in shown
