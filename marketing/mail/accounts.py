"""Mail accounts as operators handle them: add, list, try, pause, resume, remove; each act stands in the audit log."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.accounts.channel_acts import move
from marketing.channels.email.providers.sendgrid import SendGridProvider
from marketing.channels.errors import TemporaryError
from marketing.db.models import Campaign, ChannelAccount
from marketing.db.session import Database
from marketing.domain.account import TRANSITIONS, AccountState, MailProvider
from marketing.domain.sealing import Sealer
from marketing.domain.transitions import change
from marketing.domain.types import ChannelName
from marketing.errors import InvalidInputError, NotFoundError
from marketing.i18n import gettext as _
from marketing.mail.account_settings import Login, MailSettings, checked
from marketing.mail.ways import HEALTH, TenantAccounts, batch_of, sealed
from marketing.observability import get_logger

log = get_logger(__name__)
STEP: Final = timedelta(microseconds=1)
NAME_LENGTH: Final = 60


@dataclass(frozen=True, slots=True)
class MailAccounts:
    """What operators may do with mail accounts. `user_id` is who does it; None on the command line of the machine itself."""

    database: Database
    sealer: Sealer
    ways: TenantAccounts
    clock: Callable[[], datetime]

    def add(
        self,
        tenant_id: str,
        name: str,
        provider: MailProvider,
        settings: MailSettings,
        login: Login,
        *,
        user_id: int | None = None,
    ) -> int:
        """Keep an account, or new settings for the one of this name; InvalidInputError when something cannot be right."""
        name = " ".join(name.split())
        if not name or len(name) > NAME_LENGTH or not name.isprintable():
            raise InvalidInputError(_("Beri akun ini nama pendek, misalnya “relai kantor”."), field="name")
        checked(provider, settings, login)
        now = self.clock()
        with self.database.write() as session:
            row = session.scalars(
                _accounts(tenant_id)
                .where(ChannelAccount.provider == provider, ChannelAccount.remote_id == name)
                .with_for_update()
            ).first()
            if row is None:
                row = ChannelAccount(
                    tenant_id=tenant_id,
                    channel=ChannelName.EMAIL,
                    provider=provider,
                    remote_id=name,
                    report={},
                    created_at=now,
                    updated_at=now,
                    state=AccountState.ACTIVE,
                )
                session.add(row)
            elif row.state is not AccountState.ACTIVE:
                row.state = change(TRANSITIONS, row.state, AccountState.ACTIVE)
            row.name, row.state_reason = name, ""
            row.settings, row.sealed_credentials = settings.to_json(), sealed(login, self.sealer)
            row.report = {key: value for key, value in row.report.items() if key != HEALTH}
            _touch(row, now)
            session.flush()
            self._audit(session, row, "add", user_id)
            return row.id

    def standing(self, tenant_id: str) -> Sequence[ChannelAccount]:
        """Return the accounts that stand, in the order they were added."""
        with self.database.read() as session:
            return list(session.scalars(_accounts(tenant_id).where(ChannelAccount.state != AccountState.REMOVED)))

    def try_out(self, tenant_id: str, account_id: int) -> str:
        """Connect, secure and log in, without sending; returns the reason code of what is wrong, empty when nothing is."""
        with self.database.read() as session:
            row = _found(session, tenant_id, account_id)
        provider = self.ways.provider_of(row)
        try:
            provider.open().release()
        except TemporaryError as error:
            trouble = str(error)
        else:
            trouble = ""
        finally:
            provider.close()
        with self.database.write() as session:
            row = _found(session, tenant_id, account_id, lock=True)
            row.report = {**row.report, HEALTH: {"at": self.clock().isoformat(), "reason": trouble}}
            if not trouble:
                _touch(row, self.clock())  # a new provider, with a new chance at once
        return trouble

    def pause(self, tenant_id: str, account_id: int, *, user_id: int | None = None) -> None:
        """Let nothing more leave by this account."""
        self._move(tenant_id, account_id, AccountState.PAUSED, _("Dijeda oleh petugas."), user_id)

    def resume(self, tenant_id: str, account_id: int, *, user_id: int | None = None) -> None:
        """Go on."""
        self._move(tenant_id, account_id, AccountState.ACTIVE, "", user_id)

    def remove(self, tenant_id: str, account_id: int, *, user_id: int | None = None) -> None:
        """Forget the account and its credentials."""
        self._move(tenant_id, account_id, AccountState.REMOVED, _("Dilepas oleh petugas."), user_id)

    def cancel_held(self, campaign_id: int) -> int:
        """Stop what a cancelled campaign still has waiting at SendGrid; returns at how many accounts that was done."""
        with self.database.read() as session:
            campaign = session.get_one(Campaign, campaign_id)
            query = _accounts(campaign.tenant_id).where(ChannelAccount.provider == MailProvider.SENDGRID)
            held = [(row, batch) for row in session.scalars(query) if (batch := batch_of(row, campaign_id))]
        done = 0
        for row, batch in held:
            provider = self.ways.provider_of(row)
            stopped = isinstance(provider, SendGridProvider) and provider.cancel(batch)
            provider.close()
            log.info("held mail", campaign=campaign_id, account=row.id, cancelled=stopped)
            with self.database.write() as session:
                self._audit(session, row, "cancel_held" if stopped else "cancel_held_refused", None)
            done += stopped
        return done

    def _move(self, tenant_id: str, account_id: int, state: AccountState, reason: str, user_id: int | None) -> None:
        with self.database.write() as session:
            row = _found(session, tenant_id, account_id, lock=True)
            move(row, state, reason)
            if state is AccountState.REMOVED:
                row.sealed_credentials = ""
            _touch(row, self.clock())
            self._audit(session, row, state, user_id)

    def _audit(self, session: Session, row: ChannelAccount, act: str, user_id: int | None) -> None:
        write_audit(
            session,
            tenant_id=row.tenant_id,
            user_id=user_id,
            action=f"mail_account.{act}",
            subject=f"channel_account:{row.id}",
            now=self.clock(),
            details={"provider": row.provider},
        )


def _accounts(tenant_id: str) -> Select[ChannelAccount]:
    """Return the query for an office's accounts that carry mail; the mailboxes that bounces come to are not among them."""
    return (
        select(ChannelAccount)
        .where(
            ChannelAccount.tenant_id == tenant_id,
            ChannelAccount.channel == ChannelName.EMAIL,
            ChannelAccount.provider.in_(list(MailProvider)),
        )
        .order_by(ChannelAccount.id)
    )


def _found(session: Session, tenant_id: str, account_id: int, *, lock: bool = False) -> ChannelAccount:
    query = _accounts(tenant_id).where(ChannelAccount.id == account_id, ChannelAccount.state != AccountState.REMOVED)
    row = session.scalars(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFoundError(_("Akun surel nomor {number} tidak ada.").format(number=account_id))
    return row


def _touch(row: ChannelAccount, now: datetime) -> None:
    """Let every worker build its provider anew: they compare this moment, so it never stays the same."""
    row.updated_at = max(now, (row.updated_at or now) + STEP)
