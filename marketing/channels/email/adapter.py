"""The Messenger of e-mail: writes each message as MIME and leaves the carrying to a provider."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from marketing.channels.base import Failed, SendOutcome
from marketing.channels.email.mime import BadMessageError, build_mime, wire_address
from marketing.channels.email.providers.base import Envelope, Provider
from marketing.domain.content import OutboundEmail
from marketing.domain.types import ChannelName


class EmailMessenger:
    """Carries e-mails to single persons; a message that cannot be written fails alone."""

    name: ChannelName = ChannelName.EMAIL

    def __init__(self, provider: Provider, clock: Callable[[], datetime]) -> None:
        self._provider = provider
        self._clock = clock

    def send(self, batch: Iterable[OutboundEmail]) -> Iterator[SendOutcome]:
        bad: list[Failed] = []
        yield from self._provider.deliver(self._written(batch, bad))
        yield from bad

    def _written(self, batch: Iterable[OutboundEmail], bad: list[Failed]) -> Iterator[Envelope]:
        date = self._clock()
        for email in batch:
            try:
                yield _envelope(email, date)
            except BadMessageError as error:
                bad.append(Failed(email.key, "bad_message", error.field))


def _envelope(email: OutboundEmail, date: datetime) -> Envelope:
    return Envelope(
        key=email.key,
        sender=wire_address("sender_address", email.sender_address),
        recipient=wire_address("recipient_address", email.recipient_address),
        data=build_mime(email, date=date),
        message_id=email.message_id,
    )
