"""Pull a tenant's catalogues and do all that follows: gate, recall, pictures; or only say what a pull would change."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from catalog_sync import saved_sources
from catalog_sync.pictures import PictureStore
from catalog_sync.recall import Recall
from catalog_sync.rehearsal import Rehearsed, rehearse
from catalog_sync.saved_sources import SourceSpec
from catalog_sync.service import SyncResult, sync
from catalog_sync.sources.base import CatalogSource, SourceFormat, SourceOptions
from catalog_sync.sources.opening import open_source
from marketing.db import models
from marketing.db.exclusive import exclusively
from marketing.db.session import Database
from marketing.domain.sealing import Sealer
from marketing.errors import CatalogError, SettingsError
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile, profile_of

SOURCE_NAME = "katalog"


@dataclass(frozen=True, slots=True)
class CatalogPull:
    """Pulls catalogues; `addresses` are those named in the settings, all others are kept in the database."""

    database: Database
    pictures: PictureStore | None
    recall: Recall
    sealer: Sealer
    addresses: Mapping[str, str]
    token: str = field(repr=False)
    timeout_seconds: float
    signing_key: bytes = field(repr=False)
    clock: Callable[[], datetime]

    def pull(
        self,
        tenant_id: str,
        spec: SourceSpec | None = None,
        *,
        incremental: bool = False,
        however_many_deleted: bool = False,
    ) -> SyncResult:
        """Pull one source (None: the configured one); CatalogError when it cannot be read or is being pulled already.

        `incremental` asks only for what changed since the last pull where the source can tell, and for everything once a
        day. What lost its standing is recalled also when the catalogue fails.
        """
        profile = profile_of(tenant_id)
        spec = spec or self.configured(tenant_id)
        with exclusively(self.database, f"catalog {tenant_id} {spec.name}") as alone:
            if not alone:
                raise CatalogError(
                    _("Sumber “{name}” sedang diambil proses lain. Tunggu sampai selesai.").format(name=spec.name)
                )
            row = self._kept(profile, spec)
            source = self._open(profile, spec, row)
            now = self.clock()
            try:
                result = sync(
                    self.database,
                    source,
                    profile=profile,
                    source_name=spec.name,
                    signing_key=self.signing_key,
                    now=now,
                    pictures=self.pictures,
                    since=saved_sources.since_of(row, now) if incremental else None,
                    however_many_deleted=however_many_deleted,
                    recall=lambda: self.recall.run(tenant_id),
                )
            except CatalogError as error:
                if error.retry_after is not None:
                    self._wait(row, now + error.retry_after)
                raise
            with self.database.write() as session:
                if (kept := session.get(models.CatalogSource, (tenant_id, spec.name))) is not None:
                    saved_sources.settle(kept, source.memory, result, now)
            return result

    def rehearse(self, tenant_id: str, spec: SourceSpec | None = None) -> Rehearsed:
        """Return what a pull would change, and change nothing."""
        profile = profile_of(tenant_id)
        spec = spec or self.configured(tenant_id)
        source = self._open(profile, spec, None)
        return rehearse(
            self.database,
            source,
            profile=profile,
            source_name=spec.name,
            signing_key=self.signing_key,
            now=self.clock(),
        )

    def pull_due(self, tenant_id: str, name: str = "") -> SyncResult | None:
        """Pull a source because its time has come; None while the catalogue itself asked us to stay away."""
        with self.database.read() as session:
            row = session.get(models.CatalogSource, (tenant_id, name or SOURCE_NAME))
            asked_to_wait = (
                row is not None and not name and row.not_before is not None and row.not_before > self.clock()
            )
        if asked_to_wait:
            return None
        spec = self.spec(tenant_id, name) if name else self.configured(tenant_id)
        return self.pull(tenant_id, spec, incremental=True)

    def configured(self, tenant_id: str) -> SourceSpec:
        """Return the source of the settings, else the only one that is kept; SettingsError says how to choose."""
        if tenant_id in self.addresses:
            return SourceSpec(SOURCE_NAME, SourceFormat.CONTRACT, self.addresses[tenant_id], self.token)
        with self.database.read() as session:
            names = [row.name for row in saved_sources.kept(session, tenant_id)]
        if len(names) == 1:
            return self.spec(tenant_id, names[0])
        if names:
            raise SettingsError(
                _("Ada beberapa sumber katalog ({names}). Pilih satu dengan --source.").format(names=", ".join(names))
            )
        raise SettingsError(_("Katalog untuk “{tenant}” belum diatur (SIAR_CATALOG_SOURCES).").format(tenant=tenant_id))

    def spec(self, tenant_id: str, name: str) -> SourceSpec:
        """Return a kept source; SettingsError when there is none of this name."""
        with self.database.read() as session:
            found = saved_sources.load(session, tenant_id, name, self.sealer)
        if found is None:
            raise SettingsError(_("Tidak ada sumber katalog bernama “{name}”.").format(name=name))
        return found

    def find(self, tenant_id: str, name: str) -> SourceSpec | None:
        """Return a kept source, or None."""
        with contextlib.suppress(SettingsError):
            return self.spec(tenant_id, name)
        return None

    def _open(self, profile: TenantProfile, spec: SourceSpec, row: models.CatalogSource | None) -> CatalogSource:
        options = SourceOptions(
            token=spec.token or (self.token if spec.format is SourceFormat.CONTRACT and not spec.outside_only else ""),
            timeout=self.timeout_seconds,
            region_code=profile.region_code,
            mapping=spec.mapping,
            memory=saved_sources.memory_of(row) if row is not None else {},
            outside_only=spec.outside_only,
        )
        return open_source(spec.format, spec.location, options)

    def _kept(self, profile: TenantProfile, spec: SourceSpec) -> models.CatalogSource:
        with self.database.write() as session:
            if session.get(models.Tenant, profile.id) is None:
                session.add(models.Tenant(id=profile.id, created_at=self.clock()))
                session.flush()
            return saved_sources.keep(session, profile.id, spec, self.sealer, self.clock())

    def _wait(self, row: models.CatalogSource, until: datetime) -> None:
        with self.database.write() as session:
            if (kept := session.get(models.CatalogSource, (row.tenant_id, row.name))) is not None:
                kept.not_before = until
