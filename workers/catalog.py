"""Pull catalogues."""

from marketing.queue import TaskName
from workers.app import app, task


@task(TaskName.SYNC)
def sync(tenant_id: str) -> None:
    """Pull the configured catalogue of one tenant, refresh its feeds, and look for order mail."""
    app().catalog.pull(tenant_id)
    app().queue.send(TaskName.ORDER_MAIL, tenant_id=tenant_id)
