"""Pull catalogues and recall what lost its standing."""

from marketing.queue import TaskName
from workers.app import app, task


@task(TaskName.SYNC)
def sync(tenant_id: str, source: str = "") -> None:
    """Pull one catalogue of one tenant whose time has come, and look for order mail."""
    app().catalog.pull_due(tenant_id, source)
    app().queue.send(TaskName.ORDER_MAIL, tenant_id=tenant_id)


@task(TaskName.RECALL)
def recall(tenant_id: str) -> None:
    """Withdraw what lost its standing by the passing of time, or could not be withdrawn until now."""
    app().recall.run(tenant_id)
