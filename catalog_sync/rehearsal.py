"""A dry run: the same pages, checks and gate as a pull, and nothing written."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog_sync.contract import Kind, SetAside
from catalog_sync.diff import Counts, compare
from catalog_sync.intake import TABLES, Absent, Batch, Intake, apart
from catalog_sync.mapping import RowValues, business_values, product_values
from catalog_sync.repository import Scope, known_rows, live_businesses, live_ids
from catalog_sync.sources.base import CatalogSource
from marketing.db.models import Business, Product, ProductImage
from marketing.db.session import Database
from marketing.domain import product as facts
from marketing.domain.eligibility import decide
from marketing.products.facts import business_facts, product_facts
from marketing.products.gate import gate_report
from marketing.tenants.profile import TenantProfile

SHOWN: Final = 1_000
"""So many single changes are told; the numbers always count all."""
SILENT: Final = frozenset({"extra", "catalog_updated_at", "business_id", "search_text"})


@dataclass(frozen=True, slots=True)
class Change:
    """One product or business that a pull would touch; `fields` are those that differ, `reasons` what would hold it."""

    kind: str
    id: str
    what: str
    name: str
    fields: tuple[str, ...] = ()
    promotable: bool | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a pull would do; the numbers mean the same as those of a pull."""

    new: int
    changed: int
    unchanged: int
    deleted: int
    set_aside: list[SetAside]
    total: int
    promotable: int
    by_kind: dict[str, Counts]
    changes: list[Change]
    withheld: int = 0


def rehearse(
    database: Database,
    source: CatalogSource,
    *,
    profile: TenantProfile,
    source_name: str,
    signing_key: bytes,
    now: datetime,
) -> Rehearsed:
    """Return what a whole pull would change; CatalogError when the catalogue cannot be read to its end."""
    run = _Rehearsal(Intake(database, Scope(profile.id, source_name), profile, signing_key, now))
    for page in source.pages(None):
        for batch in run.intake.batches(page):
            run.take(batch)
    run.leave(snapshot=source.snapshot)
    return run.result()


