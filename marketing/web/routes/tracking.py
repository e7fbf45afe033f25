"""What people do with a message: open, follow a link, read it on the web, ask why, and leave."""

import base64
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from sqlalchemy.orm import Session

from marketing.contacts import segments
from marketing.contacts.receipts import gather
from marketing.contacts.unsubscribe import Scope, purpose_name, unsubscribe
from marketing.contacts.wordings import find
from marketing.db.models import ConsentNow, ConsentRecord, Contact
from marketing.delivery.archive import Archived, find_message, masked, render_again
from marketing.delivery.versions import content_of
from marketing.domain import site
from marketing.domain.consent_receipt import receipt_27560
from marketing.domain.events import EventType
from marketing.domain.links import LinkPurpose
from marketing.domain.types import EmailType
from marketing.engagement.classify import is_machine
from marketing.engagement.tracking import Hit, destination, record_hit
from marketing.errors import NotFoundError
from marketing.i18n import SOURCE_LANGUAGE
from marketing.i18n import gettext as _
from marketing.tenants.profile import profile_of
from marketing.web.building.why import Exits, Ground, why_view
from marketing.web.deps import FORM_LIMIT, TheApp, limited
from marketing.web.render import page
from marketing.web.security import MAIL_CSP
from marketing.web.views.public import SiteNav, UnsubscribeView
from marketing.web.views.shell import Shell, Tenant

