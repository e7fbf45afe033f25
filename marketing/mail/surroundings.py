"""What the operator set up around the DNS: relays, providers that sign for us, the mailbox that bounces come to."""

from collections.abc import Sequence

from marketing.channels.email.dns_facts import relay_tls
from marketing.db.models import ChannelAccount
from marketing.domain.mail_auth import TlsFacts
from marketing.mail.doctor import Surroundings
from marketing.mail.domains import return_domain
from marketing.settings import LOOPBACK, Settings

SENDGRID_INCLUDE = "sendgrid.net"
SENDGRID_SELECTORS = ("s1", "s2")  # twilio.com/docs/sendgrid, "Automated Security", November 2026


def surroundings_of(settings: Settings, accounts: Sequence[ChannelAccount], addresses: Sequence[str]) -> Surroundings:
    """Return them, and try each relay's TLS; connects to relays only, so that no transaction may be open."""
    sendgrid = any(account.provider == "sendgrid" for account in accounts)
    return Surroundings(
        includes=(SENDGRID_INCLUDE,) if sendgrid else (),
        addresses=tuple(addresses),
        relays=tuple(_relays(settings, accounts)),
        return_domain=return_domain(accounts),
        foreign_selectors=SENDGRID_SELECTORS if sendgrid else (),
    )


def _relays(settings: Settings, accounts: Sequence[ChannelAccount]) -> list[TlsFacts]:
    relays = [
        (str(account.settings["host"]), int(account.settings["port"]), account.settings.get("tls", "none"))
        for account in accounts
        if account.provider == "smtp"
    ]
    if not accounts and settings.smtp_host:
        relays.append((settings.smtp_host, settings.smtp_port, settings.smtp_tls))
    return [relay_tls(host, port, tls) for host, port, tls in relays if host not in LOOPBACK]
