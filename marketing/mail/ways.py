"""The accounts of each Dinas as the messenger asks for them: rows become providers, kept open while the row stays the same."""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import select

from marketing.channels.email.mail_accounts import RATE, MailAccount
from marketing.channels.email.providers.base import Provider
from marketing.channels.email.providers.sendgrid import SendGridAccount, SendGridProvider
from marketing.channels.email.providers.sendgrid_request import SendGridOptions
from marketing.channels.email.providers.smtp import Relay, SmtpProvider
from marketing.channels.email.rates import AccountRates, Rate
from marketing.channels.email.writing import Envelope
from marketing.db.models import ChannelAccount
from marketing.db.session import Database
from marketing.domain.account import AccountState, MailProvider
from marketing.domain.content import OutboundEmail
from marketing.domain.sealing import Sealer
from marketing.domain.types import ChannelName, EmailType
from marketing.mail.account_settings import Login, MailSettings
from marketing.mail.domains import warm_up_cap
from marketing.observability import get_logger

log = get_logger(__name__)
SEALED_AS: Final = "mail-account"
HEALTH: Final = "health"
BATCHES: Final = "batches"
KEPT_BATCHES: Final = 50
TIMEOUT_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class _Standing:
    """A row as it was when its provider was built."""

    made_at: datetime
    settings: MailSettings
    account: MailAccount


class TenantAccounts:
    """Every Dinas's own accounts, and one for those that have none."""

    def __init__(
        self,
        database: Database,
        sealer: Sealer,
        write: Callable[[OutboundEmail], Envelope],
        clock: Callable[[], datetime],
        fallback: Provider,
    ) -> None:
        self._database = database
        self._sealer = sealer
        self._write = write
        self._clock = clock
        self._fallback = MailAccount("setelan", fallback, rates=AccountRates("setelan"))
        self._standing: dict[int, _Standing] = {}
        self._told: dict[str, str] = {}
        self._lock = threading.Lock()

    def of(self, tenant: str, email_type: EmailType) -> Sequence[MailAccount]:
        with self._database.read() as session:
            query = select(ChannelAccount).where(
                ChannelAccount.tenant_id == tenant,
                ChannelAccount.channel == ChannelName.EMAIL,
                ChannelAccount.provider.in_(list(MailProvider)),
                ChannelAccount.state != AccountState.REMOVED,
            )
            rows = list(session.scalars(query.order_by(ChannelAccount.id)))
            bulk = email_type is not EmailType.TRANSACTIONAL
            cap = warm_up_cap(session, tenant, self._clock()) if bulk else None
        standing = [self._stand(row) for row in rows if row.state is AccountState.ACTIVE]
        found = [one.account for one in standing if one.settings.carries(email_type)] if rows else [self._fallback]
        if cap is None:
            return found
        warm_up = Rate(per_hour=cap)
        return [replace(one, rates=replace(one.rates, warm_up=warm_up, office=tenant)) for one in found]

    def heard(self, account: MailAccount, trouble: str) -> None:
        if trouble == RATE or self._told.get(account.id) == trouble or not account.id.isdigit():
            return
        self._told[account.id] = trouble
        with self._database.write() as session:
            row = session.get(ChannelAccount, int(account.id), with_for_update=True)
            kept = row.report.get(HEALTH, {}).get("reason", "") if row is not None else trouble
            if row is not None and kept != trouble:
                row.report = {**row.report, HEALTH: {"at": self._clock().isoformat(), "reason": trouble}}
                log.warning("mail account", account=row.id, trouble=trouble or "none")

    def close(self) -> None:
        with self._lock:
            standing, self._standing = list(self._standing.values()), {}
        for one in standing:
            one.account.provider.close()
        self._fallback.provider.close()

    def provider_of(self, row: ChannelAccount) -> Provider:
        """Return a provider made from a row; SettingsError when no key of ours opens its credentials."""
        settings, login = MailSettings.from_json(row.settings), opened(row, self._sealer)
        if row.provider == MailProvider.SMTP:
            relay = Relay(
                host=settings.host,
                port=settings.port,
                user=login.user,
                password=login.secret,
                tls=settings.tls,
                timeout_seconds=TIMEOUT_SECONDS,
                ca_file=settings.ca_file,
                connections=settings.connections,
            )
            return SmtpProvider(relay, self._write)
        account = SendGridAccount(
            login.secret,
            settings.host,
            options=SendGridOptions(sandbox=settings.sandbox, asm=settings.asm),
            hold=timedelta(minutes=settings.hold_minutes),
        )
        return SendGridProvider(account, self._clock, batches=partial(self._batch, row.id))

    def _stand(self, row: ChannelAccount) -> _Standing:
        with self._lock:
            # What stands in the row, whoever wrote it: another worker's trouble is over when this one's mail is taken.
            self._told[str(row.id)] = str(row.report.get(HEALTH, {}).get("reason", ""))
            known = self._standing.get(row.id)
            if known is not None and known.made_at == row.updated_at:
                return known
            settings = MailSettings.from_json(row.settings)
            rates = AccountRates(str(row.id), settings.rate, settings.domain_rates)
            account = MailAccount(str(row.id), self.provider_of(row), settings.weight, rates, settings.in_hand)
            self._standing[row.id] = _Standing(row.updated_at, settings, account)
        if known is not None:
            known.account.provider.close()
        return self._standing[row.id]

    def _batch(self, account_id: int, campaign_id: int, fetch: Callable[[], str]) -> str:
        """Return SendGrid's id for a campaign; of two workers that fetch one at once, the first to write wins."""
        with self._database.read() as session:
            if (kept := _batches(session.get_one(ChannelAccount, account_id)).get(str(campaign_id))) is not None:
                return kept
        fresh = fetch()
        if not fresh:
            return ""
        with self._database.write() as session:
            row = session.get_one(ChannelAccount, account_id, with_for_update=True)
            kept_ones = {str(campaign_id): fresh} | _batches(row)
            newest = dict(sorted(kept_ones.items(), key=lambda one: int(one[0]))[-KEPT_BATCHES:])
            row.report = {**row.report, BATCHES: newest}
            return kept_ones[str(campaign_id)]


def opened(row: ChannelAccount, sealer: Sealer) -> Login:
    """Return how the account lets us in."""
    text = sealer.open(SEALED_AS, row.sealed_credentials)
    kept: dict[str, Any] = json.loads(text) if text else {}
    return Login(secret=str(kept.get("secret", "")), user=str(kept.get("user", "")))


def sealed(login: Login, sealer: Sealer) -> str:
    """Return credentials for the row."""
    return sealer.seal(SEALED_AS, json.dumps({"user": login.user, "secret": login.secret}))


def _batches(row: ChannelAccount) -> dict[str, str]:
    found = row.report.get(BATCHES)
    return dict(found) if isinstance(found, dict) else {}


def batch_of(row: ChannelAccount, campaign_id: int) -> str:
    """Return SendGrid's id for what a campaign sent through this account; empty when it holds nothing there."""
    return _batches(row).get(str(campaign_id), "")
