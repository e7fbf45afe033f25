"""What an account's turn does: one listing for each product that may stand, kept as the catalogue says, off when it may not."""

from datetime import timedelta

from sqlalchemy import func, select, update

from marketing.channels.marketplace.port import Provider
from marketing.db.models import ChannelAccount, Product, Withdrawal
from marketing.demo.simulators.server import Fault
from marketing.domain.account import AccountState
from marketing.domain.listing import ListingState
from marketing.domain.types import Role
from marketing.marketplaces.gateway import Connected
from tests.support.market import Market

L = ListingState


def search_path(market: Market) -> str:
    return "search_item" if market.provider is Provider.SHOPEE else "products/search"


def test_what_may_stand_is_listed_once_and_the_ledger_says_where(market: Market) -> None:
    market.product(1)
    market.product(2)
    done = market.round()
    assert (done.done, done.failed, done.problem) == (2, 0, "")
    assert len(market.on_sale(1)) == len(market.on_sale(2)) == 1
    row = market.row(1)
    assert (row.state, row.price, row.stock, row.reason) == (L.LISTED, 100_000, 5, "")
    assert str(market.on_sale(1)[0]) in (row.remote_id or "")
    asked = len(market.server.asked)
    assert market.round().done == 0
    assert len(market.server.asked) == asked, "nothing has changed, so nothing is asked"


def test_price_and_stock_alone_do_not_write_the_whole_listing(small_market: Market) -> None:
    market = small_market
    product = market.product(1)
    market.round()
    writes = market.server.count("update_item") + sum(asked.method == "PUT" for asked in market.server.asked)
    market.change(product, price=111_000, stock=3)
    assert market.round().done == 1
    assert market.said(1)[1:] == (111_000, 3)
    assert writes == market.server.count("update_item") + sum(asked.method == "PUT" for asked in market.server.asked)
    market.change(product, name="Tenun sutra halus")
    market.round()
    assert market.said(1)[0].startswith("Tenun sutra halus")
    assert (market.row(1).price, market.row(1).stock) == (111_000, 3)


def test_a_sale_begins_and_ends_by_the_clock_alone(small_market: Market) -> None:
    market = small_market
    now = market.world.clock()
    sale = {
        "price": 80_000,
        "starts": (now + timedelta(hours=1)).isoformat(),
        "ends": (now + timedelta(hours=2)).isoformat(),
    }
    product = market.product(1)
    market.change(product, sale=sale)
    market.round()
    assert market.said(1)[1] == 100_000
    market.forward(minutes=61)
    market.round()
    assert market.said(1)[1] == 80_000
    market.forward(minutes=61)
    market.round()
    assert market.said(1)[1] == 100_000


def test_what_stands_already_under_the_sku_is_taken_over(market: Market) -> None:
    """Another installation, or a file, has made it: Siar finds it by its SKU."""
    product = market.product(1)
    market.round()
    standing = market.standing(1)
    with market.world.app.database.write() as session:
        for row in market.rows().values():
            session.delete(session.get_one(type(row), row.id))
        session.execute(update(ChannelAccount).values(listings_version=""))
    market.change(product, name="Tenun nama lain")
    market.round()
    assert market.standing(1) == standing
    assert market.said(1)[0].startswith("Tenun nama lain")
    assert market.row(1).state is L.LISTED


def test_a_lost_answer_is_looked_up_and_never_repeated_blindly(market: Market) -> None:
    market.product(1)
    market.server.break_next(market.create_path, Fault.DROP_ANSWER)
    assert market.round().failed == 1
    assert market.row(1).state is L.UNCONFIRMED
    asked = len(market.server.asked)
    assert market.round().done == 0, "a search index may lag: not before its time"
    assert len(market.server.asked) == asked
    market.forward(minutes=6)
    assert market.round().done == 1
    assert len(market.standing(1)) == 1
    assert market.row(1).state is L.LISTED
    assert market.server.count(market.create_path) == 1


def test_an_answer_lost_before_storing_is_looked_up_and_then_created(small_market: Market) -> None:
    market = small_market
    market.product(1)
    market.server.break_next(market.create_path, Fault.SERVER_ERROR)
    market.round()
    assert market.row(1).state is L.UNCONFIRMED
    market.forward(minutes=6)
    market.round()
    market.round()
    assert len(market.standing(1)) == 1
    assert (market.row(1).state, market.row(1).next_try_at) == (L.LISTED, None)


def test_what_is_refused_says_why_and_is_offered_again_when_it_changes(market: Market) -> None:
    product = market.product(1, stock=None)
    market.product(2)
    assert market.round().failed == 1
    row = market.row(1)
    assert row.state is L.REFUSED
    assert "stok" in row.reason
    assert len(market.on_sale(2)) == 1, "one refusal keeps nothing else"
    asked = len(market.server.asked)
    market.round()
    assert len(market.server.asked) == asked, "the same is not offered twice"
    market.change(product, stock=4)
    assert market.round().done == 1
    assert market.said(1)[2] == 4
    assert market.row(1).reason == ""


def test_a_change_that_is_refused_leaves_the_old_listing_on_record(market: Market) -> None:
    """It still stands, so a recall must still find it."""
    product = market.product(1)
    market.round()
    if market.provider is Provider.SHOPEE:
        market.change(product, price=150_000_001)
    else:
        market.change(product, price=100_000_001)
    market.round()
    row = market.row(1)
    assert row.state is L.LISTED
    assert row.reason
    assert market.said(1)[1] == 100_000
    asked = len(market.server.asked)
    market.round()
    assert len(market.server.asked) == asked
    market.change(product, price=90_000)
    market.round()
    assert (market.said(1)[1], market.row(1).reason) == (90_000, "")


