"""Signing in and out, and the choice of language."""

from http import HTTPStatus

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from marketing.accounts.audit import write_audit
from marketing.accounts.password_links import with_device
from marketing.accounts.sign_in_mail import SignInMail
from marketing.accounts.users import SESSION_LENGTH, authenticate, close_session, open_session, signed_in_before
from marketing.i18n import LANGUAGES
from marketing.i18n import gettext as _
from marketing.i18n import language as spoken
from marketing.web import paths
from marketing.web.deps import (
    LOGIN_LIMIT,
    SESSION_COOKIE,
    SignInRequired,
    TheApp,
    TheForm,
    csrf_of,
    get_visitor,
    limited,
)
from marketing.web.render import page
from marketing.web.views.public import LoginView
from marketing.web.views.shell import Shell

router = APIRouter()
DEVICE_COOKIE = "siar_perangkat"  # knows a browser again, so that a new one can be told to the account's mailbox


@router.get("/")
def root(request: Request, app: TheApp) -> Response:
    """Lead to the pages, or to the log-in."""
    try:
        get_visitor(request, app)
    except SignInRequired:
        return RedirectResponse(paths.LOGIN, HTTPStatus.SEE_OTHER)
    return RedirectResponse(paths.HOME, HTTPStatus.SEE_OTHER)


@router.get(paths.LOGIN)
def login_page(request: Request, app: TheApp, berikut: str = "") -> Response:
    """Show the log-in."""
    request.state.keep_visit = True
    return _show(request, app, LoginView(next=_own_page(berikut)))


@router.post(paths.LOGIN, dependencies=[Depends(limited(LOGIN_LIMIT, "login"))])
def login(request: Request, app: TheApp, form: TheForm) -> Response:
    """Open a session, or say that address and password do not fit without saying which."""
    email, wanted = str(form.get("email", "")), _own_page(str(form.get("berikut", "")))
    with app.database.write() as session:
        user = authenticate(session, email, str(form.get("sandi", "")))
        if user is None:
            view = LoginView(email=email, error=_("Alamat surel dan kata sandi tidak cocok."), next=wanted)
            return _show(request, app, view, HTTPStatus.UNPROCESSABLE_ENTITY)
        secret = open_session(session, user, key=app.settings.signing_key, now=app.clock())
        known, devices = with_device(app.settings.signing_key, request.cookies.get(DEVICE_COOKIE, ""), user)
        if not known and signed_in_before(session, user):
            app.sign_in_mails.ask(session, user, SignInMail.DEVICE, spoken())
        write_audit(
            session,
            tenant_id=user.tenant_id,
            user_id=user.id,
            action="login",
            subject=f"user:{user.id}",
            now=app.clock(),
        )
    answer = RedirectResponse(wanted or paths.HOME, HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        SESSION_COOKIE,
        secret,
        max_age=int(SESSION_LENGTH.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=app.settings.secure_cookies,
    )
    answer.set_cookie(
        DEVICE_COOKIE,
        devices,
        max_age=31536000,
        httponly=True,
        samesite="lax",
        secure=app.settings.secure_cookies,
        path=paths.LOGIN,
    )
    return answer


@router.post(paths.LOGOUT)
def logout(request: Request, app: TheApp, _form: TheForm) -> Response:
    """End the session here and in the database."""
    with app.database.write() as session:
        close_session(session, request.cookies.get(SESSION_COOKIE, ""), key=app.settings.signing_key)
    answer = RedirectResponse(paths.LOGIN, HTTPStatus.SEE_OTHER)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@router.post(paths.LANGUAGE)
def language(form: TheForm) -> Response:
    """Remember the language."""
    chosen = str(form.get("bahasa", ""))
    answer = RedirectResponse(_own_page(str(form.get("kembali", ""))) or "/", HTTPStatus.SEE_OTHER)
    if chosen in LANGUAGES:
        answer.set_cookie("siar_bahasa", chosen, max_age=31536000, samesite="lax", httponly=True)
    return answer


def _own_page(path: str) -> str:
    """Return the path if it leads to a page of ours: never to another host, whatever the spelling."""
    fine = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if fine else ""


def _show(request: Request, app: TheApp, view: LoginView, status: HTTPStatus = HTTPStatus.OK) -> Response:
    shell = Shell(tenant=None, csrf=csrf_of(request, app), path=paths.LOGIN)
    return HTMLResponse(page("login.html", view, shell=shell), status)
