"""Why a product may be promoted or not, asked now from the stored facts: for people, for the command line, for the pendamping."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from marketing.db.models import GateDecision
from marketing.db.models import Product as ProductRow
from marketing.db.session import Database
from marketing.domain.eligibility import Eligibility, decide
from marketing.domain.product import Product
from marketing.domain.regulations.base import Finding
from marketing.domain.remarks import remarks
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.products.facts import product_facts
from marketing.tenants.profile import TenantProfile

BATCH = 500


@dataclass(frozen=True, slots=True)
class Explanation:
    """One product, what the gate says of it at `at`, and what should be looked at besides."""

    row_id: int
    business_row_id: int
    source: str
    facts: Product
    verdict: Eligibility
    remarks: tuple[Finding, ...]
    catalog_version: int
    at: datetime

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values; the first three keys are what other programs read (issue 3)."""
        return {
            "product": self.facts.id,
            "promotable": self.verdict.promotable,
            "reasons": [
                {"code": reason.code, "text": reason.text, "cure": reason.cure, "citation": reason.citation}
                for reason in self.verdict.reasons
            ],
            "name": self.facts.name,
            "business": {"id": self.facts.business.id, "name": self.facts.business.name},
            "remarks": [asdict(remark) for remark in self.remarks],
            "source": self.source,
            "catalog_version": self.catalog_version,
            "rule_version": self.verdict.rule_version,
            "decided_at": self.at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class PastDecision:
    """One stored answer of the gate; reasons as they were put then."""

    at: datetime
    rule_version: str
    catalog_version: int
    promotable: bool
    reasons: Sequence[Mapping[str, Any]]


def explain_row(row: ProductRow, profile: TenantProfile, now: datetime) -> Explanation:
    """Ask the gate now about a product whose business and images are loaded."""
    facts = product_facts(row)
    return Explanation(
        row_id=row.id,
        business_row_id=row.business_id,
        source=row.source,
        facts=facts,
        verdict=decide(facts, regulation=profile.regulation, region_code=profile.region_code, now=now),
        remarks=remarks(facts, region_code=profile.region_code, zone=profile.zone, now=now),
        catalog_version=row.catalog_version,
        at=now,
    )


def explain(
    session: Session, profile: TenantProfile, external_id: str, now: datetime, *, source: str = ""
) -> Explanation:
    """Explain the product that the catalogue calls `external_id`; NotFoundError says what to do when it is not one product."""
    rows = session.scalars(_loaded(profile.id, ProductRow.external_id == external_id)).all()
    known = ", ".join(sorted(row.source for row in rows))
    if source:
        rows = [row for row in rows if row.source == source]
    live = [row for row in rows if row.deleted_at is None]
    if len(live) == 1:
        return explain_row(live[0], profile, now)
    if live:
        raise NotFoundError(
            _("Produk “{id}” ada di beberapa sumber: {sources}. Pilih satu dengan --source.").format(
                id=external_id, sources=known
            )
        )
    if rows:
        raise NotFoundError(
            _("Produk “{id}” sudah hilang dari katalog {name}; tidak ada yang dapat dipromosikan.").format(
                id=external_id, name=profile.short_name
            )
        )
    if known:
        raise NotFoundError(
            _("Produk “{id}” tidak ada di sumber “{source}”. Sumber yang memilikinya: {sources}.").format(
                id=external_id, source=source, sources=known
            )
        )
    raise NotFoundError(
        _("Produk “{id}” tidak ada di katalog {name}. Tulis id seperti di katalog, atau tarik katalog dulu.").format(
            id=external_id, name=profile.short_name
        )
    )


def explain_all(
    database: Database, profile: TenantProfile, now: datetime, *, held: bool = False
) -> Iterator[Explanation]:
    """Explain every live product of the tenant, in short reads, so that any number fits in memory."""
    last = 0
    while True:
        where = ProductRow.deleted_at.is_(None) & (ProductRow.id > last)
        with database.read() as session:
            rows = session.scalars(_loaded(profile.id, where).limit(BATCH)).all()
            found = [explain_row(row, profile, now) for row in rows]
        yield from (one for one in found if not (held and one.verdict.promotable))
        if len(found) < BATCH:
            return
        last = found[-1].row_id


def history(session: Session, tenant_id: str, product_row_id: int, limit: int) -> list[PastDecision]:
    """Return the stored answers on a product, newest first."""
    query = (
        select(GateDecision)
        .where(GateDecision.tenant_id == tenant_id, GateDecision.product_id == product_row_id)
        .order_by(GateDecision.id.desc())
        .limit(limit)
    )
    return [
        PastDecision(row.decided_at, row.rule_version, row.catalog_version, row.promotable, row.reasons)
        for row in session.scalars(query)
    ]


def _loaded(tenant_id: str, condition: ColumnElement[bool]) -> Select[ProductRow]:
    return (
        select(ProductRow)
        .where(ProductRow.tenant_id == tenant_id, condition)
        .options(joinedload(ProductRow.business), selectinload(ProductRow.images))
        .order_by(ProductRow.id)
    )
