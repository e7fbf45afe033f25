"""Kontak: one person who was recorded twice becomes one contact, by the hand of those who answer for the data."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from marketing.bootstrap import App
from marketing.contacts.merging import merge_by_hand
from marketing.domain.types import Role
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _
from marketing.web import paths
from marketing.web.building import contacts as building
from marketing.web.deps import MAX_ROW, RowNumber, TheApp, TheForm, Visitor, holding
from marketing.web.office import back_to, show
from marketing.web.queries import contact as one
from marketing.web.queries import contacts as queries
from marketing.web.views.contacts import MergeView

router = APIRouter()
PAGE: Final = "/kontak/{contact_id:int}/gabung"
MOST: Final = 20
# Who is who decides whose word counts: not the marketer's to say.
TheRegistrar = Annotated[Visitor, Depends(holding(Role.MANAGING_TEAM, Role.OPERATOR))]


@router.get(PAGE)
def choose(request: Request, app: TheApp, visitor: TheRegistrar, contact_id: RowNumber) -> Response:
    """Show who may be the same person."""
    with app.database.read() as session:
        found = one.find_contact(session, visitor.profile.id, contact_id)
        if found.merged_into is not None:
            return RedirectResponse(paths.contact(found.merged_into, "gabung"), HTTPStatus.SEE_OTHER)
    return _page(request, app, visitor, contact_id)


@router.post(PAGE)
def merge(request: Request, app: TheApp, visitor: TheRegistrar, contact_id: RowNumber, form: TheForm) -> Response:
    """Merge the chosen contact into this one."""
    typed, chosen = str(form.get("nomor", "")).strip()[:20], str(form.get("lain", ""))
    other = typed or chosen
    errors: dict[str, str] = {}
    if form.get("yakin") != "ya":
        errors["yakin"] = _("Centang dahulu: penggabungan tidak dapat dibatalkan.")
    if not (other.isascii() and other.isdigit() and 0 < int(other) <= MAX_ROW):
        errors["lain"] = _("Pilih salah satu, atau tulis nomor kontaknya.")
    if not errors:
        try:
            with app.database.write() as session:
                one.find_contact(session, visitor.profile.id, contact_id)
                merge_by_hand(
                    session,
                    contact_id,
                    int(other),
                    tenant_id=visitor.profile.id,
                    user_id=visitor.user.id,
                    now=app.clock(),
                )
        except (InvalidInputError, NotFoundError) as error:
            errors["lain"] = str(error)
    if errors:
        return _page(request, app, visitor, contact_id, errors=errors, chosen=chosen, number=typed)
    return back_to(paths.contact(contact_id), "digabung")


def _page(
    request: Request,
    app: App,
    visitor: Visitor,
    contact_id: int,
    *,
    errors: dict[str, str] | None = None,
    chosen: str = "",
    number: str = "",
) -> Response:
    profile, now = visitor.profile, app.clock()
    with app.database.read() as session:
        found = one.find_contact(session, profile.id, contact_id)
        if found.erased_at is not None or found.merged_into is not None:
            raise NotAllowedError(_("Kontak ini sudah dihapus atau digabung."))
        view = MergeView(
            this=building.row_of(queries.facts_of(session, found, now), profile),
            rows=tuple(building.row_of(row, profile) for row in queries.likely_twins(session, found, now, MOST)),
            chosen=chosen,
            number=number,
            errors=tuple((errors or {}).items()),
        )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return show(request, app, visitor, "kontak_gabung.html", view, place="contacts", status=status)
