"""The private pages' surroundings: who is here, what waits beside the navigation, and the notice after an act."""

from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from marketing.bootstrap import App
from marketing.domain.share_task import DOERS
from marketing.domain.types import Role
from marketing.i18n import gettext as _
from marketing.web.deps import Visitor
from marketing.web.notices import KEY, Code, notice_of, with_notice
from marketing.web.queries.waiting import approvals_waiting, tasks_waiting
from marketing.web.render import page
from marketing.web.views.shell import Counts, Nav, Place, Shell, Tenant


def show(
    request: Request,
    app: App,
    visitor: Visitor,
    template: str,
    view: object,
    *,
    place: Place,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    """Return a private page with everything around it."""
    tenant = Tenant.of(visitor.profile)
    query = [(key, value) for key, value in request.query_params.multi_items() if key != KEY]
    shell = Shell(
        tenant=tenant,
        csrf=visitor.csrf,
        notice=notice_of(request.query_params.get(KEY, "")) if status is HTTPStatus.OK else None,
        path=f"{request.url.path}?{urlencode(query)}" if query else request.url.path,
    )
    nav = Nav(visitor.user.name, roles_in_words(visitor), tenant, place, _counts(app, visitor))
    return HTMLResponse(page(template, view, shell=shell, nav=nav), status)


def back_to(address: str, code: Code) -> Response:
    """Lead on after an act, with what to say about it."""
    return RedirectResponse(with_notice(address, code), HTTPStatus.SEE_OTHER)


def roles_in_words(visitor: Visitor) -> str:
    """Return what the person is, as the navigation names it."""
    names = {
        Role.MARKETER: _("Pemasar"),
        Role.APPROVER: _("Penyetuju"),
        Role.MANAGING_TEAM: _("Tim pengelola"),
        Role.COMPANION: _("Pendamping"),
        Role.HEAD: _("Pimpinan"),
        Role.OPERATOR: _("Operator"),
    }
    return ", ".join(name for role, name in names.items() if visitor.has(role))


def _counts(app: App, visitor: Visitor) -> Counts:
    with app.database.read() as session:
        return Counts(
            approvals=approvals_waiting(session, visitor.profile.id, visitor.user.id)
            if visitor.has(Role.APPROVER)
            else 0,
            tasks=tasks_waiting(session, visitor.profile.id, visitor.user.id)
            if any(visitor.has(role) for role in DOERS)
            else 0,
        )
