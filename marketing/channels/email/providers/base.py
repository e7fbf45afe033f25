"""The port of a mail provider: finished e-mails in, one outcome for each.

A provider gets the `OutboundEmail`, because SendGrid wants its parts and a relay its bytes. Bytes and envelope are made in one
place, `marketing.channels.email.writing.MailWriter`: that is where a DKIM signature and a return path of its own (VERP) belong.
What comes back later is not this port's: bounces carry the return path, SendGrid's events the reference in `REFERENCE_ARG`
(`sendgrid_request`) and an id that begins with the `provider_id` of `Accepted`.

Two steps, so that no message is taken before it can leave: `open` connects and proves itself, and only then `carry` is given
one message after the other. Several may be under way at once, and outcomes come in any order; `Ways` in
`marketing.channels.email.adapter` is the one loop that drives carriers.
"""

from collections.abc import Sequence
from typing import Protocol

from marketing.channels.base import SendOutcome
from marketing.channels.errors import TemporaryError
from marketing.domain.content import OutboundEmail

GATHER_SECONDS = 0.5
"""A provider that sends several messages in one call holds the first of them at most this long."""
PATIENCE_SECONDS = 10.0
"""A provider that lets nothing through for so long is left alone for a while: others wait for the same worker."""
SLOW = "slow"


class Carrier(Protocol):
    """An opened provider; used by one thread."""

    def ready(self, seconds: float) -> bool:
        """Wait up to so long until one more message can leave at once, and say whether it can.

        TemporaryError (a reason code) when the provider takes no more; what was taken before is answered all the same.
        """
        ...

    def answered(self) -> Sequence[SendOutcome]:
        """Return the outcomes that became known since they were last asked for."""
        ...

    def carry(self, email: OutboundEmail) -> None:
        """Take one e-mail, after `ready` said yes. Never raises."""
        ...

    def idle(self, seconds: float) -> None:
        """Let what is under way go on for so long; nothing more comes in that time. Never raises."""
        ...

    def hear(self, seconds: float) -> None:
        """Send what was gathered, and wait until an answer has come, at most about so long. Never raises."""
        ...

    def flush(self) -> Sequence[SendOutcome]:
        """Send what was gathered and return every outcome still owed. Never raises."""
        ...

    def trouble(self) -> TemporaryError | None:
        """Return what is known to be wrong with the provider as a whole, without asking it."""
        ...

    def release(self) -> None:
        """Give the connections back, usable or not; what has not left by now never leaves."""
        ...


class Provider(Protocol):
    """Whoever carries the mail; any number of threads may open it."""

    def open(self) -> Carrier:
        """Return a carrier that can take a message at once; TemporaryError (a reason code) when there is none."""
        ...

    def close(self) -> None:
        """Close every connection that is kept."""
        ...
