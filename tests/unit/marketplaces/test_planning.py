"""What each state of the ledger needs beside each state of the catalogue; and what a listing is remembered by."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from marketing.channels.marketplace.listing import ListingSale
from marketing.channels.marketplace.port import Choice
from marketing.domain.listing import TRANSITIONS, ListingState
from marketing.marketplaces.offering import Scope, Target, choice_of, next_change, target_of
from marketing.marketplaces.planning import Act, Known, act_for, act_without
from tests.conformance.marketplace_suite import listing

L = ListingState
NOW = datetime(2026, 11, 22, tzinfo=UTC)
TARGET = Target("isi", 100, 5)
LEADS_TO = {Act.WANT: L.WANTED, Act.DROP: L.UNLISTED}


def known(state: ListingState, **changes: object) -> Known:
    row = Known(1, state, listed_before=True, content="isi", refused_hash="", price=100, stock=5, waiting=False)
    return replace(row, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "auto", "act"),
    [
        (None, True, Act.ADD),
        (None, False, None),
        (known(L.WANTED), True, None),
        (known(L.WANTED, listed_before=False), False, Act.DROP),
        (known(L.WANTED), False, None),
        (known(L.LISTED), True, None),
        (known(L.LISTED, content="lain"), True, Act.LOOK),
        (known(L.LISTED, price=99), False, Act.LOOK),
        (known(L.LISTED, stock=None), True, Act.LOOK),
        (known(L.LISTED, content="lain", waiting=True), True, None),
        (known(L.LISTED, content="lain", refused_hash=TARGET.fingerprint), True, None),
        (known(L.LISTED, content="lain", refused_hash="isi:100:4"), True, Act.LOOK),
        (known(L.REFUSED, refused_hash=TARGET.fingerprint), True, None),
        (known(L.REFUSED, refused_hash="isi"), True, None),
        (known(L.REFUSED, refused_hash="lain"), True, Act.WANT),
        (known(L.REFUSED), True, Act.WANT),
        (known(L.REFUSED, listed_before=False), False, None),
        (known(L.UNLISTED), False, Act.WANT),
        (known(L.UNLISTED, listed_before=False), False, None),
        (known(L.CREATING), True, None),
        (known(L.UNCONFIRMED), True, None),
    ],
)
def test_what_a_product_that_belongs_needs(row: Known | None, auto: bool, act: Act | None) -> None:
    assert act_for(row, TARGET, auto=auto) is act


def test_what_no_longer_belongs_leaves_or_is_looked_at() -> None:
    acts = {state: act_without(known(state)) for state in L}
    assert acts == {
        L.WANTED: Act.DROP,
        L.REFUSED: Act.DROP,
        L.LISTED: Act.LOOK,
        L.CREATING: None,
        L.UNCONFIRMED: None,
        L.UNLISTED: None,
    }


def test_no_act_asks_for_a_change_that_the_table_does_not_have() -> None:
    for state, before, auto, refused in product(L, (True, False), (True, False), ("", "isi", "x")):
        row = known(state, listed_before=before, refused_hash=refused)
        for act in (act_for(row, TARGET, auto=auto), act_without(row)):
            if act in LEADS_TO:
                assert LEADS_TO[act] in TRANSITIONS[state], (state, act)


def test_a_listing_is_remembered_by_everything_that_goes_out() -> None:
    plain = target_of(listing(), Choice(), NOW)
    assert plain == target_of(listing(), Choice(), NOW)
    for changed in (
        listing(title="Lain"),
        listing(description="Lain"),
        listing(weight_gram=1),
        listing(business="Lain"),
        listing(pictures=()),
    ):
        assert target_of(changed, Choice(), NOW).content != plain.content
    assert target_of(listing(), Choice(category_id="7"), NOW).content != plain.content
    assert target_of(listing(), Choice(attributes={"a": "b"}), NOW).content != plain.content
    for changed in (listing(price=1), listing(stock=1)):
        found = target_of(changed, Choice(), NOW)
        assert found.content == plain.content
        assert found.fingerprint != plain.fingerprint


def test_a_sale_counts_at_its_time_and_says_when_it_changes() -> None:
    sale = ListingSale(9_000, NOW + timedelta(hours=1), NOW + timedelta(hours=2))
    item = listing(sale=sale)
    moments = (NOW, NOW + timedelta(minutes=90), NOW + timedelta(hours=3))
    assert [target_of(item, Choice(), at).price for at in moments] == [15_000, 9_000, 15_000]
    assert [next_change(item, at) for at in moments] == [sale.starts, sale.ends, None]
    assert next_change(listing(), NOW) is None


def test_a_shop_of_a_business_takes_its_goods_and_that_of_the_dinas_the_rest() -> None:
    mine, service = listing(business_row_id=1), listing(kind="service")
    assert Scope(1, frozenset()).holds(mine)
    assert not Scope(2, frozenset()).holds(mine)
    assert Scope(None, frozenset({2})).holds(mine)
    assert not Scope(None, frozenset({1})).holds(mine)
    assert not Scope(None, frozenset()).holds(service)


@pytest.mark.parametrize(
    "broken", [{}, {"choices": 1}, {"choices": {"minuman": []}}, {"choices": {"minuman": {"parcel_cm": [1, "x", 2]}}}]
)
def test_settings_that_cannot_be_read_choose_nothing(broken: dict[str, object]) -> None:
    assert choice_of(broken, "minuman") == Choice()
