"""Pull a tenant's catalogue and do all that follows: gate, pictures, feeds."""

from catalog_sync.feeds import write_feeds
from catalog_sync.pictures import PictureStore
from catalog_sync.service import SyncResult, sync
from catalog_sync.sources.contract import open_source
from marketing.bootstrap import App
from marketing.channels.website.adapter import WebsitePublisher
from marketing.domain.types import ChannelName
from marketing.errors import SettingsError
from marketing.i18n import gettext as _
from marketing.tenants.profile import profile_of

SOURCE_NAME = "katalog"


def pull(app: App, tenant_id: str, address: str) -> SyncResult:
    """Pull the catalogue at `address` (a folder, a file or a URL) into a tenant and write its feeds anew."""
    profile = profile_of(tenant_id)
    source = open_source(
        address,
        token=app.settings.catalog_token.get_secret_value(),
        timeout=app.settings.catalog_timeout_seconds,
    )
    result = sync(
        app.database,
        source,
        profile=profile,
        source_name=SOURCE_NAME,
        signing_key=app.settings.signing_key,
        now=app.clock(),
        pictures=PictureStore(app.settings.picture_dir),
    )
    refresh_feeds(app, tenant_id)
    return result


def refresh_feeds(app: App, tenant_id: str) -> int:
    """Write the tenant's feeds from what may be promoted now; return the number of products."""
    website = app.publishers[ChannelName.WEBSITE]
    assert isinstance(website, WebsitePublisher)
    _files, number = write_feeds(app.database, website, profile_of(tenant_id), app.settings.public_url, app.clock())
    return number


def sync_configured(app: App, tenant_id: str) -> SyncResult:
    """Pull the catalogue named in the settings."""
    address = app.settings.catalog_sources.get(tenant_id)
    if address is None:
        raise SettingsError(_("Katalog untuk “{tenant}” belum diatur (SIAR_CATALOG_SOURCES).").format(tenant=tenant_id))
    return pull(app, tenant_id, address)
