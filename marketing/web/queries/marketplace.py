"""Whom a file for a marketplace can be narrowed to."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.db.models import Business, Product


def businesses_to_list(session: Session, tenant_id: str) -> list[tuple[int, str]]:
    """Return the businesses with something to promote, by name."""
    has_product = select(Product.id).where(
        Product.business_id == Business.id, Product.promotable, Product.deleted_at.is_(None)
    )
    query = select(Business.id, Business.name).where(Business.tenant_id == tenant_id, has_product.exists())
    return [(row_id, name) for row_id, name in session.execute(query.order_by(Business.name, Business.id))]


def categories_to_list(session: Session, tenant_id: str) -> list[str]:
    """Return the categories with something to promote."""
    query = select(Product.category).where(
        Product.tenant_id == tenant_id, Product.promotable, Product.deleted_at.is_(None)
    )
    return sorted(session.scalars(query.distinct()))
