"""Orders of marketplace accounts become the same order records as the catalogue's; nothing about the buyer is taken.

Pulled by time of change with an overlap, so that an order whose change was indexed late is not missed. The mark moves on only
after every page of a window is stored; a kill costs a repetition, and the same order twice changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog_sync.contract.models import Order
from catalog_sync.contract.parse import Kind, parse
from catalog_sync.contract.parse import SetAside as Unfit
from catalog_sync.orders import upsert_orders
from catalog_sync.repository import Scope
from marketing.channels.marketplace.errors import Later
from marketing.channels.marketplace.port import OrderPage
from marketing.db.exclusive import exclusively
from marketing.db.models import ChannelAccount, MarketplaceListing, OrderEvent, Product
from marketing.db.models import Order as OrderRow
from marketing.db.session import Database
from marketing.domain.account import AccountState
from marketing.domain.text import cut, one_line
from marketing.domain.types import ChannelName
from marketing.errors import MarketingError
from marketing.i18n import gettext as _
from marketing.marketplaces.shop import OpenShop, open_shop
from marketing.marketplaces.tokens import TokenKeeper
from marketing.observability import get_logger
from marketing.products.listings import FIRST_SOURCE

WINDOW: Final = timedelta(days=15)  # Shopee: "The maximum date range ... is 15 days"
OVERLAP: Final = timedelta(minutes=30)
FIRST_LOOK_BACK: Final = timedelta(days=15)
MOST_PAGES: Final = 1_000  # of one window; a provider whose cursor never ends is not followed for ever
KEPT_ASIDE: Final = 20
log = get_logger(__name__)


@dataclass(slots=True)
class Intake:
    """What one turn took in; `aside` maps the number of an order that could not be read to the reason."""

    new: int = 0
    changed: int = 0
    foreign: int = 0
    aside: dict[str, str] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    problem: str = ""


@dataclass(slots=True)
class _Sold:
    """Which product of ours stands under a SKU; each is looked up once a turn."""

    database: Database
    tenant_id: str
    rows: dict[str, int] = field(default_factory=dict)
    known: dict[str, str | None] = field(default_factory=dict)

    def __call__(self, sku: str) -> str | None:
        if sku not in self.known:
            with self.database.read() as session:
                found = _product(session, self.tenant_id, sku)
            self.known[sku] = None
            if found is not None:
                # Only the first catalogue's names are sure to be one product's in this Daerah.
                name = found.external_id if found.source == FIRST_SOURCE else sku
                self.known[sku], self.rows[name] = name, found.id
        return self.known[sku]


@dataclass(frozen=True, slots=True)
class MarketplaceOrders:
    """Takes in the orders of accounts."""

    database: Database
    keeper: TokenKeeper
    clock: Callable[[], datetime]

    def run(self, tenant_id: str) -> dict[int, Intake]:
        """Give every active account of a Daerah its turn; what fails in one keeps no other waiting."""
        with self.database.read() as session:
            query = select(ChannelAccount.id).where(
                ChannelAccount.tenant_id == tenant_id,
                ChannelAccount.channel == ChannelName.MARKETPLACE,
                ChannelAccount.state == AccountState.ACTIVE,
            )
            accounts = list(session.scalars(query.order_by(ChannelAccount.id)))
        done: dict[int, Intake] = {}
        for account_id in accounts:
            try:
                found = self.turn(account_id)
            except MarketingError as error:
                found = Intake(problem=str(error))
            except Exception:
                log.exception("order intake failed", account=account_id)
                continue
            if found is not None:
                done[account_id] = found
                self._report(account_id, found)
        return done

    def turn(self, account_id: int) -> Intake | None:
        """Take in what has changed; None when another process has the account in hand or it must wait."""
        with exclusively(self.database, f"orders {account_id}") as alone:
            if not alone:
                return None
            now = self.clock()
            with self.database.read() as session:
                row = session.get_one(ChannelAccount, account_id)
            if row.state is not AccountState.ACTIVE or (row.not_before is not None and row.not_before > now):
                return None
            intake = Intake()
            sold = _Sold(self.database, row.tenant_id)
            scope = Scope(row.tenant_id, f"{row.provider}:{row.remote_id}")
            since = row.orders_until - OVERLAP if row.orders_until else row.created_at - FIRST_LOOK_BACK
            with open_shop(self.keeper, account_id) as shop:
                while since < now:
                    until = min(since + WINDOW, now)
                    if not self._window(shop, scope, sold, (since, until), intake):
                        break
                    self._mark(account_id, until)
                    since = until
            return intake

    def _window(
        self, shop: OpenShop, scope: Scope, sold: _Sold, window: tuple[datetime, datetime], intake: Intake
    ) -> bool:
        """Store every page of a window; False when it did not come to its end."""
        cursor = ""
        for _page in range(MOST_PAGES):
            page = self._ask(shop, window, cursor, sold)
            if not isinstance(page, OrderPage):
                intake.problem = getattr(page, "detail", "")
                if isinstance(page, Later):
                    self._wait(shop.account_id, page.retry_after)
                return False
            self._store(scope, page, sold, intake)
            if page.next_cursor is None:
                return True
            if page.next_cursor == cursor:
                break
            cursor = page.next_cursor
        intake.problem = _("Daftar pesanan lokapasar tidak berakhir; sistem mencoba lagi.")
        return False

    @staticmethod
    def _ask(shop: OpenShop, window: tuple[datetime, datetime], cursor: str, sold: _Sold) -> object:
        return shop.ask(lambda market, now: market.orders(*window, cursor, sold, now))

    def _store(self, scope: Scope, page: OrderPage, sold: _Sold, intake: Intake) -> None:
        records: list[Order] = []
        intake.aside |= {one.order_id: one.reason for one in page.set_aside}
        intake.foreign += page.foreign
        with self.database.write() as session:
            for raw in _with_first_moments(session, scope.tenant_id, page.orders):
                record = parse(Kind.ORDER, raw)
                if isinstance(record, Order):
                    records.append(record)
                    intake.read.add(str(raw.get("number")))
                elif isinstance(record, Unfit):
                    intake.aside[str(raw.get("number"))] = record.reason
            counts = upsert_orders(session, scope, records, sold.rows, now=self.clock())
        intake.new += counts.new
        intake.changed += counts.changed

    def _mark(self, account_id: int, until: datetime) -> None:
        with self.database.write() as session:
            row = session.get_one(ChannelAccount, account_id, with_for_update=True)
            row.orders_until = max(until, row.orders_until or until)

    def _wait(self, account_id: int, wait: timedelta) -> None:
        with self.database.write() as session:
            row = session.get_one(ChannelAccount, account_id, with_for_update=True)
            row.not_before = self.clock() + wait

    def _report(self, account_id: int, intake: Intake) -> None:
        """Keep what people see on the page; the log gets numbers only."""
        with self.database.write() as session:
            row = session.get_one(ChannelAccount, account_id, with_for_update=True)
            before: Mapping[str, Any] = row.report.get("orders", {})
            aside = {number: why for number, why in before.get("aside", {}).items() if number not in intake.read}
            aside |= {cut(one_line(number), 60): why for number, why in intake.aside.items()}
            told = {
                "at": self.clock().isoformat(),
                "taken": before.get("taken", 0) + intake.new,
                "aside": dict(list(aside.items())[-KEPT_ASIDE:]),
                "problem": intake.problem,
            }
            row.report = {**row.report, "orders": told}
        if intake.aside:
            log.warning("orders set aside", account=account_id, count=len(intake.aside))


def _product(session: Session, tenant_id: str, sku: str) -> Product | None:
    """Return the product under a SKU of ours: from the listings, else from the SKU itself (files, an older installation)."""
    listed = (
        select(Product)
        .join(MarketplaceListing, MarketplaceListing.product_id == Product.id)
        .where(MarketplaceListing.tenant_id == tenant_id, MarketplaceListing.sku == sku)
    )
    if (found := session.scalars(listed.limit(1)).first()) is not None:
        return found
    prefix, _dash, name = sku.partition("-")
    if prefix != tenant_id or not name:
        return None
    query = select(Product).where(
        Product.tenant_id == tenant_id, Product.source == FIRST_SOURCE, Product.external_id == name
    )
    return session.scalars(query.limit(1)).first()


def _with_first_moments(session: Session, tenant_id: str, raws: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let an event keep the moment it was first told with.

    Shopee has no moment of delivery and of cancellation; the adapter gives that of the order's last change, which moves.
    """
    keys = [str(raw.get("id")) for raw in raws]
    query = (
        select(OrderRow.external_id, OrderEvent.type, OrderEvent.at)
        .join(OrderEvent, OrderEvent.order_id == OrderRow.id)
        .where(OrderRow.tenant_id == tenant_id, OrderRow.external_id.in_(keys))
        .order_by(OrderEvent.at.desc())
    )
    first = {(key, kind): at.isoformat() for key, kind, at in session.execute(query)}
    return [
        {
            **raw,
            "events": [
                {**event, "at": first.get((str(raw.get("id")), event["type"]), event["at"])} for event in raw["events"]
            ],
        }
        for raw in raws
    ]
