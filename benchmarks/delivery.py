"""Handing over a campaign: claim, compose, write as MIME, carry by SMTP, record; next to the loop people write by hand."""

import smtplib
from collections.abc import Iterable, Iterator, Mapping
from email.message import EmailMessage

from benchmarks.bench import ENGINES, Bench
from benchmarks.figures import Figure, interleaved, rate_figure
from benchmarks.people import add_people
from benchmarks.sink import Sink, running_sink
from benchmarks.stages import Stages
from marketing.channels.base import Load, SendOutcome
from marketing.channels.email.adapter import EmailMessenger, OnlyAccount
from marketing.channels.email.mime import build_mime
from marketing.channels.email.providers.smtp import Relay, SmtpProvider
from marketing.channels.email.writing import MailWriter
from marketing.db.session import Database
from marketing.delivery.pipeline import Pipeline
from marketing.domain.content import OutboundEmail
from marketing.domain.types import ChannelName
from tests.support.world import World, add_product, promotion

BASELINE = "a plain loop of email.message.EmailMessage and one smtplib connection over the same rendered e-mails; nothing recorded"
PRODUCTS = 6
WORDS = {
    "subject": "Tenun, kopi, dan madu baru dari Timor Tengah Selatan",
    "preheader": "Enam produk UMKM yang sudah diverifikasi Dinas.",
    "headline": "Enam produk baru pekan ini",
    "body": "Tiga tenun baru dari SoE, kopi dari Mollo, dan madu hutan dari Fatumnasi.\n\nSemua sudah diverifikasi Dinas.",
}


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Deliver campaigns of promotional mail with six products into a sink, on both engines."""
    messages, rounds = bench.amount((150, 1), (1_000, 3))
    figures: dict[str, Figure] = {}
    for engine in ENGINES:
        bench.say(f"delivery: {messages} messages, {engine}, {rounds} rounds")
        with bench.database(engine) as database, running_sink() as sink:
            campaigns = Campaigns(bench, database, sink, messages)
            campaigns.warm_up()
            seconds = interleaved(
                rounds, pipeline=campaigns.deliver, loop=campaigns.send_by_hand, prepare=campaigns.plan
            )
        assert sink.taken == campaigns.sent, f"the sink took {sink.taken} of {campaigns.sent}"
        figures[f"messages.{engine}"] = rate_figure(
            "messages/s",
            messages,
            seconds["pipeline"],
            BASELINE,
            seconds["loop"],
            us_per_message=campaigns.stages.per_message(messages * rounds),
            bytes_per_message=campaigns.size,
            products_per_message=PRODUCTS,
        )
    return figures


class Campaigns:
    """One Daerah with willing people; a campaign is planned ahead of each round and delivered in it."""

    def __init__(self, bench: Bench, database: Database, sink: Sink, messages: int) -> None:
        self._world = World.make(database, bench.new_folder())
        self._sink = sink
        self._messages = messages
        self._products = [add_product(self._world.app, number) for number in range(1, PRODUCTS + 1)]
        provider = SmtpProvider(Relay("127.0.0.1", sink.port, tls="none"), MailWriter(self._world.clock).write)
        messenger = Kept(EmailMessenger(OnlyAccount(provider), self._world.clock))
        self._kept = messenger
        self._pipeline = Pipeline(database, messenger, self._world.app.composer, self._world.clock)
        self._planned = 0
        self.stages = Stages()
        self.sent = 0
        self.size = 0
        add_people(self._world, messages, all_willing=True)

    def plan(self) -> None:
        """Plan the next campaign, a fortnight later, so that no cap counts the last one."""
        self._world.clock.forward(days=14)
        self._planned = self._world.approved(promotion(*self._products, **WORDS))
        self._world.app.planner.start(self._planned)

    def warm_up(self) -> None:
        """Compile the template, and keep the rendered e-mails of one campaign for the loop."""
        self.plan()
        self._kept.keeping = True
        self._finish()
        self._kept.keeping = False
        self.size = len(build_mime(self._kept.emails[0], date=self._world.clock()))
        self.plan()

    def deliver(self) -> None:
        """Deliver the planned campaign."""
        with self.stages.watching():
            self._finish()

    def send_by_hand(self) -> None:
        """Send as many e-mails the way a script does."""
        with smtplib.SMTP("127.0.0.1", self._sink.port) as connection:
            for email in self._kept.emails:
                connection.send_message(_by_hand(email))
        self.sent += len(self._kept.emails)

    def _finish(self) -> None:
        while self._pipeline.deliver(self._planned, batches=10):
            pass
        ledger = self._world.ledger(self._planned)
        assert ledger.sent == self._messages, "every message must have been accepted"
        self.sent += self._messages


class Kept:
    """The real messenger, which keeps what it was given while asked to."""

    name = ChannelName.EMAIL

    def __init__(self, messenger: EmailMessenger) -> None:
        self._messenger = messenger
        self.emails: list[OutboundEmail] = []
        self.keeping = False

    def send(self, batch: Iterable[OutboundEmail]) -> Iterator[SendOutcome]:
        """Hand over."""
        assert isinstance(batch, Load), "the pipeline names tenant and type before it hands over"
        return self._messenger.send(Load(batch.tenant, batch.email_type, self._passing(batch)))

    def _passing(self, batch: Iterable[OutboundEmail]) -> Iterator[OutboundEmail]:
        for email in batch:
            if self.keeping:
                self.emails.append(email)
            yield email


def _by_hand(email: OutboundEmail) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"{email.sender_name} <{email.sender_address}>"
    message["To"] = f"{email.recipient_name} <{email.recipient_address}>"
    message["Subject"] = email.subject
    message["Message-ID"] = email.message_id
    message["List-Unsubscribe"] = f"<{email.unsubscribe_url}>"
    message.set_content(email.text)
    message.add_alternative(email.html, subtype="html")
    return message
