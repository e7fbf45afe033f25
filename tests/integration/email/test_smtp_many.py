"""Several connections to one relay, several relays to one load, and rates that are waited for in place."""

import socketserver
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from marketing.channels.base import Accepted, Load
from marketing.channels.email.adapter import EmailMessenger
from marketing.channels.email.mail_accounts import MailAccount, OnlyAccount
from marketing.channels.email.providers.smtp import SmtpProvider
from marketing.channels.email.rates import AccountRates, Rate
from marketing.channels.errors import TemporaryError
from marketing.domain.content import OutboundEmail
from marketing.domain.types import EmailType
from tests.integration.email.scripted_relay import Client, ScriptedRelay
from tests.support.mail import MAIL, deliver, mail, smtp
from tests.unit.channels.email.test_adapter import Book


class FarRelay(socketserver.ThreadingTCPServer):
    """Answers what has come together, `delay` seconds later; `most` connections are let in."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, delay: float, most: int = 100) -> None:
        super().__init__(("127.0.0.1", 0), Peer)
        self.delay, self.most = delay, most
        self.taken: Counter[str] = Counter()
        self.connections = 0
        self.open = 0
        self.lock = threading.Lock()
        self.port = int(self.server_address[1])


class Peer(socketserver.StreamRequestHandler):
    """One connection to a far relay."""

    disable_nagle_algorithm = True
    unread = b""
    content = False
    recipient = ""

    def handle(self) -> None:
        relay = self.server
        assert isinstance(relay, FarRelay)
        with relay.lock:
            relay.connections += 1
            relay.open += 1
            full = relay.open > relay.most
        try:
            self.request.sendall(b"421 too many\r\n" if full else b"220 far\r\n")
            while not full and self._turn(relay):
                pass
        except OSError:
            pass
        finally:
            with relay.lock:
                relay.open -= 1

    def _turn(self, relay: FarRelay) -> bool:
        more = self.request.recv(65_536)
        threading.Event().wait(relay.delay)
        self.unread += more
        *lines, self.unread = self.unread.split(b"\r\n")
        answers = b""
        for line in lines:
            if self.content:
                if line == b".":
                    self.content = False
                    with relay.lock:
                        relay.taken[self.recipient] += 1
                    answers += b"250 taken\r\n"
                continue
            verb = line[:4].upper()
            self.content = verb == b"DATA"
            if verb == b"RCPT":
                self.recipient = line.partition(b"<")[2].partition(b"@")[0].decode()
            answers += {b"EHLO": b"250-far\r\n250 PIPELINING\r\n", b"DATA": b"354 go\r\n", b"QUIT": b"221 bye\r\n"}.get(
                verb, b"250 ok\r\n"
            )
        if answers:
            self.request.sendall(answers)
        return bool(more) and not answers.endswith(b"221 bye\r\n")


@contextmanager
def far_relay(delay: float, most: int = 100) -> Iterator[FarRelay]:
    with FarRelay(delay, most) as relay:
        thread = threading.Thread(target=relay.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield relay
        relay.shutdown()
        thread.join()


def people(count: int) -> list[OutboundEmail]:
    return [mail(f"m{number}") for number in range(count)]


def accepted(provider: SmtpProvider, count: int) -> int:
    return sum(isinstance(one, Accepted) for one in deliver(provider, people(count)))


def test_a_far_relay_is_met_by_several_connections_and_each_mail_arrives_once() -> None:
    with far_relay(0.02) as relay:
        provider = smtp(relay.port, connections=8)
        assert accepted(provider, 120) == 120
        assert 1 < relay.connections <= 8
        met = relay.connections
        assert accepted(provider, 40) == 40
        assert relay.connections <= max(met, 8), "those there are are used again"
        provider.close()
        assert set(relay.taken.values()) <= {1, 2}
        assert sum(relay.taken.values()) == 160


def test_a_relay_that_lets_no_more_in_is_served_by_those_it_has() -> None:
    with far_relay(0.02, most=2) as relay:
        provider = smtp(relay.port, connections=8)
        assert accepted(provider, 60) == 60
        assert set(relay.taken.values()) == {1}
        provider.close()


def test_a_relay_that_is_silent_stops_only_its_own_mail() -> None:
    def silent(client: Client) -> None:
        client.say(b"220 fake\r\n")
        client.hear()
        client.say(b"250-fake\r\n250 PIPELINING\r\n")
        client.hear_message()

    with ScriptedRelay(silent) as dead, far_relay(0.0) as relay:
        ways = [smtp(dead.port, timeout_seconds=3), smtp(relay.port)]
        accounts = Book([MailAccount(name, way) for name, way in zip("ab", ways, strict=True)])
        sender = EmailMessenger(accounts, lambda: datetime.now(UTC))
        begun = time.monotonic()
        answers = list(sender.send(Load(MAIL.tenant, MAIL.email_type, people(30), 30)))
        kinds = Counter(type(one) for one in answers)
        assert kinds[Accepted] >= 28, "one was with the silent one, and may have been met by another try"
        assert len({one.key for one in answers}) == 30
        assert time.monotonic() - begun < 9
        sender.close()


def test_a_rate_a_second_is_waited_for_and_puts_nobody_off() -> None:
    with far_relay(0.0) as relay:
        provider = smtp(relay.port)
        sender = EmailMessenger(
            OnlyAccount(provider, AccountRates("a", Rate(per_second=50))), lambda: datetime.now(UTC)
        )
        begun = time.monotonic()
        answers = list(sender.send(Load(MAIL.tenant, EmailType.PROMOTIONAL, people(25), 25)))
        assert time.monotonic() - begun > 24 / 50
        assert all(isinstance(one, Accepted) for one in answers)
        sender.close()


def test_a_process_that_is_to_end_waits_for_no_rate() -> None:
    with far_relay(0.0) as relay:
        provider = smtp(relay.port)
        waiting, ends = iter(people(10)), threading.Event()
        accounts = OnlyAccount(provider, AccountRates("a", Rate(per_second=1)))
        sender = EmailMessenger(accounts, lambda: datetime.now(UTC), stopping=ends.is_set)
        found = sender.send(Load(MAIL.tenant, EmailType.PROMOTIONAL, waiting, 10))
        ends.set()
        with pytest.raises(TemporaryError, match="rate") as raised:
            for one in found:
                assert isinstance(one, Accepted)
        assert raised.value.retry_after == timedelta(seconds=1)
        assert len(list(waiting)) == 9
        sender.close()
