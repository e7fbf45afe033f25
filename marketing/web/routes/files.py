"""Style sheets, product pictures and the health check."""

import re

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy import text
from starlette.types import Scope

from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.tenants.profile import profile_of
from marketing.web import assets
from marketing.web.deps import TheApp

router = APIRouter()


class StaticFolder(StaticFiles):
    """The static folder: an address that names the version of its content (see assets.asset) may be kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file with how long it may be kept."""
        response = await super().get_response(path, scope)
        response.headers.update(_FOR_EVER if scope["query_string"].startswith(b"v=") else _A_WHILE)
        return response


_SHA256 = re.compile(r"[0-9a-f]{64}")
_A_WHILE = {"Cache-Control": "public, max-age=300"}  # modules that name each other without a version
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@router.get("/sehat")
def health(app: TheApp) -> Response:
    """Answer when the database answers."""
    with app.database.read() as session:
        session.execute(text("SELECT 1"))
    return PlainTextResponse("ok")


@router.get(assets.STYLESHEET)
def stylesheet() -> Response:
    """Return all component style sheets as one."""
    return Response(assets.stylesheet(), media_type="text/css", headers=_FOR_EVER)


@router.get("/merek/{tenant_id}.css")
def brand(tenant_id: str) -> Response:
    """Return the colour and band of a Daerah."""
    sheet = assets.brand_stylesheet(profile_of(tenant_id))
    return Response(sheet, media_type="text/css", headers={"Cache-Control": "public, max-age=300"})


@router.api_route("/gambar/{name}.jpg", methods=["GET", "HEAD"])
def picture(name: str, app: TheApp) -> Response:
    """Return our own copy of a product picture; its name is the hash of its content."""
    path = app.settings.picture_dir / f"{name}.jpg"
    if not _SHA256.fullmatch(name) or not path.is_file():
        raise NotFoundError(_("Gambar ini tidak ada."))
    return FileResponse(path, media_type="image/jpeg", headers=_FOR_EVER)


@router.api_route("/gambar/{name}.png", methods=["GET", "HEAD"])
def logo(name: str, app: TheApp) -> Response:
    """Return our own copy of a Dinas's logo, as mails show it; its name is the hash of its content."""
    path = app.settings.picture_dir / f"{name}.png"
    if not _SHA256.fullmatch(name) or not path.is_file():
        raise NotFoundError(_("Gambar ini tidak ada."))
    return FileResponse(path, media_type="image/png", headers=_FOR_EVER)
