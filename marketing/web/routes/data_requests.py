"""Permintaan: what people asked of their data, by when it must be done, and what the staff do about it."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.contacts.holds import holds
from marketing.contacts.personal_data import find_person
from marketing.contacts.privacy_service import find_request
from marketing.db.models import Contact, DataRequest
from marketing.domain.data_rights import OPEN, RightKind
from marketing.domain.types import Role
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _
from marketing.privacy import privacy_of
from marketing.web import paths
from marketing.web.building import data_requests as building
from marketing.web.building.words import Address, pager_of
from marketing.web.deps import RowNumber, TheApp, TheFilters, TheForm, TheKeeper, Visitor, holding
from marketing.web.office import back_to, show
from marketing.web.pack_answer import pack_answer, shape_of
from marketing.web.queries import data_requests as queries
from marketing.web.views.data_requests import RequestsView
from marketing.web.views.parts import Pager, Tab

router = APIRouter()
PAGE = "/kontak/permintaan/{request_id}"
PAGE_SIZE = 50
CLOSED = "selesai"
# The marketer may look; what is done to a person's data is done by those who answer for it.
TheHandler = Annotated[Visitor, Depends(holding(Role.MANAGING_TEAM, Role.OPERATOR))]


@router.get(paths.DATA_REQUESTS)
def requests_page(request: Request, app: TheApp, visitor: TheKeeper, asked: TheFilters) -> Response:
    """Show the queue: the most pressing first, closed ones on a tab of their own."""
    return _queue(request, app, visitor, asked.halaman, closed=asked.tab == CLOSED)


@router.post(paths.DATA_REQUESTS)
def take_in(request: Request, app: TheApp, visitor: TheHandler, form: TheForm) -> Response:
    """Take in a request that came by word of mouth, letter or telephone."""
    address, kind = str(form.get("alamat", "")).strip(), str(form.get("jenis", ""))
    errors: dict[str, str] = {}
    if kind not in set(RightKind):
        errors["jenis"] = _("Pilih apa yang diminta orangnya.")
    privacy, tenant_id = privacy_of(app), visitor.profile.id
    try:
        contact_id = privacy.find_contact(tenant_id, address)
    except NotFoundError as error:
        errors["alamat"] = str(error)
    if errors:
        return _queue(request, app, visitor, 1, errors=errors, typed=(address, kind))
    number = privacy.ask(tenant_id, contact_id, RightKind(kind))
    return back_to(paths.data_request(number), "permintaan-masuk")


@router.get(PAGE)
def request_page(request: Request, app: TheApp, visitor: TheKeeper, request_id: RowNumber) -> Response:
    """Show one request with what can be done about it."""
    return _one(request, app, visitor, request_id)


@router.post(f"{PAGE}/mulai")
def start(app: TheApp, visitor: TheHandler, request_id: RowNumber, _form: TheForm) -> Response:
    """Note who works on it."""
    privacy_of(app).start(visitor.profile.id, request_id, visitor.user.id)
    return back_to(paths.data_request(request_id), "permintaan-mulai")


@router.post(f"{PAGE}/selesai")
def finish(request: Request, app: TheApp, visitor: TheHandler, request_id: RowNumber, form: TheForm) -> Response:
    """Do what it asks, close it, tell the person; an erasure wants one more word."""
    answer = str(form.get("jawaban", ""))
    with app.database.read() as session:
        erases = find_request(session, visitor.profile.id, request_id).kind == RightKind.ERASE
    if erases and form.get("yakin") != "ya":
        errors = {"yakin": _("Centang dahulu: penghapusan tidak dapat dibatalkan.")}
        return _one(request, app, visitor, request_id, errors=errors, typed={"jawaban": answer})
    try:
        privacy_of(app).finish(visitor.profile.id, request_id, visitor.user.id, answer)
    except NotAllowedError as error:
        return _one(request, app, visitor, request_id, errors={"": str(error)}, typed={"jawaban": answer})
    return back_to(paths.data_request(request_id), "permintaan-selesai")


@router.post(f"{PAGE}/tolak")
def refuse(request: Request, app: TheApp, visitor: TheHandler, request_id: RowNumber, form: TheForm) -> Response:
    """Refuse with a reason."""
    reason = str(form.get("alasan", ""))
    try:
        privacy_of(app).refuse(visitor.profile.id, request_id, visitor.user.id, reason)
    except InvalidInputError as error:
        return _one(request, app, visitor, request_id, errors={error.field: str(error)}, typed={"alasan": reason})
    return back_to(paths.data_request(request_id), "permintaan-ditolak")


@router.post(f"{PAGE}/perbaiki")
def rectify(request: Request, app: TheApp, visitor: TheHandler, request_id: RowNumber, form: TheForm) -> Response:
    """Correct name and addresses; the request stays open until it is finished."""
    with app.database.read() as session:
        row = find_request(session, visitor.profile.id, request_id)
    if row.state not in OPEN or row.kind != RightKind.RECTIFY or row.contact_id is None:
        raise NotAllowedError(_("Permintaan ini sudah selesai atau meminta hal lain."))
    typed = {key: str(form.get(key, "")) for key in ("nama", "surel", "telepon")}
    try:
        privacy_of(app).rectify(
            visitor.profile.id,
            row.contact_id,
            visitor.user.id,
            name=typed["nama"],
            email=typed["surel"],
            phone=typed["telepon"],
        )
    except InvalidInputError as error:
        wrong = {"email": "surel", "phone": "telepon"}.get(error.field, error.field)
        return _one(request, app, visitor, request_id, errors={wrong: str(error)}, typed=typed)
    return back_to(paths.data_request(request_id), "data-diperbaiki")


@router.post(f"{PAGE}/salinan")
def pack(app: TheApp, visitor: TheHandler, request_id: RowNumber, form: TheForm) -> Response:
    """Send all data of the person as a file, made while it leaves; who took it is written down."""
    profile, now = visitor.profile, app.clock()
    shape = shape_of(form.get("bentuk"))
    with app.database.write() as session:
        row = find_request(session, profile.id, request_id, locked=True)
        if row.state not in OPEN or row.contact_id is None:
            raise NotAllowedError(_("Permintaan ini sudah selesai."))
        person = find_person(session, profile.id, row.contact_id)
        write_audit(
            session,
            tenant_id=profile.id,
            user_id=visitor.user.id,
            action="privacy.packed",
            subject=f"data_request:{request_id}",
            now=now,
            details={"contact": person.contact_id, "shape": shape},
        )
    return pack_answer(app, person, shape)


def _queue(
    request: Request,
    app: TheApp,
    visitor: Visitor,
    number: int,
    *,
    closed: bool = False,
    errors: Mapping[str, str] | None = None,
    typed: tuple[str, str] = ("", ""),
) -> Response:
    profile, now = visitor.profile, app.clock()
    with app.database.read() as session:
        offset = (number - 1) * PAGE_SIZE
        found, total = queries.list_requests(session, profile.id, closed=closed, offset=offset, limit=PAGE_SIZE)
        late = queries.overdue(session, profile.id, now)
    pager: Pager = pager_of(
        number, PAGE_SIZE, len(found), total, Address(paths.DATA_REQUESTS, tab=CLOSED if closed else "")
    )
    view = RequestsView(
        rows=tuple(building.row_of(one, name, profile, now) for one, name in found),
        pager=pager,
        tabs=(
            Tab(_("Belum selesai"), paths.DATA_REQUESTS, None if closed else total, current=not closed),
            Tab(_("Sudah selesai"), paths.listing(paths.DATA_REQUESTS, tab=CLOSED), current=closed),
        ),
        loud=building.loud_of(late),
        kinds=building.kind_options(typed[1]),
        address=typed[0],
        errors=dict(errors or {}),
        can_act=_may_act(visitor),
        closed=closed,
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return show(request, app, visitor, "kontak_permintaan.html", view, place="contacts", status=status)


def _one(
    request: Request,
    app: TheApp,
    visitor: Visitor,
    request_id: int,
    *,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    with app.database.read() as session:
        row = find_request(session, visitor.profile.id, request_id)
        contact = session.get(Contact, row.contact_id) if row.contact_id is not None else None
        held = _holds(session, row, app.clock())
        view = building.request_view(
            row,
            contact.name if contact is not None else "",
            visitor.profile,
            app.clock(),
            can_act=_may_act(visitor),
            held=held,
            errors=errors,
            typed=typed,
        )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return show(request, app, visitor, "kontak_permintaan_satu.html", view, place="contacts", status=status)


def _holds(session: Session, row: DataRequest, now: datetime) -> tuple[str, ...]:
    """Return what speaks against an erasure that is asked for; the staff decide over it."""
    if row.kind != RightKind.ERASE or row.state not in OPEN or row.contact_id is None:
        return ()
    held = holds(session, find_person(session, row.tenant_id, row.contact_id), now)
    if not held and "issued" in row.details:
        return (_("Belum dikonfirmasi lewat tautan yang dikirim. Pastikan dahulu bahwa yang meminta memang orangnya."),)
    return held


def _may_act(visitor: Visitor) -> bool:
    return visitor.has(Role.MANAGING_TEAM) or visitor.has(Role.OPERATOR)
