"""Every public page that exists now, for search engines: read in batches, so that a large catalogue never stands in memory."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketing.db.models import Campaign, CampaignVersion, Post, Product
from marketing.db.session import Database
from marketing.domain import site
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName
from marketing.web.queries.catalog import READY
from marketing.web.queries.newsletters import CURRENT, PUBLISHED

BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class Place:
    """A page, by its path, and when it last changed here."""

    path: str
    changed: datetime | None


@dataclass(frozen=True, slots=True)
class Extent:
    """How many pages a Daerah has, and when the newest of them changed."""

    tenant_id: str
    pages: int
    changed: datetime


def extents(session: Session, tenant_ids: Collection[str]) -> list[Extent]:
    """Return those of these Daerah that have something to show."""
    query = (
        select(
            Product.tenant_id,
            func.count(),
            func.count(Product.business_id.distinct()),
            func.count(Product.category.distinct()),
            func.max(Product.synced_at),
        )
        .where(Product.tenant_id.in_(tenant_ids), READY)
        .group_by(Product.tenant_id)
        .order_by(Product.tenant_id)
    )
    counted = select(Post.tenant_id, func.count().label("pages")).where(*_PROMOS).group_by(Post.tenant_id)
    promos = Counter({row.tenant_id: row.pages for row in session.execute(counted)})
    letters = select(Campaign.tenant_id, func.count().label("pages")).join(CampaignVersion, CURRENT).where(*PUBLISHED)
    for row in session.execute(letters.group_by(Campaign.tenant_id)):
        promos[row.tenant_id] += 1 + row.pages  # with their archive
    return [
        Extent(tenant_id, 1 + products + businesses + categories + promos[tenant_id], changed)
        for tenant_id, products, businesses, categories, changed in session.execute(query)
    ]


def places(database: Database, tenant_id: str) -> Iterator[Place]:
    """Yield every page of a Daerah, always in the same order; no transaction stays open while a reader is slow."""
    with database.read() as session:
        found = [*_lists(session, tenant_id), *_promos(session, tenant_id), *_letters(session, tenant_id)]
    yield from found
    last = 0
    while rows := _businesses(database, tenant_id, last):
        last = rows[-1][0]
        yield from (Place(site.business(tenant_id, row_id), changed) for row_id, changed in rows)
    last = 0
    while rows := _products(database, tenant_id, last):
        last = rows[-1][0]
        yield from (Place(site.product(tenant_id, row_id), changed) for row_id, changed in rows)


_PROMOS: Final[tuple[ColumnElement[bool], ...]] = (
    Post.channel == ChannelName.WEBSITE,
    Post.state == PostState.PUBLISHED,
)
_Rows = list[tuple[int, datetime]]


def _lists(session: Session, tenant_id: str) -> Iterator[Place]:
    query = select(Product.category, func.max(Product.synced_at)).where(Product.tenant_id == tenant_id, READY)
    rows = list(session.execute(query.group_by(Product.category).order_by(Product.category)))
    yield Place(site.home(tenant_id), max((changed for _category, changed in rows), default=None))
    for category, changed in rows:
        yield Place(site.category(tenant_id, category), changed)


def _promos(session: Session, tenant_id: str) -> Iterator[Place]:
    query = select(Post.marker, Campaign.started_at).join(Campaign, Campaign.id == Post.campaign_id)
    for marker, changed in session.execute(query.where(Post.tenant_id == tenant_id, *_PROMOS).order_by(Post.id)):
        yield Place(site.promo(tenant_id, marker), changed)


def _letters(session: Session, tenant_id: str) -> Iterator[Place]:
    query = select(Campaign.slug, Campaign.started_at).join(CampaignVersion, CURRENT)
    rows = list(session.execute(query.where(Campaign.tenant_id == tenant_id, *PUBLISHED).order_by(Campaign.id)))
    if rows:
        yield Place(site.newsletters(tenant_id), max((changed for _slug, changed in rows if changed), default=None))
    for slug, changed in rows:
        yield Place(site.newsletter(tenant_id, slug), changed)


def _businesses(database: Database, tenant_id: str, last: int) -> _Rows:
    query = (
        select(Product.business_id, func.max(Product.synced_at))
        .where(Product.tenant_id == tenant_id, READY, Product.business_id > last)
        .group_by(Product.business_id)
        .order_by(Product.business_id)
        .limit(BATCH)
    )
    with database.read() as session:
        return [(row_id, changed) for row_id, changed in session.execute(query)]


def _products(database: Database, tenant_id: str, last: int) -> _Rows:
    query = select(Product.id, Product.synced_at).where(Product.tenant_id == tenant_id, READY, Product.id > last)
    with database.read() as session:
        return [(row_id, changed) for row_id, changed in session.execute(query.order_by(Product.id).limit(BATCH))]
