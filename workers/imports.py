"""Read files of contacts, and take up what was lost."""

from marketing.contacts.importing.sweeping import sweep, tidy
from marketing.queue import TaskName
from workers.app import app, task


@task(TaskName.IMPORT_CONTACTS)
def import_contacts(job_id: int) -> None:
    """Import one file, or go on with it after a lost worker."""
    app().imports.run(job_id)


@task(TaskName.SWEEP_IMPORTS)
def sweep_imports() -> None:
    """Ask again for imports whose worker or task was lost."""
    sweep(app().imports)


@task(TaskName.TIDY_IMPORTS)
def tidy_imports() -> None:
    """Remove files of people that nobody needs any more."""
    tidy(app().imports)
