"""The one place where a finished e-mail becomes an envelope and bytes: signed, and with a return path of its own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from marketing.channels.email.dkim import DkimKey
from marketing.channels.email.mime import build_mime, wire_address
from marketing.channels.email.verp import return_path
from marketing.domain.content import OutboundEmail


@dataclass(slots=True)  # not frozen: one for every message of a campaign (docs/decisions.md, 70)
class Envelope:
    """One finished message and where it goes; `key` is ours and comes back in the outcome.

    Addresses and content stay out of the repr, so that a traceback or a log shows no personal data. `dots` False says that it
    is known that no line begins with a dot: looking for one costs as much as sending.
    """

    key: str
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    data: bytes = field(repr=False)
    message_id: str
    dots: bool = True


class SendingDomains(Protocol):
    """Knows what an office set up for the domains it sends from."""

    def key_of(self, tenant: str, domain: str) -> DkimKey | None:
        """Return the key that signs mail of this domain, None where the relay signs or nobody does."""
        ...

    def return_domain(self, tenant: str) -> str:
        """Return the domain whose mailbox takes bounces, empty where none is read."""
        ...


class PlainDomains:
    """Nothing was set up: no signature, bounces go to the sender."""

    def key_of(self, tenant: str, domain: str) -> DkimKey | None:  # noqa: ARG002  the port's
        return None

    def return_domain(self, tenant: str) -> str:  # noqa: ARG002  the port's
        return ""


@lru_cache(maxsize=1_000)
def _sender(address: str) -> str:
    return wire_address("sender_address", address)


@dataclass(frozen=True, slots=True)
class MailWriter:
    """Writes e-mails for relays."""

    clock: Callable[[], datetime]
    domains: SendingDomains = field(default_factory=PlainDomains)

    def write(self, email: OutboundEmail) -> Envelope:
        """Return the e-mail as it goes over the wire; BadMessageError names the field that cannot be written."""
        now = self.clock()
        sender = _sender(email.sender_address)
        data = build_mime(email, date=now)
        key = self.domains.key_of(email.tenant, sender.rpartition("@")[2])
        return Envelope(
            key=email.key,
            sender=self._bounces_to(email) or sender,
            recipient=wire_address("recipient_address", email.recipient_address),
            data=key.sign(data, now=now) if key else data,
            message_id=email.message_id,
            dots=False,  # no header line of ours begins with one, and quoted-printable is written so that none does
        )

    def _bounces_to(self, email: OutboundEmail) -> str:
        domain = self.domains.return_domain(email.tenant)
        try:
            return return_path(email.reference, domain) if domain else ""
        except ValueError:  # a mail that is no message of ours in the ledger: a confirmation, say
            return ""
