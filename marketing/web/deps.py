"""What routes ask for: the App, the person who is signed in, the form with its proof, and a limit on public forms."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from limits import RateLimitItem, parse
from limits.strategies import MovingWindowRateLimiter
from pydantic import AfterValidator
from starlette.datastructures import FormData

from marketing.accounts.users import has_role, require_role, user_of_session
from marketing.bootstrap import App
from marketing.db.models import User
from marketing.domain.types import Role
from marketing.errors import NotAllowedError
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile, profile_of
from marketing.web.security import csrf_fits, csrf_token

SESSION_COOKIE = "siar_masuk"
VISIT_COOKIE = "siar_kunjungan"  # before signing in; only there so that the log-in form can prove its origin
LOGIN_LIMIT = "10/minute"
FORM_LIMIT = "60/minute"
MAX_ROW = 2**63 - 1
MAX_SEARCH = 200


class SignInRequired(Exception):  # noqa: N818  not an error: the way to the log-in page
    """Nobody is signed in; the page is remembered."""


class TooManyRequests(Exception):  # noqa: N818  named as HTTP names it
    """One address asks too often."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """The signed-in person on this request."""

    user: User
    profile: TenantProfile
    csrf: str

    def has(self, role: Role) -> bool:
        """Return whether the person holds the role."""
        return has_role(self.user, role)


def get_app(request: Request) -> App:
    """Return the App of this process."""
    app: App = request.app.state.siar
    return app


TheApp = Annotated[App, Depends(get_app)]


def visit_secret(request: Request) -> str:
    """Return the secret that this visit's forms are bound to: the log-in, or the visit cookie."""
    return request.cookies.get(SESSION_COOKIE) or request.cookies.get(VISIT_COOKIE) or request.state.new_visit


def csrf_of(request: Request, app: App) -> str:
    """Return the token for forms on this page."""
    return csrf_token(app.settings.signing_key, visit_secret(request))


def get_visitor(request: Request, app: TheApp) -> Visitor:
    """Return who is signed in; SignInRequired otherwise."""
    secret = request.cookies.get(SESSION_COOKIE, "")
    if secret:
        with app.database.read() as session:
            user = user_of_session(session, secret, key=app.settings.signing_key, now=app.clock())
        if user is not None:
            return Visitor(user, profile_of(user.tenant_id), csrf_of(request, app))
    raise SignInRequired


TheVisitor = Annotated[Visitor, Depends(get_visitor)]


def holding(*roles: Role) -> Callable[[Visitor], Visitor]:
    """Return a dependency that lets a visitor with one of the roles through; NotAllowedError for anybody else."""

    def check(visitor: TheVisitor) -> Visitor:
        require_role(visitor.user, *roles)
        return visitor

    return check


TheStaff = Annotated[Visitor, Depends(holding(*Role))]
TheMarketer = Annotated[Visitor, Depends(holding(Role.MARKETER))]
# Campaigns and the mails of named people: for those who write and those who approve.
TheSender = Annotated[Visitor, Depends(holding(Role.MARKETER, Role.APPROVER))]
TheKeeper = Annotated[Visitor, Depends(holding(Role.MARKETER, Role.MANAGING_TEAM, Role.OPERATOR))]


def searchable(text: str) -> str:
    """Return what was typed into a search, without what a database cannot hold."""
    return text.replace("\0", "").strip()[:MAX_SEARCH]


RowNumber = Annotated[int, Path(ge=1, le=MAX_ROW)]
PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
Words = Annotated[str, AfterValidator(searchable)]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to, as its address says it; each list reads those it has."""

    q: Words = ""
    tab: Words = ""
    kategori: Words = ""
    alasan: Words = ""
    jenis: Words = ""
    keadaan: Words = ""
    kampanye: Words = ""
    halaman: PageNumber = 1


TheFilters = Annotated[Filters, Depends()]


async def get_form(request: Request, app: TheApp) -> FormData:
    """Return the posted form once its token fits; NotAllowedError otherwise."""
    form = await request.form(max_files=0, max_fields=500)
    if not csrf_fits(app.settings.signing_key, visit_secret(request), str(form.get("csrf", ""))):
        raise NotAllowedError(_("Formulir ini sudah kedaluwarsa. Muat ulang halamannya lalu coba lagi."))
    return form


TheForm = Annotated[FormData, Depends(get_form)]


async def get_free_form(request: Request) -> FormData:
    """Return the posted form of a page whose signed link is the authority, not a session."""
    return await request.form(max_files=0, max_fields=120)


TheFreeForm = Annotated[FormData, Depends(get_free_form)]


def limited(rate: str, name: str) -> Callable[[Request], None]:
    """Return a dependency that lets one address through at this rate; TooManyRequests beyond it."""

    def check(request: Request) -> None:
        limit_by(request, rate, name, request.client.host if request.client else "")

    return check


def limit_by(request: Request, rate: str, name: str, who: str) -> None:
    """Let this person or address through at this rate; TooManyRequests beyond it."""
    item: RateLimitItem = parse(rate)
    limiter: MovingWindowRateLimiter = request.app.state.limiter
    if not limiter.hit(item, name, who):
        raise TooManyRequests


def new_secret() -> str:
    """Return a fresh secret for a visit."""
    return secrets.token_urlsafe(24)
