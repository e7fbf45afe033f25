"""Product pictures in the shapes that channels want."""

import re

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from marketing.domain.picture_shape import Shape
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.products.picture_variants import variant
from marketing.web.deps import TheApp

router = APIRouter()
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@router.api_route("/gambar/{key}.{shape}.kartu.jpg", methods=["GET", "HEAD"])
def product_card(key: str, shape: str, app: TheApp) -> Response:
    """Return a product card that was made for a post; both names are known ones."""
    path = app.settings.picture_dir / f"{key}.{shape}.kartu.jpg"
    if not (_SHA256.fullmatch(key) and shape in list(Shape) and path.is_file()):
        raise NotFoundError(_("Gambar ini tidak ada."))
    return FileResponse(path, media_type="image/jpeg", headers=_FOR_EVER)


@router.api_route("/gambar/{sha256}.{shape}.jpg", methods=["GET", "HEAD"])
def shaped_picture(sha256: str, shape: str, app: TheApp) -> Response:
    """Return our own copy of a picture in a shape; both names are known ones, so no other file can be asked for."""
    path = None
    if _SHA256.fullmatch(sha256) and shape in list(Shape):
        path = variant(app.settings.picture_dir, sha256, Shape(shape))
    if path is None:
        raise NotFoundError(_("Gambar ini tidak ada."))
    return FileResponse(path, media_type="image/jpeg", headers=_FOR_EVER)
