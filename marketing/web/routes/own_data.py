"""A person's own data behind the link in their mailbox: take a copy, erase, or have a new link sent.

The token is the authority; looking changes nothing, so a mail scanner downloads and erases nothing.
"""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from marketing.bootstrap import App
from marketing.contacts.own_data import Door, OwnData, Standing, find_door
from marketing.db.models import Contact
from marketing.domain import site
from marketing.domain.data_rights import RightKind
from marketing.domain.links import LinkPurpose
from marketing.errors import NotAllowedError, NotFoundError
from marketing.i18n import LANGUAGES, SOURCE_LANGUAGE, language, speaking
from marketing.i18n import gettext as _
from marketing.privacy import privacy_of
from marketing.queue import TaskName
from marketing.tenants.profile import profile_of
from marketing.web.building.words import moment_text
from marketing.web.deps import FORM_LIMIT, TheApp, TheFreeForm, limited
from marketing.web.pack_answer import pack_answer, shape_of
from marketing.web.render import page
from marketing.web.views.data_requests import OwnDataView
from marketing.web.views.public import SiteNav
from marketing.web.views.shell import Shell, Tenant

router = APIRouter()
PAGE: Final = "/s/{token}"
HEADERS: Final = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
limit_guesses = limited(FORM_LIMIT, "own-data")


@router.get(PAGE)
def own_data(token: str, request: Request, app: TheApp) -> Response:
    """Show what the link opens."""
    return _show(request, app, token)


@router.post(f"{PAGE}/salinan")
def download(token: str, request: Request, app: TheApp, form: TheFreeForm) -> Response:
    """Send all data of the person as a file; that it was taken is written down."""
    shape = shape_of(form.get("bentuk"))
    try:
        person = OwnData(privacy_of(app)).take_copy(token, shape)
    except NotAllowedError:
        return _show(request, app, token)
    except NotFoundError:
        raise _unknown(request) from None
    return pack_answer(app, person, shape, HEADERS)


@router.post(f"{PAGE}/hapus")
def erase(token: str, request: Request, app: TheApp) -> Response:
    """Erase the person at once, unless something holds; the page says which."""
    try:
        OwnData(privacy_of(app)).erase(token)
    except NotAllowedError:
        return _show(request, app, token)
    except NotFoundError:
        raise _unknown(request) from None
    return RedirectResponse(f"/s/{token}", HTTPStatus.SEE_OTHER, headers=HEADERS)


@router.post(f"{PAGE}/baru", dependencies=[Depends(limited("5/minute", "own-data-link"))])
def new_link(token: str, request: Request, app: TheApp) -> Response:
    """Have a new link sent to the address on file; the answer is the same whether or not there is one."""
    with app.database.write() as session:
        try:
            OwnData(privacy_of(app)).ask_again(session, token)
        except NotFoundError:
            raise _unknown(request) from None
        app.queue.enqueue(session, TaskName.REQUEST_MAIL)
    return _show(request, app, token, sent=True)


def _show(request: Request, app: App, token: str, *, sent: bool = False) -> Response:
    with app.database.read() as session:
        door = find_door(session, app.signer, token, app.clock())
        if door is None:
            raise _unknown(request)
        contact = session.get(Contact, door.person.contact_id) if door.person is not None else None
        spoken = contact.locale if contact is not None else language()
    with speaking(spoken if spoken in LANGUAGES else SOURCE_LANGUAGE):
        profile = profile_of(door.request.tenant_id)
        view = OwnDataView(
            state="sent" if sent else door.standing.value,
            title=_title(door, sent=sent),
            action=f"/s/{token}",
            preferences_href=app.signer.url(LinkPurpose.PREFERENCES, contact.id) if contact is not None else "",
            erases=door.request.kind == RightKind.ERASE,
            holds=door.holds,
            until=moment_text(door.until, profile),
        )
        tenant = Tenant.of(profile)
        body = page("data_anda.html", view, shell=Shell(tenant=tenant, csrf=""), nav=SiteNav(site.home(tenant.id)))
    return HTMLResponse(body, headers=HEADERS)


def _title(door: Door, *, sent: bool) -> str:
    if sent:
        return _("Tautan baru diminta")
    return {
        Standing.COPY: _("Salinan data Anda"),
        Standing.ERASE: _("Hapus data Anda"),
        Standing.HELD: _("Hapus data Anda"),
        Standing.ERASED: _("Data Anda sudah dihapus"),
        Standing.REFUSED: _("Permintaan Anda"),
        Standing.LATE: _("Tautan ini sudah lewat waktunya"),
    }[door.standing]


def _unknown(request: Request) -> NotFoundError:
    """Return the one answer for whatever is no link of ours; whoever tries many is slowed down."""
    limit_guesses(request)
    return NotFoundError(_("Tautan ini tidak dikenal. Mungkin terpotong saat disalin."))
