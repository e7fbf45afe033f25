"""Kanal: connect shops on marketplaces, see how they are, pause and remove them, and confirm what was deleted by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from marketing.accounts.api_keys import ADMINISTRATORS
from marketing.accounts.authorising import LONGEST, Intention
from marketing.bootstrap import App
from marketing.channels.marketplace.port import Provider
from marketing.db.models import Business, ChannelAccount
from marketing.domain.listing import ListingState
from marketing.domain.types import Role
from marketing.errors import InvalidInputError, NotFoundError
from marketing.i18n import gettext as _
from marketing.marketplaces.accounts import KEEPERS, OPERATORS
from marketing.marketplaces.gateway import Connected
from marketing.queue import TaskName
from marketing.web import paths
from marketing.web.building import channels as building
from marketing.web.building.mail_accounts import section_of
from marketing.web.building.words import Address, pager_of
from marketing.web.deps import (
    MAX_ROW,
    SESSION_COOKIE,
    RowNumber,
    TheApp,
    TheFilters,
    TheForm,
    TheStaff,
    Visitor,
    holding,
    limited,
)
from marketing.web.notices import Code
from marketing.web.office import back_to, show
from marketing.web.queries import channels as queries
from marketing.web.queries.marketplace import businesses_to_list
from marketing.web.views.channels import AccountCard, AccountView, ChannelsView

router = APIRouter()
SIZE: Final = 50
TheConnector = Annotated[Visitor, Depends(holding(*KEEPERS))]
_trial_limit = Depends(limited("20/minute", "uji-kanal"))


@router.get(paths.CHANNELS)
def channels(request: Request, app: TheApp, visitor: TheStaff) -> Response:
    """Show every account, what a person has to do, and how another shop is connected."""
    profile = visitor.profile
    with app.database.read() as session:
        rows = queries.accounts_of(session, profile.id)
        counts = queries.listings_by_state(session, profile.id)
        tasks = queries.to_delete(session, profile.id)
        businesses = businesses_to_list(session, profile.id)
    can_connect = any(visitor.has(role) for role in KEEPERS)
    gateway, public_url = app.marketplaces.gateway, app.settings.public_url
    cards = building.connect_cards(gateway, businesses, profile, public_url) if can_connect else ()
    view = ChannelsView(
        tasks=tuple(building.task_of(one) for one in tasks),
        accounts=tuple(_card(visitor, row, name, counts.get(row.id, {})) for row, name in rows),
        connects=cards,
        can_connect=can_connect,
        mail=section_of(
            app.mail_accounts.standing(profile.id),
            app.settings.smtp_host,
            profile,
            can_change=visitor.has(Role.OPERATOR),
        ),
        keys_href=paths.API_KEYS if any(visitor.has(role) for role in ADMINISTRATORS) else "",
        machines_href=paths.MACHINES if any(visitor.has(role) for role in ADMINISTRATORS) else "",
    )
    return show(request, app, visitor, "kanal.html", view, place="channels")


@router.get("/kanal/akun/{account_id}")
def account(request: Request, app: TheApp, visitor: TheStaff, account_id: RowNumber, asked: TheFilters) -> Response:
    """Show one account with its listings and what is chosen for each category."""
    profile = visitor.profile
    state = asked.keadaan if asked.keadaan in list(ListingState) else ""
    with app.database.read() as session:
        row, business = queries.account_of(session, profile.id, account_id)
        counts = queries.listings_by_state(session, profile.id).get(account_id, {})
        found, total = queries.listings_of(session, account_id, state, offset=(asked.halaman - 1) * SIZE, limit=SIZE)
    address = Address(paths.channel_account(account_id), keadaan=state)
    card = _card(visitor, row, business, counts)
    view = AccountView(
        card=card,
        states=building.state_options(state),
        action=paths.channel_account(account_id),
        rows=tuple(building.listing_row(listing, name, profile) for listing, name in found),
        pager=pager_of(asked.halaman, SIZE, len(found), total, address),
        choices=building.choices_of(row) if card.auto_action else (),
        choice_action=paths.channel_act(account_id, "pilihan"),
        filtered=bool(state),
    )
    return show(request, app, visitor, "kanal_akun.html", view, place="channels")


@router.get("/kanal/{slug}/sambungkan")
def connect(request: Request, app: TheApp, visitor: TheConnector, slug: str, usaha: str = "") -> Response:
    """Say what will happen, with the way to the provider."""
    provider, business_id = _provider(app, slug), _business(usaha)
    view = building.connect_view(provider, business_id, _name(app, visitor, business_id), visitor.profile)
    return show(request, app, visitor, "kanal_sambung.html", view, place="channels")


@router.get("/kanal/{slug}/menuju")
def go(request: Request, app: TheApp, visitor: TheConnector, slug: str, usaha: str = "") -> Response:
    """Lead to the provider with a fresh signature: Shopee's is good for five minutes."""
    provider, business_id = _provider(app, slug), _business(usaha)
    _name(app, visitor, business_id)
    intention = Intention(provider.value, visitor.profile.id, visitor.user.id, str(business_id or ""))
    state = app.journeys.leave(intention, request.cookies[SESSION_COOKIE]).state
    redirect = f"{app.settings.public_url}{paths.channel_back(slug)}"
    url = app.marketplaces.gateway.authorisation_url(provider, redirect, state, app.clock())
    return RedirectResponse(url, HTTPStatus.SEE_OTHER)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a provider sends a shop's owner back with."""

    code: Annotated[str, Query(max_length=1000)] = ""
    shop_id: Annotated[str, Query(max_length=40)] = ""
    state: Annotated[str, Query(max_length=LONGEST)] = ""


