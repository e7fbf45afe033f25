"""A forgotten password: asked for by anybody with the same answer, set by whoever holds the link from the mailbox."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from limits import parse
from sqlalchemy import select

from marketing.accounts.audit import write_audit
from marketing.accounts.sign_in_mail import SignInMail
from marketing.accounts.users import set_password
from marketing.bootstrap import App
from marketing.db.models import User
from marketing.domain.keyed_hash import HashPurpose, keyed_hash
from marketing.domain.links import LinkPurpose
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.i18n import language
from marketing.web import paths
from marketing.web.deps import LOGIN_LIMIT, SESSION_COOKIE, TheApp, TheForm, csrf_of, limited
from marketing.web.render import page
from marketing.web.views.public import ForgottenView, PasswordView
from marketing.web.views.shell import Shell

router = APIRouter()
PER_ADDRESS = parse("3/hour")
"""Mails to one address: whoever types somebody else's cannot make us a nuisance. Beyond it the answer stays the same."""
SET = f"/{LinkPurpose.PASSWORD}/{{token}}"
Limited = Annotated[None, Depends(limited(LOGIN_LIMIT, "password"))]


@router.get(paths.FORGOTTEN)
def forgotten_page(request: Request, app: TheApp) -> Response:
    """Show the form."""
    request.state.keep_visit = True
    return _show(request, app, "lupa_sandi.html", ForgottenView())


@router.post(paths.FORGOTTEN)
def forgotten(request: Request, app: TheApp, form: TheForm, _limit: Limited) -> Response:
    """Have a link mailed where there is an account; the same answer and work where there is none."""
    email = str(form.get("email", "")).strip().lower()[:320]
    key = keyed_hash(app.settings.signing_key, HashPurpose.ADDRESS, "", email)
    may = request.app.state.limiter.hit(PER_ADDRESS, "password-mail", key)
    with app.database.write() as session:
        user = session.scalars(select(User).where(User.email == email, User.is_active)).first()
        app.sign_in_mails.ask(session, user if may else None, SignInMail.RESET, language())
    return _show(request, app, "lupa_sandi.html", ForgottenView(sent=True))


@router.get(SET)
def set_page(request: Request, app: TheApp, token: str) -> Response:
    """Show where the password is typed; opening the link changes nothing, so that a mail scanner may follow it."""
    request.state.keep_visit = True
    with app.database.read() as session:
        user = app.sign_in_mails.links.user_of(session, token, app.clock())
    view = PasswordView(valid=user is not None, email=user.email if user else "", action=request.url.path)
    return _show(request, app, "atur_sandi.html", view, HTTPStatus.OK if user else HTTPStatus.NOT_FOUND)


@router.post(SET)
def set_new(request: Request, app: TheApp, token: str, form: TheForm, _limit: Limited) -> Response:
    """Set the password once, end every log-in of this person, and tell the mailbox."""
    password, again, now = str(form.get("sandi", "")), str(form.get("ulangi", "")), app.clock()
    with app.database.write() as session:
        user = app.sign_in_mails.links.user_of(session, token, now, lock=True)
        if user is None:
            return _show(
                request, app, "atur_sandi.html", PasswordView(valid=False, email="", action=""), HTTPStatus.NOT_FOUND
            )
        try:
            _same(password, again)
            set_password(session, user, password)
        except InvalidInputError as error:
            view = PasswordView(
                valid=True, email=user.email, action=request.url.path, error=str(error), field=error.field
            )
            return _show(request, app, "atur_sandi.html", view, HTTPStatus.UNPROCESSABLE_ENTITY)
        write_audit(
            session,
            tenant_id=user.tenant_id,
            user_id=user.id,
            action="password.set",
            subject=f"user:{user.id}",
            now=now,
        )
        app.sign_in_mails.ask(session, user, SignInMail.CHANGED, language())
        view = PasswordView(valid=True, email=user.email, action="", done=True)
    answer = _show(request, app, "atur_sandi.html", view)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


def _show(request: Request, app: App, template: str, view: object, status: HTTPStatus = HTTPStatus.OK) -> Response:
    shell = Shell(tenant=None, csrf=csrf_of(request, app), path=paths.LOGIN)
    return HTMLResponse(page(template, view, shell=shell), status)


def _same(password: str, again: str) -> None:
    if password != again:
        raise InvalidInputError(_("Kedua isian tidak sama. Tulis kata sandi yang sama dua kali."), field="ulangi")
