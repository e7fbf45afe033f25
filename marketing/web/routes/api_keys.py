"""Kunci program: make, see and revoke the keys with which the official site and shops speak to Siar."""

from collections.abc import Collection
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from marketing.accounts import api_keys
from marketing.accounts.api_keys import ADMINISTRATORS
from marketing.bootstrap import App
from marketing.db.models import ApiKey
from marketing.domain.api_key import KeyScope
from marketing.domain.calendar_id import format_date_id
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.api.app import PREFIX
from marketing.web.building.words import moment_text
from marketing.web.deps import TheApp, TheForm, Visitor, holding
from marketing.web.office import back_to, show
from marketing.web.views.api_keys import ApiKeysView, KeyRow
from marketing.web.views.parts import Option

router = APIRouter()
TheAdministrator = Annotated[Visitor, Depends(holding(*ADMINISTRATORS))]


@router.get(paths.API_KEYS)
def keys(request: Request, app: TheApp, visitor: TheAdministrator) -> Response:
    """Show every key without its secret."""
    return _page(request, app, visitor)


@router.post(paths.API_KEYS)
def add(request: Request, app: TheApp, visitor: TheAdministrator, form: TheForm) -> Response:
    """Make a key and show it on the answer itself: it stands in no address, no log and no second page."""
    name, wanted = str(form.get("nama", "")), [str(one) for one in form.getlist("izin")]
    try:
        with app.database.write() as session:
            made = api_keys.add(
                session,
                tenant_id=visitor.profile.id,
                name=name,
                scopes=[KeyScope(one) for one in wanted if one in set(KeyScope)],
                user_id=visitor.user.id,
                now=app.clock(),
            )
    except InvalidInputError as error:
        return _page(request, app, visitor, name=name, ticked=wanted, wrong={error.field: str(error)})
    return _page(request, app, visitor, secret=made.secret)


@router.post(paths.API_KEYS + "/{prefix}/cabut")
def revoke(
    app: TheApp,
    visitor: TheAdministrator,
    _form: TheForm,
    prefix: Annotated[str, Path(pattern="^[0-9a-f]{12}$")],
) -> Response:
    """Let a key open nothing any more."""
    with app.database.write() as session:
        api_keys.revoke(session, tenant_id=visitor.profile.id, prefix=prefix, user_id=visitor.user.id, now=app.clock())
    return back_to(paths.API_KEYS, "kunci-cabut")


def _page(
    request: Request,
    app: App,
    visitor: Visitor,
    *,
    name: str = "",
    ticked: Collection[str] = (),
    wrong: dict[str, str] | None = None,
    secret: str = "",
) -> Response:
    with app.database.read() as session:
        rows = tuple(_row(row, visitor.profile) for row in api_keys.keys_of(session, visitor.profile.id))
    faults = wrong or {}
    view = ApiKeysView(
        rows=rows,
        scopes=tuple(Option(scope, _scope_words(scope), selected=scope in ticked) for scope in KeyScope),
        address=f"{app.settings.public_url}{PREFIX}/openapi.json",
        name=name,
        secret=secret,
        wrong_name=faults.get("nama", ""),
        wrong_scopes=faults.get("izin", ""),
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return show(request, app, visitor, "kanal_kunci.html", view, place="channels", status=status)


def _row(row: ApiKey, profile: TenantProfile) -> KeyRow:
    return KeyRow(
        prefix=row.prefix,
        name=row.name,
        scopes=tuple(_scope_words(scope) for scope in KeyScope if scope in row.scopes),
        made=moment_text(row.created_at, profile),
        used=format_date_id(row.last_used_on) if row.last_used_on else _("belum pernah"),
        revoked=moment_text(row.revoked_at, profile),
        revoke_href="" if row.revoked_at else paths.api_key_revoke(row.prefix),
    )


def _scope_words(scope: str) -> str:
    return {
        KeyScope.CONSENTS: _("Menyampaikan persetujuan; pemilik alamat mengonfirmasi lewat surel"),
        KeyScope.VOUCH: _("Menyatakan sudah mengonfirmasi alamat sendiri; tanpa surel konfirmasi dari kami"),
        KeyScope.WITHDRAWALS: _("Menyampaikan pencabutan"),
    }[KeyScope(scope)]
