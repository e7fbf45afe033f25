"""Read files of contacts."""

from marketing.queue import TaskName
from workers.app import app, task


@task(TaskName.IMPORT_CONTACTS)
def import_contacts(job_id: int) -> None:
    """Import one file, or go on with it after a lost worker."""
    app().imports.run(job_id)
