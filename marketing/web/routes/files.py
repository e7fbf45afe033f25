"""Style sheets, product pictures and the health check."""

import re

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, PlainTextResponse
from sqlalchemy import text

from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.tenants.profile import profile_of
from marketing.web import assets
from marketing.web.deps import TheApp

router = APIRouter()
_SHA256 = re.compile(r"[0-9a-f]{64}")
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
