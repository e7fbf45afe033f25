"""Run one import: batch after batch, each in one short transaction with the progress, so that a kill costs at most one.

Memory does not grow with the file: a batch of rows, and on disk the keys of rows seen.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from marketing.contacts.importing.ahead import one_ahead, unswept
from marketing.contacts.importing.counts import Counts, ErrorFile
from marketing.contacts.importing.deciding import Change, decide, without_twins
from marketing.contacts.importing.known import gather
from marketing.contacts.importing.reading import Table, count_rows, open_table
from marketing.contacts.importing.record import Person, Reader, Remark
from marketing.contacts.importing.seen import SeenRows
from marketing.contacts.importing.state import OPEN, JobState
from marketing.contacts.importing.writing import write_changes
from marketing.db.bulk import refresh_statistics
from marketing.db.exclusive import exclusively
from marketing.db.models import Address, ConsentNow, ConsentRecord, Contact, ImportJob, Tenant
from marketing.db.session import Database
from marketing.errors import MarketingError
from marketing.i18n import gettext as _
from marketing.tabular.sheets import Row
from marketing.tenants.profile import TenantProfile, profile_of

BATCH: Final = 2_000
MANY: Final = 1_000
"""Contacts after which old figures about the tables mislead whoever asks next."""


@dataclass(frozen=True, slots=True)
class _Run:
    """What stays the same over one run."""

    job_id: int
    profile: TenantProfile
    user_id: int | None
    dry_run: bool
    table: Table
    reader: Reader
    seen: SeenRows
    errors: ErrorFile


@dataclass(frozen=True, slots=True)
class _Batch:
    """What some rows say; `last` is the number of the last one."""

    people: Sequence[Person]
    remarks: Sequence[Remark]
    rows: int
    last: int


@dataclass(frozen=True, slots=True)
class ImportRunner:
    """Reads the files of import jobs into contacts."""

    database: Database
    signing_key: bytes = field(repr=False)
    clock: Callable[[], datetime]
    audit: Callable[..., None]
    """Writes the audit log (marketing/accounts/audit.py), which contacts do not know."""

    def run(self, job_id: int) -> bool:
        """Do what a job asks for, or go on with it; False when another worker has an import of this Daerah in hand."""
        with self.database.read() as session:
            tenant_id = session.get_one(ImportJob, job_id).tenant_id
        with exclusively(self.database, lock_name(tenant_id)) as alone:
            if not alone:
                return False
            with self.database.write() as session:
                job = session.get_one(ImportJob, job_id, with_for_update=True)
                if job.state not in OPEN:
                    return True
                job.state = JobState.RUNNING
            try:
                self._read(job)
            except MarketingError as error:
                self._finish(job_id, JobState.FAILED, str(error))
            except Exception:
                self._finish(
                    job_id,
                    JobState.FAILED,
                    _("Impor terhenti karena kesalahan sistem. Mulai lagi; yang sudah masuk aman."),
                )
                raise
            return True

    def _read(self, job: ImportJob) -> None:
        """Read the file of a job from its first unsettled row on."""
        profile, counts, errors_path = profile_of(job.tenant_id), Counts.of(job.counts), Path(job.errors_path)
        keys = _keys_of(job)
        if not counts.offset:
            keys.unlink(missing_ok=True)
        with ExitStack() as stack:
            table = open_table(Path(job.path), stack, job.mapping)
            if not counts.offset and table.countable:
                counts.total = count_rows(table)
            now = self.clock()
            seen, errors = SeenRows(keys), ErrorFile(errors_path, counts.errors_bytes)
            stack.callback(seen.close)
            stack.callback(errors.close)
            reader = Reader(table.columns, profile.id, self.signing_key, profile.tz, now)
            run = _Run(job.id, profile, job.created_by, job.dry_run, table, reader, seen, errors)
            rows = table.rows(after=counts.offset)
            sweep = stack.enter_context(unswept())
            for batch in stack.enter_context(closing(one_ahead(lambda: _batch(run, rows)))):
                if not self._settle(run, batch, counts, now):
                    break
                sweep()
        if not job.dry_run and counts.new + counts.changed >= MANY:
            with self.database.write() as session:
                refresh_statistics(session, Contact, Address, ConsentNow, ConsentRecord)
        self._finish(job.id, JobState.DONE)

    def _settle(self, run: _Run, batch: _Batch, counts: Counts, now: datetime) -> bool:
        """Write one batch together with the progress; False when somebody cancelled the job."""
        people, twins = without_twins(batch.people, run.seen)
        remarks = [*batch.remarks, *twins]
        with self.database.write() as session:
            job = session.get_one(ImportJob, run.job_id, with_for_update=True)
            if job.state != JobState.RUNNING:
                return False
            if not run.dry_run:
                # Before anything is asked, as everybody does who writes the ledger: nobody changes it meanwhile, and two
                # that lock it and a person in different order would wait for each other.
                session.get(Tenant, run.profile.id, with_for_update={"key_share": True})
            changes, told = _changes(session, run, people, now)
            remarks += told
            written = [one for one in changes if not one.is_nothing]
            counts.new += sum(one.contact_id is None for one in written)
            counts.changed += sum(one.contact_id is not None for one in written)
            counts.unchanged += len(changes) - len(written)
            counts.rows += batch.rows
            counts.refused += batch.rows - len(changes)
            counts.consents += (
                sum(len(one.consents) for one in written)
                if run.dry_run
                else write_changes(
                    session, written, tenant_id=run.profile.id, job_id=run.job_id, user_id=run.user_id, now=now
                )
            )
            counts.remarks += len(remarks)
            counts.offset = batch.last
            counts.errors_bytes = run.errors.write(sorted(remarks, key=lambda one: one.row))
            job.counts = counts.kept()
        return True

    def _finish(self, job_id: int, state: JobState, error: str = "") -> None:
        """Close a job; one that was cancelled meanwhile stays so. The file goes once it has been read in."""
        with self.database.write() as session:
            self.close(session, session.get_one(ImportJob, job_id, with_for_update=True), state, error)

    def close(self, session: Session, job: ImportJob, state: JobState, error: str = "") -> None:
        """Close a job that is locked, and write the audit log; the caller owns the transaction."""
        now = self.clock()
        _keys_of(job).unlink(missing_ok=True)
        if job.state != JobState.RUNNING:
            return
        job.state, job.error, job.finished_at = state, error, now
        done = {"dry_run": job.dry_run, "state": state.value, **job.counts}
        self.audit(
            session,
            tenant_id=job.tenant_id,
            user_id=job.created_by,
            action="contacts.import",
            subject=f"import:{job.id}",
            now=now,
            details={name: value for name, value in done.items() if name not in {"offset", "errors_bytes", "lost"}},
        )


def lock_name(tenant_id: str) -> str:
    """Return the lock that a worker holds while it imports into a Daerah."""
    return f"import {tenant_id}"


def _keys_of(job: ImportJob) -> Path:
    """Return where the keys of rows seen are kept: as long as the job is not at its end, even when its worker dies."""
    return Path(job.errors_path).with_suffix(".kunci")


def _batch(run: _Run, rows: Iterator[Row]) -> _Batch | None:
    """Return the next rows as people, None when there are none."""
    people: list[Person] = []
    remarks: list[Remark] = []
    read, last = 0, 0
    for row in islice(rows, BATCH):
        read, last = read + 1, row.number
        if run.table.is_torn(row):
            text = _("isinya lebih banyak daripada judul kolom; periksa tanda kutip dan pemisahnya")
            remarks.append(Remark(row.number, "", text, refused=True))
            continue
        person, told = run.reader.read(row)
        remarks += told
        if person is not None:
            people.append(person)
    return _Batch(people, remarks, read, last) if read else None


def _changes(session: Session, run: _Run, people: list[Person], now: datetime) -> tuple[list[Change], list[Remark]]:
    """Return what the batch changes; a second row that leads to the same known contact is a twin of the first."""
    facts = gather(session, run.profile.id, people)
    found: list[Change] = []
    remarks: list[Remark] = []
    for person in people:
        change, told = decide(person, facts, zone=run.profile.zone, now=now)
        remarks += told
        if change is not None:
            found.append(change)
    first = run.seen.first((f"contact:{one.contact_id}", one.person.row) for one in found if one.contact_id is not None)
    changes: list[Change] = []
    for one in found:
        row = first.get(f"contact:{one.contact_id}", one.person.row)
        if row < one.person.row:
            text = _("orang yang sama sudah ada di baris {row}").format(row=row)
            remarks.append(Remark(one.person.row, "", text, refused=True))
        else:
            changes.append(one)
    return changes, remarks
