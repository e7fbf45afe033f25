"""Kanal: try, pause and resume the accounts that carry mail; they are added and removed on the machine (`siar mail account`)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from marketing.domain.types import Role
from marketing.web import paths
from marketing.web.deps import RowNumber, TheApp, TheForm, Visitor, holding, limited
from marketing.web.office import back_to

router = APIRouter()
TheOperator = Annotated[Visitor, Depends(holding(Role.OPERATOR))]
_trial_limit = Depends(limited("20/minute", "uji-surel"))


@router.post(paths.mail_account_act("{account_id}", "uji"), dependencies=[_trial_limit])
def try_out(app: TheApp, visitor: TheOperator, account_id: RowNumber, _form: TheForm) -> Response:
    """Connect and log in, without sending."""
    trouble = app.mail_accounts.try_out(visitor.profile.id, account_id)
    return back_to(paths.CHANNELS, "surel_gagal" if trouble else "surel_diuji")


@router.post(paths.mail_account_act("{account_id}", "jeda"))
def pause(app: TheApp, visitor: TheOperator, account_id: RowNumber, _form: TheForm) -> Response:
    """Let nothing more leave by this account."""
    app.mail_accounts.pause(visitor.profile.id, account_id, user_id=visitor.user.id)
    return back_to(paths.CHANNELS, "surel_dijeda")


@router.post(paths.mail_account_act("{account_id}", "lanjutkan"))
def resume(app: TheApp, visitor: TheOperator, account_id: RowNumber, _form: TheForm) -> Response:
    """Go on."""
    app.mail_accounts.resume(visitor.profile.id, account_id, user_id=visitor.user.id)
    return back_to(paths.CHANNELS, "dilanjutkan")
