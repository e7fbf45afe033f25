"""Offers as marketplace listings: one, a few, or all of a Daerah in constant memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import Session

from marketing.channels.marketplace.listing import Listing, ListingPicture, ListingSale, sku_of
from marketing.db.models import Business, GateDecision, Product, SyncRun
from marketing.db.session import Database
from marketing.domain import site
from marketing.domain.picture_shape import Shape
from marketing.domain.product import Category, HalalStatus
from marketing.domain.product import Product as ProductFacts
from marketing.domain.text import cleaned, one_line, without_links
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.products.catalogue import Offer, load_offers
from marketing.tenants.profile import TenantProfile

FIRST_SOURCE: Final = "katalog"  # its products keep the short id; a second catalogue may call another product the same
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which products a file is for; nothing set means all."""

    business_row_id: int | None = None
    category: Category | None = None


@dataclass(frozen=True, slots=True)
class ListingMaker:
    """Makes listings whose addresses are public and whose pictures are our own copies."""

    public_url: str
    picture_dir: Path

    def make(self, offer: Offer, profile: TenantProfile, *, source: str = FIRST_SOURCE) -> Listing:
        """Return the offer as a listing; ValueError for one without a price, which no gate lets pass."""
        facts = offer.facts
        if facts.price is None:
            raise ValueError("A listing needs a price.")
        closing = closing_of(facts, profile)
        return Listing(
            sku=sku_of(profile.id, facts.id, "" if source == FIRST_SOURCE else source),
            product_id=facts.id,
            row_id=offer.row_id,
            kind=facts.kind,
            category=facts.category,
            title=one_line(facts.name),
            description="\n\n".join(filter(None, (without_links(cleaned(facts.description)).strip(), closing))),
            price=facts.price,
            sale=_sale(facts),
            stock=facts.stock,
            min_order=facts.min_order,
            unit=facts.unit,
            weight_gram=facts.weight_gram,
            pictures=tuple(self._pictures(facts)),
            business=one_line(facts.business.name),
            business_row_id=offer.business_row_id,
            url=self.public_url + site.product(profile.id, offer.row_id),
            permits=facts.permits,
            halal=facts.halal,
            halal_number=facts.halal_number,
            closing=closing,
        )

    def load(self, session: Session, profile: TenantProfile, ids: Iterable[int], now: datetime) -> list[Listing]:
        """Return the listings of these rows in the order asked for; what the gate holds now is left out."""
        offers = load_offers(session, profile.id, ids)
        query = select(Product.id, Product.source).where(Product.tenant_id == profile.id, Product.id.in_(offers))
        sources = dict(session.execute(query).all())
        return [
            self.make(offer, profile, source=sources[row_id])
            for row_id, offer in offers.items()
            if offer.stands(profile, now)
        ]

    def stream(
        self, database: Database, profile: TenantProfile, now: datetime, narrowed: Narrowed | None = None
    ) -> Iterator[Listing]:
        """Yield all listings of a Daerah, a batch in memory at a time; the gate is asked again for each product."""
        last = 0
        while True:
            with database.read() as session:
                query = _promotable(profile.id, narrowed or Narrowed()).where(Product.id > last)
                ids = list(session.scalars(query.order_by(Product.id).limit(BATCH)))
                listings = self.load(session, profile, ids, now)
            if not ids:
                return
            last = ids[-1]
            yield from listings

    def _pictures(self, facts: ProductFacts) -> Iterator[ListingPicture]:
        for picture in facts.pictures:
            if picture.sha256:
                yield ListingPicture(
                    sha256=picture.sha256,
                    path=str(self.picture_dir / f"{picture.sha256}.jpg"),
                    url=self.public_url + site.picture(picture.sha256),
                    square_url=self.public_url + site.picture(picture.sha256, Shape.SQUARE),
                    width=picture.width,
                    height=picture.height,
                    alt=picture.alt or facts.name,
                )


def closing_of(facts: ProductFacts, profile: TenantProfile) -> str:
    """Return the last lines of a listing: who made it, its permits, and who vouches for it."""
    business = facts.business
    place = ", ".join(part for part in (one_line(business.domicile_kecamatan), profile.short_name) if part)
    marks = [f"{permit.type.replace('PIRT', 'P-IRT').replace('_', ' ')} {permit.number}" for permit in facts.permits]
    if facts.halal is HalalStatus.CERTIFIED and facts.halal_number:
        marks.append(f"Halal {facts.halal_number}")
    elif facts.halal is HalalStatus.NOT_HALAL:
        marks.append("Tidak halal")
    lines = (
        f"Produsen: {one_line(business.name)} ({place}).",
        f"Izin: {one_line('; '.join(marks))}." if marks else "",
        f"Produk UMKM terverifikasi, binaan {profile.dinas_short}.",
    )
    return "\n".join(line for line in lines if line)


def version_of(session: Session, profile: TenantProfile, now: datetime) -> str:
    """Return what changes whenever the listings may: last pull, last decision of the gate, and the day (permits end by day)."""
    runs = select(func.max(SyncRun.id), func.max(SyncRun.finished_at)).where(SyncRun.tenant_id == profile.id)
    run, finished = session.execute(runs).one()
    decision = session.scalar(select(func.max(GateDecision.id)).where(GateDecision.tenant_id == profile.id))
    return f"{run}-{finished.timestamp() if finished else 0:.0f}-{decision}-{now.astimezone(profile.tz):%Y%m%d}"


def business_row_id(session: Session, tenant_id: str, business_id: str) -> int:
    """Return the row of the business that the catalogue calls so; NotFoundError for an unknown one."""
    query = select(Business.id).where(Business.tenant_id == tenant_id, Business.external_id == business_id)
    found = session.scalars(query.order_by(Business.id).limit(1)).first()
    if found is None:
        raise NotFoundError(_("Usaha “{id}” tidak ada di katalog Daerah ini.").format(id=business_id))
    return found


def _promotable(tenant_id: str, narrowed: Narrowed) -> Select[int]:
    return select(Product.id).where(
        Product.tenant_id == tenant_id,
        Product.promotable,
        Product.deleted_at.is_(None),
        Product.business_id == narrowed.business_row_id if narrowed.business_row_id is not None else true(),
        Product.category == narrowed.category if narrowed.category is not None else true(),
    )


def _sale(facts: ProductFacts) -> ListingSale | None:
    """Return the sale when it is a real one (UU 8/1999, see `Sale.fault`); its dates go out with it."""
    sale = facts.sale
    if sale is None or sale.fault(facts.price) is not None or sale.ends <= sale.starts:
        return None
    return ListingSale(sale.price, sale.starts, sale.ends)
