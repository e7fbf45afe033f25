"""The domains that an office sends from, and the keys that sign their mail."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.channels.email.dkim import DkimKey
from marketing.db.models import ChannelAccount, DkimSigningKey, MailDomain
from marketing.db.session import Database
from marketing.domain.account import AccountState
from marketing.domain.mail_auth import DkimFacts
from marketing.domain.sealing import Sealer
from marketing.domain.types import ChannelName
from marketing.domain.warm_up import hourly_cap
from marketing.errors import NotAllowedError, NotFoundError
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile, profile_of

PURPOSE: Final = "dkim"
KEPT_SECONDS: Final = 60.0


def mail_accounts(session: Session, tenant_id: str) -> list[ChannelAccount]:
    """Return the office's mail accounts that are not removed: relays, SendGrid, mailboxes."""
    query = select(ChannelAccount).where(
        ChannelAccount.tenant_id == tenant_id,
        ChannelAccount.channel == ChannelName.EMAIL,
        ChannelAccount.state != AccountState.REMOVED,
    )
    return list(session.scalars(query.order_by(ChannelAccount.id)))


def return_domain(accounts: Iterable[ChannelAccount]) -> str:
    """Return the domain whose mailbox takes our bounces; empty where none is read."""
    found = (str(account.settings.get("return_domain", "")) for account in accounts if account.provider == "imap")
    return next((domain for domain in found if domain), "")


def domains_of(profile: TenantProfile) -> tuple[str, ...]:
    """Return the domains in the From of an office's mails, each once: marketing first."""
    senders = (profile.marketing_sender, profile.transactional_sender)
    return tuple(dict.fromkeys(sender.rpartition("@")[2].lower() for sender in senders))


def domain_row(session: Session, profile: TenantProfile, domain: str, now: datetime) -> MailDomain:
    """Return the row of one of the office's domains, made when it is asked for first; NotFoundError for another's."""
    known = domains_of(profile)
    if domain not in known:
        raise NotFoundError(
            _("Domain “{domain}” tidak dipakai {tenant}. Yang dipakai: {known}.").format(
                domain=domain, tenant=profile.short_name, known=", ".join(known)
            )
        )
    found = session.scalar(select(MailDomain).where(MailDomain.tenant_id == profile.id, MailDomain.domain == domain))
    if found is None:
        found = MailDomain(
            tenant_id=profile.id, domain=domain, warm_up_from=None, findings=[], examined_at=None, created_at=now
        )
        session.add(found)
        session.flush()
    return found


def keys_of(session: Session, row: MailDomain) -> list[DkimSigningKey]:
    """Return the keys of a domain, the newest first."""
    query = select(DkimSigningKey).where(DkimSigningKey.domain_id == row.id)
    return list(session.scalars(query.order_by(DkimSigningKey.id.desc())))


def new_key(session: Session, profile: TenantProfile, domain: str, sealer: Sealer, now: datetime) -> DkimSigningKey:
    """Make a key whose record must be published before it signs; the one in force goes on signing until then."""
    row = domain_row(session, profile, domain, now)
    count = session.scalar(select(func.count()).where(DkimSigningKey.domain_id == row.id)) or 0
    key = DkimKey.new(domain, f"siar{now:%Y%m}{chr(ord('a') + count % 26)}{count // 26 or ''}")
    kept = DkimSigningKey(
        domain_id=row.id,
        selector=key.selector,
        sealed_key=sealer.seal(PURPOSE, key.pem),
        record=key.record,
        created_at=now,
        active_from=None,
    )
    session.add(kept)
    write_audit(
        session,
        tenant_id=profile.id,
        user_id=None,
        action="dkim.new",
        subject=f"mail_domain:{row.id}",
        now=now,
        details={"selector": key.selector},
    )
    return kept


