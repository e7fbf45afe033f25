"""To TikTok and Meta and back with the leave of an account's owner; what does not come from a person's own wish is turned away."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from marketing.accounts.authorising import LIFE, LONGEST, Intention
from marketing.bootstrap import App
from marketing.channels.errors import ChannelError
from marketing.channels.social import Access, Entrance, Errand, SocialProvider
from marketing.errors import InvalidInputError, NotFoundError
from marketing.i18n import gettext as _
from marketing.social.choices import Keepsake, settings_of
from marketing.web import paths
from marketing.web.building import social as building
from marketing.web.deps import SESSION_COOKIE, TheApp, TheForm, Visitor, limited
from marketing.web.office import back_to, show
from marketing.web.queries import social as queries
from marketing.web.routes.social import TheConnector

router = APIRouter()
KEEPSAKE: Final = "siar_izin"
MOST: Final = 20
"""Accounts that are connected with one form; a Dinas has a handful."""
_back_limit = Depends(limited("20/minute", "izin-kembali"))


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a provider sends an account's owner back with."""

    code: Annotated[str, Query(max_length=2000)] = ""
    error: Annotated[str, Query(max_length=200)] = ""
    state: Annotated[str, Query(max_length=LONGEST)] = ""


@router.get(paths.social_go("{kind}"))
def go(
    request: Request,
    app: TheApp,
    visitor: TheConnector,
    kind: str,
    pilihan: Annotated[str, Query(max_length=60, pattern=r"^[A-Za-z_-]*$")] = "",
) -> Response:
    """Lead to the provider's own page."""
    provider, entrance = _entrance(app, kind)
    settings = settings_of(provider, pilihan) if pilihan or kind == building.META else {}
    intention = Intention(provider.value, visitor.profile.id, visitor.user.id, pilihan)
    journey = app.journeys.leave(intention, request.cookies[SESSION_COOKIE])
    errand = Errand(_back(app, kind), journey.state, journey.verifier, settings)
    return RedirectResponse(entrance.address(errand), HTTPStatus.SEE_OTHER)


@router.get(paths.social_back("{kind}"), dependencies=[_back_limit])
def come_back(
    request: Request, app: TheApp, visitor: TheConnector, kind: str, agreed: Annotated[Agreed, Depends()]
) -> Response:
    """Take in what the owner agreed to."""
    provider, entrance = _entrance(app, kind)
    secret, now = request.cookies[SESSION_COOKIE], app.clock()
    if not (agreed.code or agreed.error):
        raise InvalidInputError(_("Jawaban ini tidak memuat izin. Mulai lagi dari halaman Media sosial."))
    journey = app.journeys.come_back(agreed.state, provider.value, visitor.profile.id, visitor.user.id, secret)
    if not agreed.code:
        return back_to(paths.SOCIAL, "sosial_ditolak")
    about = journey.intention.about
    settings = settings_of(provider, about) if about or kind == building.META else {}
    errand = Errand(_back(app, kind), journey.state, journey.verifier, settings)
    try:
        person = entrance.entered(agreed.code, errand, now)
        if kind == building.TIKTOK:
            app.social.let_in(visitor.user, person)
            return back_to(paths.SOCIAL, "sosial_tersambung")
    except ChannelError as error:
        raise building.refused(error, provider) from error
    answer = RedirectResponse(paths.SOCIAL_CHOOSE, HTTPStatus.SEE_OTHER)
    sealed = Keepsake(app.social.sealer).seal(person, user_id=visitor.user.id, session_secret=secret, until=now + LIFE)
    answer.set_cookie(
        KEEPSAKE,
        sealed,
        max_age=int(LIFE.total_seconds()),
        path=paths.SOCIAL,
        httponly=True,
        samesite="lax",
        secure=app.settings.secure_cookies,
    )
    return answer


@router.get(paths.SOCIAL_CHOOSE)
def choose(request: Request, app: TheApp, visitor: TheConnector) -> Response:
    """Show the Pages and Instagram accounts that the person's leave leads to."""
    return _choosing(request, app, visitor, _offered(request, app, visitor))


@router.post(paths.SOCIAL_CHOOSE)
def chosen(request: Request, app: TheApp, visitor: TheConnector, form: TheForm) -> Response:
    """Connect the accounts that were ticked, and forget the person's own leave."""
    offered = _offered(request, app, visitor)
    wanted = {str(one) for one in form.getlist("akun")}
    picked = [one for one in offered if f"{one.provider.value}:{one.remote_id}" in wanted][:MOST]
    if not picked:
        return _choosing(request, app, visitor, offered, _("Pilih paling sedikit satu akun."))
    for access in picked:
        try:
            app.social.let_in(visitor.user, access)
        except ChannelError as error:
            raise building.refused(error, access.provider) from error
    answer = back_to(paths.SOCIAL, "sosial_tersambung")
    answer.delete_cookie(KEEPSAKE, path=paths.SOCIAL)
    return answer


def _choosing(request: Request, app: App, visitor: Visitor, offered: Sequence[Access], wrong: str = "") -> Response:
    with app.database.read() as session:
        rows = queries.social_accounts(session, visitor.profile.id)
    view = building.choose_view(offered, {(row.provider, row.remote_id): row.state for row in rows}, wrong)
    answer = show(request, app, visitor, "media_sosial_pilih.html", view, place="channels")
    if wrong:
        answer.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return answer


def _offered(request: Request, app: App, visitor: Visitor) -> Sequence[Access]:
    provider, entrance = _entrance(app, building.META)
    secret, sealed = request.cookies[SESSION_COOKIE], request.cookies.get(KEEPSAKE, "")
    person = Keepsake(app.social.sealer).open(sealed, user_id=visitor.user.id, session_secret=secret, now=app.clock())
    if person is None:
        raise InvalidInputError(
            _("Izin dari Facebook sudah dipakai atau lewat waktunya. Mulai lagi dari Media sosial.")
        )
    try:
        return entrance.offered(person)
    except ChannelError as error:
        raise building.refused(error, provider) from error


def _entrance(app: App, kind: str) -> tuple[SocialProvider, Entrance]:
    provider = building.ENTRANCES.get(kind)
    if provider is None or provider not in app.social.entrances:
        raise NotFoundError(_("Kanal ini tidak ada, atau operator belum mengisi setelannya."))
    return provider, app.social.entrances[provider]


def _back(app: App, kind: str) -> str:
    return app.settings.public_url + paths.social_back(kind)
