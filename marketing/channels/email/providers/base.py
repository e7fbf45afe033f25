"""The port of a mail provider: finished bytes in, one outcome per envelope out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from marketing.channels.base import SendOutcome


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


class Provider(Protocol):
    """Hands mail to whoever carries it."""

    def deliver(self, batch: Iterable[Envelope]) -> Iterator[SendOutcome]:
        """Yield exactly one outcome per envelope, as soon as it is known; never raises for a fault of the provider.

        Takes the next envelope only when it can leave at once.
        """
        ...
