"""What people do with an account at any provider: found, locked, moved from state to state, and each act in the audit log."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.accounts.users import require_role
from marketing.db.models import ChannelAccount, User
from marketing.db.session import Database
from marketing.domain.account import TRANSITIONS, AccountState
from marketing.domain.transitions import change
from marketing.domain.types import Role
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class ChannelActs:
    """Acts on the accounts for which `ours` holds; others of the same table are not found."""

    database: Database
    clock: Callable[[], datetime]
    ours: Callable[[ChannelAccount], bool]

    @contextmanager
    def held(
        self, user: User, account_id: int, roles: tuple[Role, ...], act: str, details: Mapping[str, Any] | None = None
    ) -> Iterator[tuple[Session, ChannelAccount]]:
        """Lock an account of the person's own Daerah, and write the act into the audit log."""
        require_role(user, *roles)
        with self.database.write() as session:
            row = session.get(ChannelAccount, account_id, with_for_update=True)
            if row is None or row.tenant_id != user.tenant_id or not self.ours(row):
                raise NotFoundError(_("Akun ini tidak ada."))
            yield session, row
            row.updated_at = self.clock()
            self.audit(session, user, act, account_id, details)

    def audit(
        self, session: Session, user: User, act: str, account_id: int, details: Mapping[str, Any] | None = None
    ) -> None:
        """Write who did what."""
        write_audit(
            session,
            tenant_id=user.tenant_id,
            user_id=user.id,
            action=f"channel.{act}",
            subject=f"channel_account:{account_id}",
            now=self.clock(),
            details=details,
        )


def move(row: ChannelAccount, new: AccountState, reason: str) -> None:
    """Change the state by the transition table; NotAllowedError when somebody was faster."""
    if new not in TRANSITIONS[row.state]:
        raise NotAllowedError(_("Keadaan akun ini sudah berubah. Muat ulang halamannya."))
    row.state, row.state_reason = change(TRANSITIONS, row.state, new), reason


def standing_row(
    session: Session, tenant_id: str, provider: str, remote_id: str, *, elsewhere: str
) -> ChannelAccount | None:
    """Return our row of this account, locked; InvalidInputError(`elsewhere`) where another Daerah has it.

    One serves one Daerah, because two would use up each other's refresh tokens.
    """
    query = select(ChannelAccount).where(ChannelAccount.provider == provider, ChannelAccount.remote_id == remote_id)
    rows = list(session.scalars(query.with_for_update()))
    if any(row.tenant_id != tenant_id and row.state is not AccountState.REMOVED for row in rows):
        raise InvalidInputError(elsewhere)
    return next((row for row in rows if row.tenant_id == tenant_id), None)
