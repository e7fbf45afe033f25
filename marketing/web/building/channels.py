"""Kanal, from rows to its pages; no credential ever comes here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from marketing.channels.marketplace.port import Provider
from marketing.db.models import ChannelAccount, MarketplaceListing
from marketing.domain.account import AccountState
from marketing.domain.listing import ListingState
from marketing.domain.money import format_rupiah
from marketing.domain.product import Category
from marketing.domain.types import ChannelName
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.marketplaces.gateway import NAMES, Gateway
from marketing.marketplaces.offering import AUTO, choice_of
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building import social
from marketing.web.building.words import moment_text, number_text
from marketing.web.queries.channels import ToDelete
from marketing.web.views.channels import (
    AccountCard,
    CategoryChoice,
    ConnectCard,
    ConnectView,
    DeleteTask,
    ListingRow,
    StateCount,
)
from marketing.web.views.parts import Option
from marketing.web.views.states import category_label, chip_of

SLUGS: Final = {"shopee": Provider.SHOPEE, "tiktok-shop": Provider.TIKTOK_SHOP}
SLUG_OF: Final = {provider: slug for slug, provider in SLUGS.items()}
SETTINGS: Final = {
    Provider.SHOPEE: "SIAR_SHOPEE_PARTNER_ID, SIAR_SHOPEE_PARTNER_KEY",
    Provider.TIKTOK_SHOP: "SIAR_TIKTOK_SHOP_APP_KEY, SIAR_TIKTOK_SHOP_APP_SECRET, SIAR_TIKTOK_SHOP_SERVICE_ID",
}
_SHOWN: Final = (
    ListingState.LISTED,
    ListingState.WANTED,
    ListingState.CREATING,
    ListingState.UNCONFIRMED,
    ListingState.REFUSED,
    ListingState.UNLISTED,
)
_CATEGORIES: Final = tuple(category for category in Category if category is not Category.JASA)
_LONGEST: Final = 200
_MOST_ATTRIBUTES: Final = 40
_SIDES: Final = 3  # length, width, height
_MAX_SIDE: Final = 500  # centimetres; no courier takes more


def task_of(one: ToDelete) -> DeleteTask:
    """Return what a person has to delete."""
    return DeleteTask(
        title=one.product,
        note=_("{account} ({provider}), SKU {sku}, {business}").format(
            account=one.account, provider=NAMES[Provider(one.provider)], sku=one.sku, business=one.business
        ),
        why=f"{one.why} ({one.citation})",
        done_action=paths.listing_deleted(one.listing_id),
    )


def card_of(
    row: ChannelAccount,
    business: str,
    counts: Mapping[ListingState, int],
    profile: TenantProfile,
    *,
    can_change: bool,
    can_pause: bool,
) -> AccountCard:
    """Return an account as people see it, with what this person may do in this state."""
    state, provider = row.state, Provider(row.provider)
    alive = state is not AccountState.REMOVED
    card = AccountCard(
        id=row.id,
        name=row.name,
        provider=NAMES[provider],
        owner=business or profile.dinas_short,
        state=state,
        reason=row.state_reason,
        problems=_problems(row, profile),
        facts=_facts(row, profile),
        counts=tuple(
            StateCount(kind, counts[kind], paths.channel_account(row.id, kind)) for kind in _SHOWN if counts.get(kind)
        ),
        aside=tuple((str(number), str(why)) for number, why in _told(row, "orders").get("aside", {}).items()),
        auto=row.settings.get(AUTO) is True,
        details_href=paths.channel_account(row.id),
    )
    if can_change:
        card = replace(
            card,
            try_action=paths.channel_act(row.id, "uji") if alive else "",
            auto_action=paths.channel_act(row.id, "otomatis") if alive else "",
            retry_action=paths.channel_act(row.id, "coba-lagi") if alive else "",
            reconnect_href=reconnect_href(row) if state in (AccountState.RECONNECT, AccountState.REMOVED) else "",
        )
    if can_pause:
        card = replace(
            card,
            pause_action=paths.channel_act(row.id, "jeda") if state is AccountState.ACTIVE else "",
            resume_action=paths.channel_act(row.id, "lanjutkan") if state is AccountState.PAUSED else "",
            remove_action=paths.channel_act(row.id, "lepas") if alive else "",
        )
    return card


def reconnect_href(row: ChannelAccount) -> str:
    """Return where the owner of an account lets us in again: a shop on a marketplace, or an account of a social channel."""
    if row.channel is not ChannelName.MARKETPLACE:
        return social.reconnect_href(row)
    return paths.channel_connect(SLUG_OF[Provider(row.provider)], row.business_id)


def connect_cards(
    gateway: Gateway, businesses: Sequence[tuple[int, str]], profile: TenantProfile, public_url: str
) -> tuple[ConnectCard, ...]:
    """Return every marketplace with a signed connection, and whose shop it may be."""
    owners = (
        Option("", _("{dinas} (semua produk yang layak)").format(dinas=profile.dinas_short), selected=True),
        *(Option(str(row_id), name) for row_id, name in businesses),
    )
    return tuple(
        ConnectCard(
            id=slug,
            name=NAMES[provider],
            registered=gateway.registered(provider),
            setting=SETTINGS[provider],
            href=paths.channel_connect(slug),
            back_url=public_url + paths.channel_back(slug),
            push_url=public_url + paths.webhook(slug),
            owners=owners,
        )
        for slug, provider in SLUGS.items()
    )


def connect_view(provider: Provider, business_id: int | None, business: str, profile: TenantProfile) -> ConnectView:
    """Return what will be asked of the shop's owner, and what will go there."""
    scope = (
        _("Hanya produk {business} yang ditayangkan di toko ini.").format(business=business)
        if business_id is not None
        else _(
            "Semua produk yang siap promosi ditayangkan di toko ini, kecuali milik usaha yang tokonya terhubung sendiri."
        )
    )
    return ConnectView(
        provider=NAMES[provider],
        owner=business or profile.dinas_short,
        scope=scope,
        go_href=paths.channel_go(SLUG_OF[provider], business_id),
    )


