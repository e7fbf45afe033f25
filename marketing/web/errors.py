"""Every error as a page in plain words: what happened, why, what to do; one table from error to HTTP status."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException

from marketing.errors import (
    CatalogError,
    InvalidInputError,
    MarketingError,
    NotAllowedError,
    NotFoundError,
    SettingsError,
    StorageError,
    TransitionError,
)
from marketing.i18n import gettext as _
from marketing.observability import get_logger
from marketing.web import paths
from marketing.web.deps import SignInRequired, TooManyRequests
from marketing.web.render import page
from marketing.web.security import FRAME, FRAMED_CSP
from marketing.web.views.public import ErrorView
from marketing.web.views.shell import Shell

log = get_logger(__name__)

STATUS: Mapping[type[MarketingError], HTTPStatus] = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    NotAllowedError: HTTPStatus.FORBIDDEN,
    InvalidInputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    TransitionError: HTTPStatus.CONFLICT,
    CatalogError: HTTPStatus.BAD_GATEWAY,
    StorageError: HTTPStatus.SERVICE_UNAVAILABLE,
    SettingsError: HTTPStatus.INTERNAL_SERVER_ERROR,
    MarketingError: HTTPStatus.INTERNAL_SERVER_ERROR,
}


def status_of(error: MarketingError) -> HTTPStatus:
    """Return the HTTP status of an error by its nearest class in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def error_page(status: HTTPStatus, text: str = "") -> Response:
    """Return the page for a status; `text` replaces the general sentence."""
    title, general, advice = {
        HTTPStatus.NOT_FOUND: (
            _("Halaman ini tidak ada"),
            _("Alamatnya mungkin salah ketik, atau isinya sudah ditarik."),
            _("Periksa alamatnya atau kembali ke halaman awal."),
        ),
        HTTPStatus.FORBIDDEN: (
            _("Anda tidak dapat melakukan ini"),
            _("Peran Anda atau keadaan datanya tidak mengizinkan."),
            _("Kembali, atau minta bantuan rekan yang berwenang."),
        ),
        HTTPStatus.CONFLICT: (
            _("Keadaannya sudah berubah"),
            _("Orang lain atau mesin sudah mengubahnya lebih dahulu."),
            _("Muat ulang halamannya untuk melihat keadaan terbaru."),
        ),
        HTTPStatus.UNPROCESSABLE_ENTITY: (
            _("Isian belum sesuai"),
            _("Ada isian yang tidak dapat dibaca."),
            _("Kembali dan periksa isian Anda."),
        ),
        HTTPStatus.TOO_MANY_REQUESTS: (
            _("Terlalu banyak percobaan"),
            _("Dari alamat ini datang terlalu banyak permintaan."),
            _("Tunggu satu menit lalu coba lagi."),
        ),
    }.get(
        status,
        (
            _("Ada yang salah di pihak kami"),
            _("Permintaan Anda tidak dapat diselesaikan. Tidak ada yang terkirim dua kali."),
            _("Coba lagi sebentar lagi. Bila berulang, beri tahu operator Siar."),
        ),
    )
    view = ErrorView(
        status=status, title=title, text=text or general, advice=advice, href="/", action=_("Ke halaman awal")
    )
    return HTMLResponse(page("galat.html", view, shell=Shell(tenant=None, csrf="")), status)


def install_error_pages(app: FastAPI) -> None:
    """Register the handlers."""

    @app.exception_handler(MarketingError)
    def _marketing(_request: Request, error: MarketingError) -> Response:
        text = "" if isinstance(error, TransitionError) else str(error)
        return error_page(status_of(error), text)

    @app.exception_handler(SignInRequired)
    def _sign_in(request: Request, _error: SignInRequired) -> Response:
        wanted = request.url.path if request.method == "GET" else paths.HOME
        return RedirectResponse(f"{paths.LOGIN}?berikut={quote(wanted)}", HTTPStatus.SEE_OTHER)

    @app.exception_handler(TooManyRequests)
    def _too_many(request: Request, _error: TooManyRequests) -> Response:
        answer = error_page(HTTPStatus.TOO_MANY_REQUESTS)
        if request.url.path.endswith(f"/{FRAME}"):  # whoever asks too often in a frame is told so there
            answer.headers["Content-Security-Policy"] = FRAMED_CSP
        return answer

    @app.exception_handler(HTTPException)
    def _http(_request: Request, error: HTTPException) -> Response:
        return error_page(HTTPStatus(error.status_code))

    @app.exception_handler(RequestValidationError)
    def _validation(_request: Request, _error: RequestValidationError) -> Response:
        return error_page(HTTPStatus.NOT_FOUND)

    @app.exception_handler(DataError)
    def _unstorable(request: Request, _error: DataError) -> Response:
        # What no row can hold (a NUL, a number without end) names nothing that is there; SQLite merely finds nothing.
        return error_page(HTTPStatus.NOT_FOUND if request.method == "GET" else HTTPStatus.UNPROCESSABLE_ENTITY)

    @app.exception_handler(Exception)
    def _unexpected(request: Request, error: Exception) -> Response:
        log.error("unexpected error", path=request.url.path, error=type(error).__name__, exc_info=error)
        return error_page(HTTPStatus.INTERNAL_SERVER_ERROR)
