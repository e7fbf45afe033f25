"""Reads from the DNS what `domain.mail_auth` judges. SPF and DMARC are read by checkdmarc (RFC 9989 tree walk included)."""

import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any, Final, Literal

from checkdmarc.dmarc import check_dmarc
from checkdmarc.spf import check_spf
from checkdmarc.utils import get_base_domain
from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, Resolver
from dns.reversename import from_address

from marketing.channels.email.dkim import published_key
from marketing.domain.mail_auth import DkimFacts, DmarcFacts, PtrFacts, SpfFacts, TlsFacts
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _

REMOVED_TAGS: Final = ("pct", "rf", "ri")  # RFC 9989, appendix on changes from RFC 7489
_SECONDS: Final = 4.0


def resolver_of(name_server: str = "") -> Resolver:
    """Return a resolver that asks the system's name servers, or the one named as `address` or `address:port`.

    InvalidInputError when the name is neither.
    """
    if not name_server:
        resolver = Resolver()
    else:
        host, _colon, port = name_server.partition(":") if name_server.count(":") < 2 else (name_server, "", "")  # noqa: PLR2004  IPv6 has more
        resolver = Resolver(configure=False)
        try:
            resolver.nameservers, resolver.port = [host], int(port or 53)
        except ValueError as error:
            raise InvalidInputError(
                _("Server nama “{name}” harus berupa alamat IP, boleh diikuti :port.").format(name=name_server)
            ) from error
    resolver.lifetime = _SECONDS
    return resolver


@dataclass(frozen=True, slots=True)
class DnsFacts:
    """Asks one resolver; where nobody answers the fact is None, which is not the same as “there is none”."""

    resolver: Resolver

    def spf(self, domain: str, addresses: Sequence[str]) -> SpfFacts | None:
        """Return the SPF record of a domain, and whether it lets each address send."""
        if self._texts(domain) is None:
            return None
        found: dict[str, Any] = check_spf(domain, resolver=self.resolver, timeout=_SECONDS)
        parsed = found.get("parsed") or {}
        return SpfFacts(
            record=found.get("record") or "",
            error=found.get("error") or "",
            lookups=found.get("dns_lookups") or 0,
            ends=parsed.get("all") or "neutral",
            covers=tuple((address, _covers(parsed, address)) for address in addresses),
        )

    def dkim(self, name: str, ours: str) -> DkimFacts:
        """Return what stands at a selector's name beside our own record."""
        records = [text for text in self._texts(name) or () if "p=" in text]
        found = next((text for text in records if published_key(text) is not None), "")
        return DkimFacts(name, found, bool(ours) and bool(found) and published_key(found) == published_key(ours), ours)

    def dmarc(self, domain: str) -> DmarcFacts | None:
        """Return the DMARC record in force for a domain."""
        if self._texts(f"_dmarc.{domain}") is None:
            return None
        found: Mapping[str, Any] = check_dmarc(domain, resolver=self.resolver, timeout=_SECONDS)
        tags = found.get("tags") or {}
        written = {part.partition("=")[0].strip().lower() for part in (found.get("record") or "").split(";")}
        return DmarcFacts(
            record=found.get("record") or "",
            error=(found.get("error") or "") if found.get("record") else "",
            location=found.get("location") or domain,
            policy=str((tags.get("p") or {}).get("value", "")),
            reports_to=tuple(one["address"] for one in (tags.get("rua") or {}).get("value") or ()),
            removed_tags=tuple(tag for tag in REMOVED_TAGS if tag in written),
        )

    def mx(self, domain: str) -> tuple[str, ...] | None:
        """Return the hosts that take mail for a domain; a null MX (RFC 7505) takes none."""
        answers = self._ask(domain, "MX")
        if answers is None:
            return None
        hosts = (answer.rpartition(" ")[2].rstrip(".") for answer in sorted(answers))
        return tuple(host for host in hosts if host)

    def ptr(self, address: str) -> PtrFacts:
        """Return the names of an address that lead back to it (forward-confirmed reverse DNS)."""
        names = tuple(name.rstrip(".") for name in self._ask(from_address(address).to_text(), "PTR") or ())
        kind = "AAAA" if ":" in address else "A"
        wanted = ip_address(address)
        back = (ip_address(found) for name in names for found in self._ask(name, kind) or ())
        return PtrFacts(address, names, any(found == wanted for found in back))

    def _texts(self, name: str) -> tuple[str, ...] | None:
        answers = self._ask(name, "TXT")
        return None if answers is None else tuple(text.replace('" "', "").strip('"') for text in answers)

    def _ask(self, name: str, kind: str) -> tuple[str, ...] | None:
        """Return the answers, empty where there are none; None where nobody answered."""
        try:
            return tuple(answer.to_text() for answer in self.resolver.resolve(name, kind))
        except (NXDOMAIN, NoAnswer):
            return ()
        except DNSException:
            return None


def same_organisation(one: str, other: str) -> bool:
    """Return whether two domains belong together, which relaxed alignment asks (RFC 9989 4.10)."""
    return bool(get_base_domain(one) == get_base_domain(other))


def relay_tls(host: str, port: int, tls: Literal["none", "starttls", "implicit"], seconds: float = 10.0) -> TlsFacts:
    """Return whether a verified TLS connection to a relay can be had."""
    subject = f"{host}:{port}"
    if tls == "none":
        return TlsFacts(subject, None)
    context = ssl.create_default_context()
    try:
        if tls == "implicit":
            with smtplib.SMTP_SSL(host, port, timeout=seconds, context=context) as relay:
                relay.noop()
        else:
            with smtplib.SMTP(host, port, timeout=seconds) as relay:
                relay.starttls(context=context)
    except (OSError, smtplib.SMTPException) as error:
        return TlsFacts(subject, secure=False, error=str(getattr(error, "reason", "") or error))
    return TlsFacts(subject, secure=True)


def _covers(parsed: Mapping[str, Any], address: str) -> bool:
    """Return whether the first mechanism that matches lets the address send (RFC 7208 4.6)."""
    for mechanism in parsed.get("mechanisms") or ():
        if any(_within(address, block) for block in _blocks(mechanism)):
            return bool(mechanism.get("action") == "pass")
        if mechanism.get("mechanism") == "include" and _covers(mechanism.get("parsed") or {}, address):
            return bool(mechanism.get("action") == "pass")
    redirect = parsed.get("redirect")
    return _covers(redirect.get("parsed") or {}, address) if redirect else parsed.get("all") == "pass"


def _blocks(mechanism: Mapping[str, Any]) -> Iterator[str]:
    if mechanism.get("mechanism") in {"ip4", "ip6"}:
        yield str(mechanism.get("value"))
    yield from mechanism.get("addresses") or ()
    for host in mechanism.get("hosts") or ():
        yield from host.get("addresses") or ()


def _within(address: str, block: str) -> bool:
    network = ip_network(block, strict=False)
    return ip_address(address) in network
