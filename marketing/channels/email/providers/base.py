"""The port of a mail provider: finished e-mails in, one outcome for each.

A provider gets the `OutboundEmail`, because SendGrid wants its parts and a relay its bytes. Bytes and envelope are made in one
place, `marketing.channels.email.writing.MailWriter`: that is where a DKIM signature and a return path of its own (VERP) belong.
What comes back later is not this port's: bounces carry the return path, SendGrid's events the reference in `REFERENCE_ARG`
(`sendgrid_request`) and an id that begins with the `provider_id` of `Accepted`.

Two steps, so that no message is taken before it can leave: `open` connects and proves itself, and only then `carry` is given
one message after the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from marketing.channels.base import SendOutcome
from marketing.channels.errors import TemporaryError
from marketing.domain.content import OutboundEmail

GATHER_SECONDS = 0.5
"""A provider that sends several messages in one call holds the first of them at most this long."""


class Carrier(Protocol):
    """An opened provider; used by one thread."""

    def ready(self) -> None:
        """Make sure that one more message can leave at once; TemporaryError (a reason code) when it cannot.

        What was taken before is answered all the same.
        """
        ...

    def carry(self, email: OutboundEmail) -> Sequence[SendOutcome]:
        """Take one e-mail; returns the outcomes that are known now, of this one or of some gathered before. Never raises."""
        ...

    def flush(self) -> Sequence[SendOutcome]:
        """Send what was gathered and return every outcome still owed. Never raises."""
        ...

    def trouble(self) -> TemporaryError | None:
        """Return what is known to be wrong with the provider as a whole, without asking it."""
        ...

    def release(self) -> None:
        """Give the connection back, usable or not; what was gathered and not flushed never leaves."""
        ...


class Provider(Protocol):
    """Whoever carries the mail; any number of threads may open it."""

    def open(self) -> Carrier:
        """Return a carrier that can take a message at once; TemporaryError (a reason code) when there is none."""
        ...

    def close(self) -> None:
        """Close every connection that is kept."""
        ...


def deliver(provider: Provider, batch: Iterable[OutboundEmail]) -> Iterator[SendOutcome]:
    """Hand a batch to one provider; what it cannot take stays in the batch, and TemporaryError says why."""
    carrier = provider.open()
    emails = iter(batch)
    try:
        while True:
            try:
                carrier.ready()
            except TemporaryError:
                yield from carrier.flush()
                raise
            email = next(emails, None)
            if email is None:
                break
            yield from carrier.carry(email)
        yield from carrier.flush()
    finally:
        carrier.release()
