"""A connected shop over the real application: the provider is its fake over real HTTP, the clock is one for both."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from PIL import Image
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from catalog_sync.repository import Scope
from catalog_sync.runs import end_run, start_run
from marketing.bootstrap import Marketplaces, build_app
from marketing.channels.marketplace.port import Application, Credentials, Marketplace, Provider, Tokens
from marketing.db.models import ChannelAccount, MarketplaceListing, Product
from marketing.domain.product import VerificationStatus
from marketing.domain.types import Role
from marketing.marketplaces.gateway import Connected, Gateway, Registration, Wires
from marketing.products.gate import evaluate_gate
from marketing.settings import Settings
from marketing.tenants.profile import profile_of
from tests.support import shopee, tiktok_shop
from tests.support.shopee import ShopeeServer
from tests.support.tiktok_shop import TikTokShopServer
from tests.support.world import TENANT, World, add_product

Server = ShopeeServer | TikTokShopServer
SHA = "a" * 64
SELLS_ON = {"sqlite": Provider.SHOPEE, "postgresql": Provider.TIKTOK_SHOP}
"""A listing is the same row whoever sells it, and an engine locks it the same way: four pairs would prove no more."""


class Killed(BaseException):
    """The process ends here; nothing may catch it as an error."""


@dataclass
class Tap:
    """Counts the steps of a run and ends the process at one of them."""

    at: int = 0
    steps: list[str] = field(default_factory=list)

    def __call__(self, name: str) -> None:
        self.steps.append(name)
        if len(self.steps) == self.at:
            raise Killed(name)

    def again(self, at: int = 0) -> None:
        self.at, self.steps = at, []

    @contextmanager
    def commits(self, world: World) -> Iterator[None]:
        """Count every commit too, just before and just after it."""
        engine = world.app.database.engine
        before = lambda _connection: self("before commit")  # noqa: E731  the same object is taken off again
        after = lambda _session: self("after commit")  # noqa: E731
        event.listen(engine, "commit", before)
        event.listen(Session, "after_commit", after)
        try:
            yield
        finally:
            event.remove(engine, "commit", before)
            event.remove(Session, "after_commit", after)


class Tapped:
    """An adapter whose every call is counted before and after."""

    def __init__(self, inner: Marketplace, tap: Callable[[str], None]) -> None:
        self._inner, self._tap = inner, tap

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return found

        def call(*given: Any) -> Any:
            self._tap(f"before {name}")
            answer = found(*given)
            answer = list(answer) if isinstance(answer, Iterator) else answer
            self._tap(f"after {name}")
            return answer

        return call


@dataclass(frozen=True)
class TappedGateway(Gateway):
    tap: Callable[[str], None] = print

    def market(self, provider: Provider, wires: Wires, credentials: Credentials) -> Marketplace:
        return Tapped(super().market(provider, wires, credentials), self.tap)  # type: ignore[return-value]


@dataclass
class Market:
    """A world with one connected shop."""

    world: World
    server: Server
    provider: Provider
    tap: Tap
    gateway: Gateway
    account_id: int = 0

    @property
    def parts(self) -> Marketplaces:
        return self.world.app.marketplaces

    def forward(self, **length: float) -> None:
        self.world.clock.forward(**length)
        self.server.now = self.world.clock.now

    def product(self, number: int, **changes: object) -> int:
        """Add a product as a pull does: the gate is asked, and its answer is a new state of the catalogue."""
        product_id = add_product(self.world.app, number, **changes)
        self.change(product_id)
        return product_id

    def change(self, product_id: int, **values: Any) -> None:
        """Do what a pull does with a changed product."""
        with self.world.app.database.write() as session:
            version = Product.catalog_version + 1
            session.execute(update(Product).where(Product.id == product_id).values(catalog_version=version, **values))
            evaluate_gate(session, profile_of(TENANT), self.world.clock(), [product_id])
            run = start_run(session, Scope(TENANT, "katalog"), self.world.clock(), None)
            end_run(session, run.id, self.world.clock(), {})

    def revoke(self, product_id: int) -> None:
        self.change(product_id, verification_status=VerificationStatus.REVOKED)

    def round(self) -> Any:
        return self.parts.listings.turn(self.account_id)

    def account(self) -> ChannelAccount:
        with self.world.app.database.read() as session:
            return session.get_one(ChannelAccount, self.account_id)

    def rows(self) -> dict[str, MarketplaceListing]:
        with self.world.app.database.read() as session:
            return {row.sku: row for row in session.scalars(select(MarketplaceListing))}

    def row(self, number: int) -> MarketplaceListing:
        return self.rows()[f"tts-P-{number}"]

    def on_sale(self, number: int) -> list[Any]:
        return list(self.server.on_sale(f"tts-P-{number}"))

    def standing(self, number: int) -> list[Any]:
        """Everything that stands under the SKU, on sale or not."""
        sku = f"tts-P-{number}"
        if isinstance(self.server, ShopeeServer):
            return [key for key, item in self.server.items.items() if item["item_sku"] == sku]
        products = self.server.products.items()
        return [key for key, item in products if item["skus"][0]["seller_sku"] == sku and item["status"] != "DELETED"]

    def said(self, number: int) -> tuple[str, int, int]:
        """Title, price and stock as they stand at the provider."""
        (key,) = self.standing(number)
        if isinstance(self.server, ShopeeServer):
            item = self.server.items[key]
            return item["item_name"], int(item["original_price"]), item["seller_stock"][0]["stock"]
        product = self.server.products[key]
        sku = product["skus"][0]
        return product["title"], int(sku["price"]["amount"]), sku["inventory"][0]["quantity"]

    @property
    def create_path(self) -> str:
        return "add_item" if self.provider is Provider.SHOPEE else "/202309/products"

    @property
    def refresh_path(self) -> str:
        return "access_token/get" if self.provider is Provider.SHOPEE else "token/refresh"

    def credentials(self) -> Credentials:
        """What an authorisation gives now."""
        access, refresh = self.server.grant()
        now = self.server.now
        tokens = Tokens(access, refresh, now + timedelta(hours=4), now + timedelta(days=30))
        application = self.gateway.application(self.provider)
        if self.provider is Provider.SHOPEE:
            return Credentials(application, shopee.SHOP_ID, tokens)
        return Credentials(application, "7495", tokens, tiktok_shop.CIPHER)

    def connect(self, business_id: int | None = None) -> int:
        user = self.world.staff(Role.OPERATOR)
        connected = Connected(self.credentials(), "Toko Uji")
        self.account_id = self.parts.accounts.store(user, self.provider, connected, business_id)
        return self.account_id

    def secrets(self) -> list[str]:
        """Everything that may stand on no page and in no log."""
        found = [shopee.PARTNER_KEY, tiktok_shop.APP_SECRET, tiktok_shop.CIPHER]
        return [*found, *self.server.access, *self.server.refresh_tokens]


@contextmanager
def market_of(world: World, provider: Provider) -> Iterator[Market]:
    """Connect a shop of the provider's fake to a world."""
    server: Server = ShopeeServer() if provider is Provider.SHOPEE else TikTokShopServer()
    with server:
        server.now = world.clock.now
        if provider is Provider.SHOPEE:
            registration = Registration(Application(shopee.PARTNER_ID, shopee.PARTNER_KEY), server.url)
        else:
            application = Application(tiktok_shop.APP_KEY, tiktok_shop.APP_SECRET)
            registration = Registration(application, server.url, server.url, server.url, "7001")
        tap = Tap()
        gateway = TappedGateway({provider: registration}, timeout_seconds=5, tap=tap)
        old = world.app
        settings: Settings = old.settings
        world.app = build_app(
            settings,
            clock=world.clock,
            database=old.database,
            queue=world.tasks,  # type: ignore[arg-type]
            messenger=world.outbox,  # type: ignore[arg-type]
            gateway=gateway,
        )
        settings.picture_dir.mkdir(parents=True, exist_ok=True)
        out = BytesIO()
        Image.new("RGB", (1080, 1080), (90, 120, 60)).save(out, "JPEG")
        (settings.picture_dir / f"{SHA}.jpg").write_bytes(out.getvalue())
        market = Market(world, server, provider, tap, gateway)
        market.connect()
        yield market
