"""The pages of one pull, written in short transactions: rows, what was set aside, and at once the gate's answer.

The gate is asked in the same transaction as the change, so that no kill in between leaves a revoked product standing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from catalog_sync.contract import Business, Buyer, Kind, SetAside
from catalog_sync.diff import Counts
from catalog_sync.intake import BATCH, TABLES, Batch, Intake, apart
from catalog_sync.mapping import RowValues, business_values, product_values
from catalog_sync.orders import upsert_orders
from catalog_sync.people import contact_record, refusal
from catalog_sync.repository import (
    delete_businesses,
    delete_products,
    live_businesses,
    mark_fallen,
    upsert_businesses,
    upsert_products,
)
from catalog_sync.runs import keep_progress, keep_set_aside
from catalog_sync.sources.base import Page
from marketing.contacts.service import detach_contacts, upsert_contacts
from marketing.products.gate import evaluate_gate


@dataclass(slots=True)
class Pull:
    """What one run has done so far. A page that was taken stays taken, whatever happens to the next one."""

    intake: Intake
    run_id: int
    counts: dict[Kind, Counts] = field(default_factory=lambda: dict.fromkeys(Kind, Counts()))
    set_aside: list[SetAside] = field(default_factory=list)
    withheld: int = 0

    def take(self, page: Page) -> None:
        """Write one page; CatalogError when it belongs to another Daerah, before anything of it is written."""
        for batch in self.intake.batches(page):
            with self.intake.database.write() as session:
                counts, more = self._write(session, batch)
                keep_set_aside(session, self.intake.scope, self.run_id, [*batch.set_aside, *more])
            self.counts[batch.kind] += counts
            self.set_aside += [*batch.set_aside, *more]
        if page.resume:
            with self.intake.database.write() as session:
                keep_progress(session, self.run_id, page.resume)

    def delete_gone(self) -> None:
        """Mark what the catalogue says has left it."""
        for kind in Kind:
            self._delete_in_batches(kind, self.intake.left(kind))

    def delete_absent(self, *, however_many: bool) -> None:
        """Mark what a complete snapshot no longer lists."""
        for kind in (Kind.PRODUCT, Kind.BUSINESS):
            absent = self.intake.absent(kind, however_many=however_many)
            self._delete_in_batches(kind, absent.gone)
            self.withheld += absent.withheld

    def _write(self, session: Session, batch: Batch) -> tuple[Counts, list[SetAside]]:
        counts, aside = Counts(unchanged=batch.unchanged), list[SetAside]()
        touched: tuple[int, ...] = ()
        scope, now = self.intake.scope, self.intake.now
        if batch.kind in TABLES and batch.fallen:
            touched = mark_fallen(session, TABLES[batch.kind], scope, batch.fallen)
        if batch.records:
            if batch.kind is Kind.BUSINESS:
                rows = [self._business(batch, record) for record in batch.records]
                written = upsert_businesses(session, scope, rows, now)
                counts, touched = counts + written.counts, touched + written.products
            elif batch.kind is Kind.PRODUCT:
                owners = live_businesses(session, scope, list({record.business_id for record in batch.records}))
                known, aside = apart(batch.records, owners)
                rows = [replace(product_values(record), raw_hash=batch.raw_hashes[record.id]) for record in known]
                written = upsert_products(session, scope, rows, owners, now)
                counts, touched = counts + written.counts, touched + written.products
            elif batch.kind is Kind.BUYER:
                counts, aside = self._write_buyers(session, batch.records)
            else:
                counts = upsert_orders(session, scope, batch.records, now=now)
        if touched:
            evaluate_gate(session, self.intake.profile, now, touched)
        return counts, aside

    def _business(self, batch: Batch, record: Business) -> RowValues:
        values = business_values(record, tenant_id=self.intake.scope.tenant_id, signing_key=self.intake.signing_key)
        return replace(values, raw_hash=batch.raw_hashes[record.id])

    def _write_buyers(self, session: Session, records: Sequence[Buyer]) -> tuple[Counts, list[SetAside]]:
        done = upsert_contacts(
            session,
            [contact_record(record, default_zone=self.intake.profile.zone) for record in records],
            tenant_id=self.intake.scope.tenant_id,
            source=self.intake.scope.source,
            signing_key=self.intake.signing_key,
            now=self.intake.now,
        )
        aside = [found for key, line in done.refused if (found := refusal(key, line)) is not None]
        return Counts(done.new, done.changed, done.unchanged), aside

    def _delete_in_batches(self, kind: Kind, keys: Sequence[str]) -> None:
        for start in range(0, len(keys), BATCH):
            with self.intake.database.write() as session:
                self._delete(session, kind, keys[start : start + BATCH])

    def _delete(self, session: Session, kind: Kind, keys: Sequence[str]) -> None:
        """Delete by kind; an order that happened stays, whatever the catalogue forgets."""
        scope, now = self.intake.scope, self.intake.now
        if kind is Kind.BUSINESS:
            businesses, products = delete_businesses(session, scope, keys, now)
            self.counts[Kind.BUSINESS] += Counts(deleted=businesses)
            self.counts[Kind.PRODUCT] += Counts(deleted=products)
        elif kind is Kind.PRODUCT:
            self.counts[kind] += Counts(deleted=delete_products(session, scope, keys, now))
        elif kind is Kind.BUYER:
            detached = detach_contacts(session, keys, tenant_id=scope.tenant_id, source=scope.source)
            self.counts[kind] += Counts(deleted=detached)
