"""Templat surel: which are in force, what they look like, and an office's own versions."""

from dataclasses import dataclass, replace
from html import escape
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from sqlalchemy.orm import Session

from marketing.bootstrap import App
from marketing.domain.types import EmailType, Role
from marketing.errors import InvalidInputError, NotFoundError
from marketing.i18n import gettext as _
from marketing.i18n import language
from marketing.mail import templates as use
from marketing.mail.samples import SampleMail, sample_of, template_findings
from marketing.sample.mail_photos import with_photos
from marketing.templates.compiler import TemplateSource
from marketing.templates.looks import Look
from marketing.templates.override import refusals
from marketing.templates.registry import MailTemplate, template_of
from marketing.web import paths
from marketing.web.building import mail_templates as building
from marketing.web.deps import MAX_ROW, TheApp, TheForm, TheStaff, Visitor, holding, limited
from marketing.web.office import back_to, show
from marketing.web.previewing import mail_answer
from marketing.web.queries import mail_templates as queries
from marketing.web.views.mail_templates import TemplatesView, TemplateView
from marketing.web.views.states import email_type_label

router = APIRouter()
TheOperator = Annotated[Visitor, Depends(holding(Role.OPERATOR))]
VersionNumber = Annotated[int, Query(ge=0, le=MAX_ROW)]
ONE: Final = paths.mail_template("{kind}", "{variant}")
_work_limit = Depends(limited("60/minute", "templat"))  # a template takes a second to compile


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions to compare, the earlier first."""

    dari: VersionNumber = 0
    ke: VersionNumber = 0


def get_template(kind: str, variant: str) -> MailTemplate:
    """Return the template of the address; NotFoundError names those that exist."""
    if kind not in set(EmailType):
        raise NotFoundError(_("Jenis surel ini tidak ada."))
    return template_of(EmailType(kind), variant)


TheTemplate = Annotated[MailTemplate, Depends(get_template)]


@router.get(paths.MAIL_TEMPLATES)
def templates(request: Request, app: TheApp, visitor: TheStaff) -> Response:
    """Show every template with the version in force."""
    with app.database.read() as session:
        standing = queries.standing_numbers(session, visitor.profile.id)
    return show(
        request, app, visitor, "surel_templat.html", TemplatesView(building.rows_of(standing)), place="channels"
    )


@router.get(ONE, dependencies=[_work_limit])
def template_page(
    request: Request, app: TheApp, visitor: TheStaff, template: TheTemplate, versi: VersionNumber | None = None
) -> Response:
    """Show one template: its editor with the version in force, or with another one that was asked for."""
    with app.database.read() as session:
        view, standing = _view(session, visitor, template)
        number = standing if versi is None else versi
        source = use.source_of(session, visitor.profile.id, template, number)
    shown = replace(view, mjml=source.mjml, text=source.text, shown=building.version_label(number))
    shown = _with_sample(shown, app, visitor, template, None if number == use.SHIPPED else source)
    at = paths.mail_template(template.email_type, template.variant, f"{number}/pratinjau.html")
    shown = replace(shown, frame_href=at, looks=building.looks_at(at))
    return show(request, app, visitor, "surel_templat_satu.html", shown, place="channels")


@router.post(ONE, dependencies=[_work_limit])
def change(request: Request, app: TheApp, visitor: TheOperator, template: TheTemplate, form: TheForm) -> Response:
    """Examine what was written, and keep it when asked; everything typed is shown again when something is wrong."""
    source, note = _typed(form.get("mjml"), form.get("teks")), str(form.get("catatan", "")).replace("\0", "")
    found = refusals(source, template, visitor.profile)
    if not found and form.get("aksi") == "simpan":
        with app.database.write() as session:
            use.save(session, visitor.profile, template, source, use.Change(visitor.user.id, note, app.clock()))
        return back_to(paths.mail_template(template.email_type, template.variant), "templat")
    with app.database.read() as session:
        view, _number = _view(session, visitor, template)
    view = replace(
        view,
        mjml=source.mjml,
        text=source.text,
        note=note,
        checked=True,
        refused=building.refusals_by_field(found),
        shown=_("yang sedang Anda tulis"),
    )
    if not found:
        view = _with_sample(view, app, visitor, template, source)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if found else HTTPStatus.OK
    return show(request, app, visitor, "surel_templat_satu.html", view, place="channels", status=status)


@router.post(f"{ONE}/pratinjau.html", dependencies=[_work_limit])
def show_written(visitor: TheOperator, template: TheTemplate, form: TheForm, rupa: Look = Look.LIGHT) -> Response:
    """Return what was written as the mail it makes, for the sandboxed frame; nothing is kept."""
    source = _typed(form.get("mjml"), form.get("teks"))
    found = refusals(source, template, visitor.profile)
    if found:
        said = "".join(f"<li>{escape(text)}</li>" for _field, text in building.refusals_by_field(found))
        return mail_answer(f'<html lang="{language()}"><head></head><body><ul>{said}</ul></body></html>', rupa)
    return mail_answer(with_photos(sample_of(template, visitor.profile, source).email.html), rupa)


@router.get(f"{ONE}/{{number}}/pratinjau.html", dependencies=[_work_limit])
def show_version(
    app: TheApp,
    visitor: TheStaff,
    template: TheTemplate,
    number: Annotated[int, Path(ge=0, le=MAX_ROW)],
    rupa: Look = Look.LIGHT,
) -> Response:
    """Return the mail that one version makes, for the sandboxed frame."""
    with app.database.read() as session:
        source = use.source_of(session, visitor.profile.id, template, number)
    return mail_answer(with_photos(sample_of(template, visitor.profile, source).email.html), rupa)


@router.post(f"{ONE}/pulihkan", dependencies=[_work_limit])
def restore(app: TheApp, visitor: TheOperator, template: TheTemplate, form: TheForm) -> Response:
    """Put an earlier version in force, as a new one."""
    number = str(form.get("nomor", ""))
    if not (number.isascii() and number.isdigit() and len(number) < 10):  # noqa: PLR2004  digits of a version number
        raise InvalidInputError(_("Pilih versi dari riwayat."), field="nomor")
    change = use.Change(visitor.user.id, str(form.get("catatan", "")).replace("\0", ""), app.clock())
    with app.database.write() as session:
        use.restore(session, visitor.profile, template, int(number), change)
    return back_to(paths.mail_template(template.email_type, template.variant), "templat")


@router.get(f"{ONE}/beda")
def difference(
    request: Request, app: TheApp, visitor: TheStaff, template: TheTemplate, pair: Annotated[Pair, Depends()]
) -> Response:
    """Show what changed between two versions."""
    with app.database.read() as session:
        before, after = (
            use.source_of(session, visitor.profile.id, template, number) for number in (pair.dari, pair.ke)
        )
    view = building.diff_view(template, (pair.dari, before), (pair.ke, after))
    return show(request, app, visitor, "surel_templat_beda.html", view, place="channels")


def _typed(mjml: object, text: object) -> TemplateSource:
    """Return what was written, with line ends as they are counted."""
    parts = (str(part or "").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n") for part in (mjml, text))
    return TemplateSource(*parts)


def _view(session: Session, visitor: Visitor, template: MailTemplate) -> tuple[TemplateView, int]:
    """Return the page without a source, and the number of the version in force."""
    tenant_id, can_edit = visitor.profile.id, visitor.has(Role.OPERATOR)
    kind, variant = template.email_type, template.variant
    rows = use.history(session, tenant_id, kind, variant)
    names = queries.names_of(session, tenant_id)
    number = use.in_force(session, tenant_id, kind, variant)
    show_action = paths.mail_template(kind, variant, "pratinjau.html")
    view = TemplateView(
        kind=email_type_label(kind),
        name=building.variant_label(variant),
        standing=building.version_label(number),
        action=paths.mail_template(kind, variant),
        restore_action=paths.mail_template(kind, variant, "pulihkan"),
        show_action=show_action,
        frame_href="",
        looks=building.looks_at(show_action),
        versions=building.versions_of(rows, names, template, visitor.profile, can_edit=can_edit),
        can_edit=can_edit,
        is_own=number != use.SHIPPED,
    )
    return view, number


def _with_sample(
    view: TemplateView, app: App, visitor: Visitor, template: MailTemplate, source: TemplateSource | None
) -> TemplateView:
    sample: SampleMail = sample_of(template, visitor.profile, source)
    return replace(
        view,
        findings=building.findings_of(template_findings(sample, source, app.settings.public_url)),
        text_part=sample.email.text,
        headers=building.headers_of(sample.email),
    )
