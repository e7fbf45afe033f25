"""One outcome per message; one that cannot be written fails alone."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from marketing.channels.base import Accepted, Failed, Messenger, SendOutcome
from marketing.channels.email.adapter import EmailMessenger
from marketing.channels.email.providers.base import Envelope
from marketing.domain.content import OutboundEmail
from marketing.domain.types import ChannelName, EmailType

MAIL = OutboundEmail(
    key="1",
    email_type=EmailType.TRANSACTIONAL,
    message_id="<1@siar.example>",
    sender_name="Dinas",
    sender_address="dinas@siar.example",
    recipient_name="Siti",
    recipient_address="siti@pembeli.example",
    subject="Pesanan",
    html="<p>x</p>",
    text="x",
)


class Recorder:
    """Accepts all and remembers."""

    def __init__(self) -> None:
        self.seen: list[Envelope] = []

    def deliver(self, batch: Iterable[Envelope]) -> Iterator[SendOutcome]:
        for envelope in batch:
            self.seen.append(envelope)
            yield Accepted(envelope.key, "ok")


def test_one_bad_message_leaves_the_rest_alone() -> None:
    provider = Recorder()
    messenger: Messenger = EmailMessenger(provider, lambda: datetime(2026, 3, 2, tzinfo=UTC))
    assert messenger.name is ChannelName.EMAIL
    batch = [MAIL, replace(MAIL, key="2", subject="a\r\nBcc: x@evil.example"), replace(MAIL, key="3")]
    outcomes = {outcome.key: outcome for outcome in messenger.send(batch)}
    assert outcomes == {
        "1": Accepted("1", "ok"),
        "2": Failed("2", "bad_message", "subject"),
        "3": Accepted("3", "ok"),
    }
    assert [envelope.key for envelope in provider.seen] == ["1", "3"]


def test_the_envelope_goes_to_the_wire_address_and_hides_it_in_its_repr() -> None:
    provider = Recorder()
    messenger = EmailMessenger(provider, lambda: datetime(2026, 3, 2, tzinfo=UTC))
    list(messenger.send([replace(MAIL, recipient_address="siti@bücher.example")]))
    assert provider.seen[0].recipient == "siti@xn--bcher-kva.example"
    assert "siti" not in repr(provider.seen[0])


def test_an_empty_batch_asks_nobody() -> None:
    provider = Recorder()
    assert list(EmailMessenger(provider, lambda: datetime(2026, 3, 2, tzinfo=UTC)).send([])) == []
    assert provider.seen == []
