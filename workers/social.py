"""Ask how far posts reached, and whether accounts still let us in."""

from marketing.queue import TaskName
from marketing.social.health import check_accounts
from workers.app import app, task


@task(TaskName.POST_FIGURES)
def post_figures(tenant_id: str) -> None:
    """Ask for the figures of one tenant's posts that are due."""
    app().measuring.run(tenant_id)


@task(TaskName.CHECK_ACCOUNTS)
def accounts(tenant_id: str) -> None:
    """Try one tenant's accounts that nobody has tried lately."""
    check_accounts(app().social, tenant_id)
