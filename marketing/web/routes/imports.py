"""Contacts out of a file: taken in, explained, tried, imported in the background, and what could not be taken."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse
from sqlalchemy import select
from starlette.datastructures import FormData, UploadFile

from marketing.accounts.audit import write_audit
from marketing.bootstrap import App
from marketing.contacts.importing.jobs import Preview, find_job, may_start
from marketing.contacts.importing.reading import LIMITS
from marketing.db.models import ImportJob
from marketing.domain.types import Role
from marketing.errors import CatalogError, InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _
from marketing.web import paths
from marketing.web.building import imports as building
from marketing.web.deps import RowNumber, TheApp, TheForm, Visitor, holding, visit_secret
from marketing.web.office import back_to, show
from marketing.web.security import csrf_fits
from marketing.web.views.imports import ImportsView

router = APIRouter()
TheImporter = Annotated[Visitor, Depends(holding(Role.MARKETER, Role.MANAGING_TEAM))]
MEGABYTE: Final = 1024 * 1024
AROUND: Final = 64 * 1024
"""Bytes of a form around its file."""
SHOWN: Final = 50


async def _upload_form(request: Request, app: TheApp, _visitor: TheImporter) -> AsyncIterator[FormData]:
    """Hand over a form with one file, and close it; what is larger than we read is refused before any of it is kept."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > LIMITS.bytes + AROUND:
        raise InvalidInputError(
            _("Berkas lebih besar dari {limit} MB. Bagi menjadi beberapa berkas.").format(
                limit=LIMITS.bytes // MEGABYTE
            )
        )
    async with request.form(max_files=1, max_fields=10) as form:
        if not csrf_fits(app.settings.signing_key, visit_secret(request), str(form.get("csrf", ""))):
            raise NotAllowedError(_("Formulir ini sudah kedaluwarsa. Muat ulang halamannya lalu coba lagi."))
        yield form


@router.get(paths.CONTACT_IMPORT)
def imports(request: Request, app: TheApp, visitor: TheImporter) -> Response:
    """Show the last imports and the form for a file."""
    return _list(request, app, visitor)


@router.post(paths.CONTACT_IMPORT)
def upload(
    request: Request, app: TheApp, visitor: TheImporter, form: Annotated[FormData, Depends(_upload_form)]
) -> Response:
    """Keep a file and lead on to its columns; nothing is read in by this."""
    try:
        job = _kept(app, visitor, form.get("berkas"))
    except (CatalogError, InvalidInputError) as error:
        return _list(request, app, visitor, error=str(error), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return back_to(paths.contact_import(job.id), "impor-unggah")


@router.get(f"{paths.CONTACT_IMPORT}/{{job_id}}")
def import_page(request: Request, app: TheApp, visitor: TheImporter, job_id: RowNumber) -> Response:
    """Show one import; while it runs, the page asks for itself again (live.mjs)."""
    job = _job(app, visitor, job_id)
    view = building.import_view(job, _preview(app, job))
    return show(request, app, visitor, "impor_berkas.html", view, place="contacts")


@router.post(f"{paths.CONTACT_IMPORT}/{{job_id}}/mulai")
def start(request: Request, app: TheApp, visitor: TheImporter, job_id: RowNumber, form: TheForm) -> Response:
    """Have the workers count what a file would change, or import it."""
    job = _job(app, visitor, job_id)
    if not may_start(job):
        raise NotAllowedError(_("Impor ini sudah berjalan atau selesai. Unggah berkasnya lagi untuk mengulang."))
    dry_run = form.get("aksi") != "impor"
    preview = app.imports.look(job)
    chosen = building.mapping_of({name: str(value) for name, value in form.items()}, preview.written)
    try:
        app.imports.start(visitor.profile.id, job.id, visitor.user.id, chosen, dry_run=dry_run)
    except InvalidInputError as error:
        view = building.import_view(job, preview, error=str(error), chosen=chosen)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return show(request, app, visitor, "impor_berkas.html", view, place="contacts", status=status)
    _audit(app, visitor, "contacts.import_try" if dry_run else "contacts.import_start", job.id)
    return back_to(paths.contact_import(job.id), "impor-hitung" if dry_run else "impor-mulai")


@router.post(f"{paths.CONTACT_IMPORT}/{{job_id}}/batal")
def cancel(app: TheApp, visitor: TheImporter, job_id: RowNumber, _form: TheForm) -> Response:
    """Stop an import after its present batch, and forget its file."""
    app.imports.cancel(visitor.profile.id, job_id)
    _audit(app, visitor, "contacts.import_cancel", job_id)
    return back_to(paths.contact_import(job_id), "impor-batal")


@router.post(f"{paths.CONTACT_IMPORT}/{{job_id}}/lanjut")
def resume(app: TheApp, visitor: TheImporter, job_id: RowNumber, _form: TheForm) -> Response:
    """Ask the workers again for an import that stands still."""
    app.imports.resume(visitor.profile.id, job_id)
    return back_to(paths.contact_import(job_id), "impor-mulai")


@router.get(f"{paths.CONTACT_IMPORT}/{{job_id}}/galat.csv")
def errors_file(app: TheApp, visitor: TheImporter, job_id: RowNumber) -> Response:
    """Send what an import could not take, row by row with its reason; it repeats no one's data."""
    path = Path(_job(app, visitor, job_id).errors_path)
    if not path.is_file():
        raise NotFoundError(_("Berkas galat impor ini sudah dihapus."))
    name = f"galat-impor-{visitor.profile.id}-{job_id}.csv"
    return FileResponse(
        path, media_type="text/csv; charset=utf-8", filename=name, headers={"Cache-Control": "no-store"}
    )


def _list(
    request: Request, app: App, visitor: Visitor, *, error: str = "", status: HTTPStatus = HTTPStatus.OK
) -> Response:
    query = select(ImportJob).where(ImportJob.tenant_id == visitor.profile.id).order_by(ImportJob.id.desc())
    with app.database.read() as session:
        rows = tuple(building.import_row(job, visitor.profile) for job in session.scalars(query.limit(SHOWN)))
    view = ImportsView(rows, LIMITS.bytes // MEGABYTE, error)
    return show(request, app, visitor, "impor.html", view, place="contacts", status=status)


def _kept(app: App, visitor: Visitor, given: object) -> ImportJob:
    """Keep an uploaded file whose beginning can be read."""
    if not isinstance(given, UploadFile) or not given.filename:
        raise InvalidInputError(_("Pilih berkas CSV atau XLSX yang berisi kontak."), field="berkas")
    job = app.imports.upload(visitor.profile.id, visitor.user.id, given.filename, given.file)
    try:
        app.imports.look(job)
    except (CatalogError, InvalidInputError):
        app.imports.cancel(visitor.profile.id, job.id)
        raise
    return job


def _job(app: App, visitor: Visitor, job_id: int) -> ImportJob:
    with app.database.read() as session:
        return find_job(session, visitor.profile.id, job_id)


def _preview(app: App, job: ImportJob) -> Preview | None:
    if not may_start(job):
        return None
    try:
        return app.imports.look(job)
    except (CatalogError, InvalidInputError):
        return None  # the job itself says why


def _audit(app: App, visitor: Visitor, action: str, job_id: int) -> None:
    with app.database.write() as session:
        write_audit(
            session,
            tenant_id=visitor.profile.id,
            user_id=visitor.user.id,
            action=action,
            subject=f"import:{job_id}",
            now=app.clock(),
        )
