"""The sheet for a fair, and its QR code for the screen and for the printer."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse

from marketing.tenants.profile import profile_of
from marketing.web.building import poster as building
from marketing.web.conditional import kept
from marketing.web.deps import TheApp
from marketing.web.render import page
from marketing.web.views.shell import Shell, Tenant

router = APIRouter()
MEDIA_TYPES: Final = {"svg": "image/svg+xml", "png": "image/png"}
Form = Annotated[str, Path(pattern="^(svg|png)$")]
Via = Annotated[str, Query(pattern="^(telegram)?$")]


@router.get("/langganan/{tenant_id}/poster")
def poster(tenant_id: str, app: TheApp, lewat: Via = "") -> Response:
    """Show a sheet to print for a fair."""
    profile = profile_of(tenant_id)
    view = building.poster(profile, app.settings.public_url, lewat)
    return HTMLResponse(page("langganan_poster.html", view, shell=Shell(tenant=Tenant.of(profile), csrf="")))


@router.get("/langganan/{tenant_id}/poster.{form}")
def code(tenant_id: str, form: Form, request: Request, app: TheApp, lewat: Via = "") -> Response:
    """Send the QR code alone."""
    where = building.form_address(profile_of(tenant_id).id, app.settings.public_url, lewat)
    content = building.code_png(where) if form == "png" else building.code_svg(where)
    return kept(request, content, MEDIA_TYPES[form])
