"""Telegram: what bots are told, and the links by which a person's chat begins; a link is made anew at each visit."""

import hmac
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import RedirectResponse

from marketing.channels.telegram.updates import MAX_BYTES, SECRET_HEADER, parsed
from marketing.contacts.preferences import find_person
from marketing.db.models import ChannelAccount
from marketing.domain.links import LinkPurpose
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.social.telegram_bot import UPDATES, WEBHOOK, listens
from marketing.telegram import bots_of
from marketing.tenants.profile import profile_of
from marketing.web import paths
from marketing.web.deps import FORM_LIMIT, RowNumber, TheApp, limited
from marketing.web.raw_body import body_within

router = APIRouter()
HEADERS: Final = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex", "Cache-Control": "no-store"}
limit_guesses = limited(FORM_LIMIT, "preferences")
TheBody = Annotated[bytes | None, Depends(body_within(MAX_BYTES))]
TheSecret = Annotated[str, Header(alias=SECRET_HEADER, max_length=256)]


@router.post(paths.telegram_webhook("{account_id}"), dependencies=[Depends(limited("600/minute", "telegram-webhook"))])
def told(app: TheApp, account_id: RowNumber, body: TheBody, secret: TheSecret = "") -> Response:
    """Take an update. Anything but 2xx makes Telegram bring it again, which changes nothing."""
    with app.database.read() as session:
        account = session.get(ChannelAccount, account_id)
    bots = bots_of(app)
    ours = account is not None and listens(account) and account.settings.get(UPDATES) == WEBHOOK
    # Compared in any case, so that time tells nothing of which accounts there are.
    wanted = bots.secret(account.tenant_id if account is not None else "", account_id)
    if not hmac.compare_digest(secret.encode("utf-8", "replace"), wanted.encode()) or not ours:
        return Response(status_code=HTTPStatus.FORBIDDEN)
    if body is None:
        return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        update = parsed(body)
    except ValueError:
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    bots.take(account_id, update)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/langganan/{tenant_id}/telegram")
def begin(tenant_id: str, app: TheApp) -> Response:
    """Lead to the chat with the bot; a poster's code may be older than any signed link."""
    return _led(bots_of(app).invitation(profile_of(tenant_id).id))


@router.get("/p/{token}/telegram")
def begin_as(token: str, request: Request, app: TheApp) -> Response:
    """Lead a known person there."""
    ids = app.signer.read(LinkPurpose.PREFERENCES, token)
    with app.database.read() as session:
        contact = find_person(session, ids[0]) if ids is not None and len(ids) == 1 else None
    if contact is None:
        limit_guesses(request)
        raise NotFoundError(_("Tautan ini tidak dikenal. Mungkin terpotong saat disalin."))
    return _led(bots_of(app).invitation(contact.tenant_id, contact.id))


def _led(invitation: str | None) -> Response:
    if invitation is None:
        raise NotFoundError(_("Dinas ini belum punya bot Telegram. Berlanggananlah lewat surel."))
    return RedirectResponse(invitation, HTTPStatus.SEE_OTHER, headers=HEADERS)
