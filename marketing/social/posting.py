"""On which accounts a campaign posts: every one that the office has connected; a folder where it has none."""

from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.channels.social import PUBLISHES
from marketing.db.models import ChannelAccount
from marketing.domain.account import AccountState
from marketing.domain.types import ChannelName

SANDBOX: Final = "sandbox"
"""The account of a post that is kept in a folder."""


def posting_accounts(
    session: Session, tenant_id: str, channels: Iterable[ChannelName]
) -> Iterator[tuple[ChannelName, str]]:
    """Yield (channel, account) for each post of a campaign; a paused account's post waits for it."""
    query = select(ChannelAccount.channel, ChannelAccount.id).where(
        ChannelAccount.tenant_id == tenant_id,
        ChannelAccount.provider.in_(PUBLISHES),
        ChannelAccount.state != AccountState.REMOVED,
    )
    connected: dict[ChannelName, list[str]] = {}
    for channel, row_id in session.execute(query.order_by(ChannelAccount.id)):
        connected.setdefault(channel, []).append(str(row_id))
    for channel in channels:
        if channel is not ChannelName.EMAIL:
            yield from ((channel, account) for account in connected.get(channel, [SANDBOX]))
