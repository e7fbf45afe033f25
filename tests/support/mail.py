"""E-mails and relays for tests of what carries mail."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import dkim

from marketing.channels.base import Load, SendOutcome
from marketing.channels.email.adapter import EmailMessenger
from marketing.channels.email.dkim import DkimKey
from marketing.channels.email.mail_accounts import OnlyAccount
from marketing.channels.email.providers.base import Provider
from marketing.channels.email.providers.smtp import Relay, SmtpProvider
from marketing.channels.email.writing import MailWriter, PlainDomains, SendingDomains
from marketing.domain.content import OutboundEmail, WholeBody
from marketing.domain.stencil import FilledBody, Opening, Sheet, Stencil
from marketing.domain.types import EmailType, Purpose

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MAIL = OutboundEmail(
    key="1",
    email_type=EmailType.PROMOTIONAL,
    message_id="<1.siar@promo.siar.example>",
    sender_name="Dinas Koperasi",
    sender_address="promo@siar.example",
    recipient_name="Siti",
    recipient_address="siti@pembeli.example",
    subject="Diskon minggu ini",
    body=WholeBody("<p>Halo Siti</p>\n", "Halo Siti\n"),
    reply_to="dinas@siar.example",
    unsubscribe_url="https://siar.example/berhenti/abc",
    list_id="promosi.tts.siar.example",
    feedback_id="7:promotional:tts:siarumkm",
    tenant="tts",
    campaign=7,
    purpose=Purpose.PROMOTIONAL,
)


def stencil_of(*literals: str) -> Stencil:
    """Return a stencil with a word in each gap between the literals, the same in both parts."""
    marked = "".join(f"{literal}\ue000{number}\ue001" for number, literal in enumerate(literals[:-1])) + literals[-1]
    openings = [Opening(token=False, number=number) for number in range(len(literals) - 1)]
    return Stencil(Sheet.cut(marked, openings, html=True), Sheet.cut(marked, openings, html=False))


HELLO = stencil_of("<p>Halo ", "</p>\n")


def mail(key: str, **changes: object) -> OutboundEmail:
    """Return the e-mail of one person, named after the key; of a stencil that all share unless its words are given."""
    words = {name: str(changes.pop(name)) for name in ("html", "text") if name in changes}
    whole = WholeBody(**({"html": f"<p>Halo {key}</p>\n", "text": f"Halo {key}\n"} | words))
    own: dict[str, object] = {
        "key": key,
        "message_id": f"<{key}.siar@promo.siar.example>",
        "recipient_address": f"{key}@pembeli.example",
        "unsubscribe_url": f"https://siar.example/berhenti/{key}",
        "body": whole if words else FilledBody(HELLO, (key,), ()),
    }
    return replace(MAIL, **(own | changes))  # type: ignore[arg-type]


class Signing:
    """An office that signs every mail with one key, and whose bounces come back to a domain of its own."""

    def __init__(self) -> None:
        self._key = DkimKey.new("kunci.example", "uji")

    def key_of(self, tenant: str, domain: str) -> DkimKey | None:
        return replace(self._key, domain=domain)

    def return_domain(self, tenant: str) -> str:
        return f"pantul.{tenant}.example"

    def verifies(self, raw: bytes) -> bool:
        """Return whether a received mail is signed, as dkimpy judges."""
        return bool(dkim.verify(raw, dnsfunc=lambda _name, timeout=5: self._key.record.encode()))


def smtp(
    port: int,
    *,
    clock: Callable[[], datetime] = lambda: NOW,
    domains: SendingDomains | None = None,
    **relay: object,
) -> SmtpProvider:
    """Return a relay on this machine, in the clear unless told otherwise."""
    settings: dict[str, object] = {
        "host": "127.0.0.1",
        "port": port,
        "tls": "none",
        "timeout_seconds": 10,
        "connections": 1,
    }
    return SmtpProvider(Relay(**(settings | relay)), MailWriter(clock, domains or PlainDomains()).write)  # type: ignore[arg-type]


def messenger_of(provider: Provider, clock: Callable[[], datetime] = lambda: NOW) -> EmailMessenger:
    """Return the messenger whose only account this is."""
    return EmailMessenger(OnlyAccount(provider), clock)


def deliver(provider: Provider, batch: Iterable[OutboundEmail]) -> Iterator[SendOutcome]:
    """Hand a batch to one provider; what it cannot take stays in the batch, and TemporaryError says why."""
    return messenger_of(provider).send(Load(MAIL.tenant, MAIL.email_type, batch))