def newest_key(session: Session, profile: TenantProfile, domain: str, now: datetime) -> DkimSigningKey:
    """Return the key that was made last; NotFoundError when there is none."""
    keys = keys_of(session, domain_row(session, profile, domain, now))
    if not keys:
        raise NotFoundError(_("Belum ada kunci untuk {domain}. Buat dahulu: siar dkim new.").format(domain=domain))
    return keys[0]


def activate(session: Session, profile: TenantProfile, domain: str, seen: DkimFacts, now: datetime) -> DkimSigningKey:
    """Let the newest key sign; NotAllowedError unless the DNS was seen to show it: mail signed with it would fail."""
    key = newest_key(session, profile, domain, now)
    if not seen.same_key or seen.ours != key.record:
        raise NotAllowedError(
            _("Catatan TXT “{name}” belum terlihat di DNS atau isinya lain. Terbitkan, tunggu, lalu ulangi.").format(
                name=seen.name
            )
        )
    if key.active_from is None:
        key.active_from = now
        write_audit(
            session,
            tenant_id=profile.id,
            user_id=None,
            action="dkim.active",
            subject=f"mail_domain:{key.domain_id}",
            now=now,
            details={"selector": key.selector},
        )
    return key


def record_name(key: DkimSigningKey, domain: str) -> str:
    """Return where the record of a key is published."""
    return f"{key.selector}._domainkey.{domain}"


@dataclass(frozen=True, slots=True)
class _Known:
    """What one office set up, and until when (of the timer) it is taken for true."""

    until: float
    keys: Mapping[str, DkimKey]
    return_domain: str


@dataclass(slots=True)
class KnownDomains:
    """What the offices set up for their domains, read once a minute at most: a new key is in use soon after its activation."""

    database: Database
    sealer: Sealer
    timer: Callable[[], float] = time.monotonic
    _offices: dict[str, _Known] = field(default_factory=dict)

    def key_of(self, tenant: str, domain: str) -> DkimKey | None:
        """Return the key in force, None where the office leaves signing to its relay."""
        return self._known(tenant).keys.get(domain)

    def return_domain(self, tenant: str) -> str:
        """Return the domain whose mailbox takes bounces."""
        return self._known(tenant).return_domain

    def _known(self, tenant: str) -> _Known:
        known = self._offices.get(tenant)
        if known is None or self.timer() >= known.until:
            known = self._read(tenant)
            self._offices[tenant] = known
        return known

    def _read(self, tenant: str) -> _Known:
        query = (
            select(MailDomain.domain, DkimSigningKey)
            .join(MailDomain, MailDomain.id == DkimSigningKey.domain_id)
            .where(MailDomain.tenant_id == tenant, DkimSigningKey.active_from.is_not(None))
            .order_by(DkimSigningKey.id)  # the newest of a domain stays
        )
        with self.database.read() as session:
            keys = {
                domain: DkimKey.from_pem(domain, row.selector, self.sealer.open(PURPOSE, row.sealed_key))
                for domain, row in session.execute(query)
            }
            return _Known(self.timer() + KEPT_SECONDS, keys, return_domain(mail_accounts(session, tenant)))


def warm_up_cap(session: Session, tenant_id: str, now: datetime) -> int | None:
    """Return how many bulk mails an hour the office may send to one receiving domain now; None when it is not warming up."""
    query = select(MailDomain).where(MailDomain.tenant_id == tenant_id, MailDomain.warm_up_from.is_not(None))
    warming = {row.domain: row.warm_up_from for row in session.scalars(query)}
    if not warming:
        return None
    return hourly_cap(warming.get(domains_of(profile_of(tenant_id))[0]), now)


def set_warm_up(session: Session, profile: TenantProfile, domain: str, now: datetime, *, begin: bool) -> MailDomain:
    """Begin to warm a domain up now, or lift its caps; written to the audit log."""
    row = domain_row(session, profile, domain, now)
    row.warm_up_from = now if begin else None
    write_audit(
        session,
        tenant_id=profile.id,
        user_id=None,
        action="warm_up.start" if begin else "warm_up.stop",
        subject=f"mail_domain:{row.id}",
        now=now,
    )
    return row
