"""Which listings need a hand: the catalogue of this moment beside the ledger, written as intentions that a round then works off."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketing.db.insert import engine_insert
from marketing.db.models import MarketplaceListing
from marketing.db.session import Database
from marketing.domain.listing import TRANSITIONS, ListingState
from marketing.domain.transitions import change
from marketing.i18n import gettext as _
from marketing.marketplaces.offering import Target

BATCH: Final = 500
S = ListingState


@dataclass(frozen=True, slots=True)
class Known:
    """A row of the ledger."""

    id: int
    state: ListingState
    listed_before: bool
    content: str
    refused_hash: str
    price: int | None
    stock: int | None
    waiting: bool

    def stands_as(self, target: Target) -> bool:
        """Return whether what stands there is what should stand."""
        return (self.content, self.price, self.stock) == (target.content, target.price, target.stock)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A product that belongs to the account now."""

    product_id: int
    sku: str
    target: Target


class Act(StrEnum):
    """What to write about a product."""

    ADD = "add"
    WANT = "want"
    LOOK = "look"
    DROP = "drop"


def act_for(known: Known | None, target: Target, *, auto: bool) -> Act | None:
    """Return what a product needs that belongs to the account; pure. Without `auto` only what stood before is kept up."""
    if known is None:
        return Act.ADD if auto else None
    chosen = auto or known.listed_before
    match known.state:
        case S.WANTED:
            return None if chosen else Act.DROP
        case S.REFUSED | S.UNLISTED:
            return Act.WANT if chosen and not target.refused_as(known.refused_hash) else None
        case S.LISTED:
            fine = known.stands_as(target) or target.refused_as(known.refused_hash)
            return None if fine or known.waiting else Act.LOOK
        case S.CREATING | S.UNCONFIRMED:
            return None


def act_without(known: Known) -> Act | None:
    """Return what a row needs whose product no longer belongs to the account; pure."""
    match known.state:
        case S.LISTED:
            return Act.LOOK
        case S.WANTED | S.REFUSED:
            return Act.DROP
        case S.CREATING | S.UNCONFIRMED | S.UNLISTED:
            return None


def plan(
    database: Database,
    tenant_id: str,
    account_id: int,
    wanted: Iterable[Wanted],
    *,
    auto: bool,
    now: datetime,
) -> int:
    """Write every intention, a bounded number at a time; return how many."""
    with database.read() as session:
        known = _known(session, account_id)
    changes = 0
    for batch in _batches(wanted):
        acts: list[tuple[Act, int, Wanted | None]] = []
        for one in batch:
            row = known.pop(one.product_id, None)
            act = act_for(row, one.target, auto=auto)
            if act is not None:
                acts.append((act, row.id if row else 0, one))
        changes += _write(database, tenant_id, account_id, acts, now)
    left: list[tuple[Act, int, Wanted | None]] = [
        (act, row.id, None) for row in known.values() if (act := act_without(row)) is not None
    ]
    for start in range(0, len(left), BATCH):
        changes += _write(database, tenant_id, account_id, left[start : start + BATCH], now)
    return changes


def _known(session: Session, account_id: int) -> dict[int, Known]:
    row = MarketplaceListing
    query = select(
        row.product_id,
        row.id,
        row.state,
        row.remote_id.is_not(None),
        row.content_hash,
        row.refused_hash,
        row.price,
        row.stock,
        row.next_try_at.is_not(None),
    ).where(row.account_id == account_id)
    return {found[0]: Known(*found[1:]) for found in session.execute(query)}


def _batches(wanted: Iterable[Wanted]) -> Iterator[list[Wanted]]:
    source = iter(wanted)
    while batch := list(islice(source, BATCH)):
        yield batch


def _write(
    database: Database, tenant_id: str, account_id: int, acts: list[tuple[Act, int, Wanted | None]], now: datetime
) -> int:
    if not acts:
        return 0
    with database.write() as session:
        rows = [_row(tenant_id, account_id, one, now) for act, _id, one in acts if act is Act.ADD and one]
        if rows:
            session.execute(engine_insert(session, MarketplaceListing).on_conflict_do_nothing(), rows)
        look = [row_id for act, row_id, _one in acts if act is Act.LOOK]
        if look:
            session.execute(update(MarketplaceListing).where(MarketplaceListing.id.in_(look)).values(next_try_at=now))
        for act, row_id, _one in acts:
            if act in (Act.WANT, Act.DROP):
                row = session.get_one(MarketplaceListing, row_id, with_for_update=True)
                new = S.WANTED if act is Act.WANT else S.UNLISTED
                if new not in TRANSITIONS[row.state]:
                    continue  # a recall was faster
                row.state = change(TRANSITIONS, row.state, new)
                row.next_try_at = now if act is Act.WANT else None
                row.reason = "" if act is Act.WANT else _("Tidak (lagi) ditayangkan di akun ini.")
                row.refused_hash, row.updated_at = "", now
    return len(acts)


def _row(tenant_id: str, account_id: int, one: Wanted, now: datetime) -> dict[str, Any]:
    return {
        "tenant_id": tenant_id,
        "account_id": account_id,
        "product_id": one.product_id,
        "sku": one.sku,
        "state": S.WANTED,
        "reason": "",
        "content_hash": "",
        "refused_hash": "",
        "attempts": 0,
        "next_try_at": now,
        "created_at": now,
        "updated_at": now,
    }