@router.get("/kanal/{slug}/kembali")
def come_back(
    request: Request, app: TheApp, visitor: TheConnector, slug: str, agreed: Annotated[Agreed, Depends()]
) -> Response:
    """Take the shop in whose owner has agreed; what does not come from this person's own wish is turned away."""
    provider = _provider(app, slug)
    if not agreed.code:
        raise InvalidInputError(_("Lokapasar tidak memberi izin. Mulai lagi dari halaman Kanal."))
    secret = request.cookies[SESSION_COOKIE]
    journey = app.journeys.come_back(agreed.state, provider.value, visitor.profile.id, visitor.user.id, secret)
    found = app.marketplaces.gateway.exchange(provider, agreed.code, agreed.shop_id, app.clock())
    if not isinstance(found, Connected):
        raise InvalidInputError(
            getattr(found, "detail", "") or _("Lokapasar tidak menerima izin ini. Mulai lagi dari halaman Kanal.")
        )
    app.marketplaces.accounts.store(visitor.user, provider, found, _business(journey.intention.about))
    app.queue.send(TaskName.LISTINGS, tenant_id=visitor.profile.id)
    app.queue.send(TaskName.MARKETPLACE_ORDERS, tenant_id=visitor.profile.id)
    return back_to(paths.CHANNELS, "tersambung")


@router.post("/kanal/akun/{account_id}/uji", dependencies=[_trial_limit])
def try_out(app: TheApp, visitor: TheConnector, account_id: RowNumber, _form: TheForm) -> Response:
    """Ask the shop something harmless."""
    failure = app.marketplaces.accounts.try_out(visitor.user, account_id)
    return back_to(paths.CHANNELS, "akun_diuji" if failure is None else "akun_gagal")


@router.post("/kanal/akun/{account_id}/jeda")
def pause(app: TheApp, visitor: TheStaff, account_id: RowNumber, _form: TheForm) -> Response:
    """Let nothing new go out."""
    app.marketplaces.accounts.pause(visitor.user, account_id)
    return back_to(paths.CHANNELS, "akun_dijeda")


@router.post("/kanal/akun/{account_id}/lanjutkan")
def resume(app: TheApp, visitor: TheStaff, account_id: RowNumber, _form: TheForm) -> Response:
    """Go on."""
    app.marketplaces.accounts.resume(visitor.user, account_id)
    return _woken(app, visitor, paths.CHANNELS, "dilanjutkan")


@router.post("/kanal/akun/{account_id}/lepas")
def remove(app: TheApp, visitor: TheStaff, account_id: RowNumber, _form: TheForm) -> Response:
    """Forget the access."""
    app.marketplaces.accounts.remove(visitor.user, account_id)
    return back_to(paths.CHANNELS, "akun_dilepas")


@router.post("/kanal/akun/{account_id}/otomatis")
def auto(app: TheApp, visitor: TheConnector, account_id: RowNumber, form: TheForm) -> Response:
    """Choose whether everything fit is listed."""
    app.marketplaces.accounts.set_auto(visitor.user, account_id, on=form.get("nyala") == "ya")
    return _woken(app, visitor, paths.CHANNELS, "akun_disetel")


@router.post("/kanal/akun/{account_id}/coba-lagi")
def retry(app: TheApp, visitor: TheConnector, account_id: RowNumber, _form: TheForm) -> Response:
    """Offer again what was refused."""
    app.marketplaces.accounts.retry(visitor.user, account_id)
    return _woken(app, visitor, paths.channel_account(account_id), "akun_coba")


@router.post("/kanal/akun/{account_id}/pilihan")
def choose(app: TheApp, visitor: TheConnector, account_id: RowNumber, form: TheForm) -> Response:
    """Keep what the provider asks for one category."""
    category = str(form.get("kategori", ""))
    given = [str(form.get(name, "")) for name in ("nomor", "paket", "keterangan")]
    choice = building.read_choice(category, *given)
    app.marketplaces.accounts.set_choice(visitor.user, account_id, category, choice)
    return _woken(app, visitor, paths.channel_account(account_id), "akun_disetel")


@router.post("/kanal/iklan/{listing_id}/dihapus")
def deleted(app: TheApp, visitor: TheConnector, listing_id: RowNumber, _form: TheForm) -> Response:
    """Record that this person has deleted a listing in the seller centre."""
    app.marketplaces.accounts.deleted_by_hand(visitor.user, listing_id)
    return back_to(paths.CHANNELS, "dihapus")


def _woken(app: App, visitor: Visitor, address: str, code: Code) -> Response:
    app.queue.send(TaskName.LISTINGS, tenant_id=visitor.profile.id)
    return back_to(address, code)


def _card(visitor: Visitor, row: ChannelAccount, business: str, counts: Mapping[ListingState, int]) -> AccountCard:
    return building.card_of(
        row,
        business,
        counts,
        visitor.profile,
        can_change=any(visitor.has(role) for role in KEEPERS),
        can_pause=any(visitor.has(role) for role in OPERATORS),
    )


def _provider(app: App, slug: str) -> Provider:
    provider = building.SLUGS.get(slug)
    if provider is None or not app.marketplaces.gateway.registered(provider):
        raise NotFoundError(_("Lokapasar ini tidak ada, atau operator belum mengisi setelannya."))
    return provider


def _business(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < len(str(MAX_ROW))):
        raise NotFoundError(_("Usaha ini tidak ada di katalog."))
    return int(text)


def _name(app: App, visitor: Visitor, business_id: int | None) -> str:
    """Return the name of the business; NotFoundError for one that this Daerah does not have."""
    if business_id is None:
        return ""
    with app.database.read() as session:
        row = session.get(Business, business_id)
    if row is None or row.tenant_id != visitor.profile.id or row.deleted_at is not None:
        raise NotFoundError(_("Usaha ini tidak ada di katalog."))
    return row.name
