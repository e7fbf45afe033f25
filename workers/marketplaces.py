"""Keep the listings on marketplaces as the catalogue says, and take in their orders."""

from marketing.queue import TaskName
from workers.app import app, task


@task(TaskName.LISTINGS)
def listings(tenant_id: str) -> None:
    """Give every account of one tenant its turn."""
    app().marketplaces.listings.run(tenant_id)


@task(TaskName.MARKETPLACE_ORDERS)
def orders(tenant_id: str) -> None:
    """Take in what has changed in the orders of every account of one tenant."""
    app().marketplaces.orders.run(tenant_id)
