"""What feeds and the widget list: the newest products that the gate lets pass now, and when the list last changed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketing.db.models import Business, GateDecision, Product, SyncRun
from marketing.domain.product import Category, VerificationStatus
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.products.catalogue import Offer, load_offers
from marketing.tenants.profile import TenantProfile
from marketing.web.queries.catalog import READY

NEWEST: Final = (Product.catalog_updated_at.desc().nulls_last(), Product.id)
BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)  # what an empty catalogue was last changed at


@dataclass(frozen=True, slots=True)
class Scope:
    """Which products: all of a Daerah, of one category, or of one business (by its row id)."""

    category: Category | None = None
    business_id: int | None = None

    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """Return what narrows the list, for WHERE."""
        chosen: list[ColumnElement[bool]] = []
        if self.category is not None:
            chosen.append(Product.category == self.category)
        if self.business_id is not None:
            chosen.append(Product.business_id == self.business_id)
        return tuple(chosen)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a product changed in the catalogue, was verified there, and was taken over with its last change."""

    changed: datetime | None
    verified: datetime | None
    synced: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A product that stands now, with its source and the moments that do not move from one request to the next."""

    offer: Offer
    source: str
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest products; `changed` is None when that moment is not known, because one fell out between two decisions."""

    entries: tuple[Entry, ...]
    changed: datetime | None


def newest(session: Session, profile: TenantProfile, scope: Scope, limit: int, now: datetime) -> Newest:
    """Return up to `limit` products; the gate is asked again for each, and those it holds now make room for the next."""
    entries: list[Entry] = []
    expired = False
    query = (
        select(Product.id, Product.source, Product.catalog_updated_at, Product.verified_at, Product.synced_at)
        .where(Product.tenant_id == profile.id, READY, *scope.conditions())
        .order_by(*NEWEST)
    )
    offset = 0
    while len(entries) < limit:
        rows = session.execute(query.offset(offset).limit(limit)).all()
        offers = load_offers(session, profile.id, [row.id for row in rows])
        for row in rows:
            offer = offers.get(row.id)
            if offer is None or not offer.stands(profile, now):
                expired = True
            elif len(entries) < limit:
                stamp = Stamp(row.catalog_updated_at, row.verified_at, row.synced_at)
                entries.append(_entry(offer, row.source, stamp, now))
        if len(rows) < limit:
            break
        offset += limit
    entries.sort(key=lambda entry: (entry.updated, entry.offer.row_id), reverse=True)
    changed = None if expired else max([decided_at(session, profile.id), *(entry.updated for entry in entries)])
    return Newest(tuple(entries), changed)


def decided_at(session: Session, tenant_id: str) -> datetime:
    """Return when the tenant's catalogue or a decision on it last changed: what was withdrawn counts as well."""
    latest = select(GateDecision.decided_at).where(GateDecision.tenant_id == tenant_id)
    decided = session.scalar(latest.order_by(GateDecision.id.desc()).limit(1))
    pulled = session.scalar(select(func.max(SyncRun.finished_at)).where(SyncRun.tenant_id == tenant_id))
    return max(moment for moment in (decided, pulled, BEGINNING) if moment is not None)


def business_name(session: Session, tenant_id: str, business_id: int) -> str:
    """Return the name of a business that may be named in public; NotFoundError for any other."""
    query = select(Business.name).where(
        Business.id == business_id,
        Business.tenant_id == tenant_id,
        Business.deleted_at.is_(None),
        Business.verification_status == VerificationStatus.VERIFIED,
    )
    name = session.scalar(query)
    if name is None:
        raise NotFoundError(_("Usaha ini tidak ada atau sedang tidak dipromosikan."))
    return name


def _entry(offer: Offer, source: str, stamp: Stamp, now: datetime) -> Entry:
    """Return the product with its moments: a catalogue whose clock runs ahead never dates a product in the future."""
    changed = min(stamp.changed or stamp.synced, stamp.synced)
    published = min(stamp.verified or changed, stamp.synced)
    updated = max(published, changed)
    sale = offer.facts.sale
    if sale is not None:  # the price that readers see changes at both ends without a change in the catalogue
        updated = max([updated, *(moment for moment in (sale.starts, sale.ends) if moment < now)])
    return Entry(offer, source, published, updated)
