"""Social accounts as people handle them: connect, pause, resume, check, remove; each act stands in the audit log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketing.accounts.channel_acts import ChannelActs, move, standing_row
from marketing.accounts.users import require_role
from marketing.channels.errors import ChannelError, ReconnectError
from marketing.channels.social import CHANNEL_OF, Access, Door, Entrance, Listening, SocialProvider
from marketing.db.models import ChannelAccount, Post, User
from marketing.db.session import Database
from marketing.domain.account import TRANSITIONS, AccountState
from marketing.domain.post import PostState
from marketing.domain.sealing import Sealer
from marketing.domain.transitions import change
from marketing.domain.types import ChannelName, Role
from marketing.errors import NotAllowedError, NotFoundError
from marketing.i18n import gettext as _
from marketing.social import sealed
from marketing.social.publishers import AccountPublishers

KEEPERS: Final = (Role.MARKETER, Role.OPERATOR)
OPERATORS: Final = (Role.OPERATOR,)
TRIAL: Final = "trial"
CHOSEN_LATER: Final = ("person", "bot", "updates")
"""Settings that a person chose for a standing account; connecting it again does not undo them."""


@dataclass(frozen=True, slots=True)
class SocialAccounts:
    """What people may do with accounts on social channels."""

    database: Database
    sealer: Sealer
    publishers: AccountPublishers
    clock: Callable[[], datetime]
    entrances: Mapping[SocialProvider, Entrance] = field(default_factory=dict)

    def connect(self, user: User, access: Access) -> int:
        """Keep an account that has let us in, new or again; its waiting posts become due. Returns its row's number."""
        require_role(user, *KEEPERS)
        now = self.clock()
        with self.database.write() as session:
            elsewhere = _("Akun ini sudah terhubung ke Daerah lain di pemasangan ini.")
            provider = access.provider.value
            row = standing_row(session, user.tenant_id, provider, access.remote_id, elsewhere=elsewhere)
            if row is None:
                row = ChannelAccount(
                    tenant_id=user.tenant_id,
                    channel=CHANNEL_OF[access.provider],
                    provider=access.provider.value,
                    remote_id=access.remote_id,
                    state=AccountState.ACTIVE,
                    report={},
                    created_at=now,
                )
                session.add(row)
            elif row.state is not AccountState.ACTIVE:
                row.state = change(TRANSITIONS, row.state, AccountState.ACTIVE)
            row.state_reason, row.not_before, row.updated_at = "", None, now
            chosen: dict[str, object] = {
                name: row.settings[name] for name in CHOSEN_LATER if name in (row.settings or {})
            }
            sealed.keep(row, replace(access, settings={**chosen, **access.settings}), self.sealer)
            session.flush()
            _wake_posts(session, row, now)
            self._acts.audit(session, user, "connect", row.id, {"provider": access.provider.value})
            return row.id

    def let_in(self, user: User, access: Access) -> int:
        """Keep an account once its provider has said that it may be used; ChannelError says why it may not."""
        require_role(user, *KEEPERS)
        now = self.clock()
        door = self._door(access.provider)
        if isinstance(door, Listening):
            access = door.known(access)
            door.listen(access)
        else:
            access = replace(access, name=door.check(access, now))
        account_id = self.connect(user, access)
        self._note(account_id, "")
        return account_id

    def pause(self, user: User, account_id: int) -> None:
        """Let nothing new go out through it; withdrawals still do once it is resumed."""
        with self._acts.held(user, account_id, OPERATORS, "pause") as (_session, row):
            move(row, AccountState.PAUSED, _("Dijeda oleh petugas."))

    def resume(self, user: User, account_id: int) -> None:
        """Go on with a paused account; NotAllowedError when it must be connected again first."""
        with self._acts.held(user, account_id, OPERATORS, "resume") as (session, row):
            if row.state is AccountState.RECONNECT:
                raise NotAllowedError(_("Akun ini harus dihubungkan ulang lebih dahulu."))
            move(row, AccountState.ACTIVE, "")
            _wake_posts(session, row, self.clock())

    def remove(self, user: User, account_id: int) -> None:
        """Forget the access. What stands there stays; a recall then asks a person."""
        with self._acts.held(user, account_id, OPERATORS, "remove") as (_session, row):
            move(row, AccountState.REMOVED, _("Dilepas oleh petugas."))
            row.sealed_credentials, row.access_expires_at, row.refresh_expires_at = "", None, None

    def check(self, user: User, account_id: int) -> str:
        """Ask the provider who we are there; returns what is wrong in words, or "" . What was found is kept with its moment."""
        with self._acts.held(user, account_id, KEEPERS, "check") as (_session, row):
            tenant_id, channel = row.tenant_id, row.channel
        return self.tried(tenant_id, channel, account_id)

    def tried(self, tenant_id: str, channel: ChannelName, account_id: int) -> str:
        """Do the same for the clock; a token that fades is renewed with it."""
        problem = ""
        try:
            access = self.publishers.access(tenant_id, account_id, sending=False, early=True)
            self.publishers.doors[access.provider].check(access, self.clock())
        except ReconnectError as error:
            self.publishers.lost(tenant_id, channel, str(account_id), str(error))
            problem = str(error)
        except ChannelError as error:
            problem = str(error)
        self._note(account_id, problem)
        return problem

    def _door(self, provider: SocialProvider) -> Door:
        if provider not in self.publishers.doors:
            raise NotFoundError(_("Operator belum mengisi setelan untuk kanal ini."))
        return self.publishers.doors[provider]

    def _note(self, account_id: int, problem: str) -> None:
        """Keep what a check found, with its moment."""
        with self.database.write() as session:
            row = session.get_one(ChannelAccount, account_id, with_for_update=True)
            row.report = {**row.report, TRIAL: {"at": self.clock().isoformat(), "problem": problem}}

    @property
    def _acts(self) -> ChannelActs:
        return ChannelActs(self.database, self.clock, lambda row: row.provider in set(SocialProvider))


def _wake_posts(session: Session, row: ChannelAccount, now: datetime) -> None:
    """Let what waited for the account be due now."""
    waiting = (Post.account == str(row.id), Post.state == PostState.QUEUED, Post.not_before > now)
    session.execute(update(Post).where(Post.tenant_id == row.tenant_id, *waiting).values(not_before=now))
