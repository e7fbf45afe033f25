"""Where products come from: the Daerah's sources, their pulls, a dry run, and what a pull could not take."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session

from catalog_sync import saved_sources
from catalog_sync.configured import SOURCE_NAME
from catalog_sync.saved_sources import SourceSpec
from marketing.accounts.audit import write_audit
from marketing.bootstrap import App
from marketing.db.exclusive import exclusively
from marketing.db.models import CatalogSource
from marketing.domain.types import Role
from marketing.errors import CatalogError, InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _
from marketing.queue import TaskName
from marketing.web import paths, source_form
from marketing.web.building import csv_file
from marketing.web.building import sources as building
from marketing.web.building.words import Address, moment_text, number_text, pager_of
from marketing.web.deps import RowNumber, TheApp, TheFilters, TheForm, TheKeeper, Visitor, Words, holding, limited
from marketing.web.office import back_to, show
from marketing.web.queries import sources as queries
from marketing.web.source_form import Reach, Typed
from marketing.web.views.sources import RehearsalView, SetAsideView, SourceFormView, SourcesView

router = APIRouter()
PAGE_SIZE = 100
CHANGERS = (Role.OPERATOR, Role.MANAGING_TEAM)
TheChanger = Annotated[Visitor, Depends(holding(*CHANGERS))]
TheSource = Annotated[Words, Query(alias="sumber")]
TRY_LIMIT = "6/minute"


@router.get(paths.SOURCES)
def sources(request: Request, app: TheApp, visitor: TheKeeper) -> Response:
    """Show every source with its last pulls."""
    profile, now = visitor.profile, app.clock()
    with app.database.read() as session:
        found = queries.sources_of(session, profile.id)
    configured = profile.id in app.settings.catalog_sources
    if configured and all(one.name != SOURCE_NAME for one in found):
        place = saved_sources.shown(app.settings.catalog_sources[profile.id])
        found.insert(0, queries.SourceFacts(SOURCE_NAME, app.catalog.configured(profile.id).format, place))
    view = SourcesView(
        cards=tuple(
            building.card_of(
                one,
                profile,
                now,
                configured=_of_settings(app, visitor, one.name),
                minutes=app.settings.catalog_minutes,
            )
            for one in found
        ),
        can_change=_may_change(visitor),
    )
    return show(request, app, visitor, "katalog_sumber.html", view, place="catalog")


@router.get(paths.SOURCE_FORM)
def source_page(request: Request, app: TheApp, visitor: TheChanger, name: TheSource = "") -> Response:
    """Show the form of a new source, or of a kept one without its secrets."""
    kept = _kept(app, visitor, name) if name else None
    typed = Typed.from_kept(kept) if kept else Typed()
    return show(request, app, visitor, "katalog_sumber_isi.html", _form_view(typed, kept), place="catalog")


@router.post(paths.SOURCE_SAVE)
def save(request: Request, app: TheApp, visitor: TheChanger, form: TheForm, name: TheSource = "") -> Response:
    """Keep a source as entered; nothing is pulled by this, so that a dry run may come first."""
    kept = _kept(app, visitor, name) if name else None
    typed, tenant_id, now = Typed.of(form), visitor.profile.id, app.clock()
    try:
        spec = source_form.wanted(typed, kept, _names(app, visitor), _reach(app, visitor))
    except InvalidInputError as error:
        view = _form_view(typed, kept, {error.field: str(error)})
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return show(request, app, visitor, "katalog_sumber_isi.html", view, place="catalog", status=status)
    with app.database.write() as session:
        if kept is None and session.get(CatalogSource, (tenant_id, spec.name)) is not None:
            raise NotAllowedError(_("Nama ini sudah dipakai. Pilih nama lain, atau ubah sumber yang ada."))
        row = saved_sources.keep(session, tenant_id, spec, app.catalog.sealer, now)
        first = now + timedelta(minutes=spec.minutes or 0)
        row.not_before = first if row.not_before is None else min(row.not_before, first)
        write_audit(
            session,
            tenant_id=tenant_id,
            user_id=visitor.user.id,
            action="source.add" if kept is None else "source.change",
            subject=f"source:{spec.name}",
            now=now,
            details={
                "format": spec.format.value,
                "address": saved_sources.shown(spec.location),
                "minutes": spec.minutes,
                "mapping": sorted(spec.mapping),
                "new_token": bool(typed.token),
            },
        )
    return back_to(paths.SOURCES, "sumber")


@router.post(paths.SOURCE_FORGET)
def forget(app: TheApp, visitor: TheChanger, _form: TheForm, name: TheSource = "") -> Response:
    """Forget a source; its products stay."""
    _kept(app, visitor, name)
    with app.database.write() as session:
        saved_sources.forget(session, visitor.profile.id, name)
        _audit(app, visitor, session, "source.forget", name)
    return back_to(paths.SOURCES, "lupa")


@router.post(paths.SOURCE_PULL)
def pull(app: TheApp, visitor: TheKeeper, _form: TheForm, name: TheSource = "") -> Response:
    """Ask the workers for a pull now: it may take minutes, and never runs in the web process."""
    tenant_id = visitor.profile.id
    ids = {"tenant_id": tenant_id}
    if not _of_settings(app, visitor, name):
        _kept(app, visitor, name)
        ids["source"] = name
    with app.database.write() as session:
        _audit(app, visitor, session, "catalog.sync", name)
        app.queue.enqueue(session, TaskName.SYNC, **ids)
    return back_to(paths.SOURCES, "tarik")


@router.post(paths.SOURCE_TRY, dependencies=[Depends(limited(TRY_LIMIT, "coba-sumber"))])
def rehearse(request: Request, app: TheApp, visitor: TheKeeper, _form: TheForm, name: TheSource = "") -> Response:
    """Show what a pull would change, and change nothing.

    It reads the whole catalogue within this request, on a thread beside the event loop: seconds for the catalogue of a
    Daerah. One at a time for each Daerah, so that slow catalogues cannot take all threads.
    """
    spec = app.catalog.configured(visitor.profile.id) if _of_settings(app, visitor, name) else _kept(app, visitor, name)
    profile = visitor.profile
    asked = moment_text(app.clock(), profile)
    with exclusively(app.database, f"rehearsal {profile.id}") as alone:
        if not alone:
            raise NotAllowedError(_("Percobaan lain masih berjalan. Tunggu sampai selesai, lalu coba lagi."))
        try:
            view = building.rehearsal_view(name, app.catalog.rehearse(profile.id, spec), asked)
        except CatalogError as error:
            view = RehearsalView(name, asked, error=str(error))
    return show(request, app, visitor, "katalog_sumber_coba.html", view, place="catalog")


@router.get(f"{paths.SOURCES}/pengambilan/{{run_id}}.csv")
def set_aside_file(app: TheApp, visitor: TheKeeper, run_id: RowNumber, asked: TheFilters) -> Response:
    """Send what one pull set aside as CSV, made while it leaves."""
    with app.database.read() as session:
        run = queries.find_run(session, visitor.profile.id, run_id)
    found = queries.every_set_aside(app.database, run.id, words=asked.q, kind=asked.jenis)
    name = f"disisihkan-{visitor.profile.id}-{run.id}.csv"
    return StreamingResponse(
        building.aside_lines(found), media_type=csv_file.MEDIA_TYPE, headers=csv_file.headers(name)
    )


@router.get(f"{paths.SOURCES}/pengambilan/{{run_id}}")
def set_aside(request: Request, app: TheApp, visitor: TheKeeper, run_id: RowNumber, asked: TheFilters) -> Response:
    """List what one pull set aside, each record with its reason."""
    profile, q, kind = visitor.profile, asked.q, asked.jenis
    with app.database.read() as session:
        run = queries.find_run(session, profile.id, run_id)
        found, total = queries.set_aside(
            session, run, words=q, kind=kind, offset=(asked.halaman - 1) * PAGE_SIZE, limit=PAGE_SIZE
        )
        kinds = queries.aside_kinds(session, run.id)
    counted = int(run.counts.get("set_aside", 0))
    view = SetAsideView(
        run_id=run.id,
        source=run.source,
        summary=_("Pengambilan {time} dari “{source}”.").format(
            time=moment_text(run.started_at, profile), source=run.source
        ),
        rows=building.aside_rows(found),
        pager=pager_of(asked.halaman, PAGE_SIZE, len(found), total, Address(paths.set_aside(run.id), q=q, jenis=kind)),
        kinds=building.kind_options(kinds, kind),
        query=q,
        download_href=paths.listing(paths.set_aside_file(run.id), q=q, jenis=kind),
        note=_(
            "Pengambilan ini menyisihkan {n} catatan; rinciannya disimpan untuk 20 pengambilan terakhir saja."
        ).format(n=number_text(counted))
        if counted > run.kept
        else "",
    )
    return show(request, app, visitor, "katalog_sisihan.html", view, place="catalog")


def _may_change(visitor: Visitor) -> bool:
    return any(visitor.has(role) for role in CHANGERS)


def _of_settings(app: App, visitor: Visitor, name: str) -> bool:
    """Return whether this is the source of the settings: the operator's own, pulled by its own schedule."""
    return name == SOURCE_NAME and visitor.profile.id in app.settings.catalog_sources


