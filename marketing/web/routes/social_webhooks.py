"""What TikTok and Meta tell of accounts: believed only with their signature, lately made, over the raw body."""

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Header, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from marketing.bootstrap import App
from marketing.channels.meta_graph.signed_request import Told, read_signed
from marketing.channels.tiktok.webhook import HEADER, is_genuine, read_event
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.social.news import SocialNews
from marketing.web import paths
from marketing.web.deps import TheApp, limited
from marketing.web.routes.webhooks import TheBody

router = APIRouter()
_limit = Depends(limited("600/minute", "webhook-sosial"))
TheSignature = Annotated[str, Header(alias=HEADER, max_length=400)]


@router.post(paths.webhook("tiktok"), dependencies=[_limit])
def tiktok(app: TheApp, body: TheBody, signature: TheSignature = "") -> Response:
    """Take an event. TikTok wants 200 at once, and brings anything else again for 72 hours."""
    settings = app.settings
    secret = settings.tiktok_client_secret.get_secret_value()
    if not (settings.tiktok_client_key and is_genuine(body, signature, secret, app.clock())):
        return Response(status_code=403)
    try:
        event = read_event(body, settings.tiktok_client_key)
    except ValueError:
        return Response(status_code=400)
    _news(app).tiktok(event, body)
    return Response(status_code=200)


@router.post(paths.META_REVOKED, dependencies=[_limit])
def revoked(app: TheApp, body: TheBody) -> Response:
    """Hear that a person has taken their leave back in Facebook's settings."""
    told = _signed(app, body)
    if told is None:
        return Response(status_code=403)
    _news(app).revoked(told)
    return Response(status_code=200)


@router.post(paths.META_ERASED, dependencies=[_limit])
def erased(app: TheApp, body: TheBody) -> Response:
    """Forget what a person's leave gave us, and say where they can read that it was done."""
    told = _signed(app, body)
    if told is None:
        return Response(status_code=403)
    code = _news(app).erased(told)
    return JSONResponse({"url": f"{app.settings.public_url}{paths.META_ERASED}/{code}", "confirmation_code": code})


@router.get(paths.META_ERASED + "/{code}", dependencies=[_limit])
def erased_when(app: TheApp, code: str) -> Response:
    """Tell a person what became of their request."""
    if not _news(app).is_code(code):
        raise NotFoundError(_("Permintaan ini tidak ada. Periksa alamatnya."))
    text = _("Permintaan {code} sudah dijalankan: izin dan nomor akun Facebook Anda sudah dihapus dari sistem ini.")
    return PlainTextResponse(text.format(code=code))


def _signed(app: App, body: bytes) -> Told | None:
    secret = app.settings.meta_app_secret.get_secret_value()
    try:
        given = parse_qs(body.decode("ascii"), max_num_fields=5).get("signed_request", [""])[0]
    except ValueError:
        return None
    return read_signed(given, secret, app.clock())


def _news(app: App) -> SocialNews:
    return SocialNews(app.database, app.settings.signing_key, app.clock)
