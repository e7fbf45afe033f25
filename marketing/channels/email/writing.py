"""The one place where a finished e-mail becomes an envelope and bytes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from marketing.channels.email.mime import build_mime, wire_address
from marketing.domain.content import OutboundEmail


@dataclass(frozen=True, slots=True)
class Envelope:
    """One finished message and where it goes; `key` is ours and comes back in the outcome.

    Addresses and content stay out of the repr, so that a traceback or a log shows no personal data.
    """

    key: str
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    data: bytes = field(repr=False)
    message_id: str


@dataclass(frozen=True, slots=True)
class MailWriter:
    """Writes e-mails for relays."""

    clock: Callable[[], datetime]

    def write(self, email: OutboundEmail) -> Envelope:
        """Return the e-mail as it goes over the wire; BadMessageError names the field that cannot be written."""
        return Envelope(
            key=email.key,
            sender=wire_address("sender_address", email.sender_address),
            recipient=wire_address("recipient_address", email.recipient_address),
            data=build_mime(email, date=self.clock()),
            message_id=email.message_id,
        )
