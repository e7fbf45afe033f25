"""Kanal → Media sosial: every connected account, what people do with it, and the forms that let another in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.datastructures import FormData

from marketing.bootstrap import App
from marketing.channels.errors import ChannelError
from marketing.channels.social import Access, SocialProvider
from marketing.db.models import ChannelAccount
from marketing.errors import InvalidInputError, NotFoundError
from marketing.i18n import gettext as _
from marketing.queue import TaskName
from marketing.social.accounts import KEEPERS, OPERATORS
from marketing.social.filled_in import telegram_access, whatsapp_access
from marketing.web import paths
from marketing.web.building import social as building
from marketing.web.building import social_forms as forms
from marketing.web.deps import MAX_ROW, RowNumber, TheApp, TheForm, TheStaff, Visitor, holding, limited
from marketing.web.office import back_to, show
from marketing.web.queries import social as queries
from marketing.web.views.social import ConnectSocialView

router = APIRouter()
TheConnector = Annotated[Visitor, Depends(holding(*KEEPERS))]
_trial_limit = Depends(limited("20/minute", "uji-sosial"))
Form = Callable[[ChannelAccount | None, Mapping[str, str], InvalidInputError | None], ConnectSocialView]
PAGES: Final[Mapping[str, Form]] = {
    building.TELEGRAM: forms.telegram_form,
    building.WHATSAPP: forms.whatsapp_form,
}


@router.get(paths.SOCIAL)
def accounts(request: Request, app: TheApp, visitor: TheStaff) -> Response:
    """Show every account, and how another is connected."""
    with app.database.read() as session:
        rows = queries.social_accounts(session, visitor.profile.id)
    may = building.May(
        change=any(visitor.has(role) for role in KEEPERS), pause=any(visitor.has(role) for role in OPERATORS)
    )
    view = building.view_of(app, rows, visitor.profile, may)
    return show(request, app, visitor, "media_sosial.html", view, place="channels")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which account is connected again, and how TikTok is to post."""

    akun: Annotated[int | None, Query(ge=1, le=MAX_ROW)] = None
    lihat: Annotated[str, Query(max_length=40)] = ""
    komentar: Annotated[str, Query(max_length=4)] = ""
    angka: Annotated[str, Query(max_length=4)] = ""


@router.get(paths.social_connect("{kind}"))
def connect(
    request: Request, app: TheApp, visitor: TheConnector, kind: str, wish: Annotated[Wish, Depends()]
) -> Response:
    """Show how an account of this provider is connected, or connected again."""
    with app.database.read() as session:
        row = queries.social_account(session, visitor.profile.id, wish.akun) if wish.akun else None
    if row is not None and building.KINDS.get(SocialProvider(row.provider)) != kind:
        raise NotFoundError(_("Akun ini tidak ada."))
    if kind in PAGES and building.FORMS[kind] in app.social.publishers.doors:
        view = PAGES[kind](row, {}, None)
    elif kind == building.META and SocialProvider.FACEBOOK in app.social.entrances:
        view = forms.meta_page()
    elif kind == building.TIKTOK and SocialProvider.TIKTOK in app.social.entrances:
        view = forms.tiktok_page(wish.lihat, comments=wish.komentar == forms.YES, figures=wish.angka == forms.YES)
    else:
        raise NotFoundError(_("Kanal ini tidak ada, atau operator belum mengisi setelannya."))
    return show(request, app, visitor, "media_sosial_hubungkan.html", view, place="channels")


@router.post(paths.social_connect(building.TELEGRAM), dependencies=[_trial_limit])
def connect_telegram(request: Request, app: TheApp, visitor: TheConnector, form: TheForm) -> Response:
    """Ask Telegram whether the bot may write there, and keep it when it may."""
    given = _typed(form, "token", "saluran", "catatan", "topik")
    try:
        return _let_in(app, visitor, telegram_access(*given.values()))
    except InvalidInputError as error:
        return _again(request, app, visitor, forms.telegram_form(None, given, error))


@router.post(paths.social_connect(building.WHATSAPP), dependencies=[_trial_limit])
def connect_whatsapp(request: Request, app: TheApp, visitor: TheConnector, form: TheForm) -> Response:
    """Ask Meta about the number, and keep it when it is of that business."""
    given = _typed(form, "token", "nomor", "bisnis")
    try:
        answer = _let_in(app, visitor, whatsapp_access(*given.values()))
    except InvalidInputError as error:
        return _again(request, app, visitor, forms.whatsapp_form(None, given, error))
    app.queue.send(TaskName.WHATSAPP_TEMPLATES, tenant_id=visitor.profile.id)
    return answer


@router.post(paths.social_act("{account_id}", "uji"), dependencies=[_trial_limit])
def try_out(app: TheApp, visitor: TheConnector, account_id: RowNumber, _form: TheForm) -> Response:
    """Ask the provider whether the account may be used."""
    problem = app.social.check(visitor.user, account_id)
    return back_to(paths.SOCIAL, "sosial_gagal" if problem else "sosial_diuji")


@router.post(paths.social_act("{account_id}", "jeda"))
def pause(app: TheApp, visitor: TheStaff, account_id: RowNumber, _form: TheForm) -> Response:
    """Let its posts wait."""
    app.social.pause(visitor.user, account_id)
    return back_to(paths.SOCIAL, "sosial_dijeda")


@router.post(paths.social_act("{account_id}", "lanjutkan"))
def resume(app: TheApp, visitor: TheStaff, account_id: RowNumber, _form: TheForm) -> Response:
    """Go on."""
    app.social.resume(visitor.user, account_id)
    return back_to(paths.SOCIAL, "dilanjutkan")


@router.post(paths.social_act("{account_id}", "lepas"))
def remove(app: TheApp, visitor: TheStaff, account_id: RowNumber, _form: TheForm) -> Response:
    """Forget the access."""
    app.social.remove(visitor.user, account_id)
    return back_to(paths.SOCIAL, "sosial_dilepas")


def _typed(form: FormData, *names: str) -> dict[str, str]:
    return {name: str(form.get(name, "")) for name in names}


def _let_in(app: App, visitor: Visitor, access: Access) -> Response:
    try:
        app.social.let_in(visitor.user, access)
    except ChannelError as error:
        raise building.refused(error, access.provider) from error
    return back_to(paths.SOCIAL, "sosial_tersambung")


def _again(request: Request, app: App, visitor: Visitor, view: ConnectSocialView) -> Response:
    answer = show(request, app, visitor, "media_sosial_hubungkan.html", view, place="channels")
    answer.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return answer
