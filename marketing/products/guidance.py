"""The businesses that a pendamping can help, read from the catalogue; each is asked anew, none is kept."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from marketing.db.models import Business as BusinessRow
from marketing.db.models import Product as ProductRow
from marketing.db.session import Database
from marketing.domain.eligibility import decide
from marketing.domain.guidance import BusinessDigest, digest_of
from marketing.domain.product import Product
from marketing.domain.regulations.base import Reason
from marketing.products.facts import product_facts
from marketing.tenants.profile import TenantProfile

BATCH: Final = 50
"""Businesses asked at a time; each brings all its products."""


def businesses_with_gaps(
    session: Session,
    tenant_id: str,
    condition: ColumnElement[bool] | None = None,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> tuple[Sequence[int], int]:
    """Return row ids of businesses with a live product that the gate holds (most held first), and how many there are."""
    held = (ProductRow.tenant_id == tenant_id) & ProductRow.deleted_at.is_(None) & ProductRow.promotable.is_(False)
    query = (
        select(ProductRow.business_id)
        .join(BusinessRow, BusinessRow.id == ProductRow.business_id)
        .where(held, condition if condition is not None else true())
        .group_by(ProductRow.business_id)
    )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    found = query.order_by(func.count().desc(), ProductRow.business_id).offset(offset)
    return session.scalars(found if limit is None else found.limit(limit)).all(), total


def digests(
    database: Database, profile: TenantProfile, business_ids: Sequence[int], now: datetime
) -> Iterator[BusinessDigest]:
    """Return the digest of each business, in the order asked for; one whose products all pass by now is left out."""
    for start in range(0, len(business_ids), BATCH):
        batch = business_ids[start : start + BATCH]
        with database.read() as session:
            judged = _judged(session, profile, batch, now)
        for business_id in batch:
            digest = digest_of(business_id, profile.regulation, judged[business_id])
            if digest is not None and digest.gaps:
                yield digest


def all_digests(database: Database, profile: TenantProfile, now: datetime) -> Iterator[BusinessDigest]:
    """Return the digest of every business with gaps."""
    with database.read() as session:
        ids, _total = businesses_with_gaps(session, profile.id)
    yield from digests(database, profile, ids, now)


def _judged(
    session: Session, profile: TenantProfile, business_ids: Sequence[int], now: datetime
) -> dict[int, list[tuple[Product, Sequence[Reason]]]]:
    query = (
        select(ProductRow)
        .where(ProductRow.business_id.in_(business_ids), ProductRow.deleted_at.is_(None))
        .options(joinedload(ProductRow.business), selectinload(ProductRow.images))
        .order_by(ProductRow.id)
    )
    found: dict[int, list[tuple[Product, Sequence[Reason]]]] = defaultdict(list)
    for row in session.scalars(query):
        facts = product_facts(row)
        verdict = decide(facts, regulation=profile.regulation, region_code=profile.region_code, now=now)
        found[row.business_id].append((facts, verdict.reasons))
    return found
