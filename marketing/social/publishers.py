"""The publishers of connected accounts, opened with fresh tokens; a closed door is written where people see it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from marketing.channels.base import Publisher, Publishers
from marketing.channels.errors import PermanentError, ReconnectError, TemporaryError
from marketing.channels.social import Access, Door, SocialProvider
from marketing.db.exclusive import exclusively
from marketing.db.models import ChannelAccount
from marketing.db.session import Database
from marketing.domain.account import TRANSITIONS, AccountState
from marketing.domain.sealing import Sealer
from marketing.domain.transitions import change
from marketing.domain.types import ChannelName
from marketing.i18n import gettext as _
from marketing.observability import get_logger
from marketing.social import sealed

REST: Final = timedelta(minutes=15)
MOMENT: Final = timedelta(seconds=5)
MEMORY: Final = "memory"
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AccountPublishers:
    """Publishers of accounts; `local` are those that need none."""

    database: Database
    sealer: Sealer
    doors: Mapping[SocialProvider, Door]
    local: Publishers
    clock: Callable[[], datetime]

    def of(self, tenant: str, channel: ChannelName, account: str, *, sending: bool = True) -> Publisher:
        if not account.isdecimal():
            return self.local.of(tenant, channel, account, sending=sending)
        access = self.access(tenant, int(account), sending=sending)
        return self.doors[access.provider].open(access, AccountMemory(self.database, int(account)))

    def lost(self, tenant: str, channel: ChannelName, account: str, reason: str) -> None:
        if not account.isdecimal():
            self.local.lost(tenant, channel, account, reason)
            return
        with self.database.write() as session:
            row = session.get_one(ChannelAccount, int(account), with_for_update=True)
            if not shut(row, reason, self.clock()):
                return
        log.warning("social account waits for a person", account=account, channel=channel.value, reason=reason)

    def access(self, tenant: str, account_id: int, *, sending: bool = True, early: bool = False) -> Access:
        """Return an account's access with a token that lasts; ChannelError says why it cannot be used.

        A paused account is not sent through; what stands there may still be asked about and taken down. `early` renews what
        only a living token renews a week before its end.
        """
        due = _due_early if early else Access.spent
        with self.database.read() as session:
            access = self._standing(session, tenant, account_id, sending=sending)
        return self._fresh(tenant, account_id, due, sending=sending) if due(access, self.clock()) else access

    def _standing(self, session: Session, tenant: str, account_id: int, *, sending: bool) -> Access:
        row = session.get(ChannelAccount, account_id)
        if row is None or row.tenant_id != tenant or row.state is AccountState.REMOVED:
            raise PermanentError(_("Akun ini sudah dilepas. Hubungkan akun lain, lalu buat kampanyenya lagi."))
        if row.state is AccountState.RECONNECT and not sending:
            raise ReconnectError(row.state_reason)
        if row.state is AccountState.RECONNECT or (sending and row.state is AccountState.PAUSED):
            raise TemporaryError(row.state_reason or row.state.value, REST)
        access = sealed.opened(row, self.sealer)
        if access is None or access.provider not in self.doors:
            raise PermanentError(_("Izin akun ini tidak ada lagi. Hubungkan akunnya sekali lagi."))
        return access

    def _fresh(self, tenant: str, account_id: int, due: Callable[[Access, datetime], bool], *, sending: bool) -> Access:
        """Renew a token, one process at a time, because some refresh tokens work once; saved before it is used."""
        with exclusively(self.database, f"social token {account_id}") as alone:
            if not alone:
                raise TemporaryError("token_busy", MOMENT)
            with self.database.read() as session:
                current = self._standing(session, tenant, account_id, sending=sending)
            now = self.clock()
            if not due(current, now):
                return current
            fresh = self.doors[current.provider].renew(current, now)
            with self.database.write() as session:
                row = session.get_one(ChannelAccount, account_id, with_for_update=True)
                sealed.keep(row, fresh, self.sealer)
                row.updated_at = now
            return fresh


def _due_early(access: Access, now: datetime) -> bool:
    return access.spent(now) or access.fading(now)


def shut(row: ChannelAccount, reason: str, now: datetime) -> bool:
    """Let an account wait for a person; False when it waits already, or a person has removed it."""
    if AccountState.RECONNECT not in TRANSITIONS[row.state]:
        return False
    row.state, row.state_reason = change(TRANSITIONS, row.state, AccountState.RECONNECT), reason
    row.updated_at = now
    return True


@dataclass(frozen=True, slots=True)
class AccountMemory:
    """What an adapter keeps in its account's row."""

    database: Database
    account_id: int

    def read(self) -> Mapping[str, Any]:
        with self.database.read() as session:
            kept: Mapping[str, Any] = session.get_one(ChannelAccount, self.account_id).report.get(MEMORY, {})
        return kept

    def keep(self, **facts: Any) -> None:
        with self.database.write() as session:
            row = session.get_one(ChannelAccount, self.account_id, with_for_update=True)
            row.report = {**row.report, MEMORY: {**row.report.get(MEMORY, {}), **facts}}