@dataclass(slots=True)
class _Rehearsal:
    intake: Intake
    counts: dict[Kind, Counts] = field(default_factory=lambda: dict.fromkeys(Kind, Counts()))
    set_aside: list[SetAside] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    businesses: dict[str, Business] = field(default_factory=dict)
    withheld: int = 0
    promotable: Counter[bool] = field(default_factory=Counter)  # what becomes so, and what no longer is

    def take(self, batch: Batch) -> None:
        """Compare one batch with what we have."""
        self.counts[batch.kind] += Counts(unchanged=batch.unchanged)
        self.set_aside += batch.set_aside
        if batch.kind not in TABLES:
            self.counts[batch.kind] += Counts(new=len(batch.records))  # people and orders are not told one by one
            return
        with self.intake.database.read() as session:
            self._fall(session, batch)
            self.counts[batch.kind] += self._compare(session, batch)

    def leave(self, *, snapshot: bool) -> None:
        """Count what would be deleted: what the source says has left, and what a snapshot no longer lists."""
        for kind in (Kind.PRODUCT, Kind.BUSINESS):
            absent = self.intake.absent(kind, however_many=False) if snapshot else Absent()
            self.withheld += absent.withheld
            with self.intake.database.read() as session:
                live = live_ids(session, TABLES[kind], self.intake.scope)
                leaving = {*self.intake.left(kind), *absent.gone}
                gone = [key for key in live if key in leaving]
                self.counts[kind] += Counts(deleted=len(gone))
                for row in self._rows(session, kind, gone) if kind is Kind.PRODUCT else ():
                    self.promotable[False] += row.promotable
                self._tell(Change(kind.value, key, "deleted", "") for key in gone)

    def result(self) -> Rehearsed:
        """Return the numbers with what the gate would say of them."""
        with self.intake.database.read() as session:
            report = gate_report(session, self.intake.profile.id)
        products = self.counts[Kind.PRODUCT]
        return Rehearsed(
            new=products.new,
            changed=products.changed,
            unchanged=products.unchanged,
            deleted=products.deleted,
            set_aside=self.set_aside,
            total=report.total + products.new - products.deleted,
            promotable=report.promotable + self.promotable[True] - self.promotable[False],
            by_kind={kind.value: counts for kind, counts in self.counts.items()},
            changes=self.changes,
            withheld=self.withheld,
        )

    def _compare(self, session: Session, batch: Batch) -> Counts:
        if batch.kind is Kind.BUSINESS:
            rows = {record.id: self._business(record) for record in batch.records}
            self.businesses |= {key: Business(external_id=key, **row.values) for key, row in rows.items()}
        else:
            owners = live_businesses(session, self.intake.scope, list({one.business_id for one in batch.records}))
            records, orphans = apart(batch.records, owners.keys() | self.businesses.keys())
            self.set_aside += orphans
            rows = {record.id: product_values(record) for record in records}
        known = known_rows(session, TABLES[batch.kind], self.intake.scope, list(rows))
        diff = compare({key: row.content_hash for key, row in rows.items()}, known)
        old = {row.external_id: row for row in self._rows(session, batch.kind, diff.changed)}
        for key in (*diff.new, *diff.changed):
            self._changed(session, batch.kind, rows[key], old.get(key))
        return diff.counts

    def _fall(self, session: Session, batch: Batch) -> None:
        """Count what an unreadable record would take its standing from."""
        query = select(Product).join(Business).where(Product.promotable, Product.deleted_at.is_(None))
        owner = Product if batch.kind is Kind.PRODUCT else Business
        scope = self.intake.scope
        query = query.where(owner.tenant_id == scope.tenant_id, owner.source == scope.source)
        for product in session.scalars(query.where(owner.external_id.in_(list(batch.fallen)))) if batch.fallen else ():
            self.promotable[False] += 1
            self._tell((Change(Kind.PRODUCT.value, product.external_id, "affected", product.name, promotable=False),))

    def _changed(self, session: Session, kind: Kind, row: RowValues, old: Any) -> None:
        fields = tuple(
            name
            for name, value in row.values.items()
            if old is not None and name not in SILENT and getattr(old, name) != value
        )
        what = "new" if old is None else "changed"
        told = Change(kind.value, row.external_id, what, row.values["name"], fields)
        if kind is Kind.PRODUCT:
            owner = self.businesses.get(row.owner) or next(iter(self._rows(session, Kind.BUSINESS, [row.owner])))
            told = self._judged(told, _without_row(row, owner), was=old is not None and old.promotable)
        elif old is not None:
            self._products_of(session, old, business_facts(self.businesses[row.external_id]))
        self._tell((told,))

    def _products_of(self, session: Session, old: Business, new: facts.Business) -> None:
        """Ask the gate for the products of a business whose facts would change."""
        query = select(Product).where(Product.business_id == old.id, Product.deleted_at.is_(None))
        for product in session.scalars(query.options(joinedload(Product.business), selectinload(Product.images))):
            told = Change(Kind.PRODUCT.value, product.external_id, "affected", product.name)
            judged = self._judged(told, replace(product_facts(product), business=new), was=product.promotable)
            if judged.promotable is not product.promotable:
                self._tell((judged,))

    def _judged(self, told: Change, product: facts.Product, *, was: bool) -> Change:
        profile = self.intake.profile
        verdict = decide(product, regulation=profile.regulation, region_code=profile.region_code, now=self.intake.now)
        if verdict.promotable is not was:
            self.promotable[verdict.promotable] += 1
        codes = tuple(dict.fromkeys(reason.code for reason in verdict.reasons))
        return replace(told, promotable=verdict.promotable, reasons=codes)

    def _business(self, record: Any) -> RowValues:
        return business_values(record, tenant_id=self.intake.scope.tenant_id, signing_key=self.intake.signing_key)

    def _rows(self, session: Session, kind: Kind, keys: Sequence[str]) -> Sequence[Any]:
        model, scope = TABLES[kind], self.intake.scope
        query = select(model).where(model.tenant_id == scope.tenant_id, model.source == scope.source)
        return session.scalars(query.where(model.external_id.in_(keys))).all() if keys else ()

    def _tell(self, changes: Iterable[Change]) -> None:
        for change in changes:
            if len(self.changes) < SHOWN:
                self.changes.append(change)


def _without_row(row: RowValues, owner: Business) -> facts.Product:
    """Return the facts of a product that is not written."""
    images = [ProductImage(**image) for image in row.images]
    return product_facts(Product(external_id=row.external_id, **row.values, images=images, business=owner))
