"""Ask the regulation about every product after each pull, and keep each answer that is new with what it looked at."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, cast, func, insert, or_, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from marketing.db.models import GateDecision, Tenant
from marketing.db.models import Product as ProductRow
from marketing.db.session import Database
from marketing.domain.calendar_id import local_date
from marketing.domain.eligibility import Eligibility, decide
from marketing.domain.product import Product
from marketing.domain.regulations import GATES
from marketing.products.facts import product_facts
from marketing.tenants.profile import TenantProfile

BATCH = 500
NATIONAL_ZONE = "Asia/Jakarta"  # a duty of national law begins at one moment everywhere


@dataclass(frozen=True, slots=True)
class GateReport:
    """How many products stand in the catalogue, how many may be promoted, and how many each article holds."""

    total: int
    promotable: int
    held: dict[str, int]


def evaluate_gate(
    session: Session, profile: TenantProfile, now: datetime, product_ids: Iterable[int] | None = None
) -> int:
    """Decide all products of the tenant (or these), store each answer that differs from the last; return how many did.

    An answer differs when its reasons or the version of the rules do, so a second run on the same day adds nothing while
    a permit that lapsed overnight does. Deleted products are never promotable and get no decision.
    """
    ids = list(product_ids) if product_ids is not None else _live_ids(session, profile.id)
    return sum(_evaluate_batch(session, profile, now, batch) for batch in _batches(ids))


def ask_all_when_due(database: Database, profile: TenantProfile, now: datetime) -> int:
    """Ask every product of the tenant once a local day and whenever the rules changed; return how many answers are new.

    Between two rounds only a change in the catalogue can change an answer: permits lapse and duties begin with a day.
    Short transactions, so that a large catalogue never blocks other writers; a round cut short begins anew.
    """
    days = f"{local_date(now, profile.zone)} {local_date(now, NATIONAL_ZONE)}"
    due = f"{days} {GATES[profile.regulation].version}"
    with database.read() as session:
        if session.scalar(select(Tenant.gate_round).where(Tenant.id == profile.id)) == due:
            return 0
        ids = _live_ids(session, profile.id)
    changed = 0
    for batch in _batches(ids):
        with database.write() as session:
            changed += _evaluate_batch(session, profile, now, batch)
    with database.write() as session:
        session.execute(update(Tenant).where(Tenant.id == profile.id).values(gate_round=due))
    return changed


def is_empty(session: Session, tenant_id: str) -> bool:
    """Return whether the tenant has no product yet, so that there is nothing to ask."""
    return session.scalar(select(ProductRow.id).where(ProductRow.tenant_id == tenant_id).limit(1)) is None


def gate_report(session: Session, tenant_id: str) -> GateReport:
    """Count what the latest decisions say; a product held by two articles counts under both."""
    live = (ProductRow.tenant_id == tenant_id, ProductRow.deleted_at.is_(None))
    total, promotable = session.execute(
        select(func.count(), func.coalesce(func.sum(cast(ProductRow.promotable, Integer)), 0)).where(*live)
    ).one()
    held: Counter[str] = Counter()
    latest = select(func.max(GateDecision.id)).join(ProductRow, ProductRow.id == GateDecision.product_id)
    latest = latest.where(*live, ProductRow.promotable.is_(False)).group_by(GateDecision.product_id)
    for reasons in session.scalars(select(GateDecision.reasons).where(GateDecision.id.in_(latest))):
        held.update({reason["code"] for reason in reasons})
    return GateReport(total, int(promotable), dict(sorted(held.items())))


def _evaluate_batch(session: Session, profile: TenantProfile, now: datetime, ids: Sequence[int]) -> int:
    query = select(ProductRow).where(ProductRow.tenant_id == profile.id, ProductRow.id.in_(ids)).order_by(ProductRow.id)
    query = query.options(joinedload(ProductRow.business), selectinload(ProductRow.images))
    last = _latest(session, ids)
    decisions: list[dict[str, Any]] = []
    for row in session.scalars(query.execution_options(populate_existing=True)):
        if row.deleted_at is not None:
            answer = False
        else:
            product = product_facts(row)
            verdict = decide(product, regulation=profile.regulation, region_code=profile.region_code, now=now)
            answer = verdict.promotable
            reasons = [asdict(reason) for reason in verdict.reasons]
            if last.get(row.id) != (verdict.rule_version, reasons):
                decisions.append(_decision(row, profile, now, (verdict, product, reasons)))
        if row.promotable is not answer:
            row.promotable, row.lost_at = answer, None if answer else now
    session.flush()
    if decisions:
        session.execute(insert(GateDecision), decisions)
    return len(decisions)


def _decision(
    row: ProductRow, profile: TenantProfile, now: datetime, answer: tuple[Eligibility, Product, list[dict[str, Any]]]
) -> dict[str, Any]:
    verdict, product, reasons = answer
    return {
        "tenant_id": profile.id,
        "product_id": row.id,
        "decided_at": now,
        "rule_version": verdict.rule_version,
        "catalog_version": row.catalog_version,
        "promotable": verdict.promotable,
        "facts": _facts(product),
        "reasons": reasons,
    }


def _facts(product: Product) -> dict[str, Any]:
    """Return what the articles look at, small enough to keep for good: an auditor can follow each decision."""
    business = product.business
    return {
        "verification": product.verification.status.value,
        "verified_by": product.verification.by,
        "verified_at": product.verification.at.isoformat() if product.verification.at else None,
        "kind": product.kind,
        "category": product.category.value,
        "price": product.price,
        "unit": product.unit,
        "stock": product.stock,
        "described": bool(product.description.strip()),
        "pictures": len(product.pictures),
        "how_to_order": bool(product.how_to_order.text or product.how_to_order.url or product.how_to_order.whatsapp),
        "permits": [
            {
                "type": permit.type,
                "number": permit.number,
                "expires": permit.expires.isoformat() if permit.expires else None,
            }
            for permit in product.permits
        ],
        "halal": product.halal.value,
        "halal_number": product.halal_number,
        "business": {
            "id": business.id,
            "role": business.role,
            "scale": business.scale,
            "nib": business.nib,
            "is_binaan": business.is_binaan,
            "domicile_region": business.domicile_region,
            "nik_given": business.nik_given,
            "nik_verified": business.nik_verified,
            "contact": bool(business.phone or business.email),
            "verification": business.verification.status.value,
        },
    }


def _latest(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, list[dict[str, Any]]]]:
    newest = select(func.max(GateDecision.id)).where(GateDecision.product_id.in_(ids)).group_by(GateDecision.product_id)
    query = select(GateDecision.product_id, GateDecision.rule_version, GateDecision.reasons)
    rows = session.execute(query.where(GateDecision.id.in_(newest)))
    return {product_id: (version, reasons) for product_id, version, reasons in rows}


def _live_ids(session: Session, tenant_id: str) -> list[int]:
    # A deleted product that is still marked promotable is asked too, so that the mark goes.
    wanted = or_(ProductRow.deleted_at.is_(None), ProductRow.promotable)
    return list(session.scalars(select(ProductRow.id).where(ProductRow.tenant_id == tenant_id, wanted)))


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
