"""The businesses that a pendamping can help, read from the catalogue; each is asked anew, none is kept."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from marketing.db.models import Business as BusinessRow
from marketing.db.models import Product as ProductRow
from marketing.db.session import Database
from marketing.domain.guidance import BusinessDigest, digest_of
from marketing.products.explain import explain_all
from marketing.tenants.profile import TenantProfile


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
    for business_id in business_ids:
        judged = ((one.facts, one.verdict.reasons) for one in explain_all(database, profile, now, business=business_id))
        digest = digest_of(business_id, profile.regulation, judged)
        if digest is not None and digest.gaps:
            yield digest


def all_digests(database: Database, profile: TenantProfile, now: datetime) -> Iterator[BusinessDigest]:
    """Return the digest of every business with gaps."""
    with database.read() as session:
        ids, _total = businesses_with_gaps(session, profile.id)
    yield from digests(database, profile, ids, now)
