"""The suite of mail providers, for a relay by SMTP and for SendGrid."""

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from marketing.channels.email.providers.sendgrid import SendGridAccount, SendGridProvider
from marketing.channels.email.providers.smtp import Relay, SmtpProvider
from marketing.channels.email.writing import MailWriter
from marketing.demo.simulators.server import Reply
from tests.conformance.mail_provider_suite import SECRET, Bench, MailProviderSuite
from tests.integration.email.scripted_relay import OK, Client, Rules, ScriptedRelay
from tests.support.mail import NOW, deliver, mail
from tests.support.sendgrid import KEY, SendGridServer, Wrong

EHLO = b"250-fake\r\n%b250-AUTH PLAIN\r\n250 SIZE 10000000\r\n"
SMUGGLED = b"550 5.1.1 <siti.rahasiawati@pembeli.example> unknown, said Siti Rahasiawati\r\n"


def rules(**answers: Any) -> Callable[[bytes], Rules]:
    return lambda ehlo: Rules(ehlo=ehlo, **answers)


def slow(client: Client) -> None:
    """Drip the greeting: each octet comes well within any time-out of a single read."""
    pause = threading.Event()
    for octet in b"220 " + b"x" * 2_000:
        client.say(bytes([octet]))
        pause.wait(0.02)


class TestSmtp(MailProviderSuite):
    """One command after the other."""

    ehlo: ClassVar[bytes] = EHLO % b""
    passing = (
        rules(mail=b"421 4.3.2 closing\r\n"),
        *(rules(rcpt={b"a": b"%d 4.2.0 later\r\n" % code}) for code in (450, 451, 452)),
        rules(data=b"451 4.3.0 later\r\n"),
        *(rules(dot=[b"%d 4.3.0 later\r\n" % code]) for code in (421, 451, 452)),
    )
    final = (
        *(rules(rcpt={b"a": b"%d 5.1.1 no\r\n" % code, b"m0": b"%d 5.1.1 no\r\n" % code}) for code in (550, 552, 554)),
        rules(rcpt={b"a": SMUGGLED, b"m0": SMUGGLED, b"siti.rahasiawati": SMUGGLED}),
        *(rules(dot=[b"%d 5.7.1 no\r\n" % code]) for code in (550, 552, 554)),
    )
    before = (
        rules(mail=None),
        rules(rcpt={b"a": None}),
        rules(data=None),
        rules(data=b""),
        rules(data=b"hello there\r\n"),
        rules(mail=b"\xff\xfe\r\n"),
    )
    after = (rules(dot=[None]), rules(dot=[b""]), rules(dot=[b"what\r\n"]), rules(dot=[b"354 more\r\n"]))
    down = (
        rules(greeting=b"421 busy\r\n"),
        rules(greeting=None),
        rules(greeting=b""),
        rules(greeting=b"HTTP/1.1 400 Bad Request\r\n"),
        rules(auth=b"535 5.7.8 no such user SG.kunci-rahasia.untuk-uji\r\n"),
        rules(auth=b"454 4.7.0 later\r\n"),
        lambda _ehlo: slow,
    )

    @contextmanager
    def bench(self, fault: Any = None, *, timeout: float = 5) -> Iterator[Bench]:
        spoiled = fault(self.ehlo) if fault is not None else Rules(ehlo=self.ehlo)
        # What is down stays down; anything else happens on the first connection only.
        scripts = [spoiled] if fault in self.down else [spoiled, Rules(ehlo=self.ehlo)]
        with ScriptedRelay(*scripts) as server:
            relay = Relay("127.0.0.1", server.port, "siar", SECRET, "none", timeout, connections=1)
            provider = SmtpProvider(relay, MailWriter(lambda: NOW).write)
            obeying = [script for script in scripts if isinstance(script, Rules)]

            def received() -> list[str]:
                return [reference_in(data) for script in obeying for data, took in script.taken if took]

            def all_closed() -> bool:
                return obeying[0].commands[-1].upper() == b"QUIT"

            yield Bench(provider, received, all_closed)
            provider.close()


