"""Products as campaigns and mails need them: facts, our own picture, the public page, and whether the gate lets them pass now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from marketing.db.models import Business as BusinessRow
from marketing.db.models import Exposure, Product
from marketing.domain import eligibility, site
from marketing.domain.eligibility import Eligibility
from marketing.domain.money import format_rupiah
from marketing.domain.product import Business
from marketing.domain.product import Product as ProductFacts
from marketing.products.facts import business_facts, product_facts
from marketing.tenants.profile import TenantProfile


@dataclass(frozen=True, slots=True)
class Part:
    """What a bundle holds: so many of a product of this catalogue, and the business that makes it."""

    name: str
    business: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One product of the catalogue at one moment; `parts` only where it is a bundle and was loaded by its id."""

    row_id: int
    business_row_id: int
    facts: ProductFacts
    deleted: bool
    parts: tuple[Part, ...] = ()

    def check(self, profile: TenantProfile, now: datetime) -> Eligibility:
        """Ask the gate now, from the facts, not from the last decision."""
        return eligibility.decide(self.facts, regulation=profile.regulation, region_code=profile.region_code, now=now)

    def stands(self, profile: TenantProfile, now: datetime) -> bool:
        """Return whether it may be shown now."""
        return not self.deleted and self.check(profile, now).promotable

    def price_text(self, now: datetime) -> str:
        """Return the price in force, written out."""
        price = self.facts.price_at(now)
        return "" if price is None else format_rupiah(price)

    def before_text(self, now: datetime) -> str:
        """Return the normal price while a sale runs, else nothing."""
        on_sale = self.facts.price is not None and self.facts.price_at(now) != self.facts.price
        return format_rupiah(self.facts.price) if on_sale and self.facts.price is not None else ""

    def page_url(self, public_url: str, tenant_id: str) -> str:
        """Return the address of the product's public page."""
        return f"{public_url}{site.product(tenant_id, self.row_id)}"

    def percent_off(self, now: datetime) -> int:
        """Return by how many per cent the price is really reduced now, rounded down: nobody is promised more."""
        sale, before = self.facts.sale_at(now), self.facts.price
        return (before - sale.price) * 100 // before if sale and before else 0

    def picture_url(self, public_url: str, shape: str = "") -> str:
        """Return the address of our own copy of the first picture, whole or in a shape, or nothing."""
        for picture in self.facts.pictures:
            if picture.sha256:
                return f"{public_url}{site.picture(picture.sha256, shape)}"
        return ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One business of the catalogue with the group of UMKM it belongs to; what may be shown of it, its products decide."""

    row_id: int
    facts: Business
    group: str


def load_business(session: Session, tenant_id: str, row_id: int) -> Entry | None:
    """Return the business with this row id, or nothing for an unknown one, a deleted one and one of another tenant."""
    row = session.get(BusinessRow, row_id)
    if row is None or row.tenant_id != tenant_id or row.deleted_at is not None:
        return None
    return Entry(row.id, business_facts(row), row.joined_group)


def load_offers(session: Session, tenant_id: str, ids: Iterable[int]) -> Mapping[int, Offer]:
    """Return the products with these row ids, in the order asked for; ids of other tenants are left out."""
    wanted = list(dict.fromkeys(ids))
    query = (
        select(Product)
        .where(Product.tenant_id == tenant_id, Product.id.in_(wanted))
        .options(joinedload(Product.business), selectinload(Product.images))
    )
    rows = session.scalars(query).all()
    parts = _parts(session, tenant_id, rows)
    found = {row.id: _offer(row, parts.get(row.id, ())) for row in rows}
    return {row_id: found[row_id] for row_id in wanted if row_id in found}


def promotable_offers(session: Session, tenant_id: str, *, business_row_id: int | None = None) -> list[Offer]:
    """Return every product (of one business) that passed the gate at its last decision, newest in the catalogue first."""
    query = (
        select(Product)
        .where(Product.tenant_id == tenant_id, Product.promotable, Product.deleted_at.is_(None))
        .where(Product.business_id == business_row_id if business_row_id is not None else true())
        .options(joinedload(Product.business), selectinload(Product.images))
        .order_by(Product.catalog_updated_at.desc().nulls_last(), Product.id)
    )
    return [_offer(row) for row in session.scalars(query)]


def least_shown(session: Session, tenant_id: str, limit: int) -> list[int]:
    """Return promotable products of the businesses shown least so far, one per business: the fair way to fill a gap."""
    shown = (
        select(Exposure.business_id, func.count().label("times"))
        .where(Exposure.tenant_id == tenant_id)
        .group_by(Exposure.business_id)
        .subquery()
    )
    first = (
        select(func.min(Product.id).label("id"), Product.business_id)
        .where(Product.tenant_id == tenant_id, Product.promotable, Product.deleted_at.is_(None))
        .group_by(Product.business_id)
        .subquery()
    )
    query = (
        select(first.c.id)
        .outerjoin(shown, shown.c.business_id == first.c.business_id)
        .order_by(func.coalesce(shown.c.times, 0), first.c.business_id)
        .limit(limit)
    )
    return list(session.scalars(query))


def _parts(session: Session, tenant_id: str, rows: Sequence[Product]) -> Mapping[int, tuple[Part, ...]]:
    """Return what the bundles among these rows hold; a part that the catalogue does not have is left out."""
    bundles = [row for row in rows if row.bundle_of]
    if not bundles:
        return {}
    ids = {part["product_id"] for row in bundles for part in row.bundle_of}
    query = (
        select(Product.source, Product.external_id, Product.name, BusinessRow.name)
        .join(BusinessRow, BusinessRow.id == Product.business_id)
        .where(Product.tenant_id == tenant_id, Product.external_id.in_(ids), Product.deleted_at.is_(None))
    )
    known = {(source, key): (name, maker) for source, key, name, maker in session.execute(query)}
    return {
        row.id: tuple(
            Part(*known[row.source, part["product_id"]], int(part["quantity"]))
            for part in row.bundle_of
            if (row.source, part["product_id"]) in known
        )
        for row in bundles
    }


def _offer(row: Product, parts: tuple[Part, ...] = ()) -> Offer:
    return Offer(row.id, row.business_id, product_facts(row), deleted=row.deleted_at is not None, parts=parts)
