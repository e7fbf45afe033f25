"""What the public gallery lists: chosen and counted by the database, so that a large catalogue costs no more than one page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from marketing.db.models import Business, Product
from marketing.products.catalogue import Offer, load_offers
from marketing.web.queries.catalog import READY
from marketing.web.queries.searching import has_words


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """One page of products by the latest gate decision; the caller asks the gate again for those it shows."""

    offers: Sequence[Offer]
    total: int
    businesses: int
    categories: Sequence[str]


def gallery_page(
    session: Session, tenant_id: str, *, words: str, category: str, offset: int, limit: int
) -> GalleryPage:
    """Return the products that match, newest in the catalogue first, and what the whole match holds."""
    ready = (Product.tenant_id == tenant_id, READY)
    matching = (
        *ready,
        has_words(words, Product.name, Business.name, Product.description),
        Product.category == category if category else true(),
    )
    counts = (
        select(func.count(), func.count(func.distinct(Product.business_id))).join(Product.business).where(*matching)
    )
    total, businesses = session.execute(counts).one()
    newest = (Product.catalog_updated_at.desc().nulls_last(), Product.id)
    ids = session.scalars(
        select(Product.id).join(Product.business).where(*matching).order_by(*newest).offset(offset).limit(limit)
    )
    categories = session.scalars(select(Product.category).where(*ready).distinct().order_by(Product.category)).all()
    return GalleryPage(list(load_offers(session, tenant_id, ids).values()), total, businesses, categories)