def _kept(app: App, visitor: Visitor, name: str) -> SourceSpec:
    if _of_settings(app, visitor, name):
        raise NotAllowedError(_("Sumber ini ada di setelan (SIAR_CATALOG_SOURCES); hanya operator dapat mengubahnya."))
    found = app.catalog.find(visitor.profile.id, name)
    if found is None:
        raise NotFoundError(_("Tidak ada sumber katalog bernama “{name}”.").format(name=name))
    return found


def _names(app: App, visitor: Visitor) -> frozenset[str]:
    with app.database.read() as session:
        return frozenset({SOURCE_NAME, *(row.name for row in saved_sources.kept(session, visitor.profile.id))})


def _reach(app: App, visitor: Visitor) -> Reach:
    return Reach(
        trusted=source_form.trusted_hosts(app.settings.catalog_sources.get(visitor.profile.id)),
        region_code=visitor.profile.region_code,
    )


def _form_view(typed: Typed, kept: SourceSpec | None, errors: dict[str, str] | None = None) -> SourceFormView:
    fixed = kept is not None and not source_form.is_outside(kept.location)
    return SourceFormView(
        standing=kept.name if kept else "",
        name=kept.name if kept else typed.name,
        formats=building.format_options(typed.format),
        address=typed.address,
        mapping=typed.mapping,
        minutes=typed.minutes,
        has_token=bool(kept and kept.token),
        fixed=fixed,
        facts=(
            (_("Bentuk"), building.format_label(kept.format)),
            (_("Alamat"), saved_sources.shown(kept.location)),
        )
        if kept and fixed
        else (),
        errors=errors or {},
    )


def _audit(app: App, visitor: Visitor, session: Session, action: str, name: str) -> None:
    write_audit(
        session,
        tenant_id=visitor.profile.id,
        user_id=visitor.user.id,
        action=action,
        subject=f"source:{name}",
        now=app.clock(),
    )
