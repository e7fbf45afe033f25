"""Segments: the list, and the builder that works without a script: every step is a post that shows the count anew."""

from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from marketing.accounts.audit import write_audit
from marketing.bootstrap import App
from marketing.contacts import segments
from marketing.domain.segments.parse import parse
from marketing.domain.types import Role
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.web import paths
from marketing.web.building import segments as building
from marketing.web.building.segments import Row
from marketing.web.building.words import moment_text
from marketing.web.deps import RowNumber, TheApp, TheForm, TheMarketer, TheSender, Visitor
from marketing.web.office import back_to, show
from marketing.web.views.parts import Option
from marketing.web.views.segments import SegmentFormView, SegmentRow, SegmentsView

router = APIRouter()
PAGE = "/kontak/segmen/{segment_id}"
DELETE = "/kontak/segmen/{segment_id}/hapus"
START = (Row("kind"),)


@dataclass(frozen=True, slots=True)
class _Typed:
    """What stands in the form; `text` is what the rows say, or was typed itself."""

    name: str
    text: str
    rows: tuple[Row, ...] = ()
    any_of: bool = False
    by_rows: bool = True
    wrong: dict[int, str] = field(default_factory=dict)


@router.get(paths.SEGMENTS)
def list_segments(request: Request, app: TheApp, visitor: TheSender) -> Response:
    """List the saved segments with what they mean; nobody is counted here."""
    with app.database.read() as session:
        rows = tuple(
            SegmentRow(
                row.name,
                segments.explanation_of(session, row),
                paths.segment(row.id),
                moment_text(row.updated_at, visitor.profile),
            )
            for row in segments.listed(session, visitor.profile.id)
        )
    view = SegmentsView(rows, can_change=visitor.has(Role.MARKETER))
    return show(request, app, visitor, "segmen.html", view, place="contacts")


@router.get(paths.SEGMENT_NEW)
def new_segment(request: Request, app: TheApp, visitor: TheMarketer) -> Response:
    """Show an empty builder."""
    return _show(request, app, visitor, _Typed("", "", START), None)


@router.post(paths.SEGMENT_NEW)
def make_segment(request: Request, app: TheApp, visitor: TheMarketer, form: TheForm) -> Response:
    """Take one step of the builder, or save."""
    return _answer(request, app, visitor, form, None)


@router.get(PAGE)
def edit_segment(request: Request, app: TheApp, visitor: TheMarketer, segment_id: RowNumber) -> Response:
    """Show a saved segment, as rows where rows can say it."""
    with app.database.read() as session:
        row = segments.find(session, visitor.profile.id, segment_id)
    return _show(request, app, visitor, _of_text(row.name, row.expression["text"], wanted=True), segment_id)


@router.post(PAGE)
def change_segment(
    request: Request, app: TheApp, visitor: TheMarketer, segment_id: RowNumber, form: TheForm
) -> Response:
    """Take one step with a saved segment, or save it."""
    with app.database.read() as session:
        segments.find(session, visitor.profile.id, segment_id)
    return _answer(request, app, visitor, form, segment_id)


@router.post(DELETE)
def delete_segment(app: TheApp, visitor: TheMarketer, segment_id: RowNumber, _form: TheForm) -> Response:
    """Delete a segment that nothing needs; otherwise say where it is used."""
    with app.database.write() as session:
        row = segments.find(session, visitor.profile.id, segment_id)
        segments.delete(session, row)
        _audit(app, visitor, session, "segment.deleted", segment_id)
    return back_to(paths.SEGMENTS, "segmen-hapus")


def _answer(request: Request, app: App, visitor: Visitor, form: FormData, segment_id: int | None) -> Response:
    act, typed = str(form.get("aksi", "hitung")), _typed(form)
    if act == "simpan":
        return _save(request, app, visitor, typed, segment_id)
    if act == "tambah":
        typed = _of_rows(typed.name, (*typed.rows, Row(str(form.get("tambah", "")))), typed)
    elif act.startswith("buang-"):
        rows = tuple(row for place, row in enumerate(typed.rows) if act != f"buang-{place}")
        typed = _of_rows(typed.name, rows, typed)
    elif act == "teks":
        typed = _Typed(typed.name, typed.text, by_rows=False)
    elif act == "baris":
        typed = _of_text(typed.name, typed.text, wanted=True)
    return _show(request, app, visitor, typed, segment_id, judged=act in ("hitung", "teks", "baris"))