router = APIRouter()
limit_guesses = limited(FORM_LIMIT, "unsubscribe")
# The address is the authority over what somebody receives: no other site learns it.
PRIVATE = {"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@router.api_route("/b/{token}", methods=["GET", "HEAD"])
def opened(token: str, request: Request, app: TheApp) -> Response:
    """Answer with one transparent pixel and note that the mail was opened; an unknown token gets the pixel too."""
    ids = app.signer.read(LinkPurpose.OPEN, token)
    if ids is not None:
        _record(request, app, EventType.OPENED, ids[0])
    return Response(PIXEL, media_type="image/gif")


@router.api_route("/k/{token}", methods=["GET", "HEAD"])
def clicked(token: str, request: Request, app: TheApp) -> Response:
    """Count a click and lead on; where to is looked up, never read from the address."""
    ids = app.signer.read(LinkPurpose.CLICK, token)
    target = None
    if ids is not None and len(ids) == 2:  # noqa: PLR2004  message and link
        with app.database.read() as session:
            target = destination(session, *ids)
    if ids is None or target is None:
        raise NotFoundError(_("Tautan ini tidak dikenal. Mungkin terpotong saat disalin."))
    _record(request, app, EventType.CLICKED, ids[0], link_id=ids[1])
    return RedirectResponse(target, HTTPStatus.FOUND)


@router.get("/w/{token}")
def web_view(token: str, request: Request, app: TheApp) -> Response:
    """Show the mail in the browser."""
    message_id = _message_id(app, LinkPurpose.WEB_VIEW, token)
    with app.database.read() as session:
        archived = _archived(app, session, message_id)
        email = render_again(session, archived, app.composer, app.clock())
    _record(request, app, EventType.WEB_VIEWED, message_id)
    return HTMLResponse(email.html, headers={"Content-Security-Policy": MAIL_CSP, "X-Robots-Tag": "noindex"})


@router.get("/m/{token}")
def why(token: str, app: TheApp) -> Response:
    """Say why this mail came: the consent it rests on and how to stop."""
    message_id = _message_id(app, LinkPurpose.WHY, token)
    with app.database.read() as session:
        archived = _archived(app, session, message_id)
        content = content_of(session, archived.campaign, archived.message.version)
        ground, names = _ground(session, archived), segments.names(session, archived.profile.id)
    marketing = archived.campaign.email_type is not EmailType.TRANSACTIONAL
    exits = Exits(
        unsubscribe=app.signer.url(LinkPurpose.UNSUBSCRIBE, message_id) if marketing else "",
        preferences=_preferences(app, archived),
        receipt=f"/m/{token}/bukti.json" if ground.line is not None else "",
    )
    return _page("mengapa.html", why_view(archived, content, ground, exits, names), archived.profile.id)


@router.get("/m/{token}/bukti.json")
def receipt(token: str, app: TheApp) -> Response:
    """Hand out the receipt of what this person agreed to and took back (ISO/IEC TS 27560; UU 27/2022 Ps. 24)."""
    message_id = _message_id(app, LinkPurpose.WHY, token)
    with app.database.read() as session:
        archived = _archived(app, session, message_id)
        contact = session.get_one(Contact, archived.message.contact_id)
        where = _preferences(app, archived)
        facts = gather(session, archived.profile, contact, app.clock(), notice_url=where)
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="bukti-persetujuan.json"'}
    return JSONResponse(receipt_27560(facts), headers=headers)


@router.get("/u/{token}")
def leave_page(token: str, app: TheApp) -> Response:
    """Ask what to stop; looking changes nothing (mail scanners follow every link)."""
    message_id = _message_id(app, LinkPurpose.UNSUBSCRIBE, token)
    with app.database.read() as session:
        archived = _archived(app, session, message_id)
    view = UnsubscribeView(
        type_label=purpose_name(archived.campaign.purpose),
        address=masked(archived.contact.address),
        action=f"/u/{token}",
        preferences_href=_preferences(app, archived),
    )
    return _page("berhenti.html", view, archived.profile.id)


@router.post("/u/{token}")
async def leave(token: str, request: Request, app: TheApp) -> Response:
    """Stop at once: RFC 8058 one-click (urlencoded or multipart) gets an empty 200, a person gets a page.

    The signed token is the authority, so no cookie and no form proof is asked; an unknown token is answered alike.
    Only unknown tokens are limited: mail services send the genuine ones of many people from one address.
    """
    form = await request.form(max_files=0, max_fields=20)
    one_click = form.get("List-Unsubscribe") == "One-Click"
    scope = Scope.ALL if form.get("lingkup") == Scope.ALL else Scope.PURPOSE
    ids = app.signer.read(LinkPurpose.UNSUBSCRIBE, token)
    if ids is None:
        limit_guesses(request)
    known = ids is not None and _leave(app, ids[0], scope, one_click=one_click)
    if one_click:
        return Response(status_code=HTTPStatus.OK)
    if ids is None or not known:
        raise NotFoundError(_("Tautan ini tidak dikenal. Mungkin terpotong saat disalin."))
    with app.database.read() as session:
        archived = _archived(app, session, ids[0])
    view = UnsubscribeView(
        type_label=purpose_name(archived.campaign.purpose),
        address=masked(archived.contact.address),
        done="all" if scope is Scope.ALL else "type",
        preferences_href=_preferences(app, archived),
    )
    return _page("berhenti.html", view, archived.profile.id)


def _leave(app: TheApp, message_id: int, scope: Scope, *, one_click: bool) -> bool:
    with app.database.write() as session:
        return unsubscribe(session, message_id, scope, source="satu-klik" if one_click else "halaman", now=app.clock())


def _message_id(app: TheApp, purpose: LinkPurpose, token: str) -> int:
    ids = app.signer.read(purpose, token)
    if ids is None:
        raise NotFoundError(_("Tautan ini tidak dikenal. Mungkin terpotong saat disalin."))
    return ids[0]


def _archived(app: TheApp, session: Session, message_id: int) -> Archived:
    archived = find_message(session, message_id, app.clock())
    if archived is None:
        raise NotFoundError(_("Surat ini sudah tidak tersimpan."))
    return archived


def _preferences(app: TheApp, archived: Archived) -> str:
    return app.signer.url(LinkPurpose.PREFERENCES, archived.message.contact_id)


def _ground(session: Session, archived: Archived) -> Ground:
    """Return the line that allowed the message, or the one that stands now where none was noted with it."""
    purpose = archived.campaign.purpose
    if purpose is None:
        return Ground(None, None)
    standing = session.get(ConsentNow, (archived.message.contact_id, purpose))
    number = archived.message.consent_event_id or (standing.event_id if standing else None)
    line = session.get(ConsentRecord, number) if number is not None else None
    if line is None:
        return Ground(None, None)
    wording = find(
        session,
        line.tenant_id,
        version=line.wording_version,
        purpose=line.purpose,
        language=line.language or SOURCE_LANGUAGE,
    )
    return Ground(line, wording)


def _record(request: Request, app: TheApp, kind: EventType, message_id: int, *, link_id: int | None = None) -> None:
    headers = request.headers
    purpose = headers.get("Sec-Purpose") or headers.get("Purpose") or headers.get("X-Purpose") or ""
    hit = Hit(
        message_id=message_id,
        token=request.path_params["token"],
        machine=is_machine(method=request.method, user_agent=headers.get("User-Agent", ""), purpose=purpose),
        opted_out=headers.get("Sec-GPC") == "1" or headers.get("DNT") == "1",
        at=app.clock(),
    )
    with app.database.write() as session:
        record_hit(session, hit, kind, link_id=link_id)


def _page(template: str, view: object, tenant_id: str) -> Response:
    tenant = Tenant.of(profile_of(tenant_id))
    body = page(template, view, shell=Shell(tenant=tenant, csrf=""), nav=SiteNav(home_href=site.home(tenant.id)))
    return HTMLResponse(body, headers=PRIVATE)
