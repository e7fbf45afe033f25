"""Ask how far posts reached."""

from marketing.queue import TaskName
from workers.app import app, task


@task(TaskName.POST_FIGURES)
def post_figures(tenant_id: str) -> None:
    """Ask for the figures of one tenant's posts that are due."""
    app().measuring.run(tenant_id)
