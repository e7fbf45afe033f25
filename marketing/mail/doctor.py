"""Examines the DNS of an office's sending domains and keeps what was found, so that pages can show it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from marketing.channels.email.dns_facts import DnsFacts, same_organisation
from marketing.db.models import DkimSigningKey
from marketing.domain.mail_auth import DomainFacts, Finding, Level, TlsFacts, judge
from marketing.mail.domains import domain_row, domains_of, keys_of, record_name
from marketing.tenants.profile import TenantProfile


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the operator knows and the DNS does not: which providers and addresses send, and where bounces go."""

    includes: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    relays: tuple[TlsFacts, ...] = ()
    return_domain: str = ""
    foreign_selectors: tuple[str, ...] = ()
    """Selectors of a provider that signs for us (SendGrid: s1, s2)."""


@dataclass(frozen=True, slots=True)
class Examined:
    """One domain and what was found."""

    domain: str
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong; what is unknown is not counted as right, nor as wrong."""
        return all(finding.level is not Level.BAD for finding in self.findings)


def keys_by_domain(session: Session, profile: TenantProfile, now: datetime) -> dict[str, list[DkimSigningKey]]:
    """Return the keys that sign or wait to sign, by domain of the office."""
    return {domain: keys_of(session, domain_row(session, profile, domain, now)) for domain in domains_of(profile)}


def examine(keys: dict[str, list[DkimSigningKey]], dns: DnsFacts, around: Surroundings) -> list[Examined]:
    """Ask the DNS about every domain; no transaction is open meanwhile."""
    return [Examined(domain, judge(_facts(domain, _signing(found), dns, around))) for domain, found in keys.items()]


def keep(session: Session, profile: TenantProfile, examined: Iterable[Examined], now: datetime) -> None:
    """Write down what was found, for the pages."""
    for one in examined:
        row = domain_row(session, profile, one.domain, now)
        row.findings, row.examined_at = [as_json(finding) for finding in one.findings], now


def as_json(finding: Finding) -> dict[str, Any]:
    """Return a finding as it is printed and stored."""
    publish = finding.publish
    return {
        "check": finding.check,
        "level": finding.level,
        "subject": finding.subject,
        "text": finding.text,
        "publish": {"name": publish.name, "type": publish.type, "value": publish.value} if publish else None,
    }


def _signing(keys: Sequence[DkimSigningKey]) -> list[DkimSigningKey]:
    """Return the newest key and the one in force; older ones need not be published any more."""
    in_force = next((key for key in keys if key.active_from is not None), None)
    return [key for key in keys if key is keys[0] or key is in_force]


def _facts(domain: str, keys: Sequence[DkimSigningKey], dns: DnsFacts, around: Surroundings) -> DomainFacts:
    envelope = around.return_domain or domain
    ours = [dns.dkim(record_name(key, domain), key.record) for key in keys]
    foreign = [dns.dkim(f"{selector}._domainkey.{domain}", "") for selector in around.foreign_selectors]
    return DomainFacts(
        domain=domain,
        envelope_domain=envelope,
        spf=dns.spf(envelope, around.addresses),
        dkim=(*ours, *foreign),
        dmarc=dns.dmarc(domain),
        mx=dns.mx(envelope),
        same_organisation=same_organisation(domain, envelope),
        includes=around.includes,
        postmaster=f"dmarc@{domain}",
        ptr=tuple(dns.ptr(address) for address in around.addresses),
        relays=around.relays,
    )
