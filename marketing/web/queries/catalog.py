"""The catalogue as its page and the picker of the composer read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from marketing.db.models import Business, Exposure, GateDecision, Product, ProductImage, SetAside, SyncRun
from marketing.domain import site
from marketing.domain.product import VerificationStatus
from marketing.web.queries.searching import has_words

V = VerificationStatus
_PULLED = (V.REJECTED, V.REVOKED)
LIVE = Product.deleted_at.is_(None)
READY = and_(LIVE, Product.promotable)
WITHDRAWN = or_(Product.deleted_at.is_not(None), Product.verification_status.in_(_PULLED))
UNVERIFIED = and_(LIVE, Product.promotable.is_(False), Product.verification_status == V.PENDING)
HELD = and_(LIVE, Product.promotable.is_(False), Product.verification_status == V.VERIFIED)
NOT_READY = and_(LIVE, Product.promotable.is_(False))
SHOWN_SET_ASIDE = 50


@dataclass(frozen=True, slots=True)
class CatalogCounts:
    """How many products stand behind each tab, and from how many businesses."""

    live: int
    ready: int
    held: int
    unverified: int
    withdrawn: int
    businesses: int


@dataclass(frozen=True, slots=True)
class HeldFacts:
    """A product that may not be promoted, with the latest decision on it."""

    id: int
    name: str
    business: str
    picture: str
    verification: VerificationStatus
    deleted_at: datetime | None
    decided_at: datetime | None
    reasons: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Shown:
    """How often a product was placed before an audience since a moment, and when last."""

    id: int
    times: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class SyncFacts:
    """The last pull of the catalogue."""

    id: int
    state: str
    started_at: datetime
    finished_at: datetime | None
    error: str
    set_aside: int


@dataclass(frozen=True, slots=True)
class SetAsideFacts:
    """A record that the last pull could not take; its content is not shown, it may hold a person's data."""

    kind: str
    external_id: str
    reason: str


def catalog_counts(session: Session, tenant_id: str) -> CatalogCounts:
    """Count the products of the tenant by what may be done with them."""
    conditions = (LIVE, READY, HELD, UNVERIFIED, WITHDRAWN)
    sums = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in conditions]
    live, ready, held, unverified, withdrawn = session.execute(
        select(*sums).where(Product.tenant_id == tenant_id)
    ).one()
    businesses = select(func.count(Product.business_id.distinct())).where(Product.tenant_id == tenant_id, LIVE)
    return CatalogCounts(
        int(live), int(ready), int(held), int(unverified), int(withdrawn), session.scalar(businesses) or 0
    )


def categories(session: Session, tenant_id: str) -> list[str]:
    """Return the categories that stand in the catalogue."""
    query = select(Product.category).where(Product.tenant_id == tenant_id, LIVE).distinct()
    return sorted(session.scalars(query))


def not_ready(
    session: Session, tenant_id: str, condition: ColumnElement[bool], *, words: str = "", category: str = ""
) -> list[HeldFacts]:
    """Return every product under the condition with its latest decision, newest decision first."""
    latest = (
        select(func.max(GateDecision.id).label("id"), GateDecision.product_id)
        .where(GateDecision.tenant_id == tenant_id)
        .group_by(GateDecision.product_id)
        .subquery()
    )
    query = (
        select(Product, Business.name, ProductImage.sha256, GateDecision.decided_at, GateDecision.reasons)
        .join(Business, Business.id == Product.business_id)
        .outerjoin(ProductImage, (ProductImage.product_id == Product.id) & (ProductImage.position == 0))
        .outerjoin(latest, latest.c.product_id == Product.id)
        .outerjoin(GateDecision, GateDecision.id == latest.c.id)
        .where(Product.tenant_id == tenant_id, condition, has_words(words, Product.name, Business.name))
        .order_by(GateDecision.decided_at.desc().nulls_last(), Product.id)
    )
    if category:
        query = query.where(Product.category == category)
    return [
        HeldFacts(
            id=row.id,
            name=row.name,
            business=business,
            picture=site.picture(sha256) if sha256 else "",
            verification=row.verification_status,
            deleted_at=row.deleted_at,
            decided_at=decided_at,
            reasons=reasons or (),
        )
        for row, business, sha256, decided_at, reasons in session.execute(query)
    ]


def least_shown_first(
    session: Session,
    tenant_id: str,
    since: datetime,
    *,
    words: str = "",
    category: str = "",
    offset: int = 0,
    limit: int,
) -> tuple[Sequence[Shown], int]:
    """Return promotable products in the order of fairness, and how many there are in all.

    Each product stands at the number of placements its business would have with it: a business shown least comes first,
    and no business fills the top of the list with all its products.
    """
    where = [Product.tenant_id == tenant_id, READY, has_words(words, Product.name, Business.name)]
    if category:
        where.append(Product.category == category)
    joined = select(func.count()).select_from(Product).join(Business, Business.id == Product.business_id)
    total = session.scalar(joined.where(*where)) or 0
    shown = _exposures(tenant_id, since)
    times = func.coalesce(shown.c.times, 0)
    of_business = func.sum(times).over(partition_by=Product.business_id)
    turn = func.row_number().over(partition_by=Product.business_id, order_by=(times, Product.id))
    query = (
        select(Product.id, times, shown.c.last)
        .join(Business, Business.id == Product.business_id)
        .outerjoin(shown, shown.c.product_id == Product.id)
        .where(*where)
        .order_by(of_business + turn, Product.id)
        .offset(offset)
        .limit(limit)
    )
    return [Shown(row_id, number, last) for row_id, number, last in session.execute(query)], total


def shown_since(session: Session, tenant_id: str, product_ids: Sequence[int], since: datetime) -> Mapping[int, Shown]:
    """Return how often these products were placed."""
    shown = _exposures(tenant_id, since)
    query = select(shown.c.product_id, shown.c.times, shown.c.last).where(shown.c.product_id.in_(product_ids))
    return {row_id: Shown(row_id, number, last) for row_id, number, last in session.execute(query)}


def last_sync(session: Session, tenant_id: str) -> SyncFacts | None:
    """Return the last pull, finished or not."""
    query = select(SyncRun).where(SyncRun.tenant_id == tenant_id).order_by(SyncRun.id.desc()).limit(1)
    run = session.scalars(query).first()
    if run is None:
        return None
    aside = select(func.count()).select_from(SetAside).where(SetAside.sync_run_id == run.id)
    return SyncFacts(run.id, run.state, run.started_at, run.finished_at, run.error or "", session.scalar(aside) or 0)


def set_aside_of(session: Session, tenant_id: str, run_id: int) -> Sequence[SetAsideFacts]:
    """Return the first records that a pull set aside."""
    query = select(SetAside.kind, SetAside.external_id, SetAside.reason)
    query = query.where(SetAside.tenant_id == tenant_id, SetAside.sync_run_id == run_id).order_by(SetAside.id)
    return [SetAsideFacts(*row) for row in session.execute(query.limit(SHOWN_SET_ASIDE))]


def _exposures(tenant_id: str, since: datetime) -> Any:
    return (
        select(Exposure.product_id, func.count().label("times"), func.max(Exposure.at).label("last"))
        .where(Exposure.tenant_id == tenant_id, Exposure.at >= since)
        .group_by(Exposure.product_id)
        .subquery()
    )
