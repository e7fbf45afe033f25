"""Accounts are tried on a schedule, so that a lost one is found before a campaign needs it; a few at a time."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from marketing.channels.social import SocialProvider
from marketing.db.exclusive import exclusively
from marketing.db.models import ChannelAccount
from marketing.domain.account import AccountState
from marketing.observability import get_logger
from marketing.social.accounts import TRIAL, SocialAccounts

EVERY: Final = timedelta(hours=6)
AT_ONCE: Final = 20
"""A turn tries so many, those that waited longest first."""
LONGEST: Final = timedelta(minutes=3)
"""A turn begins no other call after so long: a provider that does not answer keeps nobody else waiting."""
TRIED: Final = frozenset(SocialProvider) - {SocialProvider.WHATSAPP_GROUP}
log = get_logger(__name__)


def check_accounts(accounts: SocialAccounts, tenant_id: str) -> int:
    """Try what is due and return how many were tried; nothing while another process does it."""
    with exclusively(accounts.database, f"social health {tenant_id}") as alone:
        if not alone:
            return 0
        began = accounts.clock()
        due = _due(accounts, tenant_id, began)[:AT_ONCE]
        tried = 0
        for row in due:
            if accounts.clock() - began > LONGEST:
                break
            problem = accounts.tried(tenant_id, row.channel, row.id)
            tried += 1
            if problem:
                log.warning("social account did not pass", account=row.id, provider=row.provider, reason=problem)
        return tried


def _due(accounts: SocialAccounts, tenant_id: str, now: datetime) -> list[ChannelAccount]:
    with accounts.database.read() as session:
        query = select(ChannelAccount).where(
            ChannelAccount.tenant_id == tenant_id,
            ChannelAccount.provider.in_(TRIED),
            ChannelAccount.state.in_([AccountState.ACTIVE, AccountState.PAUSED]),
        )
        rows = {row: _last(row) for row in session.scalars(query)}
    due = [row for row, last in rows.items() if last is None or now - last >= EVERY]
    return sorted(due, key=lambda row: (rows[row] or row.created_at, row.id))


def _last(row: ChannelAccount) -> datetime | None:
    told = row.report.get(TRIAL, {}).get("at")
    return datetime.fromisoformat(told) if told else None
