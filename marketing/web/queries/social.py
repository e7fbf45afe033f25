"""Accounts on social channels, and those of any provider that wait for a person to let us in again."""

from collections.abc import Mapping, Sequence

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from marketing.channels.social import SocialProvider
from marketing.db.models import ChannelAccount
from marketing.domain.account import AccountState
from marketing.domain.types import ChannelName
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _

MANY = 200


def social_accounts(session: Session, tenant_id: str) -> Sequence[ChannelAccount]:
    """Return the accounts, those that need somebody first, removed ones last."""
    order = case({AccountState.RECONNECT: 0, AccountState.REMOVED: 2}, value=ChannelAccount.state, else_=1)
    query = (
        select(ChannelAccount)
        .where(ChannelAccount.tenant_id == tenant_id, ChannelAccount.provider.in_(list(SocialProvider)))
        .order_by(order, ChannelAccount.provider, ChannelAccount.id)
        .limit(MANY)
    )
    return list(session.scalars(query))


def social_account(session: Session, tenant_id: str, account_id: int) -> ChannelAccount:
    """Return one account; NotFoundError when this Daerah has none of this number."""
    row = session.get(ChannelAccount, account_id)
    if row is None or row.tenant_id != tenant_id or row.provider not in set(SocialProvider):
        raise NotFoundError(_("Akun ini tidak ada."))
    return row


def locked_out(session: Session, tenant_id: str) -> Sequence[ChannelAccount]:
    """Return the accounts, of social channels and of marketplaces, that only a person can open again; the oldest first."""
    query = (
        select(ChannelAccount)
        .where(
            ChannelAccount.tenant_id == tenant_id,
            ChannelAccount.state == AccountState.RECONNECT,
            ChannelAccount.channel != ChannelName.EMAIL,
        )
        .order_by(ChannelAccount.updated_at, ChannelAccount.id)
        .limit(MANY)
    )
    return list(session.scalars(query))


def channel_states(session: Session, tenant_id: str) -> Mapping[ChannelName, AccountState]:
    """Return each channel that has social accounts with the state that needs a person most."""
    query = select(ChannelAccount.channel, ChannelAccount.state).where(
        ChannelAccount.tenant_id == tenant_id,
        ChannelAccount.provider.in_(list(SocialProvider)),
        ChannelAccount.state != AccountState.REMOVED,
    )
    urgent = (AccountState.ACTIVE, AccountState.PAUSED, AccountState.RECONNECT)
    found: dict[ChannelName, AccountState] = {}
    for channel, state in session.execute(query):
        found[channel] = max(found.get(channel, AccountState.ACTIVE), state, key=urgent.index)
    return found
