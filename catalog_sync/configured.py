"""Pull a tenant's catalogue and do all that follows: gate, pictures, feeds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from catalog_sync.feeds import write_feeds
from catalog_sync.pictures import PictureStore
from catalog_sync.service import SyncResult, sync
from catalog_sync.sources.contract import open_source
from marketing.channels.website.adapter import WebsitePublisher
from marketing.db.session import Database
from marketing.errors import SettingsError
from marketing.i18n import gettext as _
from marketing.tenants.profile import profile_of

SOURCE_NAME = "katalog"


@dataclass(frozen=True, slots=True)
class CatalogPull:
    """Pulls catalogues by their address; `addresses` are those named in the settings."""

    database: Database
    pictures: PictureStore
    website: WebsitePublisher
    addresses: Mapping[str, str]
    token: str
    timeout_seconds: float
    signing_key: bytes
    public_url: str
    clock: Callable[[], datetime]

    def pull(self, tenant_id: str, address: str = "") -> SyncResult:
        """Pull the catalogue at `address` (a folder, a file or a URL; empty: the configured one) and write the feeds anew.

        The feeds are written also when the catalogue fails: what lost its standing by the passing of time must go.
        """
        profile = profile_of(tenant_id)
        source = open_source(address or self._configured(tenant_id), token=self.token, timeout=self.timeout_seconds)
        try:
            return sync(
                self.database,
                source,
                profile=profile,
                source_name=SOURCE_NAME,
                signing_key=self.signing_key,
                now=self.clock(),
                pictures=self.pictures,
            )
        finally:
            self.refresh_feeds(tenant_id)

    def refresh_feeds(self, tenant_id: str) -> int:
        """Write the tenant's feeds from what may be promoted now; return the number of products."""
        _files, number = write_feeds(self.database, self.website, profile_of(tenant_id), self.public_url, self.clock())
        return number

    def _configured(self, tenant_id: str) -> str:
        if tenant_id not in self.addresses:
            raise SettingsError(
                _("Katalog untuk “{tenant}” belum diatur (SIAR_CATALOG_SOURCES).").format(tenant=tenant_id)
            )
        return self.addresses[tenant_id]
