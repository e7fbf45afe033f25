"""Kanal → Media sosial → Templat WhatsApp: what Meta has approved, taken in again, submitted and deleted."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import select

from marketing.bootstrap import App
from marketing.channels.errors import ChannelError
from marketing.db.models import WhatsAppTemplate
from marketing.errors import InvalidInputError
from marketing.social.whatsapp_numbers import standing
from marketing.social.whatsapp_templates import KEEPERS
from marketing.web import paths
from marketing.web.building import social
from marketing.web.building import whatsapp_templates as building
from marketing.web.deps import RowNumber, TheApp, TheForm, TheStaff, Visitor, holding, limited
from marketing.web.office import back_to, show
from marketing.web.views.whatsapp_templates import WhatsAppTemplatesView
from marketing.whatsapp import templates_of

router = APIRouter()
TheKeeper = Annotated[Visitor, Depends(holding(*KEEPERS))]
_ask_limit = Depends(limited("20/minute", "templat-whatsapp"))


@router.get(paths.WHATSAPP_TEMPLATES)
def templates(request: Request, app: TheApp, visitor: TheStaff) -> Response:
    """Show every template with what Meta says of it."""
    return _page(request, app, visitor, {})


@router.post(paths.WHATSAPP_TEMPLATES, dependencies=[_ask_limit])
def submit(request: Request, app: TheApp, visitor: TheKeeper, form: TheForm) -> Response:
    """Submit a template; what is wrong with it stands above the form, with all that was typed in."""
    given = {name: str(form.get(name, "")) for name in building.FIELDS}
    try:
        templates_of(app).submit(visitor.user, building.draft_of(given))
    except (ChannelError, InvalidInputError) as error:
        return _page(request, app, visitor, given, str(error))
    return back_to(paths.WHATSAPP_TEMPLATES, "templat_diajukan")


@router.post(f"{paths.WHATSAPP_TEMPLATES}/ambil", dependencies=[_ask_limit])
def sync(request: Request, app: TheApp, visitor: TheKeeper, _form: TheForm) -> Response:
    """Take in what stands at Meta."""
    try:
        templates_of(app).sync(visitor.profile.id)
    except (ChannelError, InvalidInputError) as error:
        return _page(request, app, visitor, {}, str(error))
    return back_to(paths.WHATSAPP_TEMPLATES, "templat_diambil")


@router.post(paths.whatsapp_template("{template_id}", "hapus"), dependencies=[_ask_limit])
def remove(request: Request, app: TheApp, visitor: TheKeeper, template_id: RowNumber, _form: TheForm) -> Response:
    """Delete one language of a template."""
    try:
        templates_of(app).remove(visitor.user, template_id)
    except (ChannelError, InvalidInputError) as error:
        return _page(request, app, visitor, {}, str(error))
    return back_to(paths.WHATSAPP_TEMPLATES, "templat_dihapus")


def _page(request: Request, app: App, visitor: Visitor, given: Mapping[str, str], wrong: str = "") -> Response:
    tenant_id = visitor.profile.id
    may_change = any(visitor.has(role) for role in KEEPERS)
    with app.database.read() as session:
        query = select(WhatsAppTemplate).where(WhatsAppTemplate.tenant_id == tenant_id)
        rows = building.rows_of(
            session.scalars(query.order_by(WhatsAppTemplate.name, WhatsAppTemplate.language)), may_change=may_change
        )
        connected = bool(standing(session, tenant_id))
    may_ask = may_change and connected
    view = WhatsAppTemplatesView(
        rows=rows,
        connected=connected,
        connect_href=paths.social_connect(social.WHATSAPP) if may_change else "",
        action=paths.WHATSAPP_TEMPLATES if may_ask else "",
        sync_action=f"{paths.WHATSAPP_TEMPLATES}/ambil" if may_ask else "",
        form=building.form_of(given, wrong),
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return show(request, app, visitor, "whatsapp_templat.html", view, place="channels", status=status)
