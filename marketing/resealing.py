"""Seal all that is sealed in the database with the key in force: the last step of changing a key."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from catalog_sync import saved_sources
from marketing.bootstrap import App
from marketing.channels.social import SocialProvider
from marketing.contacts.privacy_service import SEAL_PURPOSE
from marketing.db.models import CatalogSource, ChannelAccount, DataRequest, DkimSigningKey, ProviderEvent
from marketing.delivery import mailbox_accounts
from marketing.domain.account import MailProvider
from marketing.domain.sealing import Sealer
from marketing.domain.types import ChannelName
from marketing.errors import SettingsError
from marketing.mail import domains, ways
from marketing.marketplaces import sealed as marketplaces
from marketing.social import sealed as social
from marketing.social import telegram_bot

Change = Callable[[str, str], str]
_REQUEST_FIELDS: Final = ("address", "answer")


@dataclass(slots=True)
class Resealed:
    """How many secrets are sealed with the key in force now, and which could not be opened with any."""

    sealed: int = 0
    unopened: list[str] = field(default_factory=list)


def reseal(app: App) -> Resealed:
    """Seal every secret anew, each table in a transaction of its own; what no key opens stays as it is and is named."""
    done, sealer = Resealed(), app.settings.sealer
    for rows in (_accounts, _keys, _sources, _requests, _sayings):
        with app.database.write() as session:
            for name, change in rows(session):
                _one(done, sealer, name, change)
    return done


def _one(done: Resealed, sealer: Sealer, name: str, change: Callable[[Change], bool]) -> None:
    try:
        done.sealed += change(sealer.renewed)
    except SettingsError:
        done.unopened.append(name)


def _column(row: Any, column: str, purpose: str, renewed: Change) -> bool:
    sealed = getattr(row, column)
    if sealed:
        setattr(row, column, renewed(purpose, sealed))
    return bool(sealed)


def _inside(row: Any, column: str, names: tuple[str, ...], purpose: str, renewed: Change) -> bool:
    """Renew what is sealed inside a JSON column."""
    facts: dict[str, Any] = getattr(row, column)
    fresh = {name: renewed(purpose, facts[name]) for name in names if facts.get(name)}
    if fresh:
        setattr(row, column, {**facts, **fresh})
        flag_modified(row, column)
    return bool(fresh)


_Found = Iterator[tuple[str, Callable[[Change], bool]]]


def _accounts(session: Session) -> _Found:
    for row in session.scalars(select(ChannelAccount).with_for_update()):
        yield f"channel_account:{row.id}", partial(_column, row, "sealed_credentials", _purpose(row))


def _purpose(row: ChannelAccount) -> str:
    if row.channel is ChannelName.MARKETPLACE:
        return marketplaces.PURPOSE
    if row.provider in set(SocialProvider):
        return social.PURPOSE
    return ways.SEALED_AS if row.provider in set(MailProvider) else mailbox_accounts.SEALED_AS


def _keys(session: Session) -> _Found:
    for row in session.scalars(select(DkimSigningKey).with_for_update()):
        yield f"dkim_signing_key:{row.id}", partial(_column, row, "sealed_key", domains.PURPOSE)


def _sources(session: Session) -> _Found:
    for row in session.scalars(select(CatalogSource).with_for_update()):
        name = f"catalog_source:{row.tenant_id}/{row.name}"
        yield name, partial(_column, row, "sealed_access", saved_sources.PURPOSE)


def _requests(session: Session) -> _Found:
    for row in session.scalars(select(DataRequest).with_for_update()):
        yield f"data_request:{row.id}", partial(_inside, row, "details", _REQUEST_FIELDS, SEAL_PURPOSE)


def _sayings(session: Session) -> _Found:
    query = select(ProviderEvent).where(ProviderEvent.provider == SocialProvider.TELEGRAM.value)
    for row in session.scalars(query.with_for_update()):
        name = f"provider_event:{row.id}"
        yield name, partial(_inside, row, "payload", (telegram_bot.SAID,), telegram_bot.SEALED)
