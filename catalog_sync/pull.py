"""The pages of one pull, record by record: checked, compared, written in short transactions, set aside with a reason."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from catalog_sync.contract import Business, Buyer, Kind, Product, SetAside, parse
from catalog_sync.contract.parse import split_consents
from catalog_sync.contract.privacy import masked
from catalog_sync.diff import Counts
from catalog_sync.mapping import business_values, product_values
from catalog_sync.orders import upsert_orders
from catalog_sync.people import contact_record, refusal
from catalog_sync.repository import (
    Scope,
    delete_businesses,
    delete_products,
    live_businesses,
    upsert_businesses,
    upsert_products,
)
from catalog_sync.runs import keep_set_aside
from catalog_sync.sources.base import Page
from marketing.contacts.service import detach_contacts, upsert_contacts
from marketing.db.session import Database
from marketing.errors import CatalogError
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile

BATCH: Final = 200


@dataclass(slots=True)
class Pull:
    """What one run has done so far. A page that was taken stays taken, whatever happens to the next one."""

    database: Database
    scope: Scope
    profile: TenantProfile
    signing_key: bytes
    now: datetime
    run_id: int
    counts: dict[Kind, Counts] = field(default_factory=lambda: dict.fromkeys(Kind, Counts()))
    set_aside: list[SetAside] = field(default_factory=list)
    _seen: dict[Kind, set[str]] = field(default_factory=lambda: defaultdict(set))
    _gone: dict[Kind, list[str]] = field(default_factory=lambda: defaultdict(list))

    def take(self, page: Page) -> None:
        """Write one page; CatalogError when it belongs to another Daerah, before anything of it is written."""
        if page.region and page.region.replace(".", "") != self.profile.region_code.replace(".", ""):
            raise CatalogError(
                _("Katalog ini untuk wilayah {region}, bukan {ours} ({name}). Periksa alamat katalog.").format(
                    region=masked(page.region[:20]), ours=self.profile.region_code, name=self.profile.short_name
                )
            )
        for kind in Kind:
            for batch in _batches(page.records.get(kind, ())):
                self._take_batch(kind, batch)
            self._gone[kind] += [
                key for key in page.deleted.get(kind, ()) if isinstance(key, str) and key.isprintable()
            ]

    def delete_gone(self) -> None:
        """Mark what left the catalogue; one that the same pull also listed is there after all."""
        for kind, keys in self._gone.items():
            for batch in _batches([key for key in dict.fromkeys(keys) if key not in self._seen[kind]]):
                with self.database.write() as session:
                    self._delete(session, kind, batch)
        self._gone.clear()

    def _take_batch(self, kind: Kind, raws: Sequence[Any]) -> None:
        records: list[Any] = []
        aside: list[SetAside] = []
        for raw in raws:
            sound, bad_lines = split_consents(raw) if kind is Kind.BUYER else (raw, [])
            record = parse(kind, sound)
            if isinstance(record, SetAside):
                aside.append(record)
            elif record.id in self._seen[kind]:
                aside.append(
                    SetAside(kind, record.id, _("Pengenal ini sudah dipakai rekaman lain pada penarikan ini."))
                )
            else:
                self._seen[kind].add(record.id)
                records.append(record)
                aside += bad_lines
        with self.database.write() as session:
            counts, more = self._write(session, kind, records)
            keep_set_aside(session, self.scope, self.run_id, [*aside, *more])
        self.counts[kind] += counts
        self.set_aside += [*aside, *more]

    def _write(self, session: Session, kind: Kind, records: Sequence[Any]) -> tuple[Counts, list[SetAside]]:
        if not records:
            return Counts(), []
        if kind is Kind.BUSINESS:
            return self._write_businesses(session, records), []
        if kind is Kind.PRODUCT:
            return self._write_products(session, records)
        if kind is Kind.BUYER:
            return self._write_buyers(session, records)
        return upsert_orders(session, self.scope, records), []

    def _write_businesses(self, session: Session, records: Sequence[Business]) -> Counts:
        rows = [
            business_values(record, tenant_id=self.scope.tenant_id, signing_key=self.signing_key) for record in records
        ]
        return upsert_businesses(session, self.scope, rows, self.now)

    def _write_products(self, session: Session, records: Sequence[Product]) -> tuple[Counts, list[SetAside]]:
        owners = live_businesses(session, self.scope, list({record.business_id for record in records}))
        rows = [product_values(record) for record in records if record.business_id in owners]
        orphans = [
            SetAside(Kind.PRODUCT, record.id, _("Usaha pemilik produk ini tidak ada di katalog, atau disisihkan."))
            for record in records
            if record.business_id not in owners
        ]
        return upsert_products(session, self.scope, rows, owners, self.now), orphans

    def _write_buyers(self, session: Session, records: Sequence[Buyer]) -> tuple[Counts, list[SetAside]]:
        done = upsert_contacts(
            session,
            [contact_record(record, default_zone=self.profile.zone) for record in records],
            tenant_id=self.scope.tenant_id,
            source=self.scope.source,
            signing_key=self.signing_key,
            now=self.now,
        )
        aside = [found for key, line in done.refused if (found := refusal(key, line)) is not None]
        return Counts(done.new, done.changed, done.unchanged), aside

    def _delete(self, session: Session, kind: Kind, keys: Sequence[str]) -> None:
        """Delete by kind; an order that happened stays, whatever the catalogue forgets."""
        if kind is Kind.BUSINESS:
            businesses, products = delete_businesses(session, self.scope, keys, self.now)
            self.counts[Kind.BUSINESS] += Counts(deleted=businesses)
            self.counts[Kind.PRODUCT] += Counts(deleted=products)
        elif kind is Kind.PRODUCT:
            self.counts[kind] += Counts(deleted=delete_products(session, self.scope, keys, self.now))
        elif kind is Kind.BUYER:
            detached = detach_contacts(session, keys, tenant_id=self.scope.tenant_id, source=self.scope.source)
            self.counts[kind] += Counts(deleted=detached)


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