def listing_row(row: MarketplaceListing, product: str, profile: TenantProfile) -> ListingRow:
    """Return one listing of an account."""
    return ListingRow(
        product=product,
        href=paths.product_explain(row.product_id),
        sku=row.sku,
        state=row.state,
        reason=row.reason,
        price="" if row.price is None else format_rupiah(row.price),
        stock="" if row.stock is None else number_text(row.stock),
        when=moment_text(row.updated_at, profile),
    )


def state_options(chosen: str) -> tuple[Option, ...]:
    """Return the states to narrow the list to."""
    return (
        Option("", _("Semua keadaan"), selected=not chosen),
        *(Option(state, chip_of(state).label, selected=state == chosen) for state in _SHOWN),
    )


def choices_of(row: ChannelAccount) -> tuple[CategoryChoice, ...]:
    """Return what the office chose for each category."""
    return tuple(_choice(row.settings, category) for category in _CATEGORIES)


def read_choice(category: str, number: str, parcel: str, attributes: str) -> dict[str, Any]:
    """Read the form of one category; InvalidInputError names what does not fit."""
    if category not in _CATEGORIES:
        raise InvalidInputError(_("Kategori ini tidak dikenal."), field="kategori")
    number, parcel = number.strip(), parcel.strip().lower().replace("cm", "").replace("×", "x")
    if number and not (number.isascii() and number.isdigit() and len(number) <= 20):  # noqa: PLR2004  longer is no number of theirs
        raise InvalidInputError(_("Nomor kategori lokapasar hanya terdiri dari angka."), field="nomor")
    sides = [side.strip() for side in parcel.split("x")] if parcel else []
    if sides and not (len(sides) == _SIDES and all(_is_side(side) for side in sides)):
        raise InvalidInputError(_("Tulis ukuran paket seperti 20 x 15 x 10, dalam cm."), field="paket")
    named: dict[str, str] = {}
    for line in attributes.splitlines()[:_MOST_ATTRIBUTES]:
        name, colon, value = (part.strip()[:_LONGEST] for part in line.partition(":"))
        if not line.strip():
            continue
        if not (colon and name and value):
            raise InvalidInputError(_("Tulis satu keterangan sebaris, seperti “Bahan: katun”."), field="keterangan")
        named[name] = value
    return {"category_id": number, "attributes": named, "parcel_cm": [int(side) for side in sides] or None}


def _is_side(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _MAX_SIDE


def _choice(settings: Mapping[str, Any], category: Category) -> CategoryChoice:
    choice = choice_of(settings, category)
    return CategoryChoice(
        id=category,
        label=category_label(category),
        category_id=choice.category_id,
        parcel=" x ".join(str(side) for side in choice.parcel_cm or ()),
        attributes="\n".join(f"{name}: {value}" for name, value in choice.attributes.items()),
    )


def _told(row: ChannelAccount, name: str) -> Mapping[str, Any]:
    found = row.report.get(name)
    return found if isinstance(found, dict) else {}


def _problems(row: ChannelAccount, profile: TenantProfile) -> tuple[str, ...]:
    """Return the sentences of what went wrong last, each once."""
    said = [str(_told(row, name).get("problem") or "") for name in ("listings", "orders", "trial")]
    if row.not_before is not None and any(said):
        said.append(_("Dicoba lagi setelah {time}.").format(time=moment_text(row.not_before, profile)))
    return tuple(sentence for sentence in dict.fromkeys(said) if sentence and sentence != row.state_reason)


def _facts(row: ChannelAccount, profile: TenantProfile) -> tuple[tuple[str, str], ...]:
    def when(name: str) -> str:
        told = _told(row, name).get("at")
        return moment_text(datetime.fromisoformat(told), profile) if isinstance(told, str) else ""

    orders = _told(row, "orders")
    facts = (
        (_("Nomor toko"), row.remote_id),
        (_("Izin masuk berlaku sampai"), moment_text(row.access_expires_at, profile)),
        (_("Diperbarui sendiri sampai"), moment_text(row.refresh_expires_at, profile)),
        (_("Iklan diperiksa"), when("listings")),
        (_("Pesanan diambil sampai"), moment_text(row.orders_until, profile)),
        (_("Pesanan masuk"), number_text(int(orders["taken"])) if "taken" in orders else ""),
        (_("Sambungan diuji"), when("trial")),
    )
    return tuple((name, value) for name, value in facts if value)
