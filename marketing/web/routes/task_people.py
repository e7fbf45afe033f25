"""Petugas: who finishes by hand what each account cannot do by itself, and WhatsApp groups by their names."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from marketing.bootstrap import App
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.social.accounts import KEEPERS
from marketing.social.persons import add_group, name_person, named_accounts, possible_persons
from marketing.web import paths
from marketing.web.deps import RowNumber, TheApp, TheForm, Visitor, holding
from marketing.web.office import back_to, show
from marketing.web.views.parts import Option
from marketing.web.views.tasks import AccountPerson, TaskPeopleView

router = APIRouter()
TheKeeper = Annotated[Visitor, Depends(holding(*KEEPERS))]


@router.get(paths.TASK_PEOPLE)
def people(request: Request, app: TheApp, visitor: TheKeeper) -> Response:
    """Show the accounts with their persons, and the form for a group."""
    return _page(request, app, visitor)


@router.post(paths.TASK_PEOPLE)
def group(request: Request, app: TheApp, visitor: TheKeeper, form: TheForm) -> Response:
    """Keep a WhatsApp group with its administrator."""
    name = str(form.get("nama", ""))
    try:
        add_group(app.social, visitor.user, name, _person(str(form.get("petugas", ""))))
    except InvalidInputError as error:
        return _page(request, app, visitor, error=str(error), name=name)
    return back_to(paths.TASK_PEOPLE, "grup")


@router.post(f"{paths.TASK_PEOPLE}/{{account_id}}")
def person(app: TheApp, visitor: TheKeeper, account_id: RowNumber, form: TheForm) -> Response:
    """Say who is asked from now on."""
    name_person(app.social, visitor.user, account_id, _person(str(form.get("petugas", ""))))
    return back_to(paths.TASK_PEOPLE, "petugas")


def _page(request: Request, app: App, visitor: Visitor, *, error: str = "", name: str = "") -> Response:
    tenant_id = visitor.profile.id
    with app.database.read() as session:
        found = possible_persons(session, tenant_id)
        accounts = named_accounts(session, tenant_id)

    def options(chosen: int | None) -> tuple[Option, ...]:
        return (
            Option("", _("Siapa saja di kantor"), selected=chosen is None),
            *(Option(str(one.id), one.name, selected=one.id == chosen) for one in found),
        )

    view = TaskPeopleView(
        accounts=tuple(AccountPerson(row.id, row.name, row.channel, options(row.person_id)) for row in accounts),
        people=options(None),
        error=error,
        given_name=name,
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return show(request, app, visitor, "tugas_petugas.html", view, place="tasks", status=status)


def _person(text: str) -> int | None:
    """Return the number of a person, None for nobody; InvalidInputError for anything else."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):  # noqa: PLR2004  fits 64 bits
        raise InvalidInputError(_("Pilih petugas dari daftarnya."), field="petugas")
    return int(text)
