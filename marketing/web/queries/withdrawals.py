"""Withdrawals as their page, the product's page and the post's page read them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from catalog_sync.recall import LISTING, POST
from marketing.db.models import Product, User, Withdrawal
from marketing.db.session import Database
from marketing.domain.types import ChannelName
from marketing.domain.withdrawal import WithdrawalState
from marketing.web.queries.searching import has_words

CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class WithdrawalFilter:
    """What the list is narrowed to; empty means all."""

    words: str = ""
    state: str = ""
    channel: str = ""
    product_id: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawalFacts:
    """One product taken off one place; `kind` and `place_id` are the two halves of the place."""

    id: int
    product_id: int
    product: str
    kind: str
    place_id: int | None
    channel: ChannelName
    code: str
    citation: str
    text: str
    lost_at: datetime
    state: WithdrawalState
    done_at: datetime | None
    done_by: str
    attempts: int
    next_try_at: datetime | None
    detail: str


@dataclass(frozen=True, slots=True)
class Speed:
    """How long it took until a place said that it was gone: by calls of ours, and by people."""

    machine: tuple[timedelta, ...]
    people: tuple[timedelta, ...]


def list_withdrawals(
    session: Session, tenant_id: str, wanted: WithdrawalFilter, *, offset: int = 0, limit: int
) -> tuple[Sequence[WithdrawalFacts], int]:
    """Return one page of withdrawals, newest first, and how many there are in all."""
    query = _withdrawals(tenant_id, wanted)
    total = session.scalar(select(func.count()).select_from(query.with_only_columns(Withdrawal.id).subquery())) or 0
    rows = session.execute(query.order_by(Withdrawal.id.desc()).offset(offset).limit(limit))
    return [_facts(*row) for row in rows], total


def every_withdrawal(database: Database, tenant_id: str, wanted: WithdrawalFilter) -> Iterator[WithdrawalFacts]:
    """Yield all withdrawals, newest first, a bounded number in memory."""
    last: int | None = None
    while True:
        query = _withdrawals(tenant_id, wanted).order_by(Withdrawal.id.desc()).limit(CHUNK)
        if last is not None:
            query = query.where(Withdrawal.id < last)
        with database.read() as session:
            found = [_facts(*row) for row in session.execute(query)]
        yield from found
        if len(found) < CHUNK:
            return
        last = found[-1].id


def by_state(session: Session, tenant_id: str) -> dict[WithdrawalState, int]:
    """Return how many withdrawals stand in each state."""
    query = select(Withdrawal.state, func.count()).where(Withdrawal.tenant_id == tenant_id)
    return dict(session.execute(query.group_by(Withdrawal.state)).all())


def speed_since(session: Session, tenant_id: str, since: datetime) -> Speed:
    """Return how long finished withdrawals took, of posts and listings lost since then.

    Galleries and campaigns are left out: they stop with the loss itself, and would make the number look good.
    """
    query = select(Withdrawal.lost_at, Withdrawal.done_at, Withdrawal.done_by).where(
        Withdrawal.tenant_id == tenant_id,
        Withdrawal.state == WithdrawalState.DONE,
        Withdrawal.lost_at >= since,
        or_(Withdrawal.place.startswith(f"{POST}:"), Withdrawal.place.startswith(f"{LISTING}:")),
    )
    machine: list[timedelta] = []
    people: list[timedelta] = []
    for lost_at, done_at, done_by in session.execute(query):
        if done_at is not None:
            (machine if done_by is None else people).append(done_at - lost_at)
    return Speed(tuple(machine), tuple(people))


def _withdrawals(tenant_id: str, wanted: WithdrawalFilter) -> Any:
    query = (
        select(Withdrawal, Product.name, User.name)
        .join(Product, Product.id == Withdrawal.product_id)
        .outerjoin(User, User.id == Withdrawal.done_by)
        .where(Withdrawal.tenant_id == tenant_id, has_words(wanted.words, Product.name, Withdrawal.code))
    )
    if wanted.state:
        query = query.where(Withdrawal.state == wanted.state)
    if wanted.channel:
        query = query.where(Withdrawal.channel == wanted.channel)
    if wanted.product_id is not None:
        query = query.where(Withdrawal.product_id == wanted.product_id)
    if wanted.place:
        query = query.where(Withdrawal.place == wanted.place)
    return query


def _facts(row: Withdrawal, product: str, who: str | None) -> WithdrawalFacts:
    kind, _colon, number = row.place.partition(":")
    return WithdrawalFacts(
        id=row.id,
        product_id=row.product_id,
        product=product,
        kind=kind,
        place_id=int(number) if number.isdigit() else None,
        channel=row.channel,
        code=row.code,
        citation=row.citation,
        text=row.text,
        lost_at=row.lost_at,
        state=row.state,
        done_at=row.done_at,
        done_by=who or "",
        attempts=row.attempts,
        next_try_at=row.next_try_at,
        detail=row.detail,
    )
