"""Imports that nobody has in hand any more: a lost task is asked for again, a lost worker's job goes on or is given up.

A worker holds the lock of its Daerah while it imports, and the lock dies with it; so whoever can take the lock knows that no
worker lives. A file that brings down its worker again and again is told to a person and not tried for ever.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from marketing.contacts.importing.jobs import Imports
from marketing.contacts.importing.running import lock_name
from marketing.contacts.importing.state import OPEN, JobState
from marketing.db.exclusive import exclusively
from marketing.db.models import ImportJob
from marketing.i18n import gettext as _
from marketing.queue import TaskName

TRIES: Final = 3
"""Times that a job is taken up without settling one more row; progress begins the count anew."""
LOST: Final = "lost"
NEW: Final = timedelta(minutes=2)
"""A job that waits for so short a time is on its way, or in the hands of the command that made it."""


def sweep(imports: Imports) -> int:
    """Take up what was lost, the oldest job of each Daerah; return how many were asked for again. For a task now and then."""
    with imports.database.read() as session:
        query = select(ImportJob.tenant_id).where(ImportJob.state.in_(OPEN)).distinct()
        tenants = list(session.scalars(query.order_by(ImportJob.tenant_id)))
    return sum(_sweep_one(imports, tenant_id) for tenant_id in tenants)


def tidy(imports: Imports) -> None:
    """Remove the files of jobs that are too old to be of use, in every Daerah."""
    with imports.database.read() as session:
        tenants = list(session.scalars(select(ImportJob.tenant_id).distinct().order_by(ImportJob.tenant_id)))
    for tenant_id in tenants:
        imports.tidy(tenant_id)


def _sweep_one(imports: Imports, tenant_id: str) -> bool:
    with exclusively(imports.database, lock_name(tenant_id)) as nobody_works:
        if not nobody_works:
            return False
        job_id = _take_up(imports, tenant_id)
    if job_id is None:
        return False
    imports.queue.send(TaskName.IMPORT_CONTACTS, job_id=job_id)
    return True


def _take_up(imports: Imports, tenant_id: str) -> int | None:
    """Return the job to ask for, the one that was running first; give up one that gets nowhere."""
    mine = (ImportJob.tenant_id == tenant_id, ImportJob.state.in_(OPEN))
    query = select(ImportJob).where(*mine).order_by(ImportJob.state != JobState.RUNNING, ImportJob.id)
    with imports.database.write() as session:
        for job in session.scalars(query.with_for_update()):
            if job.state == JobState.WAITING:
                if job.created_at <= imports.clock() - NEW:
                    return job.id
                continue
            tries = int(job.counts.get(LOST, 0)) + 1
            if tries <= TRIES:
                job.counts = {**job.counts, LOST: tries}
                return job.id
            imports.runner.close(
                session,
                job,
                JobState.FAILED,
                _(
                    "Impor berulang kali terhenti sesudah baris {row}. Periksa baris-baris sesudahnya, lalu unggah lagi; yang sudah masuk aman."
                ).format(row=job.counts.get("offset", 0)),
            )
    return None
