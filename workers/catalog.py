"""Pull catalogues."""

from marketing.queue import TaskName
from workers.app import app, task


@task(TaskName.SYNC)
def sync(tenant_id: str) -> None:
    """Pull the configured catalogue of one tenant, refresh its feeds, and look for order mail."""
    from catalog_sync.configured import sync_configured  # noqa: PLC0415  pictures and parsing load only where they are used

    sync_configured(app(), tenant_id)