def test_an_empty_shelf_is_recalled_and_comes_back_with_its_stock(market: Market) -> None:
    product = market.product(1)
    market.round()
    for stock in (0, -3):
        market.forward(seconds=1)
        market.change(product, stock=stock)
        assert market.round().done == 0, "the recall writes the record of what lost its standing"
        market.world.app.recall.run("tts")
        assert market.on_sale(1) == []
        assert market.row(1).state is L.UNLISTED
        assert "Stok" in market.row(1).reason
        market.change(product, stock=7)
        market.round()
        assert len(market.on_sale(1)) == len(market.standing(1)) == 1
        assert market.said(1)[2] == 7


def test_what_was_deleted_at_the_marketplace_is_not_made_again_by_itself(market: Market) -> None:
    product = market.product(1)
    market.round()
    (key,) = market.standing(1)
    if market.provider is Provider.SHOPEE:
        del market.server.items[key]  # type: ignore[union-attr]
    else:
        market.server.products[key]["status"] = "DELETED"  # type: ignore[union-attr]
    market.change(product, stock=3)
    market.round()
    assert market.row(1).state is L.REFUSED
    assert "Dihapus di lokapasar" in market.row(1).reason
    market.change(product, stock=2)
    market.round()
    assert market.standing(1) == []
    market.parts.accounts.retry(market.world.staff(Role.MARKETER), market.account_id)
    market.round()
    assert len(market.on_sale(1)) == 1, "a person wants it again: a new listing, also where keys are remembered"


def test_three_delays_in_a_row_are_the_accounts(market: Market) -> None:
    for number in range(1, 7):
        market.product(number)
    market.server.break_next(search_path(market), *[Fault.HTTP_429] * 6)
    done = market.round()
    assert done.failed == 3
    assert done.problem
    assert market.account().not_before == market.world.clock() + timedelta(seconds=77)
    assert market.round() is None
    market.server.faults.clear()
    market.forward(seconds=78)
    market.round()
    market.forward(seconds=78)
    market.round()
    assert all(len(market.on_sale(number)) == 1 for number in range(1, 7))


def test_a_door_that_is_closed_stops_the_turn_and_is_shown(market: Market) -> None:
    for number in range(1, 4):
        market.product(number)
    market.server.break_next(search_path(market), Fault.PERMISSION)
    market.parts.listings.run("tts")
    account = market.account()
    assert account.state is AccountState.PAUSED
    assert account.state_reason.endswith(".") or "Jawaban" in account.state_reason
    assert market.server.count(search_path(market)) == 1
    assert account.report["listings"]["problem"] == account.state_reason
    assert market.parts.listings.run("tts") == {}
    market.parts.accounts.resume(market.world.staff(Role.OPERATOR), market.account_id)
    market.round()
    assert len(market.on_sale(3)) == 1


def test_a_turn_is_bounded_and_the_next_one_goes_on(small_market: Market) -> None:
    from dataclasses import replace

    market = small_market
    for number in range(1, 6):
        market.product(number)
    short = replace(market.parts.listings, most=2)
    assert [short.turn(market.account_id).done for _turn in range(4)] == [2, 2, 1, 0]  # type: ignore[union-attr]


def test_a_business_with_a_shop_of_its_own_leaves_that_of_the_dinas(market: Market) -> None:
    mine, other = market.product(1), market.product(2)
    market.round()
    with market.world.app.database.read() as session:
        business = session.get_one(Product, mine).business_id
    dinas = market.account_id
    market.parts.accounts.remove(market.world.staff(Role.OPERATOR), dinas)
    own = market.connect(business)
    assert own == dinas, "the same shop, now of a business"
    market.forward(minutes=2)
    market.round()
    assert len(market.on_sale(1)) == 1
    assert market.on_sale(2) == [], "another business's goods leave its shop"
    with market.world.app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Withdrawal)) == 0, "nothing lost its standing"
        assert session.get_one(Product, other).promotable


def test_without_the_switch_only_what_stood_before_is_kept_up(market: Market) -> None:
    product = market.product(1)
    market.round()
    market.product(2, stock=None)
    market.round()
    market.parts.accounts.set_auto(market.world.staff(Role.MARKETER), market.account_id, on=False)
    market.product(3)
    market.change(product, price=99_000)
    market.round()
    assert market.said(1)[1] == 99_000
    assert "tts-P-3" not in market.rows()
    market.parts.accounts.set_auto(market.world.staff(Role.MARKETER), market.account_id, on=True)
    market.round()
    assert len(market.on_sale(3)) == 1


def test_two_shops_of_one_provider_are_kept_apart(small_market: Market) -> None:
    """A second account fails by itself: its tokens belong to a shop that the fake does not know."""
    from dataclasses import replace

    market = small_market
    market.product(1)
    credentials = replace(market.credentials(), shop_id="999", shop_cipher="lain")
    user = market.world.staff(Role.OPERATOR)
    market.parts.accounts.store(user, market.provider, Connected(credentials, "Toko lain"), None)
    done = market.parts.listings.run("tts")
    assert len(done) == 2
    assert len(market.on_sale(1)) == 1