class TestSmtpPipelining(TestSmtp):
    """MAIL, RCPT and DATA at once, each answered all the same."""

    ehlo = EHLO % b"250-PIPELINING\r\n"

    def test_the_commands_of_the_envelope_leave_together(self) -> None:
        heard: list[bytes] = []

        def counts_writes(client: Client) -> None:
            client.say(b"220 fake\r\n")
            client.hear()
            client.say(b"250-fake\r\n250 PIPELINING\r\n")
            heard.extend(client.hear() for _command in range(3))  # answered only when all three are here
            client.say(OK + OK + b"354 go\r\n")
            client.hear_message()
            client.say(OK)

        with ScriptedRelay(counts_writes) as server:
            provider = SmtpProvider(
                Relay("127.0.0.1", server.port, tls="none", connections=1), MailWriter(lambda: NOW).write
            )
            list(deliver_one(provider))
            provider.close()
        assert [line.split(b" ")[0].strip() for line in heard] == [b"MAIL", b"RCPT", b"DATA"]

    def test_a_relay_that_wants_content_without_a_recipient_gets_none(self) -> None:
        contents: list[bytes] = []

        def wants_data(client: Client) -> None:
            client.say(b"220 fake\r\n")
            client.hear()
            client.say(b"250-fake\r\n250 PIPELINING\r\n")
            for refusal in (b"550 5.1.1 no\r\n", OK):
                for answer in (OK, refusal, b"354 go\r\n"):
                    client.hear()
                    client.say(answer)
                contents.append(client.hear_message())
                client.say(b"554 no valid recipients\r\n" if refusal is not OK else OK)
                if refusal is not OK:
                    client.hear()
                    client.say(OK)  # RSET

        with ScriptedRelay(wants_data) as server:
            provider = SmtpProvider(
                Relay("127.0.0.1", server.port, tls="none", connections=1), MailWriter(lambda: NOW).write
            )
            first, second = deliver_one(provider, "a", "b")
            provider.close()
        assert (type(first).__name__, type(second).__name__) == ("Failed", "Accepted")
        assert contents[0] == b""
        assert b"b@pembeli.example" in contents[1]


def said(status: int, field: str | None = None, **headers: str) -> Reply:
    words = f"no {SECRET} for siti.rahasiawati@pembeli.example Siti Rahasiawati"
    return Reply({"errors": [{"message": words, "field": field}]}, status, headers)


class TestSendGrid(MailProviderSuite):
    """Each fault is the answer to the first call."""

    passing = (
        said(429, **{"X-RateLimit-Reset": "1"}),
        said(429),
        said(503),
        said(401),
        said(403, "from"),
        Reply(b"<html>", 400),
    )
    final = (said(400, "personalizations.0.to.0.email"), said(400, "personalizations.0.subject"))
    before = ("gone",)
    after = (Wrong.AFTER_BODY, Wrong.SILENT, Wrong.DRIPS, Wrong.GARBAGE)
    down = ("401", "403", "unreachable")

    @contextmanager
    def bench(self, fault: Any = None, *, timeout: float = 5) -> Iterator[Bench]:
        server = SendGridServer()
        server.now = NOW
        if fault == "403":
            server.rules.scopes = ("stats.read",)
        elif isinstance(fault, Reply | Wrong):
            server.rules.answers.append(fault)
        key = "SG.lain" if fault == "401" else KEY
        provider = SendGridProvider(SendGridAccount(key, server.url, timeout), lambda: NOW)
        with server:
            if fault == "gone":  # between the look at the key and the first call
                provider.probe()
            if isinstance(fault, str) and fault in {"gone", "unreachable"}:
                server.stop()
                provider.close()  # its connections are gone with it
            # A connection left open would end the test with a ResourceWarning.
            yield Bench(provider, lambda: [got.reference for got in server.got], lambda: gc.collect() >= 0)
            provider.close()


def reference_in(data: bytes) -> str:
    line = next(line for line in data.split(b"\r\n") if line.lower().startswith(b"message-id:"))
    return line.partition(b"<")[2].partition(b"@")[0].decode()


def deliver_one(provider: SmtpProvider, *keys: str) -> list[Any]:
    return list(deliver(provider, [mail(key) for key in keys or ("a",)]))
