"""Every error of the interface for programs as application/problem+json (RFC 9457): what is wrong, where, what to do."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from marketing.accounts.answered import REPEATED
from marketing.errors import InvalidInputError, MarketingError
from marketing.i18n import gettext as _
from marketing.observability import get_logger
from marketing.web.api.bodies import Problem
from marketing.web.deps import TooManyRequests
from marketing.web.errors import status_of

log = get_logger(__name__)
MEDIA_TYPE: Final = "application/problem+json"
MOST_FAULTS: Final = 20
RETRY_SECONDS: Final = 60
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    int(status): {
        "description": status.phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status in (
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
    )
}


class NotThisKey(Exception):  # noqa: N818  not an error of ours
    """No key, an unknown one, a revoked one: all alike."""


class NotInScope(Exception):  # noqa: N818  not an error of ours
    """The key stands but may not do this."""


def problem(
    status: HTTPStatus,
    detail: str,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return one problem."""
    body = Problem.model_validate(
        {"title": status.phrase, "status": int(status), "detail": detail, "errors": list(errors)}
    )
    content = body.model_dump(exclude=set() if errors else {"errors"})
    return JSONResponse(content, int(status), headers, media_type=MEDIA_TYPE)


def install(api: FastAPI) -> None:
    """Register the handlers."""

    @api.exception_handler(NotThisKey)
    def _no_key(_request: Request, _error: NotThisKey) -> Response:
        said = _("Kunci tidak ada, tidak dikenal, atau sudah dicabut. Kirim “Authorization: Bearer siar_…”.")
        return problem(HTTPStatus.UNAUTHORIZED, said, headers={"WWW-Authenticate": 'Bearer realm="siar"'})

    @api.exception_handler(NotInScope)
    def _no_scope(_request: Request, _error: NotInScope) -> Response:
        return problem(HTTPStatus.FORBIDDEN, _("Kunci ini tidak berizin untuk tindakan ini."))

    @api.exception_handler(TooManyRequests)
    def _too_many(_request: Request, _error: TooManyRequests) -> Response:
        said = _("Terlalu banyak permintaan. Tunggu satu menit lalu coba lagi.")
        return problem(HTTPStatus.TOO_MANY_REQUESTS, said, headers={"Retry-After": str(RETRY_SECONDS)})

    @api.exception_handler(InvalidInputError)
    def _invalid(_request: Request, error: InvalidInputError) -> Response:
        errors = [{"pointer": f"#{error.field}", "detail": str(error)}] if error.field.startswith("/") else []
        named = error.field == REPEATED or not errors
        said = str(error) if named else _("Ada isian yang belum benar. Tidak ada yang dicatat.")
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, said, errors)

    @api.exception_handler(MarketingError)
    def _marketing(_request: Request, error: MarketingError) -> Response:
        return problem(status_of(error), str(error))

    @api.exception_handler(RequestValidationError)
    def _validation(_request: Request, error: RequestValidationError) -> Response:
        found = list(error.errors())
        if any(one["type"] == "json_invalid" for one in found):
            return problem(HTTPStatus.BAD_REQUEST, _("Isi permintaan bukan JSON yang dapat dibaca."))
        said = _("Ada isian yang belum benar. Tidak ada yang dicatat.")
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, said, _faults(found))

    @api.exception_handler(HTTPException)
    def _http(_request: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        said = {
            HTTPStatus.NOT_FOUND: _("Alamat ini tidak ada. Lihat /api/v1/openapi.json."),
            HTTPStatus.METHOD_NOT_ALLOWED: _("Cara meminta ini tidak berlaku di alamat ini."),
            HTTPStatus.BAD_REQUEST: _("Isi permintaan bukan JSON yang dapat dibaca."),
        }.get(status, _("Permintaan ini tidak dapat diselesaikan."))
        return problem(status, said, headers=error.headers)

    @api.exception_handler(Exception)
    def _unexpected(request: Request, error: Exception) -> Response:
        log.error("unexpected error", path=request.url.path, error=type(error).__name__, exc_info=error)
        said = _(
            "Ada yang salah di pihak kami. Ulangi dengan Idempotency-Key yang sama; tidak ada yang tercatat dua kali."
        )
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, said)


def _faults(found: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return where each fault is and what it is, never what was sent."""
    told = [{"pointer": _pointer(one["loc"]), "detail": _sentence(one)} for one in found]
    return told[:MOST_FAULTS]


def _pointer(place: Sequence[str | int]) -> str:
    """Return a JSON pointer into the body (RFC 6901), or the name of a header."""
    if place and place[0] == "header":
        return str(place[-1])
    steps = (str(step).replace("~", "~0").replace("/", "~1")[:80] for step in place[1:])
    return "#" + "".join(f"/{step}" for step in steps)


def _sentence(fault: Mapping[str, Any]) -> str:
    kind = str(fault["type"])
    if kind == "value_error":
        kind = str(fault.get("ctx", {}).get("error", kind))
    return {
        "missing": _("Wajib diisi."),
        "extra_forbidden": _("Tidak dikenal. Periksa ejaannya."),
        "bool_type": _("Harus true atau false."),
        "string_type": _("Harus teks."),
        "string_too_long": _("Terlalu panjang."),
        "string_too_short": _("Terlalu pendek."),
        "too_long": _("Terlalu banyak."),
        "too_short": _("Terlalu sedikit."),
        "enum": _("Bukan salah satu yang dikenal."),
        "literal_error": _("Bukan salah satu yang dikenal."),
        "string_pattern_mismatch": _("Bentuknya belum benar; lihat /api/v1/openapi.json."),
        "moment": _("Tulis waktu seperti 2026-11-22T09:00:00+08:00."),
        "email": _("Bukan alamat surel yang dapat dikirimi."),
        "phone": _("Bukan nomor telepon yang dikenal."),
        "page": _("Tulis alamat halaman yang utuh, mulai dengan https://."),
        "no_address": _("Sebutkan alamat surel atau nomor telepon."),
        "one_proof": _("Kirim sha256 atau text, salah satu."),
        "both": _("Tidak dapat sekaligus diberikan dan dicabut."),
        "wording": _("Sebutkan teks persetujuan yang ditampilkan."),
        "twice": _("Satu tujuan hanya boleh sekali."),
        "leave_what": _("Sebutkan tujuan yang ditinggalkan, atau everything: true, salah satu."),
    }.get(kind, _("Tidak dapat dibaca."))