def _save(request: Request, app: App, visitor: Visitor, typed: _Typed, segment_id: int | None) -> Response:
    profile, now = visitor.profile, app.clock()
    if not typed.wrong:
        try:
            with app.database.write() as session:
                row = segments.save(
                    session, tenant_id=profile.id, name=typed.name, text=typed.text, user_id=visitor.user.id, now=now,
                    segment_id=segment_id,
                )  # fmt: skip
                _audit(app, visitor, session, "segment.saved", row.id)
                saved = row.id
        except InvalidInputError as error:
            return _show(request, app, visitor, typed, segment_id, fault=error)
        return back_to(paths.segment(saved), "segmen")
    return _show(request, app, visitor, typed, segment_id, fault=InvalidInputError(_("Lengkapi syarat yang ditandai.")))


def _audit(app: App, visitor: Visitor, session: Session, action: str, segment_id: int) -> None:
    write_audit(
        session,
        tenant_id=visitor.profile.id,
        user_id=visitor.user.id,
        action=action,
        subject=f"segment:{segment_id}",
        now=app.clock(),
    )


def _typed(form: FormData) -> _Typed:
    name = str(form.get("nama", "")).replace("\0", "")[: 2 * segments.MAX_NAME]
    if form.get("cara") == "teks":
        text = str(form.get("teks", "")).replace("\r\n", "\n")
        return _Typed(name, text, by_rows=False)
    rows = tuple(building.rows_of_form(form))
    return _of_rows(name, rows, _Typed(name, "", any_of=form.get("gabung") == "atau"))


def _of_rows(name: str, rows: tuple[Row, ...], like: _Typed) -> _Typed:
    known = tuple(row for row in rows if row.kind in building.kind_labels())
    text, wrong = building.text_of_rows(known, any_of=like.any_of)
    return _Typed(name, text, known, any_of=like.any_of, wrong=wrong)


def _of_text(name: str, text: str, *, wanted: bool) -> _Typed:
    """Return the form of a text, as rows when that is wanted and rows can say it."""
    try:
        found = building.rows_of(parse(text)) if wanted else None
    except InvalidInputError:
        found = None
    if found is None:
        return _Typed(name, text, by_rows=False)
    rows, any_of = found
    return _of_rows(name, tuple(rows), _Typed(name, "", any_of=any_of))


def _show(
    request: Request,
    app: App,
    visitor: Visitor,
    typed: _Typed,
    segment_id: int | None,
    *,
    fault: InvalidInputError | None = None,
    judged: bool = False,
) -> Response:
    errors = {fault.field: str(fault)} if fault else {}
    with app.database.read() as session:
        named = dict(segments.names(session, visitor.profile.id))
        named.pop(segment_id or 0, None)
        number, explanation = None, ""
        if typed.text:
            try:
                meant = segments.understand(session, visitor.profile.id, typed.text, standing_for=segment_id)
            except InvalidInputError as error:
                if judged:
                    errors.setdefault("teks", str(error))
            else:
                explanation = meant.explanation
                number = segments.count(session, visitor.profile.id, meant.whole, app.clock())
        uses = segments.uses(session, segments.find(session, visitor.profile.id, segment_id)) if segment_id else []
    marked = typed.wrong if fault or judged else {}
    view = SegmentFormView(
        name=typed.name,
        text=typed.text,
        by_rows=typed.by_rows,
        conditions=building.condition_views(typed.rows, marked, named),
        any_of=typed.any_of,
        kinds=tuple(Option(kind, label) for kind, label in building.offered()),
        count=number,
        explanation=explanation,
        segment_id=segment_id,
        uses=tuple(uses),
        errors=errors,
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return show(request, app, visitor, "segmen_susun.html", view, place="contacts", status=status)
