"""Accounts on marketplaces, what stands there in numbers, and what a person has to delete there by hand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, case, cast, func, literal, select, true
from sqlalchemy.orm import Session

from marketing.db.models import Business, ChannelAccount, MarketplaceListing, Product, Withdrawal
from marketing.domain.account import AccountState
from marketing.domain.listing import ListingState
from marketing.domain.types import ChannelName
from marketing.domain.withdrawal import WithdrawalState
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.marketplaces.ledger import PLACE

MANY = 200  # accounts and tasks on one page; a Daerah has a handful


@dataclass(frozen=True, slots=True)
class ToDelete:
    """A listing that a person has to delete in the seller centre."""

    listing_id: int
    product: str
    business: str
    account: str
    provider: str
    sku: str
    why: str
    citation: str


def accounts_of(session: Session, tenant_id: str) -> Sequence[tuple[ChannelAccount, str]]:
    """Return the accounts with the name of the business they are tied to (empty: the Dinas), removed ones last."""
    query = (
        select(ChannelAccount, func.coalesce(Business.name, ""))
        .outerjoin(Business, Business.id == ChannelAccount.business_id)
        .where(ChannelAccount.tenant_id == tenant_id, ChannelAccount.channel == ChannelName.MARKETPLACE)
        .order_by(case((ChannelAccount.state == AccountState.REMOVED, 1), else_=0), ChannelAccount.id)
        .limit(MANY)
    )
    return [(row, name) for row, name in session.execute(query)]


def account_of(session: Session, tenant_id: str, account_id: int) -> tuple[ChannelAccount, str]:
    """Return one account; NotFoundError when this Daerah has none of this number."""
    query = (
        select(ChannelAccount, func.coalesce(Business.name, ""))
        .outerjoin(Business, Business.id == ChannelAccount.business_id)
        .where(
            ChannelAccount.tenant_id == tenant_id,
            ChannelAccount.channel == ChannelName.MARKETPLACE,
            ChannelAccount.id == account_id,
        )
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFoundError(_("Akun ini tidak ada."))
    return found[0], found[1]


def listings_by_state(session: Session, tenant_id: str) -> Mapping[int, Mapping[ListingState, int]]:
    """Return how many listings of each account are in each state."""
    row = MarketplaceListing
    query = select(row.account_id, row.state, func.count()).where(row.tenant_id == tenant_id)
    found: dict[int, dict[ListingState, int]] = defaultdict(dict)
    for account_id, state, number in session.execute(query.group_by(row.account_id, row.state)):
        found[account_id][state] = number
    return found


def listings_of(
    session: Session, account_id: int, state: str, *, offset: int, limit: int
) -> tuple[Sequence[tuple[MarketplaceListing, str]], int]:
    """Return one page of an account's listings with the product's name, those with a reason first, and how many in all."""
    row = MarketplaceListing
    narrowed: tuple[ColumnElement[bool], ...] = (
        row.account_id == account_id,
        row.state == ListingState(state) if state else true(),
    )
    query = (
        select(row, Product.name)
        .join(Product, Product.id == row.product_id)
        .where(*narrowed)
        .order_by(case((row.reason != "", 0), else_=1), row.updated_at.desc(), row.id)
        .offset(offset)
        .limit(limit)
    )
    total = session.scalar(select(func.count()).select_from(row).where(*narrowed)) or 0
    return [(listing, name) for listing, name in session.execute(query)], total


def to_delete(session: Session, tenant_id: str) -> list[ToDelete]:
    """Return what stands on a marketplace although it may not, and only a person can end it; the oldest first."""
    place = literal(f"{PLACE}:") + cast(MarketplaceListing.id, String)
    query = (
        select(
            MarketplaceListing.id,
            Product.name,
            Business.name,
            ChannelAccount.name,
            ChannelAccount.provider,
            MarketplaceListing.sku,
            Withdrawal.text,
            Withdrawal.citation,
        )
        .join(Withdrawal, Withdrawal.place == place)
        .join(Product, Product.id == MarketplaceListing.product_id)
        .join(Business, Business.id == Product.business_id)
        .join(ChannelAccount, ChannelAccount.id == MarketplaceListing.account_id)
        .where(
            MarketplaceListing.tenant_id == tenant_id,
            Withdrawal.tenant_id == tenant_id,
            Withdrawal.state == WithdrawalState.AWAITING_HUMAN,
        )
        .order_by(Withdrawal.lost_at, Withdrawal.id)
        .limit(MANY)
    )
    return [ToDelete(*found) for found in session.execute(query)]
