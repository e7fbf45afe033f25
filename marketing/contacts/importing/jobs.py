"""Imports as people order them: a file is kept, its columns are explained, it is tried, started, cancelled, forgotten."""

import secrets
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.contacts.importing.columns import Headings, check_mapping
from marketing.contacts.importing.reading import LIMITS, open_table
from marketing.contacts.importing.running import ImportRunner
from marketing.contacts.importing.state import ENDED, OPEN, JobState
from marketing.db.models import ImportJob
from marketing.db.session import Database
from marketing.domain.privacy import NIK_KEYS, masked
from marketing.domain.text import one_line
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError, StorageError
from marketing.i18n import gettext as _
from marketing.queue import TaskName, TaskQueue
from marketing.tabular.cells import UnreadableError, text_of

KEPT: Final = timedelta(days=7)
"""An uploaded file that nobody started is removed after this time, an error file too: both are about people."""
PREVIEW: Final = 20
SHOWN: Final = 60
NAME: Final = 120
MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file looks like: what its columns mean, and its first rows, identity numbers masked."""

    written: tuple[str, ...]
    headings: Headings
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Imports:
    """Orders imports; the runner does them. Uploaded files lie in `folder` under random names."""

    database: Database
    queue: TaskQueue
    folder: Path
    runner: ImportRunner
    clock: Callable[[], datetime]

    def upload(self, tenant_id: str, user_id: int, file_name: str, content: IO[bytes]) -> ImportJob:
        """Keep a file and return its draft; InvalidInputError when it is empty or too large."""
        self.tidy(tenant_id)
        path = self._new_path()
        try:
            with path.open("xb") as file:
                _copy(content, file)
        except InvalidInputError:
            path.unlink(missing_ok=True)
            raise
        except OSError as error:
            path.unlink(missing_ok=True)
            raise StorageError(_("Berkas tidak dapat disimpan ({reason}).").format(reason=error.strerror)) from error
        return self._add(tenant_id, file_name, path, state=JobState.DRAFT, user_id=user_id)

    def run_file(
        self, tenant_id: str, path: Path, mapping: Mapping[Any, Any], *, dry_run: bool, errors: Path | None
    ) -> ImportJob:
        """Import a file here and now and return its job; the errors of one that cannot be read are raised.

        The file is the operator's own and stays.
        """
        checked = check_mapping(mapping)
        with ExitStack() as stack:
            open_table(path, stack, checked)
        job = self._add(tenant_id, path.name, path.resolve(), state=JobState.WAITING, mapping=checked, dry_run=dry_run)
        if errors is not None:
            with self.database.write() as session:
                session.get_one(ImportJob, job.id).errors_path = str(errors.resolve())
        if not self.runner.run(job.id):
            self.cancel(tenant_id, job.id)
            raise NotAllowedError(_("Impor lain di Daerah ini masih berjalan. Tunggu sampai selesai, lalu coba lagi."))
        with self.database.read() as session:
            done = session.get_one(ImportJob, job.id)
        if done.state == JobState.FAILED:
            raise InvalidInputError(done.error)
        return done

    def look(self, job: ImportJob, mapping: Mapping[str, str] | None = None) -> Preview:
        """Return the beginning of a file under its kept mapping, or under another one."""
        with ExitStack() as stack:
            table = open_table(Path(job.path), stack, job.mapping if mapping is None else mapping, settled=False)
            hidden = {place for place, heading in enumerate(table.written) if NIK_KEYS.search(heading)}
            rows = tuple(
                (row.number, tuple("…" if place in hidden else _shown(cell) for place, cell in enumerate(row.cells)))
                for row in islice(table.rows(), PREVIEW)
            )
            return Preview(table.written, table.headings, rows)

    def start(self, tenant_id: str, job_id: int, user_id: int, mapping: Mapping[Any, Any], *, dry_run: bool) -> None:
        """Have a file tried or imported by the workers; InvalidInputError while a column may mean two things."""
        checked = check_mapping(mapping)
        with self.database.read() as session:
            job = find_job(session, tenant_id, job_id)
        with ExitStack() as stack:
            open_table(Path(job.path), stack, checked)
        with self.database.write() as session:
            job = find_job(session, tenant_id, job_id, locked=True)
            if job.state in OPEN or not may_start(job):
                raise NotAllowedError(
                    _("Impor ini sudah berjalan atau selesai. Unggah berkasnya lagi untuk mengulang.")
                )
            job.mapping, job.dry_run, job.state = checked, dry_run, JobState.WAITING
            job.counts, job.error, job.finished_at, job.created_by = {}, "", None, user_id
            self.queue.enqueue(session, TaskName.IMPORT_CONTACTS, job_id=job_id)

    def resume(self, tenant_id: str, job_id: int) -> None:
        """Ask the workers for a job again, after one of them was lost; nothing is done twice."""
        with self.database.write() as session:
            if find_job(session, tenant_id, job_id).state in OPEN:
                self.queue.enqueue(session, TaskName.IMPORT_CONTACTS, job_id=job_id)

    def run(self, job_id: int) -> None:
        """Do a job in this worker, remove what it no longer needs, and hand on to the next one of the Daerah."""
        if not self.runner.run(job_id):
            return
        with self.database.read() as session:
            job = session.get_one(ImportJob, job_id)
            waiting = select(ImportJob.id).where(
                ImportJob.tenant_id == job.tenant_id, ImportJob.state == JobState.WAITING
            )
            following = session.scalar(waiting.order_by(ImportJob.id).limit(1))
        if job.state in ENDED and not may_start(job):
            self._forget_file(job)
        if following is not None:
            self.queue.send(TaskName.IMPORT_CONTACTS, job_id=following)

    def cancel(self, tenant_id: str, job_id: int) -> None:
        """Stop a job after its present batch; what is in stays in."""
        with self.database.write() as session:
            job = find_job(session, tenant_id, job_id, locked=True)
            if job.state in ENDED and not may_start(job):
                return
            job.state, job.finished_at = JobState.CANCELLED, self.clock()
        self._forget_file(job)

    def tidy(self, tenant_id: str) -> None:
        """Remove files of jobs that are too old to be of use."""
        query = select(ImportJob).where(ImportJob.tenant_id == tenant_id, ImportJob.created_at < self.clock() - KEPT)
        with self.database.read() as session:
            old = [job for job in session.scalars(query) if job.state not in OPEN]
        for job in old:
            self._forget_file(job)
            if Path(job.errors_path).parent == self.folder:
                Path(job.errors_path).unlink(missing_ok=True)

    def _add(
        self,
        tenant_id: str,
        file_name: str,
        path: Path,
        *,
        state: JobState,
        user_id: int | None = None,
        mapping: Mapping[str, str] | None = None,
        dry_run: bool = True,
    ) -> ImportJob:
        with self.database.write() as session:
            job = ImportJob(
                tenant_id=tenant_id,
                file_name=one_line(file_name)[:NAME],
                path=str(path),
                mapping=dict(mapping or {}),
                dry_run=dry_run,
                state=state,
                counts={},
                errors_path=str(self._new_path().with_suffix(".csv")),
                created_by=user_id,
                created_at=self.clock(),
            )
            session.add(job)
            session.flush()
            return job

    def _new_path(self) -> Path:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                _(
                    "Folder data “{path}” tidak dapat ditulisi ({reason}). Pilih folder lain dengan SIAR_DATA_DIR."
                ).format(path=self.folder, reason=error.strerror or error)
            ) from error
        return self.folder / secrets.token_hex(16)

    def _forget_file(self, job: ImportJob) -> None:
        path = Path(job.path)
        if path.parent == self.folder:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def may_start(job: ImportJob) -> bool:
    """Return whether a job is a draft, or was tried and may now be imported."""
    tried = job.dry_run and job.state in (JobState.DONE, JobState.FAILED)
    return (job.state == JobState.DRAFT or tried) and Path(job.path).is_file()


def find_job(session: Session, tenant_id: str, job_id: int, *, locked: bool = False) -> ImportJob:
    """Return a job of this Daerah; NotFoundError for every other."""
    job = session.get(ImportJob, job_id, with_for_update=locked)
    if job is None or job.tenant_id != tenant_id:
        raise NotFoundError(_("Tidak ada impor dengan nomor ini."))
    return job


def _copy(content: IO[bytes], file: IO[bytes]) -> None:
    """Copy what was uploaded; InvalidInputError when it is nothing, or more than we read."""
    copied = 0
    while part := content.read(MEGABYTE):
        copied += file.write(part)
        if copied > LIMITS.bytes:
            limit = LIMITS.bytes // MEGABYTE
            raise InvalidInputError(
                _("Berkas lebih besar dari {limit} MB. Bagi menjadi beberapa berkas.").format(limit=limit),
                field="berkas",
            )
    if not copied:
        raise InvalidInputError(_("Pilih berkas CSV atau XLSX yang berisi kontak."), field="berkas")


def _shown(cell: Any) -> str:
    try:
        text = one_line(text_of(cell)[: SHOWN * 4])
    except UnreadableError as error:
        return f"({error})"
    return masked(text)[:SHOWN]
